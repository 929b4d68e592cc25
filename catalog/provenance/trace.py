"""Tracing a lot: how many units came, went and are left at each outlet in reach. Its raw materials are in `transformations`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, MovementKind, Outlet, StockLevel, StockMovement


@dataclass(frozen=True, slots=True)
class Flow:
    """Units of the lot at one outlet: `came + came_back - sold - gone_back - sent_on - lost` and count differences make `left`."""

    outlet_code: str
    outlet_name: str
    came: int
    came_on: int
    sent_on: int
    sold: int
    came_back: int
    gone_back: int
    lost: int
    corrected: int

    @property
    def left(self) -> int:
        """Units that stand there by the books."""
        return self.came + self.came_on - self.sent_on - self.sold + self.came_back - self.gone_back - self.lost + self.corrected


def list_flows(session: Session, batch: Batch, reach: Sequence[ColumnElement[bool]]) -> list[Flow]:
    """One row per outlet that ever had units of the lot, summed from its movements; one statement."""
    is_in = StockMovement.on_hand_change > 0
    rows = session.execute(
        select(Outlet.code, Outlet.name, StockMovement.kind, is_in.label("is_in"), func.sum(StockMovement.on_hand_change))
        .select_from(StockMovement)
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .where(StockLevel.batch_id == batch.id, StockMovement.on_hand_change != 0, *reach)
        .group_by(Outlet.id, StockMovement.kind, is_in)
        .order_by(Outlet.name, Outlet.id)
    )
    sums: dict[tuple[str, str], dict[tuple[MovementKind, bool], int]] = {}
    for code, name, kind, came, units in rows:
        sums.setdefault((code, name), {})[kind, bool(came)] = int(units)
    return [_flow(code, name, units) for (code, name), units in sums.items()]


def _flow(code: str, name: str, units: dict[tuple[MovementKind, bool], int]) -> Flow:
    def both(kind: MovementKind) -> int:
        return units.get((kind, True), 0) + units.get((kind, False), 0)

    return Flow(
        outlet_code=code,
        outlet_name=name,
        came=both(MovementKind.RECEIVED),
        came_on=units.get((MovementKind.MOVED, True), 0),
        sent_on=-units.get((MovementKind.MOVED, False), 0),
        sold=-both(MovementKind.SOLD),
        came_back=both(MovementKind.RETURNED),
        gone_back=-both(MovementKind.RETURNED_TO_MAKER),
        lost=-both(MovementKind.WRITTEN_OFF),
        corrected=both(MovementKind.CORRECTED) + both(MovementKind.COUNTED),
    )
