"""What was agreed with a partner before its order is placed: prices, trading terms, the way there, and which lots are for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.stock_locks import Allocation
from orders.shipping import CheckedDestination, ShippingQuote


@dataclass(frozen=True, slots=True)
class Deal:
    """In place of shelf prices, vouchers and the shipping table (docs/quotes.md).

    `lots` are the units that are held now; what a line has beyond them is still to be made and was promised out of its
    maker's capacity, so that it takes nothing from the shelf.
    """

    unit_prices: Mapping[int, int]
    discount: int
    address: CheckedDestination
    delivery: ShippingQuote
    lots: tuple[Allocation, ...]
