"""What needs a look on an outlet's shelf: goods to pull out before their date, goods that run low, goods that stand too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel, StockMovement
from kernel import clock
from kernel.paging import Page
from orders.models.agreement import AgreementTerms
from orders.models.stockroom import PullOut, PullOutLine, PullOutState
from orders.stockroom.paces import paces

PAGE_SIZE = 50
#: The pull-out list shows food this long before its best-before day.
OPENS_DAYS = 30
#: When nothing else was agreed, goods leave the shelf this long before it.
PULL_OUT_DAYS = 14
#: Sales of this many days say how long the rest will last.
LOOK_BACK_DAYS = 30
#: Below this many days of sales, or this many units, goods run low.
LOW_DAYS, LOW_UNITS = 14, 5


@dataclass(frozen=True, slots=True)
class PullOutRow:
    """One lot on the pull-out list."""

    level_id: int
    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    lot_code: str
    maker_slug: str
    maker_name: str
    best_before_on: date
    pull_out_days: int
    on_hand: int
    held: int
    #: The open pull-out note that names it, or "".
    announced: str

    @property
    def pull_out_on(self) -> date:
        """The day on which it leaves the shelf."""
        return self.best_before_on - timedelta(days=self.pull_out_days)

    @property
    def free(self) -> int:
        """Units that can go."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class LowRow:
    """A variant that runs low at an outlet."""

    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    maker_name: str
    free: int
    sold: int

    @property
    def days_left(self) -> int | None:
        """How long it lasts at the pace of the last 30 days; None when nothing was sold."""
        return self.free * LOOK_BACK_DAYS // self.sold if self.sold else None


@dataclass(frozen=True, slots=True)
class AgeRow:
    """A lot by how long it has been on the shelf."""

    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    lot_code: str
    maker_name: str
    on_hand: int
    first_at: datetime

    @property
    def days(self) -> int:
        """Whole days since the first unit came."""
        return (clock.now() - self.first_at).days


def list_pull_outs_due(session: Session, outlet: Outlet, *, maker_slug: str = "", page: int = 1) -> Page[PullOutRow]:
    """What stands at the outlet within 30 days of its best-before, or of its pull-out day when that is earlier; the next day first."""
    today = clock.today(outlet.zone)
    days = _pull_out_days(today)
    opens = case((days > OPENS_DAYS, days), else_=OPENS_DAYS)
    noted = (
        select(func.max(PullOut.code))
        .join(PullOutLine, PullOutLine.pull_out_id == PullOut.id)
        .where(PullOutLine.level_id == StockLevel.id, PullOut.state == PullOutState.ANNOUNCED)
        .correlate(StockLevel)
        .scalar_subquery()
    )
    statement = (
        select(
            StockLevel.id,
            Product.slug,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            Batch.lot_code,
            Maker.slug,
            Maker.name,
            Batch.best_before_on,
            days,
            StockLevel.on_hand,
            StockLevel.held,
            func.coalesce(noted, ""),
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.outlet_id == outlet.id, StockLevel.on_hand > 0, Batch.best_before_on.is_not(None))
        .where(or_(*(and_(opens == window, Batch.best_before_on <= today + timedelta(days=window)) for window in _windows(session))))
    )
    if maker_slug:
        statement = statement.where(Maker.slug == maker_slug)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Batch.best_before_on, Maker.name, StockLevel.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page([PullOutRow(*row) for row in map(_plain, session.execute(ordered))], total, page, PAGE_SIZE)


def list_low(session: Session, outlet: Outlet, page: int = 1) -> Page[LowRow]:
    """Variants of which few units, or few days of sales, are left; those that sell fastest first."""
    pace = paces(outlet, LOOK_BACK_DAYS)
    statement = (
        select(
            Product.slug,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            Maker.name,
            pace.c.free,
            pace.c.sold,
        )
        .select_from(pace)
        .join(Variant, Variant.id == pace.c.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .where(Variant.is_active, or_(pace.c.free <= LOW_UNITS, pace.c.free * LOOK_BACK_DAYS < pace.c.sold * LOW_DAYS))
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = (
        statement.order_by(pace.c.sold.desc(), pace.c.free, Product.name_id, Variant.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    )
    return Page([LowRow(*row) for row in map(_plain, session.execute(ordered))], total, page, PAGE_SIZE)


def list_ageing(session: Session, outlet: Outlet, *, least_days: int = 60, page: int = 1) -> Page[AgeRow]:
    """What has stood at the outlet for at least `least_days`, the oldest first."""
    first = (
        select(StockMovement.level_id, func.min(StockMovement.at).label("first_at"))
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.outlet_id == outlet.id, StockLevel.on_hand > 0, StockMovement.on_hand_change > 0)
        .group_by(StockMovement.level_id)
        .subquery()
    )
    statement = (
        select(
            Product.slug,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            Batch.lot_code,
            Maker.name,
            StockLevel.on_hand,
            first.c.first_at,
        )
        .select_from(first)
        .join(StockLevel, StockLevel.id == first.c.level_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(first.c.first_at <= clock.now() - timedelta(days=least_days))
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(first.c.first_at, StockLevel.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page([AgeRow(*row) for row in map(_plain, session.execute(ordered))], total, page, PAGE_SIZE)


def _pull_out_days(today: date) -> ColumnElement[int]:
    """Days before best-before at which a level's goods leave the shelf: as agreed today, else the house's default."""
    agreed = (
        select(AgreementTerms.pull_out_days)
        .where(AgreementTerms.agreement_id == StockLevel.agreement_id, AgreementTerms.starts_on <= today)
        .order_by(AgreementTerms.starts_on.desc())
        .limit(1)
        .correlate(StockLevel)
        .scalar_subquery()
    )
    return func.coalesce(agreed, PULL_OUT_DAYS)


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row)


def _windows(session: Session) -> Iterable[int]:
    """The different windows in use: date arithmetic differs between databases, comparing with a given day does not."""
    agreed = session.scalars(select(AgreementTerms.pull_out_days).where(AgreementTerms.pull_out_days > OPENS_DAYS).distinct())
    return {OPENS_DAYS, *agreed}
