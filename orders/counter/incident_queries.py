"""Reads about incidents at the tills: what waits for a manager, and everything that helps to end one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from catalog.shelves import reach_of
from kernel.errors import NotFound
from kernel.paging import Page
from kernel.people import Actor, Permission, User
from orders.models.order import Channel, Fulfilment, Order, OrderAllocation, OrderLine
from orders.models.payment import Payment
from orders.models.shift import CounterIncident, CounterSale, IncidentKind
from orders.models.till import Till, TillDevice, TillEntry
from orders.states import HOLDING, OrderState

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """What the list is narrowed to; empty means everything in reach."""

    kind: IncidentKind | None = None
    outlet: str = ""
    is_open: bool | None = True


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in the list."""

    incident: CounterIncident
    outlet_name: str
    zone: str
    order_code: str
    receipt_number: str
    till_number: int | None


@dataclass(frozen=True, slots=True)
class LevelNow:
    """Where goods stand in the books at this moment."""

    level_id: int
    variant_code: str
    lot_code: str
    best_before_on: date | None
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    on_hand: int
    held: int
    oversold: int

    @property
    def missing(self) -> int:
        """Units that web orders were promised and that the books do not have."""
        return max(0, self.held - max(0, self.on_hand))


@dataclass(frozen=True, slots=True)
class HitOrder:
    """A web order that was promised units of a level."""

    code: str
    state: OrderState
    fulfilment: Fulfilment
    placed_at: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with all that it is about; what it is not about is None."""

    incident: CounterIncident
    outlet: Outlet
    order: Order | None
    sale: CounterSale | None
    entry: TillEntry | None
    till: Till | None
    device: TillDevice | None
    payment: Payment | None
    resolved_by: str
    level: LevelNow | None
    hit: Sequence[HitOrder] = ()


def list_incidents(session: Session, actor: Actor, wanted: IncidentFilter, *, page: int = 1) -> Page[IncidentRow]:
    """Incidents of the outlets in reach, open ones first, then the newest; two statements."""
    statement = (
        select(CounterIncident, Outlet.name, Outlet.zone, Order.code, CounterSale.receipt_number, Till.number)
        .join(Outlet, Outlet.id == CounterIncident.outlet_id)
        .outerjoin(Order, Order.id == CounterIncident.order_id)
        .outerjoin(CounterSale, CounterSale.order_id == Order.id)
        .outerjoin(TillEntry, TillEntry.id == CounterIncident.entry_id)
        .outerjoin(Till, Till.id == TillEntry.till_id)
        .where(*reach_of(actor, Permission.MANAGE_TILLS))
    )
    if wanted.kind is not None:
        statement = statement.where(CounterIncident.kind == wanted.kind)
    if wanted.outlet:
        statement = statement.where(Outlet.code == wanted.outlet)
    if wanted.is_open is not None:
        statement = statement.where(CounterIncident.resolved_at.is_(None) if wanted.is_open else CounterIncident.resolved_at.is_not(None))
    total = session.scalar(select(func.count()).select_from(statement.with_only_columns(CounterIncident.id).subquery())) or 0
    order = (CounterIncident.resolved_at.is_not(None), CounterIncident.opened_at.desc(), CounterIncident.id.desc())
    rows = session.execute(statement.order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    found = [IncidentRow(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5]) for row in rows]
    return Page(found, int(total), page, PAGE_SIZE)


def count_open(session: Session, actor: Actor, outlet: Outlet | None = None) -> dict[IncidentKind, int]:
    """How many of each kind wait, at the outlets in reach or at one of them."""
    statement = (
        select(CounterIncident.kind, func.count())
        .join(Outlet, Outlet.id == CounterIncident.outlet_id)
        .where(CounterIncident.resolved_at.is_(None), *reach_of(actor, Permission.MANAGE_TILLS))
        .group_by(CounterIncident.kind)
    )
    if outlet is not None:
        statement = statement.where(CounterIncident.outlet_id == outlet.id)
    counts: dict[IncidentKind, int] = dict(session.execute(statement).all())
    return {kind: counts[kind] for kind in IncidentKind if kind in counts}


def get_incident(session: Session, actor: Actor, code: str) -> IncidentView:
    """One incident in reach with what it is about; NotFound elsewhere. Three statements at most."""
    row = session.execute(
        select(CounterIncident, Outlet, Order, CounterSale, TillEntry, Till, TillDevice, Payment, User.name)
        .join(Outlet, Outlet.id == CounterIncident.outlet_id)
        .outerjoin(Order, Order.id == CounterIncident.order_id)
        .outerjoin(CounterSale, CounterSale.order_id == Order.id)
        .outerjoin(TillEntry, TillEntry.id == CounterIncident.entry_id)
        .outerjoin(Till, Till.id == TillEntry.till_id)
        .outerjoin(TillDevice, TillDevice.id == TillEntry.device_id)
        .outerjoin(Payment, Payment.id == CounterIncident.payment_id)
        .outerjoin(User, User.id == CounterIncident.resolved_by_id)
        .where(CounterIncident.code == code)
    ).first()
    if row is None or not actor.can(Permission.MANAGE_TILLS, area_code=row[1].area_code, outlet_id=row[1].id):
        raise NotFound
    incident, outlet, order, sale, entry, till, device, payment, resolved_by = row
    level = find_level(session, incident.level_id) if incident.level_id is not None else None
    is_hit = level is not None and incident.kind is IncidentKind.OVERSOLD and incident.resolved_at is None
    return IncidentView(
        incident=incident,
        outlet=outlet,
        order=order,
        sale=sale,
        entry=entry,
        till=till,
        device=device,
        payment=payment,
        resolved_by=resolved_by or "",
        level=level,
        hit=list_hit(session, level.level_id) if level is not None and is_hit else (),
    )


def find_level(session: Session, level_id: int) -> LevelNow | None:
    """A level with its names."""
    names = (Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
    row = session.execute(
        select(StockLevel.id, Variant.code, Batch.lot_code, Batch.best_before_on, *names)
        .add_columns(StockLevel.on_hand, StockLevel.held, StockLevel.oversold)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.id == level_id)
    ).first()
    return LevelNow(*row) if row is not None else None


def list_hit(session: Session, level_id: int, limit: int = 20) -> list[HitOrder]:
    """Orders of other channels that still wait for units of a level, the latest first: those were promised last."""
    statement = (
        select(Order.code, Order.state, Order.fulfilment, Order.placed_at, func.sum(OrderAllocation.quantity))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(OrderAllocation, OrderAllocation.line_id == OrderLine.id)
        .where(OrderAllocation.level_id == level_id, Order.state.in_(HOLDING), Order.channel != Channel.COUNTER)
        .group_by(Order.id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return [HitOrder(*row[:4], int(row[4])) for row in session.execute(statement)]
