"""Who has units of a lot: orders that were handed over with it, orders that wait with it, and the shelves it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.shelves import reach_of
from kernel.errors import NotFound
from kernel.paging import Page, escape_like
from kernel.people import Actor, Permission
from orders.models.order import Order, OrderAllocation, OrderLine, OrderState

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot in the list."""

    slug: str
    name_id: str
    name_en: str
    maker_name: str
    lot_code: str
    produced_on: date | None
    best_before_on: date | None
    state: BatchState
    on_hand: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Units of the lot on one shelf."""

    outlet_code: str
    outlet_name: str
    pack_id: str
    pack_en: str
    variant_code: str
    on_hand: int
    held: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """One order with units of the lot, and how to reach the buyer."""

    code: str
    state: OrderState
    name: str
    phone: str
    email: str
    outlet_name: str
    quantity: int
    at: datetime


def list_lots(session: Session, actor: Actor, *, text: str = "", only: BatchState | None = None, page: int = 1) -> Page[LotRow]:
    """Lots that stand or stood at the outlets in reach; the stopped ones first, then the newest."""
    reach = reach_of(actor, Permission.VIEW_STOCK)
    statement = (
        select(
            Product.slug,
            Product.name_id,
            Product.name_en,
            Maker.name,
            Batch.lot_code,
            Batch.produced_on,
            Batch.best_before_on,
            Batch.state,
            func.sum(StockLevel.on_hand),
        )
        .select_from(Batch)
        .join(Product, Product.id == Batch.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(StockLevel, StockLevel.batch_id == Batch.id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .where(*reach)
        .group_by(Batch.id, Product.id, Maker.id)
    )
    if only is not None:
        statement = statement.where(Batch.state == only)
    if text.strip():
        wanted = f"%{escape_like(text.strip().lower())}%"
        statement = statement.where(
            or_(
                func.lower(Batch.lot_code).like(wanted, escape="\\"),
                func.lower(Product.name_id).like(wanted, escape="\\"),
                func.lower(Product.name_en).like(wanted, escape="\\"),
                func.lower(Maker.name).like(wanted, escape="\\"),
            )
        )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Batch.state == BatchState.OPEN, Batch.id.desc())
    rows = session.execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Page([LotRow(*row) for row in rows], total, page, PAGE_SIZE)


def get_lot(session: Session, actor: Actor, slug: str, lot_code: str) -> tuple[Product, Batch]:
    """A lot that stands or stood at an outlet in reach; NotFound elsewhere."""
    near = select(StockLevel.batch_id).join(Outlet, Outlet.id == StockLevel.outlet_id).where(*reach_of(actor, Permission.VIEW_STOCK))
    row = session.execute(
        select(Product, Batch)
        .join(Batch, Batch.product_id == Product.id)
        .where(Product.slug == slug, Batch.lot_code == lot_code, Batch.id.in_(near))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def list_whereabouts(session: Session, actor: Actor, batch: Batch) -> list[Whereabouts]:
    """The shelves in reach on which units of the lot stand."""
    rows = session.execute(
        select(
            Outlet.code,
            Outlet.name,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            func.sum(StockLevel.on_hand),
            func.sum(StockLevel.held),
        )
        .select_from(StockLevel)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(StockLevel.batch_id == batch.id, StockLevel.on_hand > 0, *reach_of(actor, Permission.VIEW_STOCK))
        .group_by(Outlet.id, Variant.id)
        .order_by(Outlet.name, Variant.position, Variant.id)
    )
    return [
        Whereabouts(code, name, pack_id, pack_en, variant, int(on_hand), int(held))
        for code, name, pack_id, pack_en, variant, on_hand, held in rows
    ]


def list_recipients(session: Session, actor: Actor, batch: Batch, limit: int = 500) -> list[Recipient]:
    """Orders of the outlets in reach that have, or wait with, units of the lot; those that have it first, the newest first."""
    rows = session.execute(
        select(
            Order.code,
            Order.state,
            Order.contact_name,
            Order.contact_phone,
            Order.contact_email,
            Outlet.name,
            func.sum(OrderAllocation.quantity),
            func.coalesce(Order.completed_at, Order.placed_at),
        )
        .select_from(OrderAllocation)
        .join(StockLevel, StockLevel.id == OrderAllocation.level_id)
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Outlet, Outlet.id == Order.outlet_id)
        .where(
            StockLevel.batch_id == batch.id,
            Order.state.not_in((OrderState.CANCELLED, OrderState.EXPIRED)),
            *reach_of(actor, Permission.VIEW_ORDERS),
        )
        .group_by(Order.id, Outlet.id)
        .order_by(Order.state != OrderState.COMPLETED, Order.placed_at.desc())
        .limit(limit)
    )
    return [Recipient(*row) for row in rows]
