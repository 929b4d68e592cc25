"""Reads about orders for the people who handle them and for those who placed them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import clock
from kernel.errors import InvalidInput
from kernel.paging import Page, escape_like, read_page
from kernel.people import Actor, Permission
from kernel.phones import parse_phone
from orders.gateways import CONFIRMED_BY_STAFF
from orders.models.order import Channel, Fulfilment, Order
from orders.models.payment import Payment
from orders.models.purchase import PurchaseOrder
from orders.models.shift import CounterSale
from orders.states import HOLDING, OrderState, PaymentState

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the queue is narrowed to; empty means everything in reach."""

    states: tuple[OrderState, ...] = ()
    outlet: str = ""
    #: An order code, the number of a till's receipt, a phone number in any way of writing, or part of the buyer's name.
    text: str = ""
    #: Only orders with a payment that waits for a person.
    in_review: bool = False
    #: Only orders whose buyer is looking at a QRIS code or an account: staff are to confirm the money.
    to_confirm: bool = False
    #: Only orders that are collected, by the slot their buyers chose, or only those that are sent.
    fulfilment: Fulfilment | None = None
    #: Only paid orders whose parcel has yet to leave.
    to_ship: bool = False


def list_own_orders(session: Session, user_id: int, *, page: int = 1) -> Page[Order]:
    """A signed-in person's orders, the newest first, with outlet and lines."""
    statement = select(Order).where(Order.user_id == user_id).order_by(Order.placed_at.desc(), Order.id.desc())
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(Order.outlet), selectinload(Order.lines)])


def list_queue(session: Session, actor: Actor, wanted: OrderFilter, *, page: int = 1) -> Page[Order]:
    """Orders at the outlets in reach, the newest first unless the filter has an order of its own, with outlet and lines.

    Partners' orders have a desk of their own (orders.wholesale); only their money that waits for a person is here too.
    """
    statement = select(Order).join(Outlet, Outlet.id == Order.outlet_id).where(*reach_of(actor, Permission.VIEW_ORDERS))
    statement = _in_order(statement, wanted)
    if not wanted.in_review:
        statement = statement.where(_IS_RETAIL)
    if wanted.to_ship:
        statement = statement.where(*_TO_SHIP)
    if wanted.fulfilment is not None:
        statement = statement.where(Order.fulfilment == wanted.fulfilment)
    if wanted.states:
        statement = statement.where(Order.state.in_(wanted.states))
    if wanted.outlet:
        statement = statement.where(Outlet.code == wanted.outlet)
    if wanted.in_review:
        statement = statement.where(Order.id.in_(select(Payment.order_id).where(Payment.state == PaymentState.REVIEW)))
    if wanted.to_confirm:
        statement = statement.where(Order.state == OrderState.AWAITING_PAYMENT, Order.id.in_(_shown()))
    if wanted.text.strip():
        statement = statement.where(_matches(wanted.text.strip()))
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(Order.outlet), selectinload(Order.lines)])


def _in_order(statement: Select[Order], wanted: OrderFilter) -> Select[Order]:
    if wanted.fulfilment is Fulfilment.PICKUP:  # whoever comes first is packed first
        statement = statement.order_by(Order.pickup_at.is_(None), Order.pickup_at)
    if wanted.to_ship:  # whoever waits longest is sent first
        statement = statement.order_by(Order.placed_at, Order.id)
    return statement.order_by(Order.placed_at.desc(), Order.id.desc())


def count_by_state(session: Session, actor: Actor) -> dict[OrderState, int]:
    """How many orders stand where, at the outlets in reach."""
    rows = session.execute(
        select(Order.state, func.count())
        .join(Outlet, Outlet.id == Order.outlet_id)
        .where(_IS_RETAIL, *reach_of(actor, Permission.VIEW_ORDERS))
        .group_by(Order.state)
    )
    counts = {row[0]: row[1] for row in rows}
    return {state: counts.get(state, 0) for state in OrderState}


def count_in_review(session: Session, actor: Actor) -> int:
    """Payments that wait for a person, at the outlets in reach."""
    return (
        session.scalar(
            select(func.count(Payment.id))
            .join(Order, Order.id == Payment.order_id)
            .join(Outlet, Outlet.id == Order.outlet_id)
            .where(Payment.state == PaymentState.REVIEW, *reach_of(actor, Permission.VIEW_ORDERS))
        )
        or 0
    )


def find_purchases(session: Session, actor: Actor, codes: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Of these orders, by their codes, those of partners: the code on their own desk (orders.wholesale), and whether it is in reach."""
    statement = (
        select(Order.code, PurchaseOrder.code, case((and_(*reach_of(actor, Permission.MANAGE_WHOLESALE)), 1), else_=0))
        .join(PurchaseOrder, PurchaseOrder.order_id == Order.id)
        .join(Outlet, Outlet.id == Order.outlet_id)
        .where(Order.code.in_(set(codes)))
    )
    return {order: (purchase, bool(is_open)) for order, purchase, is_open in session.execute(statement)}


def count_pickups_on(session: Session, outlet: Outlet, days: Collection[date]) -> int:
    """Orders that wait to be collected at the outlet on one of these days of its own zone, by the slot their buyers chose."""
    slots = select(Order.pickup_at).where(Order.outlet_id == outlet.id, Order.state.in_(HOLDING), Order.pickup_at.is_not(None))
    return sum(clock.local(slot, outlet.zone).date() in days for slot in session.scalars(slots) if slot is not None)


def count_to_confirm(session: Session, actor: Actor) -> int:
    """Orders whose QRIS payment or transfer waits for staff to confirm it, at the outlets in reach."""
    statement = select(func.count(Order.id)).join(Outlet, Outlet.id == Order.outlet_id)
    reach = reach_of(actor, Permission.VIEW_ORDERS)
    return session.scalar(statement.where(Order.state == OrderState.AWAITING_PAYMENT, Order.id.in_(_shown()), *reach)) or 0


def count_to_ship(session: Session, actor: Actor) -> int:
    """Paid orders whose parcel has yet to leave, at the outlets in reach."""
    statement = select(func.count(Order.id)).join(Outlet, Outlet.id == Order.outlet_id)
    return session.scalar(statement.where(*_TO_SHIP, *reach_of(actor, Permission.VIEW_ORDERS))) or 0


_IS_RETAIL = Order.channel != Channel.WHOLESALE
_TO_SHIP = (_IS_RETAIL, Order.fulfilment == Fulfilment.SHIPPING, Order.state.in_((OrderState.CONFIRMED, OrderState.READY)))


def _shown() -> Select[int]:
    return select(Payment.order_id).where(Payment.state == PaymentState.OPEN, Payment.method.in_(CONFIRMED_BY_STAFF))


def _matches(text: str) -> ColumnElement[bool]:
    folded = text.upper().replace(" ", "")
    found: list[ColumnElement[bool]] = [
        Order.code == folded,
        Order.id.in_(select(CounterSale.order_id).where(CounterSale.receipt_number == folded)),
        func.lower(Order.contact_name).like(f"%{escape_like(text.lower())}%", escape="\\"),
    ]
    try:
        found.append(Order.contact_phone == parse_phone(text))
    except InvalidInput:
        digits = "".join(sign for sign in text if sign.isdigit())
        if len(digits) >= 4:
            found.append(Order.contact_phone.like(f"%{digits}"))
    return or_(*found)
