"""Goods that are gone without a buyer, and goods on the shelf that are about to go: units, and their worth at the shelf price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, case, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Price, Product, Variant
from catalog.models.stock import Batch, LossCause, MovementKind, StockLevel, StockMovement
from orders.models.agreement import Agreement, Bearer
from orders.models.consignment import ConsignmentLoss
from orders.reports.facts import with_products
from orders.reports.scope import Scope

_GONE = (MovementKind.WRITTEN_OFF, MovementKind.COUNTED, MovementKind.CORRECTED)
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LossRow:
    """Units lost for one cause under one bearer; units that were found again are taken off."""

    cause: LossCause
    borne_by: Bearer
    is_own: bool
    quantity: int
    #: At the price on the shelf of that day.
    worth: int
    #: What the outlet owes makers for it: the books' figure.
    paid: int


@dataclass(frozen=True, slots=True)
class LostGoods:
    """Units of one variant that were lost."""

    code: str
    name_id: str
    name_en: str
    maker: str
    quantity: int
    worth: int
    paid: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What stands on the shelf today beyond its best-before day, and within thirty days of it, at today's price."""

    expired: int = 0
    expired_worth: int = 0
    soon: int = 0
    soon_worth: int = 0


def list_losses(session: Session, scope: Scope) -> list[LossRow]:
    """By cause, bearer and owner, the most costly first."""
    lost = lost_goods(scope)
    keys = (lost.c.cause, lost.c.borne_by, lost.c.is_own)
    statement = select(*keys, *_sums(lost)).group_by(*keys)
    rows = [
        LossRow(LossCause(cause), Bearer(bearer), bool(own), *map(int, sums)) for cause, bearer, own, *sums in session.execute(statement)
    ]
    return sorted(rows, key=lambda row: (-row.worth, row.cause, row.borne_by, row.is_own))


def list_lost_goods(session: Session, scope: Scope) -> list[LostGoods]:
    """By variant, the most costly first."""
    lost = lost_goods(scope)
    statement = with_products(select(Variant.code, Product.name_id, Product.name_en, Maker.name, *_sums(lost)).select_from(lost), lost)
    statement = statement.join(Maker, Maker.id == Product.maker_id).group_by(Variant.id, Product.id, Maker.id)
    rows = [LostGoods(*names, *map(int, (quantity, worth, paid))) for *names, quantity, worth, paid in session.execute(statement)]
    return sorted((row for row in rows if row.quantity or row.worth), key=lambda row: (-row.worth, row.name_id, row.code))


def weigh_risk(session: Session, scope: Scope) -> AtRisk:
    """Today's expired and soon expiring goods at the outlets."""
    today = scope.today()
    worth = StockLevel.on_hand * func.coalesce(_price(StockLevel.variant_id, literal(today)), 0)
    is_expired, is_soon = Batch.best_before_on < today, (Batch.best_before_on >= today) & (Batch.best_before_on <= today + SOON)
    picked = [func.sum(case((condition, value), else_=0)) for condition in (is_expired, is_soon) for value in (StockLevel.on_hand, worth)]
    statement = select(*picked).join(Batch, Batch.id == StockLevel.batch_id)
    row = session.execute(
        statement.where(StockLevel.outlet_id.in_(scope.outlet_ids), StockLevel.on_hand > 0, Batch.best_before_on <= today + SOON)
    ).one()
    return AtRisk(*(int(value or 0) for value in row))


def _sums(lost: Subquery) -> list[ColumnElement[int]]:
    return [func.sum(lost.c.quantity), func.sum(lost.c.quantity * lost.c.price), func.sum(lost.c.paid)]


def lost_goods(scope: Scope) -> Subquery:
    """Makers' losses from their books; the outlet's own from the movements that say so.

    Columns: `level_id`, `cause`, `borne_by`, `is_own`, `quantity`, `price` (on the shelf that day) and `paid`.
    """
    return union_all(_consigned(scope), _own(scope)).subquery("lost")


def _consigned(scope: Scope) -> Select[*tuple[Any, ...]]:
    at, outlet_id = ConsignmentLoss.booked_at, Agreement.outlet_id
    return (
        select(
            ConsignmentLoss.level_id.label("level_id"),
            type_coerce(ConsignmentLoss.cause, String).label("cause"),
            type_coerce(ConsignmentLoss.borne_by, String).label("borne_by"),
            literal(0).label("is_own"),
            ConsignmentLoss.quantity.label("quantity"),
            func.coalesce(_price(StockLevel.variant_id, scope.day_of(ConsignmentLoss.occurred_at, outlet_id)), 0).label("price"),
            ConsignmentLoss.amount.label("paid"),
        )
        .join(Agreement, Agreement.id == ConsignmentLoss.agreement_id)
        .join(StockLevel, StockLevel.id == ConsignmentLoss.level_id)
        .where(scope.during(at, outlet_id))
    )


def _own(scope: Scope) -> Select[*tuple[Any, ...]]:
    at, outlet_id = StockMovement.at, StockLevel.outlet_id
    day = scope.day_of(at, outlet_id)
    # As for makers' goods (orders.consignment.losses), where a movement does not say why.
    likely = case(
        (StockMovement.kind != MovementKind.WRITTEN_OFF, LossCause.LOST.value),
        (Batch.best_before_on < day, LossCause.EXPIRED.value),
        else_=LossCause.DAMAGED.value,
    )
    return (
        select(
            StockMovement.level_id,
            func.coalesce(type_coerce(StockMovement.cause, String), likely),
            literal(Bearer.OUTLET.value),
            literal(1),
            -StockMovement.on_hand_change,
            func.coalesce(_price(StockLevel.variant_id, day), 0),
            literal(0),
        )
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(
            StockLevel.agreement_id.is_(null()),
            StockMovement.kind.in_(_GONE),
            StockMovement.on_hand_change != 0,
            scope.during(at, outlet_id),
        )
    )


def _price(variant_id: Any, day: ColumnElement[date]) -> ColumnElement[int]:
    """The shelf price of a day: the one that began last, as in the makers' books."""
    prices = select(Price.amount).where(Price.variant_id == variant_id, Price.starts_on <= day)
    return prices.order_by(Price.starts_on.desc()).limit(1).scalar_subquery()
