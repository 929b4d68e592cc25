"""How long goods are held for an unpaid order, and giving them back when that time is over (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation
from kernel import audit, clock
from kernel.errors import N_, DomainError
from kernel.people import SYSTEM, Actor
from orders import ledger, vouchers
from orders.gateways import LOCAL, SESSION_LIFE, PaymentMethod
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.payment import Payment
from orders.pickup_slots import LONGEST_UNPAID, LOOKED_AT, SlotTooFar, closing_after, opening_of
from orders.states import HOLDING, UNDECIDED, OrderState, PaymentState

#: Outlives the provider's page (31 minutes), so that nobody pays for goods that were just given away.
CARD_HOLD = timedelta(minutes=35)
#: Long enough to scan and for staff to look; long enough to go to a bank (docs/decisions/0006).
QRIS_HOLD, TRANSFER_HOLD = timedelta(minutes=30), timedelta(hours=24)


class NeverOpen(DomainError):
    """The outlet has no opening hours at all."""

    message = N_("This pickup place is not open at present. Please choose another one.")


def payment_deadline(method: PaymentMethod, outlet: Outlet, moment: datetime, pickup_at: datetime | None = None) -> datetime:
    """Until when an attempt to pay that begins at `moment` can be finished."""
    return moment + SESSION_LIFE if method is PaymentMethod.STRIPE else hold_deadline(method, outlet, moment, pickup_at)


def hold_deadline(method: PaymentMethod, outlet: Outlet, moment: datetime, pickup_at: datetime | None = None) -> datetime:
    """Until when goods are held for an order that is unpaid at `moment` and is to be collected at `pickup_at`."""
    match method:
        case PaymentMethod.STRIPE:
            return moment + CARD_HOLD
        case PaymentMethod.QRIS:
            return moment + QRIS_HOLD
        case PaymentMethod.BANK_TRANSFER:
            return moment + TRANSFER_HOLD
        case PaymentMethod.PAY_AT_PICKUP:
            return pickup_deadline(outlet, moment, pickup_at)
        case PaymentMethod.CASH | PaymentMethod.CARD_TERMINAL:
            return moment  # at the counter nothing is promised: the goods leave with their buyer


def pickup_deadline(outlet: Outlet, moment: datetime, pickup_at: datetime | None = None) -> datetime:
    """Closing time of the day of the chosen slot, else of the outlet's next open day, today not counted; an aware moment.

    SlotTooFar for a slot beyond the days that unpaid goods are kept; NeverOpen without opening hours.
    """
    if pickup_at is not None and pickup_at > moment:
        if pickup_at > moment + LONGEST_UNPAID:
            raise SlotTooFar(field="pickup_at")
        if (closes_at := closing_after(outlet, pickup_at)) is not None:
            return closes_at
    today = clock.local(moment, outlet.zone).date()
    for ahead in range(1, LOOKED_AT):
        if (opening := opening_of(outlet, today + timedelta(days=ahead))) is not None:
            return opening[1]
    raise NeverOpen(field="outlet")


@dataclass(frozen=True, slots=True)
class PaymentToClose:
    """A payment page that must be closed at the provider before the goods of its order may go."""

    payment_id: int
    method: PaymentMethod
    reference: str


def list_to_close(session: Session, limit: int = 50) -> list[PaymentToClose]:
    """Payments the provider may still accept although their order's hold is over, oldest first.

    The worker asks the gateway to `expire` each and hands the answer to `payments.settle`; then `sweep_expired` may work.
    """
    statement = (
        select(Payment.id, Payment.method, Payment.reference)
        .join(Order, Order.id == Payment.order_id)
        .where(*_overdue(), *_at_provider())
        .order_by(Order.hold_until, Payment.id)
        .limit(limit)
    )
    return [PaymentToClose(payment_id, method, reference or "") for payment_id, method, reference in session.execute(statement)]


def sweep_expired(session: Session, limit: int = 50) -> list[str]:
    """Give the goods of overdue orders back; the codes of those orders. Run it again whenever it returns `limit` codes.

    Orders with a payment that the provider may still accept, or that waits for a person, are left alone. A rival
    sweeper's orders are skipped.
    """
    in_review = Payment.state == PaymentState.REVIEW
    undecided = exists().where(Payment.order_id == Order.id, or_(and_(*_at_provider()), in_review))
    orders = session.scalars(
        select(Order)
        .where(*_overdue(), ~undecided)
        .order_by(Order.hold_until, Order.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Order)
        .execution_options(populate_existing=True)
    ).all()
    if not orders:
        return []
    close_payments(session, [order.id for order in orders])
    release_orders(session, orders, OrderState.EXPIRED, SYSTEM)
    return [order.code for order in orders]


def release_orders(
    session: Session, orders: Sequence[Order], state: OrderState, actor: Actor, details: dict[str, str] | None = None
) -> None:
    """End unpaid orders (expired, cancelled): goods back, nothing owed. The caller holds their row locks."""
    held = allocations_of(session, [order.id for order in orders])
    vouchers.give_back_uses(session, [order.id for order in orders if order.discount_total])
    stock_locks.lock_levels(session, [allocation for each in held.values() for allocation in each])
    for order in orders:
        stock.release_hold(session, held.get(order.id, []), f"order:{order.code}", actor_id=actor.user_id)
        ledger.post_dropped(
            session, order.code, order.id, order.total, state.value, shipping=order.shipping_total, discount=order.discount_total
        )
        order.state, order.hold_until = state, None
        audit.record(session, actor, f"order.{state.value}", f"order:{order.code}", details)
    lines = select(OrderLine.id).where(OrderLine.order_id.in_([order.id for order in orders]))
    session.execute(delete(OrderAllocation).where(OrderAllocation.line_id.in_(lines)), execution_options={"synchronize_session": False})
    session.flush()


def close_payments(session: Session, order_ids: Collection[int]) -> None:
    """Close attempts that no provider keeps open: local ones, and pages that no buyer ever saw."""
    for payment in session.scalars(select(Payment).where(Payment.order_id.in_(order_ids), Payment.state.in_(UNDECIDED), ~_reachable())):
        payment.state = PaymentState.EXPIRED
    session.flush()


def allocations_of(session: Session, order_ids: Collection[int]) -> dict[int, list[Allocation]]:
    """What is held for each order."""
    found: dict[int, list[Allocation]] = {}
    statement = (
        select(OrderLine.order_id, OrderAllocation.level_id, OrderLine.variant_id, OrderAllocation.quantity)
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderAllocation.level_id)
    )
    for order_id, level_id, variant_id, quantity in session.execute(statement):
        found.setdefault(order_id, []).append(Allocation(level_id, variant_id, quantity))
    return found


def _overdue() -> tuple[ColumnElement[bool], ...]:
    return Order.state.in_(HOLDING), Order.hold_until <= clock.now()


def _at_provider() -> tuple[ColumnElement[bool], ...]:
    return Payment.state.in_(UNDECIDED), _reachable()


def _reachable() -> ColumnElement[bool]:
    """A page was opened and shown. Where the answer with its address was lost, no buyer can reach it."""
    return Payment.method.not_in(LOCAL) & Payment.reference.is_not(None)
