"""Whether stock levels still equal the sums of their movements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel, StockMovement


@dataclass(frozen=True, slots=True)
class BrokenLevel:
    """A level that does not equal the sum of its movements (invariant I1)."""

    level_id: int
    on_hand: int
    held: int
    moved_on_hand: int
    moved_held: int


def check_balances(session: Session) -> list[BrokenLevel]:
    """Every level that disagrees with its movements; empty when the books are sound."""
    return [BrokenLevel(*row) for row in session.execute(_disagreeing())]


@cache
def _disagreeing() -> Any:
    moved = (
        select(
            StockMovement.level_id,
            func.sum(StockMovement.on_hand_change).label("on_hand"),
            func.sum(StockMovement.held_change).label("held"),
        )
        .group_by(StockMovement.level_id)
        .subquery()
    )
    on_hand, held = func.coalesce(moved.c.on_hand, 0), func.coalesce(moved.c.held, 0)
    return (
        select(StockLevel.id, StockLevel.on_hand, StockLevel.held, on_hand, held)
        .outerjoin(moved, moved.c.level_id == StockLevel.id)
        .where(
            or_(
                StockLevel.on_hand != on_hand,
                StockLevel.held != held,
                StockLevel.held > StockLevel.on_hand + StockLevel.oversold,
                StockLevel.held < 0,
            )
        )
        .order_by(StockLevel.id)
    )
