"""Reading the events of lots: from lots themselves, from records of how they were made, and from the movements of stock.

None of these is ever changed (the migrations `append_only` and `provenance` guard them), so nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area
from catalog.models.product import ListingState, Product, Variant
from catalog.models.provenance import Transformation, TransformationInput
from catalog.models.stock import Batch, Outlet, StockLevel, StockMovement
from catalog.provenance.batch_page import TRAVELS
from catalog.provenance.epcis import TOLD, Commissioned, Event, Input, Lot, Moved, Transformed, lots_of
from kernel.errors import N_, NotFound

#: Movements read at once.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: of these lots (None: of all), from and until which moment, at which outlets.

    `reach` limits movements to the outlets that the reader may see; `is_private` shows the papers behind them.
    `is_public` tells no more than the page of a lot does: no amounts that moved, no notes, no records that were corrected,
    no lots of others.
    """

    batches: Sequence[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    reach: tuple[ColumnElement[bool], ...] = ()
    is_private: bool = False
    is_public: bool = False


def read_events(session: Session, asked: Asked) -> Iterator[Event]:
    """Lots that came into being, how they were made, and what happened to them, each in the order of time; streamed."""
    yield from _commissioned(session, asked)
    yield from _transformed(session, asked)
    yield from _moved(session, asked)


def list_public_events(session: Session, slug: str, lot: str) -> list[Event]:
    """What everybody may know about a lot of a product that is or was live: its beginning, its making, and when it first came where.

    Who bought how much when is nobody's business, so sales, losses and counts are not told. NotFound for a lot without a page.
    """
    batch_id = session.scalar(
        select(Batch.id)
        .join(Product, Product.id == Batch.product_id)
        .where(Product.slug == slug, Batch.lot_code == lot.upper(), Product.state != ListingState.DRAFT, Product.published_at.is_not(None))
    )
    if batch_id is None:
        raise NotFound(N_("We know no batch with this code."))
    firsts = (
        select(func.min(StockMovement.id))
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.batch_id == batch_id, StockMovement.kind.in_(TRAVELS), StockMovement.on_hand_change > 0)
        .group_by(StockMovement.level_id)
    )
    return list(read_events(session, Asked(batches=[batch_id], reach=(StockMovement.id.in_(firsts),), is_public=True)))


def _between(column: Any, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.since is not None:
        found.append(column >= asked.since)
    if asked.until is not None:
        found.append(column < asked.until)
    return found


def _of(column: Any, asked: Asked) -> list[ColumnElement[bool]]:
    return [] if asked.batches is None else [column.in_(asked.batches)]


def _packs(session: Session) -> Callable[[int], Sequence[tuple[str, str | None]]]:
    """The packs of a product, read once each."""
    known: dict[int, list[tuple[str, str | None]]] = {}

    def packs(product_id: int) -> Sequence[tuple[str, str | None]]:
        if product_id not in known:
            rows = session.execute(select(Variant.code, Variant.gtin).where(Variant.product_id == product_id).order_by(Variant.id))
            known[product_id] = [(row.code, row.gtin) for row in rows]
        return known[product_id]

    return packs


def _commissioned(session: Session, asked: Asked) -> Iterator[Event]:
    packs = _packs(session)
    statement = (
        select(Batch.id, Batch.product_id, Batch.lot_code, Batch.produced_on, Batch.best_before_on, Batch.created_at)
        .add_columns(Product.name_id, Product.village_code, Area.zone)
        .join(Product, Product.id == Batch.product_id)
        .join(Area, Area.code == Product.village_code)
        .where(*_of(Batch.id, asked), *_between(Batch.created_at, asked))
        .order_by(Batch.created_at, Batch.id)
    )
    for row in session.execute(statement).yield_per(_AT_ONCE):
        lots = lots_of(packs(row.product_id), row.lot_code)
        if lots:
            yield Commissioned(
                f"batch:{row.id}", row.created_at, row.zone, row.village_code, lots, row.name_id, row.produced_on, row.best_before_on
            )


def _transformed(session: Session, asked: Asked) -> Iterator[Event]:
    packs = _packs(session)
    later = aliased(Transformation)
    statement = (
        select(Transformation, Batch, Area.zone, later.code.label("corrected_by"), later.recorded_at.label("corrected_at"))
        .join(Batch, Batch.id == Transformation.batch_id)
        .join(Area, Area.code == Transformation.area_code)
        .outerjoin(later, later.corrects_id == Transformation.id)
        .where(*_of(Transformation.batch_id, asked), *_between(Transformation.at, asked))
        .where(*([later.id.is_(None)] if asked.is_public else []))
        .order_by(Transformation.at, Transformation.id)
    )
    for row in session.execute(statement):
        made: Transformation = row.Transformation
        outputs = lots_of(packs(row.Batch.product_id), row.Batch.lot_code)
        if outputs:
            yield Transformed(
                key=f"transformation:{made.code}",
                at=made.at,
                recorded_at=made.recorded_at,
                zone=row.zone,
                area_code=made.area_code,
                processed_by=made.processed_by,
                outputs=outputs,
                inputs=tuple(_inputs(session, made.id, packs, asked)),
                corrected_at=row.corrected_at,
                corrected_by=f"transformation:{row.corrected_by}" if row.corrected_by else "",
                note="" if asked.is_public else made.note,
            )


def _inputs(
    session: Session, transformation_id: int, packs: Callable[[int], Sequence[tuple[str, str | None]]], asked: Asked
) -> Iterator[Input]:
    rows = session.execute(
        select(TransformationInput, Batch.product_id, Batch.lot_code)
        .outerjoin(Batch, Batch.id == TransformationInput.input_batch_id)
        .where(TransformationInput.transformation_id == transformation_id)
        .order_by(TransformationInput.position)
    )
    for row in rows:
        each: TransformationInput = row.TransformationInput
        own = lots_of(packs(row.product_id), row.lot_code) if row.product_id and not asked.is_public else ()
        lot = "" if asked.is_public else each.lot
        yield Input(each.name_id, each.origin_code or "", each.supplier, each.quantity, each.unit or "", lot, own)


def _moved(session: Session, asked: Asked) -> Iterator[Event]:
    statement = (
        select(StockMovement.id, StockMovement.at, StockMovement.kind, StockMovement.cause, StockMovement.on_hand_change)
        .add_columns(StockMovement.reference, Outlet.code.label("outlet"), Outlet.zone, Variant.code, Variant.gtin, Batch.lot_code)
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(
            StockMovement.kind.in_(TOLD),
            StockMovement.on_hand_change != 0,
            *_of(StockLevel.batch_id, asked),
            *_between(StockMovement.at, asked),
            *asked.reach,
        )
        .order_by(StockMovement.id)
        .execution_options(stream_results=True)
    )
    for row in session.execute(statement).yield_per(_AT_ONCE):
        yield Moved(
            key=f"movement:{row.id}",
            at=row.at,
            zone=row.zone,
            kind=row.kind,
            cause=row.cause,
            change=row.on_hand_change,
            outlet_code=row.outlet,
            lot=Lot(row.code, row.gtin, row.lot_code),
            reference=row.reference if asked.is_private else "",
            is_counted=not asked.is_public,
        )
