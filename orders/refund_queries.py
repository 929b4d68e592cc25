"""Refunds as buyers and staff see them: of one order, one by its code, and the lists of those that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel.errors import NotFound
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.payments import find_latest
from orders.refund_amounts import NothingToRefund, Wanted, captured, price_refund, read_past
from orders.refund_states import RefundReason, RefundState, RefundWay
from orders.refunds import find_paid
from orders.states import PaymentState

PAGE_SIZE = 30


class RefundQueue(StrEnum):
    """What a refund waits for."""

    APPROVAL = "approval"  # a second person
    PAYOUT = "payout"  # staff have to give the money
    PROVIDER = "provider"  # the provider has not said yes yet
    FAILED = "failed"  # the provider said no


@dataclass(frozen=True, slots=True)
class RefundLineView:
    """Units of one item that were paid back."""

    line_id: int
    name: str
    quantity: int
    amount: int
    back_to_stock: bool


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund of an order."""

    code: str
    amount: int
    reason: RefundReason
    reason_text: str
    way: RefundWay
    state: RefundState
    #: Whether a second person has to agree first.
    waits: bool
    created_at: datetime
    settled_at: datetime | None
    lines: tuple[RefundLineView, ...]
    #: How much of the amount is for shipping.
    shipping_amount: int = 0

    @property
    def counts(self) -> bool:
        """Whether the buyer can count on it."""
        return self.state is not RefundState.REJECTED and not self.waits


@dataclass(frozen=True, slots=True)
class Left:
    """What of an order can still be refunded: units by line id, rupiah, and of which payment."""

    units: Mapping[int, int]
    amount: int
    payment: Payment | None
    #: Of the amount, what is for shipping.
    shipping: int = 0


def list_of_order(session: Session, order_id: int, names: Mapping[int, str]) -> tuple[RefundView, ...]:
    """All refunds of an order, the oldest first; `names` are the lines' names by id."""
    statement = (
        select(Refund)
        .where(Refund.order_id == order_id)
        .options(selectinload(Refund.lines))
        .order_by(Refund.number)
        .execution_options(populate_existing=True)
    )
    return tuple(
        RefundView(
            code=refund.code,
            amount=refund.amount,
            shipping_amount=refund.shipping_amount,
            reason=refund.reason,
            reason_text=refund.reason_text,
            way=refund.way,
            state=refund.state,
            waits=refund.state is RefundState.REQUESTED and refund.authorised_at is None,
            created_at=refund.created_at,
            settled_at=refund.settled_at,
            lines=tuple(
                RefundLineView(line.line_id, names.get(line.line_id, ""), line.quantity, line.amount, line.back_to_stock)
                for line in refund.lines
            ),
        )
        for refund in session.scalars(statement)
    )


def read_left(session: Session, order_id: int, quantities: Mapping[int, int]) -> Left:
    """What can still go back; `quantities` are the units sold by line id."""
    payment = find_paid(session, order_id)
    if payment is None:
        return Left(dict.fromkeys(quantities, 0), 0, find_latest(session, order_id))
    past = read_past(session, order_id, payment.id)
    units = {line_id: quantity - past.units.get(line_id, 0) for line_id, quantity in quantities.items()}
    if not any(units.values()):
        return Left(units, 0, payment)
    total = session.scalar(select(Order.shipping_total).where(Order.id == order_id)) or 0
    return Left(units, captured(session, payment) - past.claimed, payment, max(0, total - past.shipping))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a refund would do."""

    amount: int
    #: Whether nothing of the order is left afterwards.
    is_whole: bool
    needs_second_person: bool
    shipping: int = 0


def preview_refund(session: Session, order_id: int, wanted: Wanted, approval_above: int, *, with_shipping: bool = False) -> Preview:
    """What `request_refund` would do with the same lines; refuses as it does."""
    payment = find_paid(session, order_id)
    if payment is None:
        raise NothingToRefund
    past = read_past(session, order_id, payment.id)
    priced = price_refund(session, order_id, payment, past, wanted, with_shipping=with_shipping)
    amount = priced.amount
    return Preview(amount, past.claimed + amount == captured(session, payment), past.of_order + amount > approval_above, priced.shipping)


def find_returnable(session: Session, order_id: int) -> Payment | None:
    """A payment in review whose money is here and has not been promised back."""
    promised = select(Refund.payment_id).where(Refund.order_id == order_id, Refund.state != RefundState.REJECTED)
    statement = select(Payment).where(
        Payment.order_id == order_id, Payment.state == PaymentState.REVIEW, Payment.paid_at.is_not(None), Payment.id.not_in(promised)
    )
    return session.scalar(statement.order_by(Payment.attempt).limit(1))


def get_refund(session: Session, actor: Actor, code: str) -> Refund:
    """A refund at an outlet in reach, with order, outlet, payment and lines; NotFound elsewhere."""
    statement = (
        select(Refund)
        .where(Refund.code == code.strip().upper())
        .options(
            joinedload(Refund.order).joinedload(Order.outlet),
            joinedload(Refund.payment),
            selectinload(Refund.lines).joinedload(RefundLine.line),
        )
        .execution_options(populate_existing=True)
    )
    refund = session.scalar(statement)
    if refund is None:
        raise NotFound
    outlet = refund.order.outlet
    if not actor.can(Permission.REFUND_ORDERS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    return refund


def list_refunds(session: Session, actor: Actor, queue: RefundQueue | None, *, page: int = 1) -> Page[Refund]:
    """Refunds at the outlets in reach, the newest first, with their orders; of one queue or all."""
    statement = (
        select(Refund)
        .join(Order, Order.id == Refund.order_id)
        .join(Outlet, Outlet.id == Order.outlet_id)
        .where(*reach_of(actor, Permission.REFUND_ORDERS))
        .order_by(Refund.created_at.desc(), Refund.id.desc())
    )
    if queue is not None:
        statement = statement.where(_IS_IN[queue])
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(Refund.order).joinedload(Order.outlet)])


def count_queues(session: Session, actor: Actor) -> dict[RefundQueue, int]:
    """How many refunds wait for what, at the outlets in reach."""
    sums = [func.coalesce(func.sum(case((_IS_IN[queue], 1), else_=0)), 0) for queue in RefundQueue]
    statement = (
        select(*sums)
        .select_from(Refund)
        .join(Order, Order.id == Refund.order_id)
        .join(Outlet, Outlet.id == Order.outlet_id)
        .where(*reach_of(actor, Permission.REFUND_ORDERS))
    )
    return dict(zip(RefundQueue, (int(count) for count in session.execute(statement).one()), strict=True))


_UNDECIDED = and_(Refund.state == RefundState.REQUESTED, Refund.authorised_at.is_(None))
_DECIDED = and_(Refund.state == RefundState.REQUESTED, Refund.authorised_at.is_not(None))
_IS_IN: dict[RefundQueue, ColumnElement[bool]] = {
    RefundQueue.APPROVAL: _UNDECIDED,
    RefundQueue.PAYOUT: and_(_DECIDED, Refund.way != RefundWay.PROVIDER),
    RefundQueue.PROVIDER: or_(Refund.state == RefundState.SENT, and_(_DECIDED, Refund.way == RefundWay.PROVIDER)),
    RefundQueue.FAILED: Refund.state == RefundState.FAILED,
}
