"""Parcels: what staff do when an order leaves, and how it comes to be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.inserts import insert_rows
from kernel.parsing import parse_text
from kernel.people import SYSTEM, Actor
from orders.checkout import write_to_buyer
from orders.consignment.sales import sell_held
from orders.fulfilment import check_may_handle, lock_for_staff
from orders.holds import allocations_of
from orders.models.order import Channel, Fulfilment, Order
from orders.models.shipping import Parcel
from orders.payments import is_paid, lock_order
from orders.refunds import check_none_waits
from orders.states import OrderState, WrongState, check_step

MOST_PARCELS = 20
HEAVIEST_G = 100_000
#: An order that nobody complained about counts as delivered after this time; longer than the slowest zone's promise.
ASSUMED_AFTER = timedelta(days=21)


class NotForShipping(Conflict):
    """The order is collected by its buyer."""

    message = N_("The buyer collects this order. It cannot be shipped.")


class NotPaid(Conflict):
    """Nothing leaves before the money is here."""

    message = N_("This order is not paid yet. It can be shipped when the money has arrived.")


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """One parcel as staff hand it to the courier. The number may come later; the weight is the counter's, in grams."""

    courier: str
    tracking_number: str = ""
    weight_g: int | None = None


def ship_order(session: Session, actor: Actor, order_id: int, parcels: Sequence[ParcelFacts]) -> Order:
    """The parcels leave: goods go out of stock, and the buyer is told courier and number.

    Raises NotForShipping, NotPaid, RefundWaits, WrongState (somebody else was faster), InvalidInput, NotAllowed.
    """
    facts = _checked(parcels)
    order = lock_for_staff(session, actor, order_id)
    if order.fulfilment is not Fulfilment.SHIPPING:
        raise NotForShipping
    check_step(order.state, OrderState.SHIPPED)
    if not is_paid(session, order.id):
        raise NotPaid
    check_none_waits(session, order.id)
    moment = clock.now()
    held = allocations_of(session, [order.id]).get(order.id, [])
    insert_rows(session, Parcel, [_row(order, number, parcel, actor, moment) for number, parcel in enumerate(facts, start=1)])
    sell_held(session, order, held, actor_id=actor.user_id)
    order.state, order.hold_until, order.shipped_at = OrderState.SHIPPED, None, moment
    numbers = [parcel.tracking_number for parcel in facts]
    audit.record(session, actor, "order.shipped", f"order:{order.code}", {"parcels": len(facts), "numbers": numbers})
    write_to_buyer(session, order, "mail.order_shipped")
    session.flush()
    return order


def correct_parcel(session: Session, actor: Actor, order_id: int, position: int, facts: ParcelFacts) -> Parcel:
    """Another courier, number or weight for a parcel that has left: the number often comes later."""
    (wanted,) = _checked([facts])
    order = lock_for_staff(session, actor, order_id)
    statement = select(Parcel).where(Parcel.order_id == order.id, Parcel.position == position)
    parcel = session.scalar(statement.execution_options(populate_existing=True))
    if parcel is None:
        raise NotFound
    before = {"courier": parcel.courier, "number": parcel.tracking_number, "weight_g": parcel.weight_g}
    parcel.courier, parcel.tracking_number, parcel.weight_g = wanted.courier, wanted.tracking_number, wanted.weight_g
    details = {"parcel": position, "before": before, "number": parcel.tracking_number}
    audit.record(session, actor, "order.parcel_corrected", f"order:{order.code}", details)
    session.flush()
    return parcel


def confirm_delivered(session: Session, actor: Actor, order_id: int, *, token: str | None = None) -> Order:
    """The buyer, who knows the order's token, or the courier through staff, says that everything has arrived."""
    order = lock_order(session, order_id)
    if token is None or token != order.token:
        check_may_handle(session, actor, order)
    if order.state is not OrderState.SHIPPED:
        raise WrongState
    moment = clock.now()
    arrived = update(Parcel).where(Parcel.order_id == order.id, Parcel.delivered_at.is_(None)).values(delivered_at=moment)
    session.execute(arrived, execution_options={"synchronize_session": False})
    _complete(session, actor, order, moment, "order.delivered")
    return order


def complete_old(session: Session, limit: int = 50) -> list[str]:
    """Orders on their way for so long that they count as delivered; their codes. Run again while it returns `limit` codes."""
    moment = clock.now()
    orders = session.scalars(
        select(Order)
        .where(Order.state == OrderState.SHIPPED, Order.shipped_at <= moment - ASSUMED_AFTER, Order.channel != Channel.WHOLESALE)
        .order_by(Order.shipped_at, Order.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Order)
        .execution_options(populate_existing=True)
    ).all()
    for order in orders:
        _complete(session, SYSTEM, order, moment, "order.assumed_delivered")
    return [order.code for order in orders]


def _complete(session: Session, actor: Actor, order: Order, moment: datetime, act: str) -> None:
    check_step(order.state, OrderState.COMPLETED)
    order.state, order.completed_at = OrderState.COMPLETED, moment
    audit.record(session, actor, act, f"order:{order.code}")
    session.flush()


def _row(order: Order, position: int, parcel: ParcelFacts, actor: Actor, moment: datetime) -> dict[str, object]:
    return {
        "order_id": order.id,
        "position": position,
        "courier": parcel.courier,
        "tracking_number": parcel.tracking_number,
        "weight_g": parcel.weight_g,
        "shipped_at": moment,
        "shipped_by_id": actor.user_id,
    }


def _checked(parcels: Sequence[ParcelFacts]) -> list[ParcelFacts]:
    if not 1 <= len(parcels) <= MOST_PARCELS:
        raise InvalidInput(N_("An order leaves in 1 to %(most)s parcels."), field="courier", most=MOST_PARCELS)
    if any(parcel.weight_g is not None and not 1 <= parcel.weight_g <= HEAVIEST_G for parcel in parcels):
        raise InvalidInput(N_("A parcel weighs 1 to %(heaviest)s grams."), field="weight_g", heaviest=HEAVIEST_G)
    return [
        ParcelFacts(
            parse_text(parcel.courier, field="courier", maximum=60, required=True),
            " ".join(parse_text(parcel.tracking_number, field="tracking_number", maximum=60).split()),
            parcel.weight_g,
        )
        for parcel in parcels
    ]
