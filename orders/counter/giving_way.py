"""An order whose promised units were sold at a counter: its promise moves to another lot of the same variant (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import MovementKind, StockLevel
from catalog.stock_locks import Allocation
from kernel import audit
from kernel.errors import Conflict, NotFound
from kernel.inserts import insert_rows
from kernel.people import Actor
from orders.counter.incidents import get_incident
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.shift import CounterIncident
from orders.payments import lock_order
from orders.states import HOLDING


def move_order(session: Session, actor: Actor, code: str, order_code: str) -> int:
    """Promise the order units of other lots instead of those of the incident's level; how many. The buyer notices nothing.

    Afterwards the incident can end, as far as these units were what it was short of. Raises OutOfStock when other lots have too few
    free, Conflict when the order waits for none of the level's units, NotFound.
    """
    incident = get_incident(session, actor, code)
    order_id = session.scalar(select(Order.id).where(Order.code == order_code, Order.outlet_id == incident.outlet_id))
    if order_id is None or incident.level_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    promised = _promised(session, order, incident)
    if order.state not in HOLDING or not promised:
        raise Conflict
    level = session.get_one(StockLevel, incident.level_id)
    wanted = sum(quantity for _line, quantity in promised)
    reference = f"order:{order.code}"
    # What stays promised here is taken away first: its own units may be free again, and are not what is looked for.
    others = [each for each in stock.find_candidates(session, level.outlet_id, [level.variant_id]) if each[0] != level.id]
    stock_locks.lock_levels(session, [Allocation(each[0], 0, 0) for each in others] + [Allocation(level.id, 0, 0)])
    held = _hold_elsewhere(session, level, wanted, [(each[0], each[2]) for each in others])
    stock.release_hold(session, [Allocation(level.id, level.variant_id, wanted)], reference, actor_id=actor.user_id)
    stock.record_movements(
        session, MovementKind.HELD, [(each.level_id, 0, each.quantity) for each in held], reference=reference, actor_id=actor.user_id
    )
    _rewrite(session, level.id, promised, held)
    audit.record(session, actor, "order.moved_lots", reference, {"incident": incident.code, "units": wanted})
    return wanted


def _promised(session: Session, order: Order, incident: CounterIncident) -> list[tuple[int, int]]:
    """By line, how many units of the incident's level the order waits for."""
    rows = session.execute(
        select(OrderAllocation.line_id, func.sum(OrderAllocation.quantity))
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .where(OrderLine.order_id == order.id, OrderAllocation.level_id == incident.level_id)
        .group_by(OrderAllocation.line_id)
        .order_by(OrderAllocation.line_id)
    )
    return [(line_id, int(quantity)) for line_id, quantity in rows]


def _hold_elsewhere(session: Session, level: StockLevel, wanted: int, others: Sequence[tuple[int, int]]) -> list[Allocation]:
    allocations, missing = [], wanted
    for level_id, free in others:
        if units := min(missing, free):
            allocations.append(Allocation(level_id, level.variant_id, units))
            missing -= units
    if missing:
        raise stock.OutOfStock([])
    if stock_locks.try_hold(session, allocations) is None:
        raise Conflict
    return allocations


def _rewrite(session: Session, level_id: int, promised: Sequence[tuple[int, int]], held: Sequence[Allocation]) -> None:
    """The order's lines name the lots that they are promised now."""
    lines = [line_id for line_id, _quantity in promised]
    session.execute(
        delete(OrderAllocation).where(OrderAllocation.line_id.in_(lines), OrderAllocation.level_id == level_id),
        execution_options={"synchronize_session": "fetch"},
    )
    units = [[each.level_id, each.quantity] for each in held]
    rows = []
    for line_id, quantity in promised:
        missing = quantity
        while missing:
            taken = min(missing, units[0][1])
            rows.append({"line_id": line_id, "level_id": units[0][0], "quantity": taken})
            missing, units[0][1] = missing - taken, units[0][1] - taken
            if not units[0][1]:
                units.pop(0)
    insert_rows(session, OrderAllocation, rows)
