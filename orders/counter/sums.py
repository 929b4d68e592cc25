"""Whether a receipt adds up: pure arithmetic over what a till wrote, as docs/pricing.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.errors import N_
from kernel.money import LARGEST_AMOUNT
from orders.rounding import round_cash

if TYPE_CHECKING:
    from orders.counter.bodies import Sale

_WRONG_SUBTOTAL = N_("The lines do not add up to the subtotal.")
_WRONG_DISCOUNT = N_("The discounts of the lines do not add up to the discount of the receipt.")
_WRONG_TOTAL = N_("Subtotal less discounts is not the total.")
_WRONG_TENDERS = N_("What was paid does not add up to the total.")
_WRONG_CASH = N_("Cash, money given and change do not fit together.")
_WRONG_VOUCHER = N_("A voucher took something off, but which one is not said.")
_TOO_LARGE = N_("The amount is too large.")


def find_mistake(sale: Sale) -> str:
    """What does not add up, as a msgid; "" when the receipt is sound."""
    totals = [line.unit_price * line.quantity for line in sale.lines]
    if sum(totals) != sale.subtotal:
        return _WRONG_SUBTOTAL
    if sale.subtotal > LARGEST_AMOUNT:
        return _TOO_LARGE
    is_within = all(line.discount <= total for line, total in zip(sale.lines, totals, strict=True))
    if not is_within or sum(line.discount for line in sale.lines) != sale.discount + sale.voucher_discount:
        return _WRONG_DISCOUNT
    if sale.total != sale.subtotal - sale.discount - sale.voucher_discount:
        return _WRONG_TOTAL
    if sale.voucher_discount and not sale.voucher:
        return _WRONG_VOUCHER
    if sum(tender.amount for tender in sale.tenders) != sale.total:
        return _WRONG_TENDERS
    cash = [tender for tender in sale.tenders if tender.method == "cash"]
    if any(each.given - each.change != each.cash or each.cash != round_cash(each.amount).cash for each in cash):
        return _WRONG_CASH
    return ""
