"""The programme's work in the demo: every village with a product, evidence, and reports in every state; made once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.mapping import Evidence, PotentialProduct
from catalog.models.programme import ProgrammeStatus
from catalog.models.reporting import PeriodState, ReportPeriod, VillageReport
from catalog.reporting.periods import reckon_seal
from catalog.reporting.states import ReportState
from kernel.people import SYSTEM
from storefront.demo.programme_work import SCHOOL, is_worked, work_programme
from tests.make import make_areas, make_programme_record


def test_every_village_that_takes_part_has_work_and_the_year_its_quarters(session: Session) -> None:
    make_areas(session)
    codes = [SCHOOL[0], *(f"16.12.04.2{number:03d}" for number in range(100, 150))]
    for number, code in enumerate(codes):
        names = {"name": f"Desa {number}", "folded_name": f"desa{number}", "zone": "WIB"}
        session.add(Area(code=code, parent_code=code[:8], level=AreaLevel.VILLAGE, kind=VillageKind.DESA, **names))
        session.flush()
        status = (ProgrammeStatus.MAPPED, ProgrammeStatus.SELECTED, ProgrammeStatus.LAUNCHED)[number % 3]
        make_programme_record(session, code, status=status, product_name_id=f"Produk {number}", product_name_en="")
    assert not is_worked(session)
    work_programme(session, SYSTEM, "16.12", 2026, date(2026, 11, 30))
    assert is_worked(session)
    assert session.scalar(select(func.count(PotentialProduct.village_code.distinct()))) == len(codes)
    assert (session.scalar(select(func.count()).select_from(Evidence)) or 0) > len(codes) // 2
    first, second, third = session.scalars(select(ReportPeriod).order_by(ReportPeriod.first_on))
    for period in (first, second):
        assert (period.state, period.seal) == (PeriodState.LOCKED, reckon_seal(session, period))
    assert third.state is PeriodState.OPEN
    found = set(session.scalars(select(VillageReport.state).where(VillageReport.period_id == third.id)))
    assert found >= {ReportState.DRAFT, ReportState.SENT, ReportState.RETURNED, ReportState.CHECKED, ReportState.RECEIVED}
    assert session.scalar(select(func.count()).where(VillageReport.is_corrected))
    assert all(session.scalars(select(VillageReport.is_sample)))
