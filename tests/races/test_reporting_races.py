"""A period is locked while villages send: what is locked is what was sealed, beside a twin without the guard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.reporting import PeriodState, ReportPeriod, VillageReport
from catalog.reporting import periods, writing
from catalog.reporting.states import ReportState
from kernel.engines import make_engine
from kernel.people import SYSTEM
from tests.make_reporting import make_period
from tests.races.racing import race
from tests.races.racing import writing as in_transaction
from tests.races.reporting_acts import send_or_lock

pytestmark = pytest.mark.race

VILLAGES = 12


@pytest.fixture
def regency(fresh_database_url: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database_url)
    yield engine
    engine.dispose()


def ask(engine: Engine) -> tuple[int, list[int]]:
    """An open period with a draft of every village: (period, drafts)."""
    with in_transaction(engine) as session:
        period = make_period(session)
        drafts = []
        for number in range(VILLAGES):
            code = f"16.12.04.2{number + 100:03d}"
            names = {"name": f"Desa {number}", "folded_name": f"desa{number}", "zone": "WIB"}
            session.add(Area(code=code, parent_code="16.12.04", level=AreaLevel.VILLAGE, kind=VillageKind.DESA, **names))
            session.flush()
            drafts.append(writing.begin_report(session, SYSTEM, period, code).id)
        return period.id, drafts


def seals(engine: Engine, period_id: int) -> tuple[str, str]:
    """The seal that was taken, and the one the reports give now."""
    with Session(engine) as session:
        period = session.get_one(ReportPeriod, period_id)
        assert period.state is PeriodState.LOCKED
        return period.seal, periods.reckon_seal(session, period)


@pytest.mark.parametrize("_round", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 11))])
def test_whoever_comes_after_the_lock_is_refused_and_the_seal_holds_everybody_before(
    regency: Engine, fresh_database_url: str, _round: int
) -> None:
    period_id, drafts = ask(regency)
    answers = race(fresh_database_url, send_or_lock, [(period_id, draft, True) for draft in drafts] + [(period_id, None, True)])
    assert set(answers) <= {"sent", "locked", "PeriodLocked"}
    assert answers.count("locked") == 1
    taken, now = seals(regency, period_id)
    assert taken == now
    with Session(regency) as session:
        sent = session.scalars(select(VillageReport.id).where(VillageReport.state == ReportState.SENT)).all()
    assert len(sent) == answers.count("sent")


def test_without_the_guard_a_report_slips_in_behind_the_seal(regency: Engine, fresh_database_url: str) -> None:
    period_id, drafts = ask(regency)
    answers = race(fresh_database_url, send_or_lock, [(period_id, drafts[0], False), (period_id, None, False)])
    assert sorted(answers, key=str) == ["locked", "sent"]
    taken, now = seals(regency, period_id)
    assert taken != now
