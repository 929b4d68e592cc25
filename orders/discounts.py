"""How much a voucher takes off, and how that is spread over lines and units; pure arithmetic, explained in docs/pricing.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.money import share_of

#: An order always costs something: it can then be paid in every way, be refunded, and stand in the books.
LEAST_LEFT = 1_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What a voucher promises: a rate of the goods or an amount, from which subtotal, and at most how much. Whole rupiah."""

    percent_bps: int | None
    amount: int | None
    least_subtotal: int = 0
    most_discount: int | None = None


def discount_of(terms: Terms, subtotal: int) -> int:
    """What the voucher takes off goods worth `subtotal`; 0 when they are worth too little."""
    if subtotal < terms.least_subtotal:
        return 0
    wanted = share_of(subtotal, terms.percent_bps) if terms.percent_bps is not None else terms.amount or 0
    if terms.most_discount is not None:
        wanted = min(wanted, terms.most_discount)
    return max(0, min(wanted, subtotal - LEAST_LEFT))


def largest_discount(terms: Terms) -> int:
    """The most that one order can get; without a ceiling a rate could take anything, so a rate needs one."""
    ceilings = [limit for limit in (terms.amount, terms.most_discount) if limit is not None]
    if not ceilings:
        raise ValueError("a rate without a ceiling has no largest discount")
    return min(ceilings)


def shares_of(line_totals: Sequence[int], discount: int) -> list[int]:
    """`discount` spread over the lines by what they cost: whole rupiah, never more than a line, and in sum exactly the discount.

    Each line gets the growth of the running share, rounded down: what rounding leaves moves on to the next line.
    """
    subtotal = sum(line_totals)
    if not 0 <= discount <= subtotal:
        raise ValueError(f"{discount} cannot be taken off {subtotal}")
    shares, passed, given = [], 0, 0
    for total in line_totals:
        passed += total
        upto = discount * passed // subtotal if subtotal else 0
        shares.append(upto - given)
        given = upto
    return shares


def share_of_units(line_discount: int, line_quantity: int, gone: int, units: int) -> int:
    """The part of a line's discount that belongs to `units` of it, when `gone` units went back before; all of them sum to the whole."""
    if not 0 <= gone <= gone + units <= line_quantity:
        raise ValueError(f"{gone} and {units} of {line_quantity} units")
    return line_discount * (gone + units) // line_quantity - line_discount * gone // line_quantity
