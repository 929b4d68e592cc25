"""Reports on their way: begun and written, sent, returned, checked, received, corrected. Each step is on record (docs/reporting.md)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import ancestors_of, get_village
from catalog.models.reporting import ReportPeriod, ReportStep, ReportVersion, UnitKind, VillageReport
from catalog.reporting import content as contents
from catalog.reporting.content import ReportContent
from catalog.reporting.periods import share_period
from catalog.reporting.states import ReportAct, ReportState, Way, list_ways, way_of
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission, covers
from kernel.phones import normalise_phone

LONGEST_REMARKS = 1_000


@dataclass(frozen=True, slots=True)
class Unit:
    """Who reports. A school or class names somebody to ask."""

    kind: UnitKind = UnitKind.VILLAGE
    name: str = ""
    contact_name: str = ""
    contact_phone: str = ""


class OwnReport(NotAllowed):
    """Whoever sent a report does not check it."""

    message = N_("You sent this report, so somebody else has to check it.")


def begin_report(
    session: Session, actor: Actor, period: ReportPeriod, village_code: str, unit: Unit | None = None, *, is_sample: bool = False
) -> VillageReport:
    """The report of a unit for a period: a new draft, or the one that is there. PeriodLocked when it is too late."""
    ensure_can(actor, Permission.SEND_REPORTS, village_code)
    village = get_village(session, village_code)
    unit = _checked_unit(unit or Unit())
    if not covers(period.area_code, village_code):
        raise InvalidInput(N_("This village does not report in this period."), field="village_code")
    share_period(session, period.id)
    province, regency, district = ancestors_of(village.code)
    now = clock.now()
    row = {
        "period_id": period.id,
        "village_code": village.code,
        "district_code": district,
        "regency_code": regency,
        "province_code": province,
        "unit_kind": unit.kind,
        "unit_name": unit.name,
        "contact_name": unit.contact_name,
        "contact_phone": unit.contact_phone,
        "state": ReportState.DRAFT,
        "content": contents.dump(ReportContent()),
        "is_sample": is_sample,
        "code": make_code(),
        "created_at": now,
        "changed_at": now,
    }
    made = insert_new(session, VillageReport, [row])
    report = session.scalars(
        select(VillageReport).where(
            VillageReport.period_id == period.id,
            VillageReport.village_code == village.code,
            VillageReport.unit_kind == unit.kind,
            VillageReport.unit_name == unit.name,
        )
    ).one()
    if made:
        audit.record(session, actor, "report.begin", subject_of(report), {"period": period.code, "village": village.code})
    return report


def write_report(session: Session, actor: Actor, report_id: int, content: ReportContent) -> VillageReport:
    """Keep what is written so far; may come every few seconds."""
    report, _way = _step(session, actor, report_id, ReportAct.WRITE)
    report.content, report.changed_at = contents.dump(contents.check_content(content)), clock.now()
    session.flush()
    return report


def send_report(session: Session, actor: Actor, report_id: int, content: ReportContent | None = None) -> VillageReport:
    """Send it up: the figures are frozen as a version with their digest."""
    report, way = _step(session, actor, report_id, ReportAct.SEND)
    checked = contents.check_content(contents.load(report.content) if content is None else content)
    contents.check_complete(checked)
    is_correction = report.state is ReportState.CORRECTING
    if is_correction and contents.dump(checked) == _last_text(session, report):
        raise InvalidInput(N_("Nothing was changed yet."))
    period_code = session.scalars(select(ReportPeriod.code).where(ReportPeriod.id == report.period_id)).one()
    now, text = clock.now(), contents.dump(checked)
    report.content, report.version = text, report.version + 1
    unit = f"{report.unit_kind.value} {report.unit_name}".strip()
    report.digest = contents.digest_of(period_code, report.village_code, unit, report.version, text)
    report.is_corrected = report.is_corrected or is_correction
    report.sent_by_id, report.sent_at = actor.user_id, now
    session.add(
        ReportVersion(
            report_id=report.id,
            version=report.version,
            content=text,
            digest=report.digest,
            makers=checked.makers,
            workers=checked.workers,
            products=len(checked.lines),
            sales=checked.sales,
            reason=report.remarks if report.version > 1 else "",
            sent_by_id=actor.user_id,
            sent_by_name=actor.name,
            sent_at=now,
        )
    )
    _take(session, actor, report, ReportAct.SEND, way, report.remarks if is_correction else "")
    report.remarks = ""
    session.flush()
    return report


def return_report(session: Session, actor: Actor, report_id: int, remarks: str) -> VillageReport:
    """Back to its village, with what should be mended."""
    return _pass_on(session, actor, report_id, ReportAct.RETURN, remarks)


def check_report(session: Session, actor: Actor, report_id: int, remarks: str = "") -> VillageReport:
    """The regency has looked at it. OwnReport for whoever sent it."""
    return _pass_on(session, actor, report_id, ReportAct.CHECK, remarks)


def receive_report(session: Session, actor: Actor, report_id: int, remarks: str = "") -> VillageReport:
    """The province has it."""
    return _pass_on(session, actor, report_id, ReportAct.RECEIVE, remarks)


def correct_report(session: Session, actor: Actor, report_id: int, reason: str) -> VillageReport:
    """Open a report again that was checked. What was sent stays, and counts until the correction is sent."""
    return _pass_on(session, actor, report_id, ReportAct.CORRECT, reason)


def receive_all(session: Session, actor: Actor, period: ReportPeriod, regency_code: str) -> int:
    """Receive every checked report of a regency that the person did not send; how many."""
    ensure_can(actor, Permission.RECEIVE_REPORTS, regency_code)
    ids = session.scalars(
        select(VillageReport.id)
        .where(VillageReport.period_id == period.id, VillageReport.regency_code == regency_code, VillageReport.state == ReportState.CHECKED)
        .where(VillageReport.sent_by_id.is_distinct_from(actor.user_id))
        .order_by(VillageReport.id)
    ).all()
    for report_id in ids:
        receive_report(session, actor, report_id)
    return len(ids)


def list_report_acts(actor: Actor, report: VillageReport, *, is_locked: bool) -> frozenset[ReportAct]:
    """What this person can do now: what a page offers."""
    if is_locked:
        return frozenset()
    return frozenset(
        act
        for act, way in list_ways(report.state)
        if actor.can(way.permission, area_code=report.village_code) and not (way.not_own and _is_own(actor, report))
    )


def subject_of(report: VillageReport) -> str:
    """What the audit calls a report."""
    return f"report:{report.code}"


def _pass_on(session: Session, actor: Actor, report_id: int, act: ReportAct, remarks: str) -> VillageReport:
    report, way = _step(session, actor, report_id, act)
    remarks = parse_text(remarks, field="remarks", maximum=LONGEST_REMARKS, required=way.needs_remarks)
    if way.not_own and _is_own(actor, report):
        raise OwnReport
    report.remarks = remarks if way.needs_remarks else ""
    _take(session, actor, report, act, way, remarks)
    return report


def _step(session: Session, actor: Actor, report_id: int, act: ReportAct) -> tuple[VillageReport, Way]:
    """The report, held until the transaction ends, in a period that stays open as long; who may is asked here.

    The period comes before the report, here and for whoever locks it.
    """
    period_id = session.scalar(select(VillageReport.period_id).where(VillageReport.id == report_id))
    if period_id is None:
        raise NotFound
    share_period(session, period_id)
    statement = select(VillageReport).where(VillageReport.id == report_id)
    report = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one()
    way = way_of(act, report.state)
    ensure_can(actor, way.permission, report.village_code)
    return report, way


def _take(session: Session, actor: Actor, report: VillageReport, act: ReportAct, way: Way, remarks: str) -> None:
    report.state, report.changed_at = way.after, clock.now()
    session.add(
        ReportStep(
            report_id=report.id,
            act=act.value,
            from_state=way.before,
            to_state=way.after,
            version=report.version,
            digest=report.digest,
            remarks=remarks,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=report.changed_at,
        )
    )
    session.flush()
    details = {"from": way.before.value, "to": way.after.value, "version": report.version, "remarks": remarks}
    audit.record(session, actor, f"report.{act.value}", subject_of(report), details)


def _is_own(actor: Actor, report: VillageReport) -> bool:
    return actor.user_id is not None and report.sent_by_id == actor.user_id


def _last_text(session: Session, report: VillageReport) -> str | None:
    return session.scalar(
        select(ReportVersion.content).where(ReportVersion.report_id == report.id, ReportVersion.version == report.version)
    )


def _checked_unit(unit: Unit) -> Unit:
    kind = parse_choice(UnitKind, unit.kind, field="unit_kind")
    if kind is UnitKind.VILLAGE:
        return Unit()
    name = parse_text(unit.name, field="unit_name", maximum=120, required=True)
    needs_contact = kind in (UnitKind.SCHOOL, UnitKind.CLASS)
    contact = parse_text(unit.contact_name, field="contact_name", maximum=120)
    if needs_contact and not contact:
        raise InvalidInput(N_("A school needs somebody to ask: a guardian or a teacher."), field="contact_name")
    return Unit(kind, name, contact, normalise_phone(unit.contact_phone, field="contact_phone"))
