"""How the price of sold units is split between maker and outlet: pure arithmetic on whole rupiah (docs/consignment.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kernel.money import share_of
from orders.models.agreement import TermsModel


class Terms(Protocol):
    """What of the terms decides the split."""

    @property
    def model(self) -> TermsModel: ...
    @property
    def rate_bps(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Split:
    """`gross` = `share` of the maker + `commission` of the outlet, which may be negative when it sells below the maker's price."""

    gross: int
    share: int

    @property
    def commission(self) -> int:
        """What the outlet keeps."""
        return self.gross - self.share


def split_price(terms: Terms, unit_price: int, quantity: int, maker_price: int | None = None) -> Split:
    """Split the price of `quantity` units. Rounded once for all of them; the maker gets what rounding leaves.

    Under a mark-up or a purchase each unit owes the maker's price; without one it is the selling price without the mark-up.
    """
    gross = unit_price * quantity
    if terms.model is TermsModel.COMMISSION:
        return Split(gross, gross - share_of(gross, terms.rate_bps))
    if terms.model is TermsModel.MONTHLY_FEE:
        return Split(gross, gross)
    if maker_price is not None:
        return Split(gross, maker_price * quantity)
    return Split(gross, without_markup(gross, terms.rate_bps))


def without_markup(gross: int, rate_bps: int) -> int:
    """What `gross` was before `rate_bps` was added to it, to the nearest rupiah, halves up."""
    return (2 * gross * 10_000 + 10_000 + rate_bps) // (2 * (10_000 + rate_bps))


def part_of(amount: int, quantity: int, of: int) -> int:
    """`quantity`/`of` of an amount, to the nearest rupiah, halves away from zero: all of it when both are equal."""
    scaled = (2 * abs(amount) * quantity + of) // (2 * of)
    return scaled if amount >= 0 else -scaled
