"""How much goes back with a refund: what was refunded before, the lines at the price that was paid, and shipping (docs/refunds.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import N_, Conflict, DomainError, InvalidInput
from orders.discounts import share_of_units
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.refund_states import RefundState
from orders.states import PaymentState

#: What is wanted of one order line: how many units go back, and whether they can be sold again.
Wanted = Mapping[int, tuple[int, bool]]


class NothingToRefund(Conflict):
    """No money of the order is here any more that could go back."""

    message = N_("Nothing of this order is left to pay back.")


class TooManyUnits(DomainError):
    """More units of a line than were sold and not yet refunded."""

    message = N_("Of one item only %(left)s can still be paid back. Please look again.")


@dataclass(frozen=True, slots=True)
class Past:
    """What was refunded before: the last number, what the payment and the whole order have promised back, units by line, shipping.

    All payments that paid for the goods count as one: a counter's sale may be paid partly in cash and partly by QRIS.
    """

    number: int
    claimed: int
    of_order: int
    units: Mapping[int, int]
    shipping: int = 0


def read_past(session: Session, order_id: int, payment_id: int) -> Past:
    """Everything that was asked for and not rejected; failed ones count, because they can be tried again."""
    number, of_order, claimed, shipping = 0, 0, 0, 0
    columns = (Refund.number, Refund.amount, Refund.shipping_amount, Refund.payment_id, Refund.state)
    rows = session.execute(select(*columns).where(Refund.order_id == order_id)).all()
    together = {payment_id}
    if any(row.payment_id != payment_id for row in rows):
        together |= set(_paying(session, order_id, payment_id))
    for row in rows:
        number = max(number, row.number)
        if row.state is not RefundState.REJECTED:
            of_order += row.amount
            shipping += row.shipping_amount
            claimed += row.amount if row.payment_id in together else 0
    units = session.execute(
        select(RefundLine.line_id, func.sum(RefundLine.quantity))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.order_id == order_id, Refund.state != RefundState.REJECTED)
        .group_by(RefundLine.line_id)
    )
    return Past(number, claimed, of_order, {line_id: int(quantity) for line_id, quantity in units}, shipping)


def captured(session: Session, payment: Payment) -> int:
    """What a payment brought, together with the others that pay for the same goods."""
    return sum(_paying(session, payment.order_id, payment.id).values()) or payment.amount


def _paying(session: Session, order_id: int, payment_id: int) -> dict[int, int]:
    """Amounts of the payments that paid for the order's goods, by id; none when `payment_id` is not one of them."""
    paid = (Payment.order_id == order_id, Payment.state == PaymentState.PAID, Payment.paid_at.is_not(None))
    amounts = {row.id: row.amount for row in session.execute(select(Payment.id, Payment.amount).where(*paid))}
    return amounts if payment_id in amounts else {}


@dataclass(frozen=True, slots=True)
class PricedRefund:
    """Rows of a refund's lines, the amount that goes back, and how much of it is for shipping."""

    rows: list[dict[str, Any]]
    amount: int
    shipping: int = 0


def price_refund(
    session: Session, order_id: int, payment: Payment, past: Past, wanted: Wanted, *, with_shipping: bool = False
) -> PricedRefund:
    """The lines' own prices, and shipping when asked for; or all that is left, when nothing of the goods is."""
    sold = session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position)).all()
    left = {line.id: line.quantity - past.units.get(line.id, 0) for line in sold}
    if not any(left.values()):
        raise NothingToRefund
    wanted = {line_id: each for line_id, each in wanted.items() if each[0] != 0}
    if not wanted and not with_shipping:
        raise InvalidInput(N_("Please choose at least one item."), field="lines")
    for line_id, (quantity, _fit) in wanted.items():
        if line_id not in left or type(quantity) is not int or quantity < 1:
            raise InvalidInput(field="lines")
        if quantity > left[line_id]:
            raise TooManyUnits(field="lines", left=left[line_id])
        left[line_id] -= quantity
    rows = [_row_of(line, past.units.get(line.id, 0), *wanted[line.id]) for line in sold if line.id in wanted]
    is_whole = not any(left.values())
    shipping = _shipping_left(session, order_id, past) if is_whole or with_shipping else 0
    if with_shipping and not shipping:
        raise NothingToRefund(N_("This order has no shipping left to pay back."), field="shipping")
    rest = captured(session, payment) - past.claimed
    amount = rest if is_whole else sum(row["amount"] for row in rows) + shipping
    if not 0 < amount <= rest:
        raise NothingToRefund
    return PricedRefund(rows, amount, min(shipping, amount))


def _row_of(line: OrderLine, before: int, quantity: int, fit: bool) -> dict[str, Any]:
    """`quantity` units after `before` others, less their share of the discount: the parts add up to what was paid for the line."""
    discount = share_of_units(line.discount, line.quantity, before, quantity)
    amount = line.unit_price * quantity - discount
    return {"line_id": line.id, "quantity": quantity, "amount": amount, "discount": discount, "back_to_stock": fit}


def _shipping_left(session: Session, order_id: int, past: Past) -> int:
    total = session.scalar(select(Order.shipping_total).where(Order.id == order_id)) or 0
    return max(0, total - past.shipping)
