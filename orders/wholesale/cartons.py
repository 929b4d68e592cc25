"""Cartons by what is in them: the labels of an order's cases, and which partners have cases of a lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBranch
from orders.models.purchase import Carton, PurchaseOrder


@dataclass(frozen=True, slots=True)
class CaseLabel:
    """What stands on one carton."""

    purchase_code: str
    partner_number: str
    number: int
    of: int
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    maker: str
    units: int
    #: A registered GTIN-14 of the case, else None: then the label has no GS1 bars.
    case_gtin: str | None
    variant_code: str
    variant_gtin: str | None
    lot: str
    best_before_on: date | None
    outlet: str


@dataclass(frozen=True, slots=True)
class PartnerCases:
    """Cases of a lot that were set aside for, or left to, one branch of a partner."""

    purchase_code: str
    partner_name: str
    branch_name: str
    cartons: int
    units: int
    packed_at: datetime


def list_case_labels(session: Session, purchase_id: int) -> list[CaseLabel]:
    """The cartons of an order by their numbers; one statement."""
    statement = (
        select(Carton.number, Carton.units, PurchaseOrder.code, PurchaseOrder.partner_number, Outlet.name.label("outlet"))
        .add_columns(Product.name_id, Product.name_en, Variant.name_id.label("pack_id"), Variant.name_en.label("pack_en"))
        .add_columns(Maker.name.label("maker"), Variant.code.label("variant_code"), Variant.gtin, Offer.case_gtin)
        .add_columns(Batch.lot_code, Batch.best_before_on, func.count().over().label("of"))
        .select_from(Carton)
        .join(PurchaseOrder, PurchaseOrder.id == Carton.purchase_id)
        .join(StockLevel, StockLevel.id == Carton.level_id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        # The case's number belongs to the variant that is offered; another maker's goods in its place do not carry it.
        .outerjoin(
            Offer,
            and_(Offer.variant_id == Variant.id, Offer.outlet_id == Outlet.id, Offer.units_per_case == Carton.units),
        )
        .where(Carton.purchase_id == purchase_id)
        .order_by(Carton.number)
    )
    return [
        CaseLabel(
            purchase_code=row.code,
            partner_number=row.partner_number,
            number=row.number,
            of=row.of,
            name_id=row.name_id,
            name_en=row.name_en,
            pack_id=row.pack_id,
            pack_en=row.pack_en,
            maker=row.maker,
            units=row.units,
            case_gtin=row.case_gtin,
            variant_code=row.variant_code,
            variant_gtin=row.gtin,
            lot=row.lot_code,
            best_before_on=row.best_before_on,
            outlet=row.outlet,
        )
        for row in session.execute(statement)
    ]


def list_partners_of(session: Session, batch: Batch, reach: Sequence[ColumnElement[bool]]) -> list[PartnerCases]:
    """Which partners have or wait for cases of the lot, from outlets in reach; one statement."""
    statement = (
        select(
            PurchaseOrder.code,
            Partner.name.label("partner"),
            PartnerBranch.name.label("branch"),
            func.count(Carton.id).label("cartons"),
            func.sum(Carton.units).label("units"),
            func.max(Carton.packed_at).label("packed_at"),
        )
        .select_from(Carton)
        .join(StockLevel, StockLevel.id == Carton.level_id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .join(PurchaseOrder, PurchaseOrder.id == Carton.purchase_id)
        .join(Partner, Partner.id == PurchaseOrder.partner_id)
        .join(PartnerBranch, PartnerBranch.id == PurchaseOrder.branch_id)
        .where(StockLevel.batch_id == batch.id, *reach)
        .group_by(PurchaseOrder.id, Partner.id, PartnerBranch.id)
        .order_by(PurchaseOrder.id)
    )
    return [
        PartnerCases(row.code, row.partner, row.branch, row.cartons, int(row.units), row.packed_at) for row in session.execute(statement)
    ]
