"""What staff do with an order after it was placed: make it ready, hand it over, cancel it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, ApprovalNeeded, Conflict, DomainError, NotAllowed
from kernel.people import Actor, Permission
from orders import ledger
from orders.checkout import write_to_buyer
from orders.consignment.sales import sell_held
from orders.gateways import PaymentMethod
from orders.holds import allocations_of, close_payments, release_orders
from orders.models.order import Fulfilment, Order
from orders.models.payment import Payment
from orders.payments import PaymentUndecided, check_is_retail, find_latest, is_paid, lock_order
from orders.refunds import check_none_waits
from orders.rounding import round_cash
from orders.states import UNDECIDED, OrderState, PaymentState, check_step


class WrongCode(DomainError):
    """The code that the buyer showed is not this order's."""

    message = N_("This code does not belong to this order. Please ask the buyer for the order code again.")


class NotForPickup(Conflict):
    """The order is sent: it leaves with a parcel."""

    message = N_("This order is sent to its buyer. Please ship it.")


class OrderPaid(Conflict):
    """A paid order cannot simply be cancelled: the buyer's money would be left behind."""

    message = N_("This order is paid. It can be cancelled only together with a refund.")


def mark_ready(session: Session, actor: Actor, order_id: int) -> Order:
    """The goods are packed: they wait at the counter, or for the courier."""
    order = lock_for_staff(session, actor, order_id)
    check_step(order.state, OrderState.READY)
    order.state = OrderState.READY
    audit.record(session, actor, "order.ready", f"order:{order.code}")
    if order.fulfilment is Fulfilment.PICKUP:  # what is sent gets its letter when it leaves
        write_to_buyer(session, order, "mail.order_ready")
    session.flush()
    return order


def hand_over(session: Session, actor: Actor, order_id: int, code: str) -> Order:
    """The buyer, who knows the order code, takes the goods; an unpaid order is paid in cash, rounded (docs/pricing.md).

    `round_cash(order.total).cash` is what the buyer gives; show it before calling this.
    """
    order = lock_for_staff(session, actor, order_id)
    if code.replace(" ", "").replace("-", "").upper() != order.code:
        raise WrongCode(field="code")
    if order.fulfilment is Fulfilment.SHIPPING:
        raise NotForPickup
    check_step(order.state, OrderState.COMPLETED)
    check_none_waits(session, order.id)
    details: dict[str, object] = {}
    if not is_paid(session, order.id):
        details = _take_cash(session, order)
    held = allocations_of(session, [order.id]).get(order.id, [])
    sell_held(session, order, held, actor_id=actor.user_id)
    order.state, order.hold_until, order.completed_at = OrderState.COMPLETED, None, clock.now()
    audit.record(session, actor, "order.handed_over", f"order:{order.code}", details)
    session.flush()
    return order


def cancel_order(session: Session, actor: Actor, order_id: int, reason: str, *, token: str | None = None, approved: bool = False) -> Order:
    """End an unpaid order and give its goods back. Staff may, and the buyer who knows its token.

    Staff cancel packed goods above the outlet's limit only with `approved`, the second person's word
    (orders.approvals): somebody could otherwise hand them over and keep the cash. Else ApprovalNeeded.

    Raises PaymentUndecided while the provider may still take money (close it there and settle first), OrderPaid when
    it is paid.
    """
    order = lock_order(session, order_id)
    is_buyer = token is not None and token == order.token
    if not is_buyer:
        check_may_handle(session, actor, order)
    check_step(order.state, OrderState.CANCELLED)
    if is_paid(session, order.id):
        raise OrderPaid
    if not (is_buyer or approved or actor.system):
        _check_packed(session, order)
    close_payments(session, [order.id])
    if session.scalar(select(Payment.id).where(Payment.order_id == order.id, Payment.state.in_(UNDECIDED)).limit(1)) is not None:
        raise PaymentUndecided
    release_orders(session, [order], OrderState.CANCELLED, actor, {"reason": reason.strip()[:240]})
    return order


def _take_cash(session: Session, order: Order) -> dict[str, object]:
    """Book the cash of an order that is paid when it is collected."""
    payment = find_latest(session, order.id)
    if payment is None or payment.method is not PaymentMethod.PAY_AT_PICKUP or payment.state is not PaymentState.OPEN:
        raise PaymentUndecided
    amount = round_cash(order.total)
    payment.state, payment.paid_at = PaymentState.PAID, clock.now()
    ledger.post_cash(session, payment.id, order.id, amount.amount, amount.cash)
    return {"cash": amount.cash, "rounding": amount.rounding}


def _check_packed(session: Session, order: Order) -> None:
    if order.state is OrderState.READY and order.total > session.get_one(Outlet, order.outlet_id).packed_cancel_limit:
        raise ApprovalNeeded(order.total)


def lock_for_staff(session: Session, actor: Actor, order_id: int) -> Order:
    """A buyer's order, locked, for whoever may hand over at its outlet; NotAllowed otherwise."""
    order = lock_order(session, order_id)
    check_may_handle(session, actor, order)
    return order


def check_may_handle(session: Session, actor: Actor, order: Order) -> None:
    """NotAllowed unless they may hand over at the order's outlet; a partner's order goes other ways (check_is_retail)."""
    outlet = session.get_one(Outlet, order.outlet_id)
    if not actor.can(Permission.HAND_OVER_ORDERS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    check_is_retail(order)
