"""Periods and reports of villages for tests."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from catalog.mapping import potentials
from catalog.mapping.potentials import EvidenceFacts, PotentialFacts
from catalog.models.mapping import EvidenceKind
from catalog.models.reporting import ReportPeriod, UnitKind, VillageReport
from catalog.reporting import periods, writing
from catalog.reporting.content import Need, ReportContent, ReportLine
from catalog.reporting.periods import NewPeriod
from catalog.reporting.writing import Unit
from kernel import clock
from kernel.people import SYSTEM, Actor, Role
from tests.make import KARANG_AGUNG, make_actor, make_areas

_quarters = count(0)
CONTENT = ReportContent(
    lines=(ReportLine("Keripik ubi kencur", "bungkus", 400, 350, 5_250_000), ReportLine("Keripik pisang", "bungkus", 120, 100, 1_500_000)),
    makers=3,
    workers=8,
    markets="Pusat oleh-oleh, pasar Pendopo",
    needs=(Need.PACKAGING, Need.PERMITS),
    needs_note="Mesin segel plastik.",
)


def make_period(session: Session, area_code: str = "16.12", **changes: Any) -> ReportPeriod:
    """An open quarter of its own."""
    make_areas(session)
    number = next(_quarters)
    year, first = 1950 + number // 4, 1 + 3 * (number % 4)
    values = {
        "name": f"Triwulan {number}",
        "first_on": date(year, first, 1),
        "last_on": date(year, first + 2, 28),
        "due_on": date(year, first + 2, 28),
    }
    return periods.open_period(session, SYSTEM, area_code, NewPeriod(**(values | changes)))


def make_report(
    session: Session, actor: Actor | None = None, *, period: ReportPeriod | None = None, village: str = KARANG_AGUNG
) -> VillageReport:
    """A report that was sent by the village."""
    make_areas(session)
    actor = actor or village_head(session, village)
    report = writing.begin_report(session, actor, period or make_period(session), village)
    return writing.send_report(session, actor, report.id, CONTENT)


def village_head(session: Session, village: str = KARANG_AGUNG) -> Actor:
    """Who writes for one village."""
    return make_actor(session, Role.VILLAGE_OFFICER, area_prefix=village)


def make_programme_papers(session: Session, actor: Actor) -> dict[str, str]:
    """What addresses of the programme's pages are made of."""
    potential = potentials.add_potential(session, actor, KARANG_AGUNG, PotentialFacts("Keripik ubi kencur", "Kencur cassava chips"))
    evidence = potentials.add_evidence(
        session, actor, potential, EvidenceFacts(EvidenceKind.NOTE, "Kepala desa", clock.today(), "Dua dapur.")
    )
    period = make_period(session)
    report = make_report(session, period=period)
    draft = writing.begin_report(session, actor, period, KARANG_AGUNG, Unit(UnitKind.COMMUNITY, "Sanggar Contoh"))
    checked = make_report(session, period=make_period(session))
    writing.check_report(session, SYSTEM, checked.id)
    words = {"potential": potential.code, "evidence": evidence.code}
    return words | {"period": period.code, "report": report.code, "draft_report": draft.code, "checked_report": checked.code}
