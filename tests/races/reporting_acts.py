"""What racers at a period of reports do: send, or lock."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.models.reporting import PeriodState, ReportPeriod
from catalog.reporting import periods
from catalog.reporting import writing as reports
from catalog.reporting.periods import PeriodLocked
from kernel.people import SYSTEM
from tests.make_reporting import CONTENT
from tests.races.racing import PATIENCE, writing

Start = Callable[[], object]


def send_or_lock(engine: Engine, start: Start, period_id: int, report_id: int | None, guarded: bool) -> str:
    """Send a draft, or lock the period when there is none; without the guard the period is looked at only before."""
    if not guarded and report_id is not None:
        with Session(engine) as session:
            assert session.get_one(ReportPeriod, period_id).state is PeriodState.OPEN
        reports.share_period = lambda session, number: session.get_one(ReportPeriod, number)  # type: ignore[assignment]
    start()
    if not guarded and report_id is not None:
        _think_until_it_is_locked(engine, period_id)
    try:
        with writing(engine) as session:
            if report_id is None:
                periods.lock_period(session, SYSTEM, period_id)
                return "locked"
            reports.send_report(session, SYSTEM, report_id, CONTENT)
            return "sent"
    except PeriodLocked:
        return "PeriodLocked"


def _think_until_it_is_locked(engine: Engine, period_id: int) -> None:
    """The lock comes between an unguarded sender's looking and sending, however long it takes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with Session(engine) as session:
            if session.get_one(ReportPeriod, period_id).state is PeriodState.LOCKED:
                return
        assert time.monotonic() < deadline, "nobody locked the period"
        time.sleep(0.01)
