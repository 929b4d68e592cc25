"""Reads for the office's stock pages: outlets in reach, what stands where, and every movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.desk import below
from catalog.models.area import Area
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, MovementKind, Outlet, StockLevel, StockMovement
from kernel.errors import NotFound
from kernel.paging import Page, escape_like
from kernel.people import Actor, Permission, User

PAGE_SIZE = 50
#: At or below this the dashboard calls a variant scarce.
FEW = 5


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """Units of one variant and batch at an outlet."""

    product_slug: str
    name_id: str
    name_en: str
    variant_code: str
    pack_id: str
    pack_en: str
    lot_code: str
    best_before_on: date | None
    on_hand: int
    held: int
    state: BatchState

    @property
    def free(self) -> int:
        """Units nobody was promised."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One change of one level, in words."""

    at: datetime
    kind: MovementKind
    on_hand_change: int
    held_change: int
    reference: str
    reason: str
    who: str
    name_id: str
    name_en: str
    variant_code: str
    lot_code: str


def reach_of(actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    """The conditions on Outlet that keep a person to their own outlets and areas."""
    conditions = [below(Outlet.area_code, actor.area_prefixes(permission))]
    ids = actor.outlet_ids(permission)
    return conditions if ids is None else [*conditions, Outlet.id.in_(ids)]


def list_outlets(session: Session, actor: Actor, permission: Permission, *, is_active: bool = True) -> list[Outlet]:
    """Active outlets in reach, by name; or those that were closed."""
    statement = select(Outlet).where(Outlet.is_active.is_(is_active), *reach_of(actor, permission)).order_by(Outlet.name, Outlet.id)
    return list(session.scalars(statement))


def get_outlet(session: Session, actor: Actor, permission: Permission, code: str) -> Outlet:
    """An outlet in reach; NotFound elsewhere."""
    outlet = session.scalar(select(Outlet).where(Outlet.code == code).options(joinedload(Outlet.area).joinedload(Area.parent)))
    if outlet is None or not actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    return outlet


def list_shelf(session: Session, outlet: Outlet, *, text: str = "", only: str = "", page: int = 1, today: date) -> Page[ShelfRow]:
    """What stands at an outlet, by product; `only` narrows to `scarce`, `expired` or `empty`."""
    columns = select(
        Product.slug,
        Product.name_id,
        Product.name_en,
        Variant.code,
        Variant.name_id,
        Variant.name_en,
        Batch.lot_code,
        Batch.best_before_on,
        StockLevel.on_hand,
        StockLevel.held,
        Batch.state,
    )
    statement = (
        columns.select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.outlet_id == outlet.id, *_narrowed(text, only, today))
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Product.name_id, Variant.position, Variant.id, Batch.best_before_on, StockLevel.id)
    rows = [ShelfRow(*tuple(row)) for row in session.execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))]
    return Page(rows, total, page, PAGE_SIZE)


def count_shelf(session: Session, outlet: Outlet, only: str, today: date) -> int:
    """How many rows of the shelf are `scarce`, `expired` or `empty`."""
    statement = select(func.count()).select_from(StockLevel).join(Batch, Batch.id == StockLevel.batch_id)
    return session.scalar(statement.where(StockLevel.outlet_id == outlet.id, *_narrowed("", only, today))) or 0


def list_movements(session: Session, outlet: Outlet, *, variant_code: str = "", page: int = 1) -> Page[MovementRow]:
    """Every change at an outlet, the newest first."""
    statement = (
        select(
            StockMovement.at,
            StockMovement.kind,
            StockMovement.on_hand_change,
            StockMovement.held_change,
            StockMovement.reference,
            StockMovement.reason,
            func.coalesce(User.name, ""),
            Product.name_id,
            Product.name_en,
            Variant.code,
            Batch.lot_code,
        )
        .select_from(StockMovement)
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .outerjoin(User, User.id == StockMovement.actor_id)
        .where(StockLevel.outlet_id == outlet.id)
    )
    if variant_code:
        statement = statement.where(Variant.code == variant_code)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(StockMovement.at.desc(), StockMovement.id.desc())
    rows = [MovementRow(*row) for row in session.execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))]
    return Page(rows, total, page, PAGE_SIZE)


def search_variants(session: Session, text: str, limit: int = 20, *, maker_id: int | None = None) -> list[Variant]:
    """Active variants whose product's name, code or barcode matches, for receiving goods; product loaded.

    Of one maker when told; then an empty text finds everything the maker makes.
    """
    wanted = [_matches(text)] if text.strip() else []
    if maker_id is not None:
        wanted.append(Product.maker_id == maker_id)
    if not wanted:
        return []
    statement = select(Variant).join(Product).where(Variant.is_active, *wanted).options(joinedload(Variant.product))
    return list(session.scalars(statement.order_by(Product.name_id, Variant.position, Variant.id).limit(limit)))


def get_variant_by_code(session: Session, code: str) -> Variant:
    """A variant with its product, for receiving and correcting."""
    variant = session.scalar(select(Variant).where(Variant.code == code).options(joinedload(Variant.product)))
    if variant is None:
        raise NotFound
    return variant


def list_batches(session: Session, product_id: int) -> Sequence[Batch]:
    """The product's lots, the newest first."""
    return session.scalars(select(Batch).where(Batch.product_id == product_id).order_by(Batch.created_at.desc(), Batch.id.desc())).all()


def get_level(session: Session, outlet: Outlet, variant: Variant, lot_code: str) -> StockLevel:
    """The level of a variant's lot at an outlet, batch loaded; the fuller one where both maker and outlet own units of it."""
    level = session.scalar(
        select(StockLevel)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.outlet_id == outlet.id, StockLevel.variant_id == variant.id, Batch.lot_code == lot_code)
        .order_by(StockLevel.on_hand.desc(), StockLevel.id)
        .limit(1)
        .options(joinedload(StockLevel.batch))
    )
    if level is None:
        raise NotFound
    return level


def _narrowed(text: str, only: str, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text.strip():
        conditions.append(or_(_matches(text), func.lower(Batch.lot_code) == text.strip().lower()))
    if only == "expired":
        conditions += [Batch.best_before_on < today, StockLevel.on_hand > 0]
    elif only == "scarce":
        conditions += [StockLevel.on_hand - StockLevel.held <= FEW, StockLevel.on_hand > 0]
    elif only == "empty":
        conditions.append(StockLevel.on_hand == 0)
    return conditions


def _matches(text: str) -> ColumnElement[bool]:
    typed = text.strip().lower()
    wanted = f"%{escape_like(typed)}%"
    return or_(
        func.lower(Product.name_id).like(wanted, escape="\\"),
        func.lower(Product.name_en).like(wanted, escape="\\"),
        func.lower(Variant.code) == typed,
        Variant.gtin == typed,
        Variant.internal_number == typed,
    )
