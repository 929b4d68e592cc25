"""Refunds: asking for one by line, the second person's decision, and what happens to goods and books (docs/refunds.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation, StockBroken
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from kernel.inserts import insert_new, insert_rows
from kernel.people import Actor, Permission
from orders import ledger, vouchers
from orders.consignment.losses import book_losses
from orders.consignment.sales import book_returns
from orders.holds import close_payments
from orders.models.order import Channel, Order, OrderAllocation, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.payments import lock_order, lock_payment
from orders.refund_amounts import NothingToRefund, Past, PricedRefund, TooManyUnits, Wanted, price_refund, read_past
from orders.refund_states import RefundReason, RefundState, RefundWay, WayNotPossible, refund_key_of, ways_for
from orders.states import HOLDING, OrderState, PaymentState, WrongState, check_step

__all__ = ["NothingToRefund", "Past", "TooManyUnits", "Wanted", "read_past", "request_refund"]

#: Whole rupiah per order above which a second person must agree; the web passes its own setting.
APPROVAL_ABOVE = 500_000
#: Units that leave an order: those fit for sale, and the others.
Taken = tuple[list[Allocation], list[Allocation]]
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class SecondPersonNeeded(DomainError):
    """Whoever asked for the refund cannot agree to it."""

    message = N_("Somebody else must decide this refund, not the person who asked for it.")


class RefundWaits(Conflict):
    """Goods cannot move on while it is open whether they are refunded."""

    message = N_("A refund of this order waits for a decision. Please decide it first.")


def request_refund(
    session: Session,
    actor: Actor,
    order_id: int,
    lines: Wanted,
    reason: RefundReason,
    way: RefundWay,
    key: str,
    *,
    text: str = "",
    with_shipping: bool = False,
    approval_above: int = APPROVAL_ABOVE,
) -> Refund:
    """Give back the money of `lines` of a paid order. `key` is the form's own token: a double click is one refund.

    Amounts are what was paid for the lines, and for shipping only when it is asked for (then `lines` may be empty).
    When nothing of the goods is left afterwards, whatever is left of the payment goes back, shipping included, and an
    order that was not handed over is cancelled. Goods and ledger change at once, or with `approve_refund` when the
    order's refunds exceed `approval_above`. Never touches the network: send it after the commit.

    Raises NothingToRefund, TooManyUnits, WayNotPossible, InvalidInput, NotAllowed, RefundWaits, Conflict.
    """
    order = _lock_for_refund(session, actor, order_id)
    if order.channel is Channel.WHOLESALE:
        raise NothingToRefund  # a partner gets a credit note (orders.wholesale.invoices)
    if (known := _find_twin(session, order, key)) is not None:
        return known
    payment = find_paid(session, order.id)
    if payment is None or order.state not in (*HOLDING, OrderState.SHIPPED, OrderState.COMPLETED):
        raise NothingToRefund
    check_none_waits(session, order.id)
    past = read_past(session, order.id, payment.id)
    priced = price_refund(session, order.id, payment, past, lines, with_shipping=with_shipping)
    if way not in ways_for(payment.method):
        raise WayNotPossible(field="way")
    return _enter(session, actor, _Draft(order, payment, reason, way, key, text, priced, approval_above), past)


def return_payment(
    session: Session, actor: Actor, payment_id: int, way: RefundWay, key: str, *, text: str = "", approval_above: int = APPROVAL_ABOVE
) -> Refund:
    """Give back all of a payment in review, which has no goods to stand for: late, after a cancellation, or a second one."""
    payment, order = lock_payment(session, payment_id)
    _check_may(session, actor, order, Permission.REFUND_ORDERS)
    if (known := _find_twin(session, order, key)) is not None:
        return known
    past = read_past(session, order.id, payment.id)
    if payment.state is not PaymentState.REVIEW or payment.paid_at is None or past.claimed:
        raise NothingToRefund
    if way not in ways_for(payment.method):
        raise WayNotPossible(field="way")
    draft = _Draft(order, payment, RefundReason.CANNOT_DELIVER, way, key, text, PricedRefund([], payment.amount), approval_above)
    return _enter(session, actor, draft, past)


def approve_refund(session: Session, actor: Actor, refund_id: int) -> Refund:
    """The second person agrees: now goods and ledger change. Harmless when it has been agreed to before."""
    refund, order = lock_refund(session, refund_id)
    _check_second_person(session, actor, refund, order)
    values = {"authorised_at": clock.now(), "approved_by_id": actor.user_id}
    if not move_refund(session, refund, RefundState.REQUESTED, values, Refund.authorised_at.is_(None)):
        if refund.authorised_at is None:
            raise WrongState
        return refund
    carry_out(session, actor, refund, order)
    audit.record(session, actor, "refund.approved", f"order:{order.code}", {"refund": refund.code})
    session.flush()
    return refund


def reject_refund(session: Session, actor: Actor, refund_id: int) -> Refund:
    """The second person says no: nothing happens, and its amount can be asked for again."""
    refund, order = lock_refund(session, refund_id)
    _check_second_person(session, actor, refund, order)
    values = {"state": RefundState.REJECTED, "settled_at": clock.now()}
    if not move_refund(session, refund, RefundState.REQUESTED, values, Refund.authorised_at.is_(None)):
        if refund.state is not RefundState.REJECTED:
            raise WrongState
        return refund
    audit.record(session, actor, "refund.rejected", f"order:{order.code}", {"refund": refund.code})
    session.flush()
    return refund


def lock_refund(session: Session, refund_id: int) -> tuple[Refund, Order]:
    """A refund read anew, after its order's row was locked; NotFound otherwise."""
    order_id = session.scalar(select(Refund.order_id).where(Refund.id == refund_id))
    if order_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    refund = session.scalars(select(Refund).where(Refund.id == refund_id).execution_options(populate_existing=True)).one()
    return refund, order


def find_paid(session: Session, order_id: int) -> Payment | None:
    """The payment that pays for the order's goods."""
    statement = select(Payment).where(Payment.order_id == order_id, Payment.state == PaymentState.PAID, Payment.paid_at.is_not(None))
    return session.scalar(statement.order_by(Payment.attempt).limit(1))


def check_none_waits(session: Session, order_id: int) -> None:
    """Refuse with RefundWaits while a refund of the order needs its second person."""
    waits = select(Refund.id).where(Refund.order_id == order_id, Refund.state == RefundState.REQUESTED, Refund.authorised_at.is_(None))
    if session.scalar(waits.limit(1)) is not None:
        raise RefundWaits


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be written, once it was found to be possible."""

    order: Order
    payment: Payment
    reason: RefundReason
    way: RefundWay
    key: str
    text: str
    priced: PricedRefund
    approval_above: int


def _enter(session: Session, actor: Actor, draft: _Draft, past: Past) -> Refund:
    """Write the refund. Its number is the guard: it fits only when nobody has refunded anything since `past` was read."""
    text = " ".join(draft.text.split())
    if len(text) > 240:
        raise InvalidInput(N_("Please keep the reason under 240 letters."), field="text")
    number = past.number + 1
    is_free = past.of_order + draft.priced.amount <= draft.approval_above
    ids = insert_new(session, Refund, [_row(actor, draft, number, text, clock.now(), is_free=is_free)])
    if not ids:
        if (known := find_by_key(session, draft.key)) is not None:
            return known
        raise Conflict
    if draft.priced.rows:
        insert_rows(session, RefundLine, [{"refund_id": ids[0], **row} for row in draft.priced.rows])
    refund = session.get_one(Refund, ids[0])
    details = {"refund": refund.code, "amount": refund.amount, "reason": refund.reason.value, "way": refund.way.value, "waits": not is_free}
    audit.record(session, actor, "refund.requested", f"order:{draft.order.code}", details)
    if is_free:
        carry_out(session, actor, refund, draft.order)
    session.flush()
    return refund


def _row(actor: Actor, draft: _Draft, number: int, text: str, moment: datetime, *, is_free: bool) -> dict[str, Any]:
    return {
        "code": f"{draft.order.code}-R{number}",
        "order_id": draft.order.id,
        "number": number,
        "payment_id": draft.payment.id,
        "form_key": draft.key,
        "amount": draft.priced.amount,
        "shipping_amount": draft.priced.shipping,
        "reason": draft.reason,
        "reason_text": text,
        "way": draft.way,
        "state": RefundState.REQUESTED,
        "idempotency_key": refund_key_of(draft.order.code, number),
        "requested_by_id": actor.user_id,
        "created_at": moment,
        "authorised_at": moment if is_free else None,
    }


def carry_out(session: Session, actor: Actor, refund: Refund, order: Order, taken: Taken | None = None) -> None:
    """What a decided refund changes at once: the books owe the buyer, goods move, and an emptied order ends.

    `taken` are the units, fit for sale and not, that the caller took from the order by itself; else the lines say it.
    """
    lines = session.scalars(select(RefundLine).where(RefundLine.refund_id == refund.id).order_by(RefundLine.id)).all()
    if not lines and not refund.shipping_amount:
        return  # a payment in review: it is owed already
    discount = sum(line.discount for line in lines)
    ledger.post_refund_owed(session, refund.code, order.id, refund.amount, shipping=refund.shipping_amount, discount=discount)
    fit, unfit = taken or _take_from_order(session, lines)
    is_empty = not _has_goods(session, order.id)
    if is_empty:
        vouchers.give_back_uses(session, [order.id])  # before any stock row, as everywhere
    _move_goods(session, actor, order, refund.code, fit, unfit)
    if order.state in HOLDING and is_empty:
        check_step(order.state, OrderState.CANCELLED)
        order.state, order.hold_until = OrderState.CANCELLED, None
        close_payments(session, [order.id])
        audit.record(session, actor, "order.cancelled", f"order:{order.code}", {"refund": refund.code})


def _take_from_order(session: Session, lines: Iterable[RefundLine]) -> tuple[list[Allocation], list[Allocation]]:
    """Which units of which batch leave the order: those fit for sale, and the others."""
    fit: list[Allocation] = []
    unfit: list[Allocation] = []
    for line in lines:
        missing = line.quantity
        statement = (
            select(OrderAllocation, OrderLine.variant_id)
            .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
            .where(OrderAllocation.line_id == line.line_id)
            .order_by(OrderAllocation.id)
            .execution_options(populate_existing=True)
        )
        for promised, variant_id in session.execute(statement).all():
            if units := min(missing, promised.quantity):
                (fit if line.back_to_stock else unfit).append(Allocation(promised.level_id, variant_id, units))
                missing -= units
                shrink(session, promised, units)
        if missing:
            raise StockBroken(f"order line {line.line_id} was promised {missing} units fewer than were refunded")
    session.flush()
    return fit, unfit


def shrink(session: Session, promised: OrderAllocation, units: int) -> None:
    """Take units out of what was promised to an order's line."""
    if promised.quantity == units:
        session.delete(promised)
    else:
        promised.quantity -= units


def _move_goods(
    session: Session, actor: Actor, order: Order, refund_code: str, fit: Sequence[Allocation], unfit: Sequence[Allocation]
) -> None:
    """Held goods are released, sold ones come back; what cannot be sold any more is written off."""
    reference, who = f"refund:{refund_code}", actor.user_id
    stock_locks.lock_levels(session, [*fit, *unfit])
    is_held = order.state in HOLDING
    if fit and is_held:
        stock.release_hold(session, fit, reference, actor_id=who)
    elif fit:
        stock.take_back(session, fit, reference, fit=True, actor_id=who)
    if unfit and is_held:
        stock.write_off_held(session, unfit, reference, actor_id=who)
    elif unfit:
        stock.take_back(session, unfit, reference, fit=False, actor_id=who)
    book_returns(session, order.id, reference, [*fit, *unfit])
    if unfit:
        book_losses(session, level_ids=[allocation.level_id for allocation in unfit])


def _has_goods(session: Session, order_id: int) -> bool:
    lines = select(OrderLine.id).where(OrderLine.order_id == order_id)
    return session.scalar(select(OrderAllocation.id).where(OrderAllocation.line_id.in_(lines)).limit(1)) is not None


def move_refund(session: Session, refund: Refund, state: RefundState, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> bool:
    """Change a refund that is in `state`, unless somebody else has since it was read: the claim holds even without the row lock."""
    statement = update(Refund).where(Refund.id == refund.id, Refund.state == state, *conditions).values(**values).returning(Refund.id)
    changed = session.execute(statement, execution_options={"synchronize_session": False}).scalar()
    session.refresh(refund)
    return changed is not None


def find_by_key(session: Session, key: str) -> Refund | None:
    """The refund that was asked for with this form token, if any."""
    return session.scalar(select(Refund).where(Refund.form_key == key))


def _find_twin(session: Session, order: Order, key: str) -> Refund | None:
    if not _KEY.fullmatch(key):
        raise InvalidInput(field="key")
    known = find_by_key(session, key)
    if known is not None and known.order_id != order.id:
        raise Conflict
    return known


def _lock_for_refund(session: Session, actor: Actor, order_id: int) -> Order:
    order = lock_order(session, order_id)
    _check_may(session, actor, order, Permission.REFUND_ORDERS)
    return order


def _check_second_person(session: Session, actor: Actor, refund: Refund, order: Order) -> None:
    _check_may(session, actor, order, Permission.APPROVE_REFUNDS)
    if actor.user_id is not None and actor.user_id == refund.requested_by_id:
        raise SecondPersonNeeded


def _check_may(session: Session, actor: Actor, order: Order, permission: Permission) -> None:
    outlet = session.get_one(Outlet, order.outlet_id)
    if not actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
