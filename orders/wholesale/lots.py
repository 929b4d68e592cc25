"""Whole cases that stand on the seller's shelf for a line: first expired first, of lots that keep long enough."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import Batch, StockLevel
from orders.models.purchase import PurchaseLine
from orders.wholesale.allocation import Lot, whole_cases


def list_lots(
    session: Session, outlet_id: int, variant_ids: Collection[int], line: PurchaseLine, leaves_on: date
) -> Mapping[int, tuple[Lot, ...]]:
    """Free whole cases by variant; the offer of the line says how many days must be left when the goods leave. Two statements."""
    levels = stock.find_candidates(session, outlet_id, variant_ids) if variant_ids else []
    ends = select(StockLevel.id, Batch.best_before_on).join(Batch, Batch.id == StockLevel.batch_id)
    best_before = dict(session.execute(ends.where(StockLevel.id.in_([level[0] for level in levels]))).all())
    least = leaves_on + timedelta(days=line.offer.remaining_days or 0)
    free: dict[int, list[tuple[int, int]]] = {}
    for level_id, variant_id, units, _product_id in levels:
        ends_on = best_before.get(level_id)
        if ends_on is None or ends_on >= least:
            free.setdefault(variant_id, []).append((level_id, units))
    return {variant_id: whole_cases(found, line.units_per_case) for variant_id, found in free.items()}
