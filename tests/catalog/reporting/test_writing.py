"""Reports on their way from a village to the province: what is frozen, who may do what, and what a locked period refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from catalog.models.reporting import ReportStep, ReportVersion, UnitKind
from catalog.reporting import content, periods, writing
from catalog.reporting.content import ReportContent, ReportLine
from catalog.reporting.periods import PeriodLocked
from catalog.reporting.states import ReportAct, ReportState, WrongReportStep
from catalog.reporting.writing import OwnReport, Unit
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import Role
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_areas
from tests.make_reporting import CONTENT, make_period, make_report, village_head


def versions_of(session: Session, report_id: int) -> list[ReportVersion]:
    return list(session.scalars(select(ReportVersion).where(ReportVersion.report_id == report_id).order_by(ReportVersion.version)))


def test_a_report_goes_from_the_village_over_the_regency_to_the_province(session: Session) -> None:
    regency = make_actor(session, Role.CURATOR, area_prefix="16.12")
    province = make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16")
    report = make_report(session)
    assert (report.state, report.version, report.regency_code, report.province_code) == (ReportState.SENT, 1, "16.12", "16")
    writing.return_report(session, regency, report.id, "Penjualan belum diisi.")
    assert (report.state, report.remarks) == (ReportState.RETURNED, "Penjualan belum diisi.")
    writing.send_report(session, village_head(session), report.id, replace(CONTENT, makers=4))
    writing.check_report(session, regency, report.id)
    writing.receive_report(session, province, report.id)
    assert (report.state, report.version, report.is_corrected) == (ReportState.RECEIVED, 2, False)
    acts = session.scalars(select(ReportStep.act).where(ReportStep.report_id == report.id).order_by(ReportStep.id)).all()
    assert acts == ["send", "return", "send", "check", "receive"]
    assert len(audit.list_for(session, f"report:{report.code}")) == len(acts) + 1


def test_figures_are_frozen_as_they_were_sent_and_a_correction_stands_beside_them(session: Session) -> None:
    head = village_head(session)
    regency = make_actor(session, Role.CURATOR, area_prefix="16.12")
    report = make_report(session, head)
    writing.check_report(session, regency, report.id)
    first = report.digest
    writing.correct_report(session, head, report.id, "Salah ketik jumlah terjual.")
    assert report.state is ReportState.CORRECTING
    with pytest.raises(InvalidInput, match="Nothing was changed yet"):
        writing.send_report(session, head, report.id)
    lines = (replace(CONTENT.lines[0], sold=300, sales=4_500_000), CONTENT.lines[1])
    writing.send_report(session, head, report.id, replace(CONTENT, lines=lines))
    old, new = versions_of(session, report.id)
    assert (old.digest, old.sales, old.reason) == (first, 6_750_000, "")
    assert (new.sales, new.reason, report.is_corrected) == (6_000_000, "Salah ketik jumlah terjual.", True)
    changed = content.list_changed_lines(content.load(old.content), content.load(new.content))
    assert changed == [(CONTENT.lines[0], lines[0])]


def test_a_digest_is_that_of_what_is_kept(session: Session) -> None:
    report = make_report(session)
    period = session.get_one(periods.ReportPeriod, report.period_id)
    [version] = versions_of(session, report.id)
    assert content.digest_of(period.code, KARANG_AGUNG, "village", 1, version.content) == report.digest == version.digest


@pytest.mark.parametrize("table", [ReportVersion, ReportStep])
def test_what_was_sent_and_done_is_never_changed_in_the_database(session: Session, table: type) -> None:
    make_report(session)
    for statement in (update(table).values(version=9), delete(table)):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(statement)


def test_whoever_sent_a_report_does_not_check_it(session: Session) -> None:
    curator = make_actor(session, Role.CURATOR, area_prefix="16.12")
    report = make_report(session, curator)
    with pytest.raises(OwnReport):
        writing.check_report(session, curator, report.id)
    assert ReportAct.CHECK not in writing.list_report_acts(curator, report, is_locked=False)
    writing.check_report(session, make_actor(session, Role.CURATOR, area_prefix="16.12"), report.id)


def test_everybody_stays_in_their_area_and_role(session: Session) -> None:
    report = make_report(session)
    for actor in (
        village_head(session, BETUNG),
        make_actor(session, Role.CURATOR, area_prefix="16.01"),
        make_actor(session, Role.MENTOR, area_prefix="16.12"),
        make_actor(session, Role.OBSERVER),
        make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16"),
    ):
        with pytest.raises(NotAllowed):
            writing.check_report(session, actor, report.id)
        with pytest.raises(NotAllowed):
            writing.begin_report(session, actor, make_period(session), KARANG_AGUNG)
    with pytest.raises(WrongReportStep):
        writing.receive_report(session, make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16"), report.id)


def test_a_locked_period_refuses_every_change_until_an_administrator_opens_it_again(session: Session) -> None:
    head, regency = village_head(session), make_actor(session, Role.CURATOR, area_prefix="16.12")
    province, top = make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16"), make_actor(session)
    period = make_period(session)
    sent = make_report(session, head, period=period)
    draft = writing.begin_report(session, village_head(session, BETUNG), period, BETUNG)
    checked = make_report(session, period=period, village=TALANG_BULANG)
    writing.check_report(session, regency, checked.id)
    periods.lock_period(session, regency, period.id)
    assert period.seal == periods.reckon_seal(session, period)
    for change in (
        lambda: writing.check_report(session, regency, sent.id),
        lambda: writing.return_report(session, regency, sent.id, "Terlambat"),
        lambda: writing.write_report(session, village_head(session, BETUNG), draft.id, CONTENT),
        lambda: writing.send_report(session, village_head(session, BETUNG), draft.id, CONTENT),
        lambda: writing.correct_report(session, head, checked.id, "Salah"),
        lambda: writing.receive_report(session, province, checked.id),
        lambda: writing.begin_report(session, head, period, KARANG_AGUNG, Unit(UnitKind.COMMUNITY, "Sanggar Anyam")),
    ):
        with pytest.raises(PeriodLocked):
            change()
    for actor, reason in ((regency, "Perlu"), (province, "Perlu")):
        with pytest.raises(NotAllowed):
            periods.reopen_period(session, actor, period.id, reason)
    with pytest.raises(InvalidInput):
        periods.reopen_period(session, top, period.id, " ")
    periods.reopen_period(session, top, period.id, "Dua desa terlambat karena banjir.")
    writing.check_report(session, regency, sent.id)
    steps = periods.list_period_steps(session, period)
    assert [(step.act, step.reason, bool(step.seal)) for step in steps] == [
        ("reopen", "Dua desa terlambat karena banjir.", True),
        ("lock", "", True),
        ("open", "", False),
    ]


def test_beginning_twice_is_the_same_report_and_a_school_has_one_of_its_own(session: Session) -> None:
    head, period = village_head(session), make_period(session)
    first = writing.begin_report(session, head, period, KARANG_AGUNG)
    assert writing.begin_report(session, head, period, KARANG_AGUNG).id == first.id
    with pytest.raises(InvalidInput, match="guardian"):
        writing.begin_report(session, head, period, KARANG_AGUNG, Unit(UnitKind.SCHOOL, "SLB Contoh"))
    school = writing.begin_report(session, head, period, KARANG_AGUNG, Unit(UnitKind.SCHOOL, "SLB Contoh", "Ibu Sari", "0812 3456 7890"))
    assert (school.id != first.id, school.contact_phone) == (True, "+6281234567890")


def test_a_village_reports_only_where_it_lies(session: Session) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput):
        writing.begin_report(session, make_actor(session), make_period(session, "16.12"), "16.12.99.2001")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lines": (), "makers": 0}, "name_0"),
        ({"makers": 0}, "makers"),
        ({"workers": 1}, "workers"),
        ({"lines": (ReportLine("", made=5),)}, "name_0"),
        ({"lines": (ReportLine("Keripik", made=-1),)}, "made_0"),
        ({"lines": (ReportLine("Keripik", sales=10**16),)}, "sales_0"),
        ({"lines": tuple(ReportLine(f"Barang {number}") for number in range(21))}, None),
    ],
)
def test_what_cannot_be_sent_says_which_field(session: Session, changed: dict[str, object], field: str | None) -> None:
    head = village_head(session)
    report = writing.begin_report(session, head, make_period(session), KARANG_AGUNG)
    with pytest.raises(InvalidInput) as refusal:
        writing.send_report(session, head, report.id, replace(CONTENT, **changed))  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert report.state is ReportState.DRAFT


def test_a_draft_is_kept_however_little_is_written(session: Session) -> None:
    head = village_head(session)
    report = writing.begin_report(session, head, make_period(session), KARANG_AGUNG)
    writing.write_report(session, head, report.id, ReportContent(markets="Pasar"))
    assert content.load(report.content) == ReportContent(markets="Pasar")


def test_a_province_receives_a_regencys_checked_reports_in_one_go(session: Session) -> None:
    regency, province = make_actor(session, Role.CURATOR, area_prefix="16.12"), make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16")
    period = make_period(session)
    for village in (KARANG_AGUNG, BETUNG):
        writing.check_report(session, regency, make_report(session, period=period, village=village).id)
    waiting = make_report(session, period=period, village=TALANG_BULANG)
    assert writing.receive_all(session, province, period, "16.12") == 2
    assert waiting.state is ReportState.SENT
