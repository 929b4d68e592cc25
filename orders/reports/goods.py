"""How goods fare on the shelf: what came in, how much of it was sold, and how long it stood there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from kernel import clock
from kernel.base import UTCDateTime
from orders.reports.scope import Scope, day_number

_IN = (MovementKind.RECEIVED, MovementKind.MOVED, MovementKind.RETURNED_TO_MAKER)
_BOUGHT = (MovementKind.SOLD, MovementKind.RETURNED)
_SECOND = 1 / 86_400


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """Units of one variant in a period: opening + came_in - sold - lost = closing."""

    code: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    maker: str
    opening: int
    #: Received, less what went back to its maker or to another outlet.
    came_in: int
    #: Less what buyers brought back.
    sold: int
    lost: int
    closing: int
    #: How long sold units had stood here on average, and how long the closing ones do, in days from their level's first arrival.
    days_to_sell: int | None
    days_standing: int | None

    @property
    def sell_through_bps(self) -> int | None:
        """What was sold of everything there was to sell, in basis points; None without goods."""
        available = self.opening + self.came_in
        return round(self.sold * 10_000 / available) if available > 0 else None


def list_goods(session: Session, scope: Scope) -> list[GoodsRow]:
    """Every variant that stood here or moved in the period, the best sold first; sums over whole days of the outlets."""
    levels = _by_level(scope)
    sums = [func.sum(levels.c[name]) for name in ("opening", "came_in", "sold", "lost", "closing")]
    left_days = func.sum(levels.c.sold_at - levels.c.left * levels.c.first_at)
    standing_days = func.sum(levels.c.closing * (levels.c.end_at - levels.c.first_at))
    statement = (
        select(Variant.code, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en, Maker.name, *sums)
        .add_columns(func.sum(levels.c.left), left_days, standing_days)
        .join(levels, levels.c.variant_id == Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .group_by(Variant.id, Product.id, Maker.id)
    )
    rows = []
    for *names, opening, came_in, sold, lost, closing, left, sold_days, still_days in session.execute(statement):
        if any((opening, came_in, sold, lost, closing)):
            units = (int(opening), int(came_in), int(sold), int(lost), int(closing))
            averages = (_average(sold_days, left), _average(still_days, closing))
            rows.append(GoodsRow(*(*names, *units, *averages)))
    return sorted(rows, key=lambda row: (-row.sold, row.name_id, row.code))


def _average(days: float | None, units: int | None) -> int | None:
    return max(0, int(days / int(units) + _SECOND)) if days is not None and units and units > 0 else None


def _by_level(scope: Scope) -> Subquery:
    """Sums of the movements of each level; `sold_at` adds up the moments at which units left."""
    change, at = StockMovement.on_hand_change, StockMovement.at
    within, ended, begun = (_bound(scope, name) for name in ("within", "ended", "begun"))
    is_in, is_bought = StockMovement.kind.in_(_IN), StockMovement.kind.in_(_BOUGHT)
    leaves = within & (StockMovement.kind == MovementKind.SOLD)
    return (
        select(
            StockLevel.variant_id,
            _total(case((begun, change), else_=0)).label("opening"),
            _total(case((within & is_in, change), else_=0)).label("came_in"),
            _total(case((within & is_bought, -change), else_=0)).label("sold"),
            _total(case((within & ~is_in & ~is_bought, -change), else_=0)).label("lost"),
            _total(case((ended, change), else_=0)).label("closing"),
            _total(case((leaves, -change), else_=0)).label("left"),
            func.sum(case((leaves, -change * day_number(at)), else_=0.0)).label("sold_at"),
            func.min(case((change > 0, day_number(at)))).label("first_at"),
            func.max(_end_of(scope)).label("end_at"),
        )
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.outlet_id.in_(scope.outlet_ids), change != 0)
        .group_by(StockLevel.id, StockLevel.variant_id)
        .subquery("levels")
    )


def _total(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.sum(column)


def _bound(scope: Scope, name: str) -> ColumnElement[bool]:
    """Whether a movement was within the period, before its end, or before it began, at its own outlet."""
    at, outlet_id = StockMovement.at, StockLevel.outlet_id
    if name == "within":
        return scope.during(at, outlet_id)
    conditions = []
    for zone, ids in scope.zones.items():
        from_at, until_at = scope.period.bounds(zone)
        conditions.append(outlet_id.in_(ids) & (at < (until_at if name == "ended" else from_at)))
    return or_(False, *conditions)


def _end_of(scope: Scope) -> ColumnElement[float]:
    """The end of the period as a day number, but never later than now."""
    end = min(clock.now(), max((scope.period.bounds(zone)[1] for zone in scope.zones), default=clock.now()))
    return day_number(bindparam("end_at", end, UTCDateTime()))
