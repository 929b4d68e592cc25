"""Prices by date and the unit price beside them: pure arithmetic on whole rupiah (docs/unit-price.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from catalog.models.product import Unit
from kernel.parsing import check_range

#: The smallest coin in use, and well above the dearest songket: what lies outside is a typing accident.
SMALLEST_PRICE = 100
LARGEST_PRICE = 100_000_000


class DatedPrice(Protocol):
    """A price with its inclusive dates, such as catalog.models.product.Price."""

    @property
    def amount(self) -> int: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


_P = TypeVar("_P", bound=DatedPrice)


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """`amount` rupiah per `quantity` `unit`, such as 12500 per 100 g."""

    amount: int
    quantity: int
    unit: Unit


def is_valid_on(price: DatedPrice, day: date) -> bool:
    """Whether `price` counts on `day`; both its dates are inclusive."""
    return price.starts_on <= day and (price.ends_on is None or price.ends_on >= day)


def find_price(prices: Iterable[_P], day: date) -> _P | None:
    """The price of `day`, or None. Prices of one variant never overlap; if they did, the newest would count."""
    return max((price for price in prices if is_valid_on(price, day)), key=lambda price: price.starts_on, default=None)


def current_price(prices: Iterable[DatedPrice], day: date) -> int | None:
    """Whole rupiah on `day`, or None when the variant has no price then and so cannot be bought."""
    found = find_price(prices, day)
    return found.amount if found else None


def overlaps(price: DatedPrice, starts_on: date, ends_on: date | None) -> bool:
    """Whether `price` counts on any day from `starts_on` to `ends_on` (None is forever)."""
    return (ends_on is None or price.starts_on <= ends_on) and (price.ends_on is None or price.ends_on >= starts_on)


def check_amount(amount: int, field: str = "price") -> int:
    """`amount` when it can be a retail price; InvalidInput otherwise."""
    return check_range(amount, SMALLEST_PRICE, LARGEST_PRICE, field)


def unit_price(amount: int | None, net_quantity: int, unit: Unit) -> UnitPrice | None:
    """Price per 100 g, 100 ml or piece, to the nearest rupiah, exact halves up; None where it would only repeat the price."""
    per = 1 if unit is Unit.PIECE else 100
    if amount is None or net_quantity == per:
        return None
    return UnitPrice((2 * amount * per + net_quantity) // (2 * net_quantity), per, unit)
