"""Stock that leaves over a counter: it is gone whatever the books say, and what they did not have stands apart (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from catalog import stock_locks
from catalog.models.stock import Batch, BatchState, MovementKind, StockLevel
from catalog.search.queue import mark_many
from catalog.stock import record_movements
from catalog.stock_locks import Allocation


@dataclass(frozen=True, slots=True)
class TakenUnits:
    """Units of one level that left with a buyer; `leased` of them were held for the till that sold them."""

    level_id: int
    variant_id: int
    quantity: int
    leased: int = 0


def take_sold(
    session: Session, taken: Collection[TakenUnits], reference: str, *, actor_id: int | None = None, sold_at: datetime | None = None
) -> dict[int, int]:
    """Units that a counter has sold (at `sold_at`) are gone; by level, how many of them the books did not have free.

    Those stand in the level's `oversold` until their incident is resolved. Neither date nor block is asked: the buyer has the
    goods. Makers are credited by the caller (`orders.consignment.sales.book_sales`).
    """
    beyond: dict[int, int] = {}
    emptied: list[int] = []
    for each in sorted(taken, key=lambda units: units.level_id):
        left = _take(session, each, beyond)
        if left <= 0 < left + each.quantity - each.leased:
            emptied.append(each.level_id)
    changes = [(each.level_id, -each.quantity, -each.leased) for each in taken]
    record_movements(session, MovementKind.SOLD, changes, reference=reference, actor_id=actor_id, at=sold_at)
    if emptied:
        mark_levels(session, emptied)
    return beyond


@dataclass(frozen=True, slots=True)
class SellableLevel:
    """A level whose lot may be sold, and what is free of it."""

    level_id: int
    variant_id: int
    free: int


def list_sellable(session: Session, outlet_id: int, today: date) -> list[SellableLevel]:
    """All levels of an outlet whose lot may be sold today, in order of use."""
    may_be_sold = and_(Batch.state == BatchState.OPEN, or_(Batch.best_before_on.is_(None), Batch.best_before_on >= today))
    statement = (
        select(StockLevel.id, StockLevel.variant_id, StockLevel.on_hand - StockLevel.held)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.outlet_id == outlet_id, may_be_sold)
        .order_by(StockLevel.variant_id, Batch.best_before_on.is_(None), Batch.best_before_on, StockLevel.id)
    )
    return [SellableLevel(*row) for row in session.execute(statement)]


def settle_oversold(session: Session, level_id: int, quantity: int) -> bool:
    """The level's books do without `quantity` of its allowance again: goods were counted, received, or promised no longer. Else False."""
    return stock_locks.settle_oversold(session, Allocation(level_id, 0, quantity))


def mark_levels(session: Session, level_ids: Iterable[int]) -> None:
    """The search looks at the products of these levels again."""
    products = select(Batch.product_id).join(StockLevel, StockLevel.batch_id == Batch.id).where(StockLevel.id.in_(list(level_ids)))
    mark_many(session, session.scalars(products))


def _take(session: Session, units: TakenUnits, beyond: dict[int, int]) -> int:
    """What is free of the level afterwards; notes in `beyond` what the books did not have."""
    left = 0
    if units.leased:
        left = stock_locks.take_leased(session, Allocation(units.level_id, units.variant_id, units.leased))
    rest = units.quantity - units.leased
    if not rest:
        return left
    allocation = Allocation(units.level_id, units.variant_id, rest)
    sold = stock_locks.sell_level(session, allocation)
    if sold is not None:
        return sold
    left = stock_locks.oversell_level(session, allocation)
    beyond[units.level_id] = rest - max(0, left + rest)
    return left
