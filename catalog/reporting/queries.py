"""Reads for the pages of reporting: who reported and who did not, one report with its history, figures by area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.areas import display_name, level_of
from catalog.mapping.focus import PROVINCE, Focus
from catalog.models.area import Area, VillageKind
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.models.reporting import ReportPeriod, ReportStep, ReportVersion, UnitKind, VillageReport
from catalog.queries.parts import District, Regency, Village
from catalog.reporting import content as contents
from catalog.reporting.content import Need, ReportContent
from catalog.reporting.states import COUNTED, ReportState
from kernel.errors import NotFound
from kernel.paging import Page
from kernel.people import Actor, Permission, covers

PAGE_SIZE = 50
_AT_ONCE = 500
Rows = Select[*tuple[Any, ...]]
#: States in which somebody up the line has something in hand.
ARRIVED = (ReportState.SENT, ReportState.CHECKED, ReportState.RECEIVED, ReportState.CORRECTING)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A village in a period, with its report or that of a unit in it; no state: nothing was written yet."""

    village_code: str
    village: str
    district: str
    regency: str
    code: str
    unit_kind: UnitKind
    unit_name: str
    state: ReportState | None
    is_corrected: bool
    products: int
    makers: int
    sales: int
    sent_at: datetime | None


@dataclass(slots=True)
class ReportFigures:
    """What one area reported. `villages` are those that were asked; `reported` those of them whose report arrived."""

    code: str
    name: str
    villages: int = 0
    reported: int = 0
    states: dict[ReportState, int] = field(default_factory=lambda: dict.fromkeys(ReportState, 0))
    makers: int = 0
    workers: int = 0
    products: int = 0
    sales: int = 0

    @property
    def missing(self) -> int:
        """Villages that were asked and have not reported."""
        return max(0, self.villages - self.reported)

    def add(self, other: ReportFigures) -> None:
        """Count another area's figures in."""
        for name in ("villages", "reported", "makers", "workers", "products", "sales"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for state, count in other.states.items():
            self.states[state] += count


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One report with what was sent, and by whom; the latest first."""

    report: VillageReport
    #: The last version sent, or None before the first.
    sent: ReportContent | None
    versions: Sequence[ReportVersion]
    steps: Sequence[ReportStep]


def list_reports(session: Session, focus: Focus, period: ReportPeriod, wanted: str = "", *, page: int = 1) -> Page[ReportRow]:
    """Every village that was asked, with its reports; `wanted` is a state's value or `missing`. Two statements."""
    condition = _wanted(wanted)
    total = session.scalar(_reports(select(func.count()), focus, period).where(condition)) or 0
    statement = _listed(focus, period).where(condition).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page([_row(row) for row in session.execute(statement)], total, page, PAGE_SIZE)


def stream_reports(session: Session, focus: Focus, period: ReportPeriod) -> Iterator[ReportRow]:
    """The same for a file, whole."""
    for row in session.execute(_listed(focus, period), execution_options={"yield_per": _AT_ONCE}):
        yield _row(row)


def measure_reports(session: Session, focus: Focus, period: ReportPeriod, language: str) -> list[ReportFigures]:
    """Figures of the areas below, or of a district itself, by name. Two statements."""
    below: Any = Regency if focus.level == PROVINCE else District
    asked = _villages(select(below.code, below.name, below.short_name, func.count()), focus, period)
    found: dict[str, ReportFigures] = {}
    for code, name, short_name, count in session.execute(asked.group_by(below.code, below.name, below.short_name)):
        area = Area(code=code, name=name, short_name=short_name, level=level_of(code))
        found[code] = ReportFigures(code, display_name(area, language), villages=count)
    key = VillageReport.regency_code if focus.level == PROVINCE else VillageReport.district_code
    is_village = case((VillageReport.unit_kind == UnitKind.VILLAGE, 1), else_=0)
    sums = (func.sum(column) for column in (ReportVersion.makers, ReportVersion.workers, ReportVersion.products, ReportVersion.sales))
    statement = (
        select(key, VillageReport.state, func.count(), func.sum(is_village), *sums)
        .outerjoin(ReportVersion, and_(ReportVersion.report_id == VillageReport.id, ReportVersion.version == VillageReport.version))
        .where(VillageReport.period_id == period.id, _within(focus))
        .group_by(key, VillageReport.state)
    )
    for code, state, count, villages, *amounts in session.execute(statement):
        figures = found.setdefault(code, ReportFigures(code, code))
        figures.states[state] += count
        if state in COUNTED:
            figures.reported += int(villages or 0)
            for name, amount in zip(("makers", "workers", "products", "sales"), amounts, strict=True):
                setattr(figures, name, getattr(figures, name) + int(amount or 0))
    return sorted(found.values(), key=lambda figures: (figures.name, figures.code))


def add_up(code: str, name: str, parts: Sequence[ReportFigures]) -> ReportFigures:
    """The whole of some parts."""
    whole = ReportFigures(code, name)
    for part in parts:
        whole.add(part)
    return whole


def count_needs(session: Session, focus: Focus, period: ReportPeriod) -> list[tuple[Need, int]]:
    """What is needed most, by how many reports that count ask for it. One statement."""
    counts: Counter[Need] = Counter()
    for _report, content in stream_contents(session, focus, period):
        counts.update(content.needs)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].value))


def stream_contents(session: Session, focus: Focus, period: ReportPeriod) -> Iterator[tuple[Any, ReportContent]]:
    """Village, unit and content of every report that counts, by village; for sums over what the texts hold."""
    statement = (
        select(Village.name.label("village"), VillageReport.village_code, VillageReport.unit_name, ReportVersion.content)
        .join(Village, Village.code == VillageReport.village_code)
        .join(ReportVersion, and_(ReportVersion.report_id == VillageReport.id, ReportVersion.version == VillageReport.version))
        .where(VillageReport.period_id == period.id, _within(focus), VillageReport.state.in_(COUNTED))
        .order_by(VillageReport.village_code, VillageReport.id)
    )
    for row in session.execute(statement, execution_options={"yield_per": _AT_ONCE}):
        yield row, contents.load(row.content)


def has_village_report(session: Session, period: ReportPeriod, village_code: str) -> bool:
    """Whether the village's own report of the period was begun: only units in it can begin another."""
    own = (VillageReport.period_id == period.id, VillageReport.village_code == village_code, VillageReport.unit_kind == UnitKind.VILLAGE)
    return session.scalar(select(VillageReport.id).where(*own)) is not None


def get_report(session: Session, actor: Actor, code: str) -> VillageReport:
    """A report in reach with its period, village and district; a draft only for whoever writes or checks there. NotFound elsewhere."""
    statement = select(VillageReport).where(VillageReport.code == code.strip().upper())
    report = session.scalar(
        statement.options(joinedload(VillageReport.period), joinedload(VillageReport.village).joinedload(Area.parent)).execution_options(
            populate_existing=True
        )
    )
    if report is None or not any(covers(prefix, report.village_code) for prefix in actor.area_prefixes(Permission.VIEW_PROGRAMME)):
        raise NotFound
    if report.version == 0 and not may_see_draft(actor, report):
        raise NotFound
    return report


def may_see_draft(actor: Actor, report: VillageReport) -> bool:
    """Whether what is not sent yet concerns this person."""
    return any(actor.can(each, area_code=report.village_code) for each in (Permission.SEND_REPORTS, Permission.CHECK_REPORTS))


def read_report(session: Session, actor: Actor, code: str) -> ReportFile:
    """A report with its versions and steps. Three statements."""
    report = get_report(session, actor, code)
    versions = session.scalars(
        select(ReportVersion).where(ReportVersion.report_id == report.id).order_by(ReportVersion.version.desc())
    ).all()
    steps = session.scalars(select(ReportStep).where(ReportStep.report_id == report.id).order_by(ReportStep.id.desc())).all()
    return ReportFile(report, contents.load(versions[0].content) if versions else None, versions, steps)


def _within(focus: Focus) -> ColumnElement[bool]:
    match focus.level:
        case 1:
            return VillageReport.province_code == focus.code
        case 2:
            return VillageReport.regency_code == focus.code
        case 3:
            return and_(VillageReport.regency_code == focus.code[:5], VillageReport.district_code == focus.code)
        case _:
            return VillageReport.village_code == focus.code


def _villages(statement: Rows, focus: Focus, period: ReportPeriod) -> Rows:
    """The villages that are asked: every desa, and each kelurahan that was mapped in the period's year."""
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == period.first_on.year)
    status = func.coalesce(ProgrammeRecord.status, literal(ProgrammeStatus.NOT_MAPPED, ProgrammeRecord.status.type))
    statement = statement.select_from(Village).join(District, District.code == Village.parent_code)
    statement = statement.join(Regency, Regency.code == District.parent_code).outerjoin(ProgrammeRecord, record)
    outside = and_(Village.kind == VillageKind.KELURAHAN, status == ProgrammeStatus.NOT_MAPPED)
    return statement.where(focus.villages(), not_(outside))


def _reports(statement: Rows, focus: Focus, period: ReportPeriod) -> Rows:
    own = and_(VillageReport.village_code == Village.code, VillageReport.period_id == period.id)
    return _villages(statement, focus, period).outerjoin(VillageReport, own)


def _listed(focus: Focus, period: ReportPeriod) -> Rows:
    columns = (
        *(Village.code.label("village_code"), Village.name.label("village"), District.name.label("district")),
        *(Regency.name.label("regency"), Regency.short_name.label("regency_short"), VillageReport.code, VillageReport.unit_kind),
        *(VillageReport.unit_name, VillageReport.state, VillageReport.is_corrected, VillageReport.sent_at),
        *(ReportVersion.products, ReportVersion.makers, ReportVersion.sales),
    )
    sent = and_(ReportVersion.report_id == VillageReport.id, ReportVersion.version == VillageReport.version)
    statement = _reports(select(*columns), focus, period).outerjoin(ReportVersion, sent)
    return statement.order_by(District.code, Village.code, VillageReport.id)


def _wanted(wanted: str) -> ColumnElement[bool]:
    state = next((each for each in ReportState if each.value == wanted), None)
    if state is not None:
        return VillageReport.state == state
    if wanted == "missing":
        return or_(VillageReport.id.is_(None), VillageReport.state.not_in(ARRIVED))
    return literal(True)


def _row(row: Any) -> ReportRow:
    return ReportRow(
        village_code=row.village_code,
        village=row.village,
        district=row.district,
        regency=row.regency_short or row.regency,
        code=row.code or "",
        unit_kind=row.unit_kind or UnitKind.VILLAGE,
        unit_name=row.unit_name or "",
        state=row.state,
        is_corrected=bool(row.is_corrected),
        products=row.products or 0,
        makers=row.makers or 0,
        sales=row.sales or 0,
        sent_at=row.sent_at,
    )
