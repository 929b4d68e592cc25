"""Reads for the pages about makers' goods: agreements with their figures, what was sold in a span, what stands on the shelf."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel import clock
from orders.consignment import agreements, ledger
from orders.models.agreement import Agreement, AgreementTerms


@dataclass(frozen=True, slots=True)
class AgreementView:
    """One agreement as a list shows it."""

    agreement_id: int
    code: str
    maker_name: str
    maker_slug: str
    village_name: str
    outlet_name: str
    outlet_code: str
    zone: str
    ends_on: date | None
    closed_until_at: datetime | None
    #: The terms of today.
    terms: AgreementTerms
    on_hand: int
    owed: int


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """Units of one variant and batch of a maker."""

    agreement_id: int
    level_id: int
    variant_code: str
    name_id: str
    name_en: str
    lot_code: str
    best_before_on: date | None
    on_hand: int
    held: int


def list_at_outlet(session: Session, outlet_id: int) -> list[AgreementView]:
    """Every agreement of an outlet, by maker; four statements whatever their number."""
    return _views(session, Agreement.outlet_id == outlet_id)


def list_shelf(session: Session, agreement_ids: Collection[int]) -> Sequence[ShelfLine]:
    """What stands on the shelf under some agreements, what expires first before the rest."""
    statement = (
        select(
            StockLevel.agreement_id,
            StockLevel.id,
            Variant.code,
            Product.name_id + ", " + Variant.name_id,
            func.coalesce(func.nullif(Product.name_en, ""), Product.name_id) + ", " + Variant.name_en,
            Batch.lot_code,
            Batch.best_before_on,
            StockLevel.on_hand,
            StockLevel.held,
        )
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.agreement_id.in_(agreement_ids), StockLevel.on_hand > 0)
        .order_by(Batch.best_before_on.is_(None), Batch.best_before_on, Product.name_id, StockLevel.id)
    )
    return [ShelfLine(row[0] or 0, *row[1:]) for row in session.execute(statement)]


def _views(session: Session, condition: ColumnElement[bool]) -> list[AgreementView]:
    rows = session.execute(
        select(Agreement, Maker, Area.name, Outlet)
        .join(Maker, Maker.id == Agreement.maker_id)
        .join(Area, Area.code == Maker.village_code)
        .join(Outlet, Outlet.id == Agreement.outlet_id)
        .where(condition)
        .order_by(Maker.name, Outlet.name, Agreement.id)
    ).all()
    ids = [row[0].id for row in rows]
    versions, owed = agreements.list_terms(session, ids), ledger.owed(session, ids)
    units = select(StockLevel.agreement_id, func.sum(StockLevel.on_hand)).where(StockLevel.agreement_id.in_(ids))
    on_hand = {row[0]: int(row[1]) for row in session.execute(units.group_by(StockLevel.agreement_id))}
    return [
        AgreementView(
            agreement_id=agreement.id,
            code=agreement.code,
            maker_name=maker.name,
            maker_slug=maker.slug,
            village_name=village,
            outlet_name=outlet.name,
            outlet_code=outlet.code,
            zone=outlet.zone,
            ends_on=agreement.ends_on,
            closed_until_at=agreement.closed_until_at,
            terms=agreements.pick_terms(versions[agreement.id], clock.today(outlet.zone)),
            on_hand=on_hand.get(agreement.id, 0),
            owed=owed[agreement.id],
        )
        for agreement, maker, village, outlet in rows
    ]
