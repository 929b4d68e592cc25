"""What makers can make in a month and how much of it is promised: the only writer of the capacity calendar (docs/wholesale.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, and_, bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from catalog.queries.json_rows import Subquery, rows_of
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.inserts import insert_new
from kernel.parsing import check_range
from kernel.people import Actor
from orders.models.offer import CapacityMonth, CapacityTake, Offer, OfferSource
from orders.wholesale.access import ensure_may_manage

MOST_UNITS = 10_000_000


class CapacityTaken(Conflict):
    """The month has less left than what is asked for."""

    message = N_("The makers have promised their capacity of this month meanwhile.")


@dataclass(frozen=True, slots=True)
class Capacity:
    """Units of one source in one month."""

    quantity: int
    taken: int

    @property
    def free(self) -> int:
        """What can still be promised."""
        return self.quantity - self.taken


_months = cast(Table, CapacityMonth.__table__)
#: The guard: it takes units that are left, or changes no row. A rival's open transaction is waited for.
_TAKE = (
    update(_months)
    .where(_months.c.id == bindparam("capacity_id"), _months.c.quantity - _months.c.taken >= bindparam("units"))
    .values(taken=_months.c.taken + bindparam("units"))
    .returning(_months.c.id)
)
_RAW = {"synchronize_session": False}


def first_of_month(day: date) -> date:
    """How the calendar names the month of `day`."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def take_capacity(session: Session, source_id: int, month: date, quantity: int, reference: str) -> bool:
    """Promise `quantity` units of a source in the month of `month`. False when `reference` took them before.

    Raises CapacityTaken when less is left, and the caller rolls back. Takes of several sources go in the order of their ids.
    """
    check_range(quantity, 1, MOST_UNITS, "quantity")
    capacity_id = _ensure_month(session, source_id, first_of_month(month))
    take = {
        "capacity_id": capacity_id,
        "reference": reference,
        "quantity": quantity,
        "taken_at": clock.now(),
        "given_back_at": None,
    }
    if not insert_new(session, CapacityTake, [take]):
        return False
    if session.connection().execute(_TAKE, {"capacity_id": capacity_id, "units": quantity}).scalar() is None:
        raise CapacityTaken
    return True


def give_back_capacity(session: Session, reference: str) -> bool:
    """What `reference` took is free again. Twice is once: False then, and when it took nothing."""
    statement = (
        update(CapacityTake)
        .where(CapacityTake.reference == reference, CapacityTake.given_back_at.is_(None))
        .values(given_back_at=clock.now())
        .returning(CapacityTake.capacity_id, CapacityTake.quantity)
    )
    row = session.execute(statement, execution_options=_RAW).one_or_none()
    if row is None:
        return False
    back = update(CapacityMonth).where(CapacityMonth.id == row.capacity_id).values(taken=CapacityMonth.taken - row.quantity)
    session.execute(back, execution_options=_RAW)
    return True


def set_month(session: Session, actor: Actor, source: OfferSource, month: date, quantity: int) -> None:
    """A month that is not like the others: harvest, Lebaran, a broken oven. Never below what is promised.

    Raises NotAllowed and InvalidInput.
    """
    offer = session.get_one(Offer, source.offer_id)
    ensure_may_manage(session, actor, offer.outlet_id)
    check_range(quantity, 0, MOST_UNITS, "quantity")
    month = first_of_month(month)
    capacity_id = _ensure_month(session, source.id, month)
    statement = (
        update(CapacityMonth)
        .where(CapacityMonth.id == capacity_id, CapacityMonth.taken <= quantity)
        .values(quantity=quantity)
        .returning(CapacityMonth.id)
    )
    if session.execute(statement, execution_options=_RAW).scalar() is None:
        raise InvalidInput(N_("More than this is promised for the month already."), field="quantity")
    audit.record(session, actor, "capacity.set", f"offer:{offer.code}", {"month": month.isoformat(), "quantity": quantity})


def map_capacity(session: Session, source_ids: Collection[int], months: Collection[date]) -> dict[tuple[int, date], Capacity]:
    """What each source can make and has promised in each month, by (source id, first of month); two statements."""
    usual = select(OfferSource.id, OfferSource.monthly_quantity).where(OfferSource.id.in_(source_ids))
    found = {
        (source_id, first_of_month(month)): Capacity(quantity, 0) for source_id, quantity in session.execute(usual) for month in months
    }
    statement = select(CapacityMonth.source_id, CapacityMonth.month_on, CapacityMonth.quantity, CapacityMonth.taken).where(
        CapacityMonth.source_id.in_(source_ids), CapacityMonth.month_on.in_({first_of_month(month) for month in months})
    )
    for source_id, month, quantity, taken in session.execute(statement):
        found[source_id, month] = Capacity(quantity, taken)
    return found


def sources_subquery(day: date) -> Subquery:
    """The active sources of the surrounding query's `Offer`: `usual` units of a month, what is `free` in that of `day`, and in the next."""
    this, following = aliased(CapacityMonth), aliased(CapacityMonth)
    usual = OfferSource.monthly_quantity
    return (
        rows_of(
            id=OfferSource.id,
            usual=usual,
            free=func.coalesce(this.quantity - this.taken, usual),
            free_next=func.coalesce(following.quantity - following.taken, usual),
        )
        .select_from(OfferSource)
        .outerjoin(this, and_(this.source_id == OfferSource.id, this.month_on == first_of_month(day)))
        .outerjoin(following, and_(following.source_id == OfferSource.id, following.month_on == next_month(day)))
        .where(OfferSource.offer_id == Offer.id, OfferSource.is_active)
        .correlate(Offer)
        .scalar_subquery()
    )


def free_subquery(month: date) -> Subquery:
    """What all active sources of the surrounding query's `Offer` can still promise of a month, together; NULL without a source."""
    left = func.coalesce(CapacityMonth.quantity - CapacityMonth.taken, OfferSource.monthly_quantity)
    return (
        select(func.sum(left))
        .select_from(OfferSource)
        .outerjoin(CapacityMonth, and_(CapacityMonth.source_id == OfferSource.id, CapacityMonth.month_on == first_of_month(month)))
        .where(OfferSource.offer_id == Offer.id, OfferSource.is_active)
        .correlate(Offer)
        .scalar_subquery()
    )


def check_calendar(session: Session) -> list[str]:
    """Months whose `taken` is not the sum of their takes; empty when the books are right."""
    sums: dict[int, int] = defaultdict(int)
    standing = (
        select(CapacityTake.capacity_id, func.sum(CapacityTake.quantity))
        .where(CapacityTake.given_back_at.is_(None))
        .group_by(CapacityTake.capacity_id)
    )
    for capacity_id, quantity in session.execute(standing):
        sums[capacity_id] = int(quantity)
    rows = session.execute(select(CapacityMonth.id, CapacityMonth.taken))
    return [f"capacity month {number}: {taken} taken, {sums[number]} by its takes" for number, taken in rows if taken != sums[number]]


def _ensure_month(session: Session, source_id: int, month: date) -> int:
    """The row of a month; made from the source's usual quantity at its first use."""
    statement = select(CapacityMonth.id).where(CapacityMonth.source_id == source_id, CapacityMonth.month_on == month)
    found = session.scalar(statement)
    if found is None:
        usual = session.scalars(select(OfferSource.monthly_quantity).where(OfferSource.id == source_id)).one()
        insert_new(session, CapacityMonth, [{"source_id": source_id, "month_on": month, "quantity": usual, "taken": 0}])
        found = session.scalars(statement).one()
    return found
