"""The goods of a counter sale: which lots they came from, whose they were, and levels for what was never in the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, BatchState
from catalog.stock_counter import TakenUnits, take_sold
from catalog.stock_moves import Key, make_levels
from kernel import clock
from kernel.inserts import insert_new, insert_rows
from orders.consignment.agreements import find_for, terms_on
from orders.consignment.sales import SoldUnits
from orders.counter.picking import PickedUnits, ShelfLevel, pick_units
from orders.counter.till_books import Goods, TillBooks
from orders.models.agreement import TermsModel
from orders.models.order import Order, OrderAllocation
from orders.models.till import StockLease, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import SaleLine

#: The lot of goods that were sold before anybody entered one.
UNKNOWN_LOT = "KASIR"


@dataclass(slots=True)
class TakenGoods:
    """What left the shelf: by level, units the books did not have free, and units that should not have been sold."""

    levels: dict[int, ShelfLevel] = field(default_factory=dict)
    #: What was the makers'.
    sold: list[SoldUnits] = field(default_factory=list)
    beyond: Mapping[int, int] = field(default_factory=dict)
    stopped: dict[int, int] = field(default_factory=dict)


def take_goods(
    session: Session, books: TillBooks, entry: TillEntry, order: Order, sold: Mapping[int, SaleLine], actor_id: int | None
) -> TakenGoods:
    """Take what was sold (by the order line's id) off the shelf, and remember which lots it was."""
    day, found = books.day_of(entry), TakenGoods()
    units: dict[int, TakenUnits] = {}
    allocations = []
    for line_id, line in sold.items():
        goods = books.goods(line.variant)
        for picked in pick_units(_levels_for(session, books, goods, line.lot, day), line.quantity, day):
            level_id = picked.level.level_id
            found.levels[level_id] = picked.level
            units[level_id] = _more(units.get(level_id), picked)
            allocations.append({"line_id": line_id, "level_id": level_id, "quantity": picked.quantity})
            if (owner := picked.level.agreement_id) is not None:
                found.sold.append(SoldUnits(owner, line_id, level_id, goods.id, line.unit_price, picked.quantity))
            if picked.level.is_stopped(day):
                found.stopped[level_id] = found.stopped.get(level_id, 0) + picked.quantity
    for each in units.values():
        if each.leased and books.device is not None:
            _use_lease(session, books.device.id, each)
    found.beyond = take_sold(session, list(units.values()), f"order:{order.code}", actor_id=actor_id, sold_at=entry.happened_at)
    insert_rows(session, OrderAllocation, allocations)
    return found


def _more(known: TakenUnits | None, picked: PickedUnits) -> TakenUnits:
    level = picked.level
    before = (known.quantity, known.leased) if known else (0, 0)
    return TakenUnits(level.level_id, level.variant_id, before[0] + picked.quantity, before[1] + picked.leased)


def _levels_for(session: Session, books: TillBooks, goods: Goods, lot: str | None, day: date) -> list[ShelfLevel]:
    """The levels that units can have come from: of the scanned lot where we know it, else all; never none."""
    levels = books.levels(goods.id)
    if lot:
        scanned = [level for level in levels if level.lot == lot.upper()]
        if scanned:
            return scanned
        batch = session.scalar(select(Batch).where(Batch.product_id == goods.product_id, Batch.lot_code == lot.upper()))
        if batch is not None:
            return [_make_level(session, books, goods, batch, day)]
    if levels:
        return levels
    return [_make_level(session, books, goods, _likely_batch(session, goods, day), day)]


def _likely_batch(session: Session, goods: Goods, day: date) -> Batch:
    """The lot that was entered last and may be sold; else the last one; else one that says that it was sold before it was entered."""
    batches = session.scalars(select(Batch).where(Batch.product_id == goods.product_id).order_by(Batch.id.desc())).all()
    sound = [each for each in batches if each.state is BatchState.OPEN and (each.best_before_on is None or each.best_before_on >= day)]
    for batch in [*sound, *batches]:
        return batch
    row = {
        "product_id": goods.product_id,
        "lot_code": UNKNOWN_LOT,
        "produced_on": None,
        "best_before_on": None,
        "created_at": clock.now(),
    }
    insert_new(session, Batch, [row])
    return session.scalars(select(Batch).where(Batch.product_id == goods.product_id, Batch.lot_code == UNKNOWN_LOT)).one()


def _make_level(session: Session, books: TillBooks, goods: Goods, batch: Batch, day: date) -> ShelfLevel:
    """An empty level for goods that never stood here in the books; whose they are, docs/stock.md explains."""
    agreement_id = _owner(session, goods.maker_id, books.outlet.id, day)
    key = Key(books.outlet.id, goods.id, batch.id, agreement_id)
    level_id = make_levels(session, [key])[key]
    is_blocked = batch.state is not BatchState.OPEN
    level = ShelfLevel(level_id, goods.id, batch.lot_code, batch.best_before_on, is_blocked, agreement_id, 0, 0)
    books.add_level(level)
    return level


def _owner(session: Session, maker_id: int, outlet_id: int, day: date) -> int | None:
    agreement = find_for(session, maker_id, outlet_id)
    if agreement is None or terms_on(session, agreement.id, day).model is TermsModel.PURCHASE:
        return None
    return agreement.id


def _use_lease(session: Session, device_id: int, units: TakenUnits) -> None:
    """The till sold what it kept for itself."""
    live = (StockLease.device_id == device_id, StockLease.level_id == units.level_id, StockLease.ended_at.is_(None))
    session.execute(
        update(StockLease).where(*live).values(quantity=StockLease.quantity - units.leased),
        execution_options={"synchronize_session": False},
    )
