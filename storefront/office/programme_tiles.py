"""What waits in the programme for whoever looks: reports of villages, visits and tasks, papers that end; for the office's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from catalog.mapping.focus import VILLAGE, Focus
from catalog.mentoring import queries as mentoring
from catalog.models.mentoring import Visit
from catalog.models.reporting import PeriodState, ReportPeriod, UnitKind
from catalog.papers import queries as papers
from catalog.reporting import periods, queries
from catalog.reporting.queries import ReportRow
from catalog.reporting.states import EDITABLE, ReportState
from kernel import clock
from kernel.errors import NotFound
from kernel.people import Actor, Permission
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.curation_tiles import Tile
from storefront.office.programme_area import looked_at
from storefront.templating import current_settings

#: Papers that end within so many days are counted here.
SOON = 30
#: A village is reminded of so many open periods.
OPEN_PERIODS = 3
#: A mentor's next visits on the first page; the others stand in the room.
NEXT_VISITS = 4


@dataclass(frozen=True, slots=True)
class OwnReport:
    """The report of one village, for those who see no other: no state when nothing was written."""

    name: str
    period: ReportPeriod
    state: ReportState | None
    is_their_turn: bool
    is_late: bool
    address: str


@dataclass(frozen=True, slots=True)
class ReportsToday:
    """The latest open period and how many reports stand where; or one village's own, of earlier open periods too where it is its turn."""

    period: ReportPeriod
    is_late: bool
    address: str
    villages: list[OwnReport]
    tiles: list[Tile]


def reports_today(session: Session, actor: Actor) -> ReportsToday | None:
    """None while nothing is asked, or for whoever does not see the programme. Five statements, a village's one more a period."""
    if not actor.can(Permission.VIEW_PROGRAMME):
        return None
    try:
        focus = looked_at()
    except NotFound:  # official areas are not imported yet: nothing is asked of anybody, and the page is there all the same
        return None
    today = clock.today(current_settings().zone)
    found = [each for each in periods.list_periods(session, focus.code) if each.state is PeriodState.OPEN]
    if not found:
        return None
    address = url_for("office.reporting", area=focus.code, period=found[0].code)
    if focus.level != VILLAGE:
        return ReportsToday(found[0], found[0].due_on < today, address, [], _tiles(session, actor, focus, found[0]))
    own = [_own(actor, period, row, today) for period in found[:OPEN_PERIODS] for row in queries.list_reports(session, focus, period).rows]
    shown = [each for each in own if each.is_their_turn or each.period is found[0]]
    return ReportsToday(found[0], found[0].due_on < today, address, shown, [])


def programme_tiles(session: Session, actor: Actor, today: date) -> list[Tile]:
    """Visits, action items and papers in reach. Three statements."""
    if not actor.can(Permission.VIEW_CURATION):
        return []
    counts, ending = mentoring.count_mentoring(session, actor, today), papers.count_papers(session, actor, today)
    return [
        (counts.planned_visits, _("visits are planned"), url_for("office.mentoring", _anchor="planned"), "blue"),
        (counts.open_items, _("action items are open"), url_for("office.action_items"), "amber"),
        (counts.overdue_items, _("of them overdue"), url_for("office.action_items", show="overdue"), "red"),
        (ending.within[SOON], _("papers end within 30 days"), url_for("office.papers", state="expiring", within=SOON), "amber"),
    ]


def visits_today(session: Session, actor: Actor, today: date) -> list[Visit]:
    """Where a mentor goes next; nothing for those who also decide, whose day is the desk's."""
    if not actor.can(Permission.MENTOR_MAKERS) or actor.can(Permission.DECIDE_CURATION):
        return []
    return mentoring.list_planned(session, actor, today, NEXT_VISITS)


def _own(actor: Actor, period: ReportPeriod, row: ReportRow, today: date) -> OwnReport:
    may_write = actor.can(Permission.SEND_REPORTS, area_code=row.village_code)
    is_their_turn = may_write and (row.state is None or row.state in EDITABLE)
    if not row.code:
        begin = url_for("office.report_begin", period=period.code, village=row.village_code)
        address = begin if may_write else url_for("office.reporting", area=row.village_code, period=period.code)
    else:
        address = url_for("office.report_write" if is_their_turn else "office.village_report", report=row.code)
    name = row.village if row.unit_kind is UnitKind.VILLAGE else row.unit_name
    return OwnReport(name, period, row.state, is_their_turn, is_their_turn and period.due_on < today, address)


def _tiles(session: Session, actor: Actor, focus: Focus, period: ReportPeriod) -> list[Tile]:
    whole = queries.add_up(focus.code, focus.name, queries.measure_reports(session, focus, period, current_language()))

    def listed(state: str) -> str:
        return url_for("office.report_list", area=focus.code, period=period.code, state=state)

    may_check = actor.can(Permission.CHECK_REPORTS, area_code=focus.code)
    may_receive = actor.can(Permission.RECEIVE_REPORTS, area_code=focus.code)
    sent, checked = whole.states[ReportState.SENT], whole.states[ReportState.CHECKED]
    return [
        (sent, _("reports to check") if may_check else _("reports with the regency"), listed("sent"), "amber" if may_check else "blue"),
        (
            checked,
            _("reports to receive") if may_receive else _("reports with the province"),
            listed("checked"),
            "amber" if may_receive else "blue",
        ),
        (whole.missing, _("villages have not reported"), listed("missing"), "red"),
        (whole.reported, _("villages have reported"), url_for("office.report_list", area=focus.code, period=period.code), "leaf"),
    ]
