"""Stock in bulk: whole deliveries, count differences, returns to makers and goods between outlets (docs/stock.md, docs/receiving.md).

Beside catalog.stock the only writer of levels and movements; callers have checked who may do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn, cast

from sqlalchemy import Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from catalog import stock_locks
from catalog.models.product import Variant
from catalog.models.stock import Batch, LossCause, MovementKind, StockLevel
from catalog.search.queue import mark_many
from catalog.stock import LARGEST_QUANTITY, record_movements
from catalog.stock_locks import Allocation
from kernel.errors import N_, Conflict, InvalidInput
from kernel.inserts import insert_new
from kernel.people import Actor

_levels = cast(Table, StockLevel.__table__)
_quantity = bindparam("quantity", type_=_levels.c.on_hand.type)
_ADD = _levels.update().where(_levels.c.id == bindparam("level")).values(on_hand=_levels.c.on_hand + _quantity)
#: A change that never leaves fewer units than are promised.
_CHANGE = (
    _levels.update()
    .where(_levels.c.id == bindparam("level"), or_(_quantity > 0, _levels.c.on_hand + _quantity >= _levels.c.held))
    .values(on_hand=_levels.c.on_hand + _quantity)
    .returning(_levels.c.id)
)
#: SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535.
_AT_ONCE = 5_000


class NotOnShelf(Conflict):
    """Fewer units are free than should leave: the others are promised to buyers, or gone."""

    message = N_("Only %(free)s units of lot %(lot)s are free; the others are reserved or gone.")


@dataclass(frozen=True, slots=True)
class Key:
    """Which level: a variant's lot at an outlet, and whose goods they are (None: the outlet's own)."""

    outlet_id: int
    variant_id: int
    batch_id: int
    agreement_id: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """Units that come to (positive) or leave (negative) one level."""

    level_id: int
    units: int


def receive_many(session: Session, actor: Actor, received: Sequence[tuple[Key, int]], reference: str) -> dict[Key, int]:
    """Put many lots on the shelf in a handful of statements; the level's id of each key. `reference` names the delivery."""
    units: dict[Key, int] = {}
    for key, quantity in received:
        if type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
            raise InvalidInput(N_("The quantity must be between 1 and %(largest)s."), field="quantity", largest=LARGEST_QUANTITY)
        units[key] = units.get(key, 0) + quantity
    if not units:
        return {}
    levels = make_levels(session, units)
    _add(session, [(levels[key], quantity) for key, quantity in units.items()])
    _record(session, MovementKind.RECEIVED, ((levels[key], quantity, 0) for key, quantity in units.items()), actor, reference=reference)
    _mark(session, levels.values())
    return levels


def change_levels(
    session: Session,
    actor: Actor,
    changes: Iterable[Change],
    kind: MovementKind,
    *,
    reference: str = "",
    reason: str = "",
    cause: LossCause | None = None,
) -> None:
    """Take units from levels or add to them, never below what is promised; NotOnShelf names the first lot that has too few."""
    wanted = sorted((change for change in changes if change.units), key=lambda change: change.level_id)
    for change in wanted:
        done = session.connection().execute(_CHANGE, {"level": change.level_id, "quantity": change.units}).scalar()
        if done is None:
            refuse(session, change.level_id)
    if wanted:
        _record(
            session, kind, ((change.level_id, change.units, 0) for change in wanted), actor, reference=reference, reason=reason, cause=cause
        )
        _mark(session, [change.level_id for change in wanted])


def set_aside(session: Session, actor: Actor, allocations: Collection[Allocation], reference: str) -> None:
    """Hold given levels, whatever else is on the shelf: goods that are about to leave. NotOnShelf when they are promised already."""
    for allocation in stock_locks.in_lock_order(allocations):
        if stock_locks.hold_level(session, allocation) is None:
            refuse(session, allocation.level_id)
    _record(session, MovementKind.HELD, ((a.level_id, 0, a.quantity) for a in allocations), actor, reference=reference)
    _mark(session, [allocation.level_id for allocation in allocations])


def put_back(session: Session, actor: Actor, allocations: Collection[Allocation], reference: str) -> None:
    """What was set aside is free again."""
    if allocations:
        stock_locks.release_levels(session, allocations)
        _record(session, MovementKind.RELEASED, ((a.level_id, 0, -a.quantity) for a in allocations), actor, reference=reference)
        _mark(session, [allocation.level_id for allocation in allocations])


def move_set_aside(session: Session, actor: Actor, moved: Sequence[tuple[Allocation, Key]], reference: str) -> None:
    """Units set aside leave their level for another outlet's: two movements with one reference."""
    if not moved:
        return
    levels = make_levels(session, {key: allocation.quantity for allocation, key in moved})
    stock_locks.take_levels(session, [allocation for allocation, _key in moved])
    _record(session, MovementKind.MOVED, ((a.level_id, -a.quantity, -a.quantity) for a, _key in moved), actor, reference=reference)
    _add(session, [(levels[key], allocation.quantity) for allocation, key in moved])
    _record(session, MovementKind.MOVED, ((levels[key], a.quantity, 0) for a, key in moved), actor, reference=reference)
    _mark(session, [*levels.values(), *(allocation.level_id for allocation, _key in moved)])


def make_levels(session: Session, keys: Iterable[Key]) -> dict[Key, int]:
    """The ids of the levels, made empty where there are none yet."""
    wanted = list(keys)
    found = _find_levels(session, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        rows = [
            {
                "outlet_id": key.outlet_id,
                "variant_id": key.variant_id,
                "batch_id": key.batch_id,
                "agreement_id": key.agreement_id,
                "on_hand": 0,
                "held": 0,
            }
            for key in missing
        ]
        insert_new(session, StockLevel, rows)
        found = _find_levels(session, wanted)
    return found


def _record(
    session: Session,
    kind: MovementKind,
    changes: Iterable[tuple[int, int, int]],
    actor: Actor,
    *,
    reference: str,
    reason: str = "",
    cause: LossCause | None = None,
) -> None:
    rows = list(changes)
    if rows:
        record_movements(session, kind, rows, reference=reference[:60], reason=reason, actor_id=actor.user_id, cause=cause)


def _find_levels(session: Session, keys: Sequence[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    wanted = set(keys)
    batches = sorted({key.batch_id for key in keys})
    columns = select(StockLevel.outlet_id, StockLevel.variant_id, StockLevel.batch_id, StockLevel.agreement_id, StockLevel.id)
    for start in range(0, len(batches), _AT_ONCE):
        part = batches[start : start + _AT_ONCE]
        for outlet_id, variant_id, batch_id, agreement_id, level_id in session.execute(columns.where(StockLevel.batch_id.in_(part))):
            key = Key(outlet_id, variant_id, batch_id, agreement_id)
            if key in wanted:
                found[key] = level_id
    return found


def _add(session: Session, units: Iterable[tuple[int, int]]) -> None:
    """Units come to levels, in lock order."""
    session.connection().execute(_ADD, [{"level": level_id, "quantity": quantity} for level_id, quantity in sorted(units)])


def refuse(session: Session, level_id: int) -> NoReturn:
    """Raise NotOnShelf with what is free of the level's lot."""
    free = select(func.max(StockLevel.on_hand - StockLevel.held), func.max(Batch.lot_code)).join(Batch, Batch.id == StockLevel.batch_id)
    left, lot = session.execute(free.where(StockLevel.id == level_id)).one()
    raise NotOnShelf(free=left or 0, lot=lot or "–")


def _mark(session: Session, level_ids: Iterable[int]) -> None:
    """The products of changed levels are looked at again by the search."""
    ids = list(level_ids)
    products = select(Variant.product_id).join(StockLevel, StockLevel.variant_id == Variant.id)
    for start in range(0, len(ids), _AT_ONCE):
        mark_many(session, session.scalars(products.where(StockLevel.id.in_(ids[start : start + _AT_ONCE])).distinct()))
