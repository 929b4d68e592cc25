"""Units that a counter sold although the books did not have them: one incident each, and what ends it (docs/stock.md)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from catalog.stock_counter import settle_oversold
from kernel.errors import N_, Conflict
from orders.counter.incidents import open_incident
from orders.counter.picking import ShelfLevel
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.shift import CounterIncident, IncidentKind
from orders.models.till import TillEntry
from orders.states import HOLDING


class StillMissing(Conflict):
    """The books still need the allowance."""

    message = N_("The books are still short of these units. Count the shelf, receive the goods, or refund or move the order it hits first.")


def open_oversold(session: Session, entry: TillEntry, order: Order, level: ShelfLevel, quantity: int, receipt: str) -> None:
    """Exactly one incident for an entry and a level; its detail names the orders that were promised the units."""
    hit = list_hit(session, level.level_id)
    now = session.execute(select(StockLevel.on_hand, StockLevel.held).where(StockLevel.id == level.level_id)).one()
    detail = {"receipt": receipt, "lot": level.lot, "on_hand": now.on_hand, "held": now.held, "orders": hit}
    open_incident(
        session,
        IncidentKind.OVERSOLD,
        f"oversold:{entry.id}:{level.level_id}",
        order.outlet_id,
        entry_id=entry.id,
        order_id=order.id,
        level_id=level.level_id,
        quantity=quantity,
        detail=detail,
    )


def list_hit(session: Session, level_id: int) -> list[dict[str, Any]]:
    """Orders that wait for units of a level, as JSON; those promised last come first: they are the ones to ask."""
    statement = (
        select(Order.code, func.sum(OrderAllocation.quantity).label("quantity"))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(OrderAllocation, OrderAllocation.line_id == OrderLine.id)
        .where(OrderAllocation.level_id == level_id, Order.state.in_(HOLDING))
        .group_by(Order.id, Order.code, Order.placed_at)
        .order_by(Order.placed_at.desc(), Order.id.desc())
    )
    return [{"order": row.code, "quantity": int(row.quantity)} for row in session.execute(statement)]


def lock_level_of(session: Session, incident: CounterIncident) -> None:
    """Take the level's row before the incident's: everybody takes stock first."""
    session.execute(select(StockLevel.id).where(StockLevel.id == incident.level_id).with_for_update())


def settle_level(session: Session, incident: CounterIncident) -> None:
    """Take the incident's quantity off the level's allowance; StillMissing when the books would not hold without it."""
    if incident.level_id is not None and not settle_oversold(session, incident.level_id, incident.quantity):
        raise StillMissing
