"""Reads for the stock room's pages: lists of papers, and what their lines are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.shelves import reach_of
from kernel import clock
from kernel.errors import NotFound
from kernel.paging import Page, escape_like, read_page
from kernel.people import Actor, Permission
from orders.models.agreement import Agreement
from orders.models.delivery import Delivery, DeliveryLine, DeliveryState
from orders.models.stockroom import CountLine, CountState, PullOut, PullOutState, StockCount, Transfer, TransferState
from orders.stockroom.shelf_lists import OPENS_DAYS

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LevelName:
    """What a stock level is called, and how many units are free."""

    level_id: int
    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    lot_code: str
    best_before_on: date | None
    state: BatchState
    state_reason: str
    maker_name: str
    on_hand: int
    held: int

    @property
    def free(self) -> int:
        """Units that nobody was promised."""
        return self.on_hand - self.held


def list_open_agreements(session: Session, actor: Actor) -> list[Agreement]:
    """Agreements of the outlets in reach under which goods can come, maker and outlet loaded."""
    today = clock.today()
    statement = (
        select(Agreement)
        .join(Outlet, Outlet.id == Agreement.outlet_id)
        .join(Maker, Maker.id == Agreement.maker_id)
        .where(Outlet.is_active, or_(Agreement.ends_on.is_(None), Agreement.ends_on > today), *reach_of(actor, Permission.EDIT_STOCK))
        .options(joinedload(Agreement.maker), joinedload(Agreement.outlet))
        .order_by(Maker.name, Outlet.name)
    )
    return list(session.scalars(statement))


def list_deliveries(session: Session, actor: Actor, *, state: DeliveryState | None = None, page: int = 1) -> Page[Delivery]:
    """Delivery notes of the outlets in reach; the unfinished first, then the newest."""
    statement = select(Delivery).join(Outlet, Outlet.id == Delivery.outlet_id).where(*reach_of(actor, Permission.VIEW_STOCK))
    if state is not None:
        statement = statement.where(Delivery.state == state)
    done = Delivery.state.in_((DeliveryState.RECEIVED, DeliveryState.CANCELLED))
    options = [joinedload(Delivery.outlet), joinedload(Delivery.maker)]
    return read_page(session, statement.order_by(done, Delivery.id.desc()), number=page, size=PAGE_SIZE, options=options)


def find_delivery_codes(session: Session, codes: Collection[str]) -> set[str]:
    """Those of some texts that are the codes of delivery notes."""
    return set(session.scalars(select(Delivery.code).where(Delivery.code.in_(codes)))) if codes else set()


def units_of(session: Session, delivery_ids: Collection[int]) -> dict[int, int]:
    """Accepted units of each delivery."""
    rows = session.execute(
        select(DeliveryLine.delivery_id, func.sum(DeliveryLine.accepted))
        .where(DeliveryLine.delivery_id.in_(delivery_ids))
        .group_by(DeliveryLine.delivery_id)
    )
    return {delivery_id: int(units) for delivery_id, units in rows}


def list_transfers(session: Session, actor: Actor, page: int = 1) -> Page[Transfer]:
    """Transfers that leave or reach an outlet in reach; the unfinished first, then the newest."""
    near = select(Outlet.id).where(*reach_of(actor, Permission.VIEW_STOCK))
    statement = select(Transfer).where(or_(Transfer.from_outlet_id.in_(near), Transfer.to_outlet_id.in_(near)))
    done = Transfer.state.in_((TransferState.RECEIVED, TransferState.CANCELLED))
    options = [joinedload(Transfer.from_outlet), joinedload(Transfer.to_outlet)]
    return read_page(session, statement.order_by(done, Transfer.id.desc()), number=page, size=PAGE_SIZE, options=options)


def list_counts(session: Session, actor: Actor, page: int = 1) -> Page[StockCount]:
    """Counts of the outlets in reach; the open first, then the newest."""
    statement = select(StockCount).join(Outlet, Outlet.id == StockCount.outlet_id).where(*reach_of(actor, Permission.VIEW_STOCK))
    done = StockCount.state.in_((CountState.BOOKED, CountState.CANCELLED))
    return read_page(
        session, statement.order_by(done, StockCount.id.desc()), number=page, size=PAGE_SIZE, options=[joinedload(StockCount.outlet)]
    )


def list_pull_outs(session: Session, actor: Actor, page: int = 1) -> Page[PullOut]:
    """Pull-outs of the outlets in reach; those to be collected first, then the newest."""
    statement = select(PullOut).join(Outlet, Outlet.id == PullOut.outlet_id).where(*reach_of(actor, Permission.VIEW_STOCK))
    done = PullOut.state != PullOutState.ANNOUNCED
    options = [joinedload(PullOut.outlet), joinedload(PullOut.maker)]
    return read_page(session, statement.order_by(done, PullOut.id.desc()), number=page, size=PAGE_SIZE, options=options)


def name_levels(session: Session, level_ids: Collection[int]) -> dict[int, LevelName]:
    """What levels are called, by id."""
    rows = session.execute(_names().where(StockLevel.id.in_(level_ids)))
    return {row[0]: LevelName(*tuple(row)) for row in rows}


def list_levels_of_maker(session: Session, outlet: Outlet, maker: Maker, limit: int = 150) -> list[LevelName]:
    """What stands at the outlet of one maker's goods, what expires first in front."""
    statement = _names().where(StockLevel.outlet_id == outlet.id, Product.maker_id == maker.id, StockLevel.on_hand > 0)
    ordered = statement.order_by(Batch.best_before_on.is_(None), Batch.best_before_on, Product.name_id, StockLevel.id).limit(limit)
    return [LevelName(*tuple(row)) for row in session.execute(ordered)]


def search_levels(session: Session, outlet: Outlet, text: str, limit: int = 20) -> list[LevelName]:
    """Free stock at an outlet whose product, code, barcode or lot matches, for a transfer."""
    typed = text.strip().lower()
    if not typed:
        return []
    wanted = f"%{escape_like(typed)}%"
    matches = or_(
        func.lower(Product.name_id).like(wanted, escape="\\"),
        func.lower(Product.name_en).like(wanted, escape="\\"),
        func.lower(Variant.code) == typed,
        Variant.gtin == typed,
        Variant.internal_number == typed,
        func.lower(Batch.lot_code) == typed,
    )
    statement = _names().where(StockLevel.outlet_id == outlet.id, StockLevel.on_hand > StockLevel.held, matches)
    ordered = statement.order_by(Product.name_id, Variant.position, Batch.best_before_on, StockLevel.id).limit(limit)
    return [LevelName(*tuple(row)) for row in session.execute(ordered)]


def progress_of(session: Session, count_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """(counted lines, lines) of each count."""
    rows = session.execute(
        select(CountLine.count_id, func.count(CountLine.counted), func.count())
        .where(CountLine.count_id.in_(count_ids))
        .group_by(CountLine.count_id)
    )
    return {count_id: (counted, lines) for count_id, counted, lines in rows}


def _names() -> Select[*tuple[Any, ...]]:
    return (
        select(
            StockLevel.id,
            Product.slug,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            Batch.lot_code,
            Batch.best_before_on,
            Batch.state,
            Batch.state_reason,
            Maker.name,
            StockLevel.on_hand,
            StockLevel.held,
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
    )


def list_active_outlets(session: Session) -> list[Outlet]:
    """Every outlet that goods can go to, by name."""
    return list(session.scalars(select(Outlet).where(Outlet.is_active).order_by(Outlet.name, Outlet.id)))


def get_active_outlet(session: Session, code: str) -> Outlet:
    """An outlet that goods can go to; NotFound otherwise."""
    outlet = session.scalar(select(Outlet).where(Outlet.code == code, Outlet.is_active))
    if outlet is None:
        raise NotFound
    return outlet


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the stock rooms in reach."""

    deliveries: int
    arriving: int
    stopped: int
    due: int


def count_waiting(session: Session, actor: Actor) -> Waiting:
    """Unfinished deliveries, transfers on their way here, stopped lots and lots within 30 days of their date; one statement."""
    near = select(Outlet.id).where(*reach_of(actor, Permission.VIEW_STOCK))
    here = and_(StockLevel.outlet_id.in_(near), StockLevel.on_hand > 0)
    done = (DeliveryState.RECEIVED, DeliveryState.CANCELLED)
    lots = select(func.count(StockLevel.batch_id.distinct())).join(Batch, Batch.id == StockLevel.batch_id).where(here)
    until = clock.today() + timedelta(days=OPENS_DAYS)
    row = session.execute(
        select(
            select(func.count(Delivery.id)).where(Delivery.outlet_id.in_(near), Delivery.state.not_in(done)).scalar_subquery(),
            select(func.count(Transfer.id)).where(Transfer.to_outlet_id.in_(near), Transfer.state == TransferState.SENT).scalar_subquery(),
            lots.where(Batch.state != BatchState.OPEN).scalar_subquery(),
            lots.where(Batch.best_before_on <= until).scalar_subquery(),
        )
    ).one()
    return Waiting(*row)
