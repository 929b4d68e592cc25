"""Agreements, delivery notes and the goods on them for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet, StockLevel
from kernel import clock
from kernel.people import SYSTEM, Actor, Role
from orders.consignment import agreements
from orders.consignment.agreements import NewTerms
from orders.models.agreement import Agreement
from orders.models.delivery import ConfirmedBy, Delivery
from orders.models.stockroom import PullOutReason
from orders.stockroom import counts, deliveries, pull_outs, transfers
from orders.stockroom.delivery_lines import LineFacts, add_line
from tests.make import make_actor, make_maker, make_outlet, make_product
from tests.make_stock import Goods

SIGNATURE = "M10 100" + "".join(f"L{x} {100 + x % 40}" for x in range(20, 300, 10))


@dataclass(frozen=True)
class Room:
    """An outlet, a maker with an agreement there, one product of theirs, and the outlet's manager."""

    outlet: Outlet
    maker: Maker
    product: Product
    variant: Variant
    manager: Actor
    agreement: Agreement


def make_agreement(session: Session, maker: Maker, outlet: Outlet, **changes: Any) -> Agreement:
    """15 % commission since a while."""
    terms = NewTerms(**({"starts_on": clock.today() - timedelta(days=100)} | changes))
    return agreements.create_agreement(session, SYSTEM, maker, outlet, terms)


def make_room(session: Session, *, shelf_life_days: int | None = None, **terms: Any) -> Room:
    """Everything that receiving needs."""
    outlet, maker = make_outlet(session), make_maker(session)
    product = make_product(session, maker=maker, shelf_life_days=shelf_life_days)
    manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    agreement = make_agreement(session, maker, outlet, **terms)
    return Room(outlet, maker, product, product.variants[0], manager, agreement)


def fresh(quantity: int = 10, **changes: Any) -> LineFacts:
    """A lot made last week that keeps for half a year."""
    today = clock.today()
    values = {"produced_on": today - timedelta(days=7), "best_before_on": today + timedelta(days=180)} | changes
    return LineFacts(quantity=quantity, **values)


def make_delivery(session: Session, room: Room, *lines: LineFacts) -> Delivery:
    """A delivery that is being counted, with lines of the room's variant."""
    delivery = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    for facts in lines or (fresh(),):
        add_line(session, delivery, room.variant, facts)
    return delivery


def receive(session: Session, room: Room, *lines: LineFacts) -> Delivery:
    """A delivery that both sides confirmed."""
    delivery = make_delivery(session, room, *lines)
    deliveries.confirm_count(session, room.manager, delivery.id)
    return deliveries.confirm_by_maker(session, delivery.id, delivery.revision, ConfirmedBy.LINK, "Ibu Contoh")


def levels_of(session: Session, outlet: Outlet) -> list[StockLevel]:
    """The outlet's levels, fresh from the database."""
    statement = select(StockLevel).where(StockLevel.outlet_id == outlet.id).order_by(StockLevel.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def make_papers(session: Session, manager: Actor, goods: Goods, maker: Maker, other: Outlet) -> dict[str, str]:
    """One paper of every kind about a shelf, none of which has moved anything; their codes by what addresses call them."""
    if agreements.find_for(session, maker.id, goods.outlet.id) is None:
        make_agreement(session, maker, goods.outlet)
    delivery = deliveries.open_delivery(session, manager, goods.outlet, maker)
    add_line(session, delivery, goods.variant, fresh(3, lot_code="SURAT"))
    transfer = transfers.open_transfer(session, manager, goods.outlet, other)
    count = counts.start_count(session, manager, goods.outlet)
    pull_out = pull_outs.announce_pull_out(session, manager, goods.outlet, maker, {goods.level.id: 1}, PullOutReason.ASKED)
    return {"delivery": delivery.code, "transfer": transfer.code, "count": count.code, "pull_out": pull_out.code}
