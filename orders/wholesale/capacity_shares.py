"""Units that makers have still to make for an order: taken out of their months, earliest first, and given back when it is called off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import Conflict
from orders.models.offer import CapacityTake
from orders.models.purchase import PurchaseOrder
from orders.wholesale.capacity import Capacity, first_of_month, give_back_capacity, map_capacity, take_capacity

#: An order may wait for goods for half a year.
MOST_MONTHS = 6


def months_between(today: date, until: date) -> list[date]:
    """The months from today's to that of `until`, by their first days; at most MOST_MONTHS."""
    months = [first_of_month(today)]
    while months[-1] < first_of_month(until) and len(months) < MOST_MONTHS:
        last = months[-1]
        months.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return months


def count_makeable(
    session: Session, source_ids: Collection[int], months: Collection[date], units_per_case: int
) -> tuple[dict[int, int], Mapping[tuple[int, date], Capacity]]:
    """Whole cases each source can still make in these months, and the calendar they were counted from."""
    calendar = map_capacity(session, source_ids, months)
    cases = {source_id: sum(max(0, calendar[source_id, month].free) // units_per_case for month in months) for source_id in source_ids}
    return cases, calendar


def take_cases(
    session: Session,
    purchase: PurchaseOrder,
    source_id: int,
    cases: int,
    units_per_case: int,
    calendar: Mapping[tuple[int, date], Capacity],
    months: Collection[date],
) -> None:
    """Promise cases of one source to an order, in whole cases of each month. CapacityTaken when somebody was faster."""
    missing = cases
    for month in months:
        part = min(missing, max(0, calendar[source_id, month].free) // units_per_case)
        if part:
            take_capacity(session, source_id, month, part * units_per_case, f"{_prefix(purchase)}{source_id}:{month:%Y-%m}")
            missing -= part
    if missing:
        raise Conflict


def give_back_all(session: Session, purchase: PurchaseOrder) -> None:
    """Whatever the order took of makers' months is free again. Twice is once."""
    mine = CapacityTake.reference.startswith(_prefix(purchase), autoescape=True)
    for reference in session.scalars(select(CapacityTake.reference).where(mine).order_by(CapacityTake.id)).all():
        give_back_capacity(session, reference)


def _prefix(purchase: PurchaseOrder) -> str:
    return f"purchase:{purchase.code}:"
