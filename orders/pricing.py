"""Line totals, subtotal and total in whole rupiah; pure arithmetic, explained in docs/pricing.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kernel.errors import N_, DomainError, InvalidInput
from kernel.money import LARGEST_AMOUNT

#: How many of one variant an order may hold, and how many different ones: in the shop, and by the case.
LARGEST_LINE_QUANTITY, MOST_LINES = 99, 50
LARGEST_CASE_QUANTITY, MOST_CASE_LINES = 100_000, 400


class AmountTooLarge(DomainError):
    """The total is beyond what can be ordered at once."""

    message = N_("This order is too large to place here. Please take fewer, or ask us.")


@dataclass(frozen=True, slots=True)
class Totals:
    """What a set of lines costs: total = subtotal + shipping - discount, the lines that are printed above it."""

    subtotal: int
    total: int
    shipping: int = 0
    discount: int = 0


def check_quantity(quantity: int, largest: int = LARGEST_LINE_QUANTITY) -> int:
    """The quantity when it may stand on a line; InvalidInput otherwise."""
    if type(quantity) is not int or not 1 <= quantity <= largest:
        raise InvalidInput(N_("Please choose a quantity from 1 to %(largest)s."), field="quantity", largest=largest)
    return quantity


def line_total(unit_price: int, quantity: int, largest: int = LARGEST_LINE_QUANTITY) -> int:
    """What one line costs."""
    if type(unit_price) is not int or unit_price < 1:
        raise ValueError(f"a unit price is a whole number of rupiah above zero, not {unit_price!r}")
    return unit_price * check_quantity(quantity, largest)


def total_of(line_totals: Iterable[int], *, shipping: int = 0, discount: int = 0) -> Totals:
    """Subtotal and total of the lines; AmountTooLarge beyond the largest amount. A discount is never more than the subtotal."""
    subtotal = sum(line_totals)
    if shipping < 0 or not 0 <= discount <= subtotal:
        raise ValueError(f"shipping of {shipping} and a discount of {discount} do not fit a subtotal of {subtotal}")
    total = subtotal + shipping - discount
    if max(subtotal, total) > LARGEST_AMOUNT:
        raise AmountTooLarge
    return Totals(subtotal=subtotal, total=total, shipping=shipping, discount=discount)


def take_off(totals: Totals, discount: int) -> Totals:
    """The same with a discount on the goods; shipping stays what it is."""
    return total_of([totals.subtotal], shipping=totals.shipping, discount=discount)
