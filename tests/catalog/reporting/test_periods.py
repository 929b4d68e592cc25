"""Periods: opened for an area, never over the same days twice, seen by those whom they concern."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from catalog.reporting import periods
from catalog.reporting.periods import NewPeriod
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import Role
from tests.make import KARANG_AGUNG, make_actor, make_areas
from tests.make_reporting import make_period

FIRST = NewPeriod("Triwulan I 2026", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 10))


def test_two_periods_of_one_village_never_share_a_day_whoever_opens_them(session: Session) -> None:
    make_areas(session)
    province, regency = make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16"), make_actor(session, Role.CURATOR, area_prefix="16.12")
    periods.open_period(session, regency, "16.12", FIRST)
    for actor, area in ((regency, "16.12"), (province, "16")):
        with pytest.raises(Conflict):
            periods.open_period(session, actor, area, NewPeriod("Lagi", date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 1)))
    periods.open_period(session, province, "16", NewPeriod("Triwulan II 2026", date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 10)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ((" ", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)), "name"),
        (("T", date(2026, 3, 1), date(2026, 2, 28), date(2026, 4, 1)), "last_on"),
        (("T", date(2026, 1, 1), date(2027, 1, 2), date(2027, 4, 1)), "last_on"),
        (("T", date(2026, 1, 1), date(2026, 3, 31), date(2025, 4, 1)), "due_on"),
    ],
)
def test_days_that_make_no_sense_are_refused(session: Session, changes: tuple[str, date, date, date], field: str) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput) as refusal:
        periods.open_period(session, make_actor(session), "16.12", NewPeriod(*changes))
    assert refusal.value.field == field


def test_only_those_who_manage_periods_of_the_area_open_and_lock_them(session: Session) -> None:
    make_areas(session)
    head = make_actor(session, Role.VILLAGE_OFFICER, area_prefix=KARANG_AGUNG)
    period = make_period(session)
    for actor in (head, make_actor(session, Role.CURATOR, area_prefix="16.01"), make_actor(session, Role.OBSERVER)):
        with pytest.raises(NotAllowed):
            periods.open_period(session, actor, "16.12", FIRST)
        with pytest.raises(NotAllowed):
            periods.lock_period(session, actor, period.id)


def test_a_period_is_seen_by_villages_below_and_offices_above_and_by_nobody_beside(session: Session) -> None:
    period = make_period(session)
    for prefix in (KARANG_AGUNG, "16.12", "16"):
        assert periods.get_period(session, make_actor(session, Role.OBSERVER, area_prefix=prefix), period.code).id == period.id
    with pytest.raises(NotFound):
        periods.get_period(session, make_actor(session, Role.OBSERVER, area_prefix="16.01"), period.code)
