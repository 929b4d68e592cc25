"""Goods of a receipt that come back at the counter: the refund that it is, cash out of the drawer, goods on the shelf (docs/tills.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import audit, clock
from kernel.errors import N_, Conflict
from kernel.inserts import insert_new, insert_rows
from orders.counter.acting import CASH_BEYOND_PAID, RETURN_ALONE, Acting, note_act, who_acted
from orders.counter.answers import NotUnderstood
from orders.counter.closings import LATE_RETURN, restate
from orders.counter.return_lines import pick_lines
from orders.counter.shifts import find_shift_of
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.models.shift import CounterReturn, CounterSale, Shift
from orders.models.till import TillEntry
from orders.payments import lock_order
from orders.payouts import record_given
from orders.refund_amounts import NothingToRefund, captured, read_past
from orders.refund_states import RefundReason, RefundState, RefundWay, refund_key_of
from orders.refunds import carry_out
from orders.rounding import SMALLEST_COIN
from orders.states import PaymentState

if TYPE_CHECKING:
    from orders.counter.bodies import Return

_WRONG_SUM = N_("The lines do not add up to what was paid back.")
_WRONG_CASH = N_("The cash is not the amount rounded to coins.")
_RECEIPT_USED = N_("The receipt number %(receipt)s belongs to another sale.")


class SaleMissing(Conflict):
    """The return came before its sale, which may still be on its way: it is tried again when the sale comes."""

    message = N_("The sale %(receipt)s has not arrived yet.")


def record_return(session: Session, entry: TillEntry, body: Return) -> CounterReturn:
    """Pay back what was paid for units of an earlier receipt of this outlet: at once in cash, or the office transfers it.

    Whoever sold must not take back alone: without a supervisor it stands, with an incident; so does cash for what was not
    paid in cash. Raises SaleMissing, TooManyUnits, TooMuchBack, NothingToRefund, NotUnderstood; such an entry is refused and kept.
    """
    _check_sums(body)
    shift = find_shift_of(session, entry)
    outlet = shift.till.outlet
    acting = who_acted(session, outlet, body.cashier, body.supervision)
    sold = select(CounterSale.order_id).join(Order, Order.id == CounterSale.order_id)
    order_id = session.scalar(sold.where(CounterSale.receipt_number == body.original, Order.outlet_id == outlet.id))
    if order_id is None:
        raise SaleMissing(receipt=body.original)
    order = lock_order(session, order_id)
    wrongs = [] if acting.supervisor else [RETURN_ALONE]
    if body.way == "cash" and body.amount > _cash_left(session, order.id):
        wrongs.append(CASH_BEYOND_PAID)
    refund = _refund(session, entry, body, order, acting)
    row = _insert(session, entry, body, shift, refund, acting)
    details = {"receipt": body.receipt, "original": body.original, "amount": body.amount, "way": body.way, "reason": body.reason}
    note_act(session, acting, shift, entry, "till.returned", details, wrongs)
    restate(session, shift, LATE_RETURN, body.receipt)
    return row


def _check_sums(body: Return) -> None:
    if sum(line.amount for line in body.lines) != body.amount:
        raise NotUnderstood(_WRONG_SUM)
    is_rounded = body.cash % SMALLEST_COIN == 0 and abs(body.cash - body.amount) < SMALLEST_COIN
    if not (is_rounded if body.way == "cash" else body.cash == 0):
        raise NotUnderstood(_WRONG_CASH)


def _refund(session: Session, entry: TillEntry, body: Return, order: Order, acting: Acting) -> Refund:
    """The refund with its effects, as the office would have them; what happened at a counter waits for nobody's word."""
    payment = _payment_for(session, order.id, body.way)
    past = read_past(session, order.id, payment.id)
    picked = pick_lines(session, order.id, past, body.lines)
    if body.amount > captured(session, payment) - past.claimed:
        raise NothingToRefund
    number, moment = past.number + 1, clock.now()
    row: dict[str, Any] = {
        "code": f"{order.code}-R{number}",
        "order_id": order.id,
        "number": number,
        "payment_id": payment.id,
        "form_key": f"till-{entry.entry_id}",
        "amount": body.amount,
        "shipping_amount": 0,
        "reason": RefundReason.OTHER if any(line.is_fit for line in body.lines) else RefundReason.DAMAGED,
        "reason_text": body.reason,
        "way": RefundWay(body.way),
        "state": RefundState.REQUESTED,
        "idempotency_key": refund_key_of(order.code, number),
        "requested_by_id": acting.cashier.id,
        "approved_by_id": acting.supervisor_id,
        "created_at": moment,
        "authorised_at": moment,
    }
    ids = insert_new(session, Refund, [row])
    if not ids:
        raise Conflict
    insert_rows(session, RefundLine, [{"refund_id": ids[0], **each} for each in picked.rows])
    refund = session.get_one(Refund, ids[0])
    audit.record(session, acting.actor, "refund.requested", f"order:{order.code}", {"refund": refund.code, "amount": refund.amount})
    carry_out(session, acting.actor, refund, order, picked.taken)
    if refund.way is RefundWay.CASH:
        record_given(session, acting.actor, refund, order, body.cash, body.receipt)
    return refund


def _insert(session: Session, entry: TillEntry, body: Return, shift: Shift, refund: Refund, acting: Acting) -> CounterReturn:
    row: dict[str, Any] = {
        "refund_id": refund.id,
        "shift_id": shift.id,
        "entry_id": entry.id,
        "receipt_number": body.receipt,
        "running": body.running,
        "returned_at": entry.happened_at,
        "business_date": clock.local(entry.happened_at, acting.outlet.zone).date(),
        "cashier_id": acting.cashier.id,
        "supervisor_id": acting.supervisor_id,
        "cash": body.cash,
    }
    is_used = session.scalar(select(CounterSale.id).where(CounterSale.receipt_number == body.receipt)) is not None
    ids = [] if is_used else insert_new(session, CounterReturn, [row])
    if not ids:
        raise NotUnderstood(_RECEIPT_USED, receipt=body.receipt)
    return session.get_one(CounterReturn, ids[0])


def _payment_for(session: Session, order_id: int, way: str) -> Payment:
    """Which of the sale's payments the refund names: all of them count as one (orders.refund_amounts)."""
    paid = select(Payment).where(Payment.order_id == order_id, Payment.state == PaymentState.PAID).order_by(Payment.attempt)
    found = session.scalars(paid).all()
    if not found:
        raise NothingToRefund
    return next((each for each in found if (each.method is PaymentMethod.CASH) is (way == "cash")), found[0])


def _cash_left(session: Session, order_id: int) -> int:
    """What of the sale was paid in cash and has not gone back in cash."""
    paid = select(func.coalesce(func.sum(Payment.amount), 0)).where(
        Payment.order_id == order_id, Payment.method == PaymentMethod.CASH, Payment.state == PaymentState.PAID
    )
    back = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.order_id == order_id, Refund.way == RefundWay.CASH, Refund.state != RefundState.REJECTED
    )
    return int(session.scalar(paid) or 0) - int(session.scalar(back) or 0)
