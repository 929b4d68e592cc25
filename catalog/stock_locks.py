"""The guarded statements that change stock levels, always taken in one order: ascending level id (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, case, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel.prepared import Prepared

_levels = cast(Table, StockLevel.__table__)
_id = _levels.c.id == bindparam("level")
_quantity = bindparam("quantity", type_=_levels.c.held.type)
_free = _levels.c.on_hand - _levels.c.held
_left = _free.label("free")

HOLD = Prepared(_levels.update().where(_id, _free >= _quantity).values(held=_levels.c.held + _quantity).returning(_left))
RELEASE = Prepared(_levels.update().where(_id, _levels.c.held >= _quantity).values(held=_levels.c.held - _quantity).returning(_left))
TAKE = Prepared(
    _levels.update()
    .where(_id, _levels.c.held >= _quantity)
    .values(on_hand=_levels.c.on_hand - _quantity, held=_levels.c.held - _quantity)
    .returning(_left)
)
#: A counter sells what nobody was promised …
SELL = Prepared(_levels.update().where(_id, _free >= _quantity).values(on_hand=_levels.c.on_hand - _quantity).returning(_left))
#: … and what has left the house although the books do not have it: `oversold` is how far they may be short of it from now on.
_beyond = _quantity - case((_free > 0, _free), else_=0)
OVERSELL = Prepared(
    _levels.update()
    .where(_id)
    .values(on_hand=_levels.c.on_hand - _quantity, oversold=_levels.c.oversold + case((_beyond > 0, _beyond), else_=0))
    .returning(_left)
)
#: The books do without that allowance again: only where everything promised is there.
SETTLE = Prepared(
    _levels.update()
    .where(
        _id,
        _levels.c.oversold >= _quantity,
        _levels.c.on_hand + _levels.c.oversold - _quantity >= 0,
        _levels.c.on_hand + _levels.c.oversold - _quantity >= _levels.c.held,
    )
    .values(oversold=_levels.c.oversold - _quantity)
    .returning(_left)
)
TAKE_BACK = Prepared(_levels.update().where(_id).values(on_hand=_levels.c.on_hand + _quantity).returning(_left))


class StockBroken(RuntimeError):
    """More was to be given back or sold than is held: our own books are wrong, so nothing may go on."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units of one level promised to one order."""

    level_id: int
    variant_id: int
    quantity: int


def in_lock_order(allocations: Iterable[Allocation]) -> list[Allocation]:
    """The one order in which everybody takes several levels, whatever order a cart lists them in."""
    return sorted(allocations, key=lambda allocation: allocation.level_id)


def lock_levels(session: Session, allocations: Iterable[Allocation]) -> None:
    """Take all levels of several orders before the first of them changes. SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "sqlite":
        ids = sorted({allocation.level_id for allocation in allocations})
        session.execute(select(StockLevel.id).where(StockLevel.id.in_(ids)).order_by(StockLevel.id).with_for_update())


def try_hold(session: Session, allocations: Iterable[Allocation]) -> list[Allocation] | None:
    """Hold all of them, or, when one has been taken by somebody else meanwhile, none (None is returned).

    Returns those after which nothing of their level is available any more.
    """
    done: list[Allocation] = []
    emptied: list[Allocation] = []
    for allocation in in_lock_order(allocations):
        left = hold_level(session, allocation)
        if left is None:
            release_levels(session, done)
            return None
        done.append(allocation)
        if left == 0:
            emptied.append(allocation)
    return emptied


def hold_level(session: Session, allocation: Allocation) -> int | None:
    """Hold units of one level; what is available after that, or None when there were too few."""
    return _left_after(session, HOLD, allocation)


def release_levels(session: Session, allocations: Iterable[Allocation]) -> list[int]:
    """Give held units back; the ids of levels from which nothing had been available before."""
    return [
        allocation.level_id for allocation in in_lock_order(allocations) if _change(session, RELEASE, allocation) == allocation.quantity
    ]


def take_levels(session: Session, allocations: Iterable[Allocation]) -> None:
    """Held units leave the house: on hand and held go down together."""
    for allocation in in_lock_order(allocations):
        _change(session, TAKE, allocation)


def take_back_levels(session: Session, allocations: Iterable[Allocation]) -> list[int]:
    """Sold units come back into the house; the ids of levels from which nothing had been available before."""
    return [
        allocation.level_id for allocation in in_lock_order(allocations) if _change(session, TAKE_BACK, allocation) == allocation.quantity
    ]


def take_leased(session: Session, allocation: Allocation) -> int:
    """Units that were held for a till leave the house; what is free of the level, as before."""
    return _change(session, TAKE, allocation)


def sell_level(session: Session, allocation: Allocation) -> int | None:
    """Free units of one level leave the house; what is free after that, or None when there were too few."""
    return _left_after(session, SELL, allocation)


def oversell_level(session: Session, allocation: Allocation) -> int:
    """Units leave the house whatever the books say; what is free after that, below zero when promised units went."""
    return _change(session, OVERSELL, allocation)


def settle_oversold(session: Session, allocation: Allocation) -> bool:
    """Take an allowance back; False while the books still need it."""
    return _left_after(session, SETTLE, allocation) is not None


def _change(session: Session, statement: Prepared, allocation: Allocation) -> int:
    left = _left_after(session, statement, allocation)
    if left is None:
        raise StockBroken(f"level {allocation.level_id} holds fewer than {allocation.quantity}")
    return left


def _left_after(session: Session, statement: Prepared, allocation: Allocation) -> int | None:
    """What is available of the level afterwards; None when the statement's guard let nothing happen."""
    rows = statement.run(session, {"level": allocation.level_id, "quantity": allocation.quantity})
    return rows[0].free if rows else None
