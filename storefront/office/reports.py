"""Reports on sales, goods and losses at the outlets in reach: pages, and the same tables as files (docs/reports.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_date
from orders.reports import sales
from orders.reports.period import Period, PeriodChoice, choose_period, period_before
from orders.reports.sales import Grouping
from orders.reports.scope import ReportOutlet, Scope, list_report_outlets
from storefront.database import reading
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.office import report_tables as tables
from storefront.office.report_tables import Report, Table
from storefront.pages import asked
from storefront.security import current_actor
from storefront.spreadsheets import Cell, csv_rows
from storefront.workbooks import MIMETYPE, workbook_parts

#: Pages in the order of their tabs; the groupings come between.
OVERVIEW, GOODS, LOSSES, LINES = "overview", "goods", "losses", "lines"
PAGES = (OVERVIEW, *(grouping.value for grouping in Grouping), GOODS, LOSSES, LINES)
TITLES: dict[str, str] = {
    OVERVIEW: N_("Overview"),
    **{grouping.value: name for grouping, name in tables.GROUP_NAMES.items()},
    GOODS: N_("Goods"),
    LOSSES: N_("Losses"),
    LINES: N_("Sale lines"),
}
CHOICES: dict[PeriodChoice, str] = {
    PeriodChoice.TODAY: N_("Today"),
    PeriodChoice.YESTERDAY: N_("Yesterday"),
    PeriodChoice.THIS_MONTH: N_("This month"),
    PeriodChoice.LAST_MONTH: N_("Last month"),
}
#: Sale lines shown on their page; the file has all of them.
SHOWN_LINES = 50
#: A file is made within the half minute that a worker may take (deploy/gunicorn.conf.py).
MOST_LINES = 150_000
#: Up to so many it is made whole and then sent.
FEW_LINES = 1_000
TOO_MANY = N_("These days have %(count)s sale lines; a file holds %(most)s at most. Please choose fewer days.")


@dataclass(slots=True)
class Asked:
    """What the address asks for, as typed, and what it means; `problems` are (field, words)."""

    outlets: tuple[ReportOutlet, ...]
    outlet: str
    choice: PeriodChoice
    first: str
    last: str
    scope: Scope | None
    problems: list[tuple[str, str]]

    def address(self) -> dict[str, Any]:
        """The same question for another page."""
        typed = {"from": self.first, "to": self.last} if self.choice is PeriodChoice.DAYS else {}
        return {name: value for name, value in {"outlet": self.outlet, "period": self.choice.value, **typed}.items() if value}


def reports() -> ResponseReturnValue:
    """The period at a glance."""
    return _page(OVERVIEW)


def report(what: str) -> ResponseReturnValue:
    """One report; 404 for a name that is none."""
    return _page(what)


def report_file(what: str, kind: str) -> ResponseReturnValue:
    """The tables of a report as `csv` or `xlsx`, streamed from the database."""
    question = _question()
    if what not in PAGES or kind not in ("csv", "xlsx"):
        raise NotFound
    if question.scope is None:
        abort(400)
    count = sales.count_lines(reading(), question.scope) if what == LINES else 0
    if count > MOST_LINES:
        raise InvalidInput(TOO_MANY, count=count, most=MOST_LINES)
    found = _sheets(reading(), question.scope, what)
    period = question.scope.period
    title = _(TITLES[what]).lower().replace(" ", "-")
    name = f"{title}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{kind}"
    parts, mimetype = (workbook_parts(found), MIMETYPE) if kind == "xlsx" else (_csv(found), "text/csv")
    return _answer(parts, mimetype, name, is_long=count > FEW_LINES)


def _page(what: str) -> ResponseReturnValue:
    if what not in PAGES:
        raise NotFound
    question = _question()
    shown: dict[str, Any] = {"report": None, "lines_count": 0}
    if question.scope is not None and question.outlets:
        shown = _shown(reading(), question.scope, what)
    page = render_template(
        "office/reports/report.html",
        what=what,
        tabs=[(_(TITLES[name]), _address(name, question), name == what) for name in PAGES],
        asked=question,
        choices=[(choice, _(name), _address(what, question, period=choice.value)) for choice, name in CHOICES.items()],
        title=_(TITLES[what]),
        here_url=url_for("office.reports") if what == OVERVIEW else url_for("office.report", what=what),
        outlet_links=[("", _("All outlets"), _address(what, question, outlet="")), *_outlet_links(what, question)],
        show=tables.show,
        files=[(kind.upper(), url_for("office.report_file", what=what, kind=kind, **question.address())) for kind in ("xlsx", "csv")],
        most_rows=tables.MOST_ROWS,
        **shown,
    )
    return page, 422 if question.problems else 200


def _shown(session: Session, scope: Scope, what: str) -> dict[str, Any]:
    if what == LINES:
        lines = list(tables.line_cells(sales.list_lines(session, scope, SHOWN_LINES)))
        table = Table(_("Sale lines"), tables.line_columns(), lines)
        return {"report": Report([table], is_empty=not lines), "lines_count": sales.count_lines(session, scope)}
    return {"report": _make(session, scope, what), "lines_count": 0}


def _make(session: Session, scope: Scope, what: str) -> Report:
    if what == OVERVIEW:
        return tables.make_overview(session, scope)
    if what == GOODS:
        return tables.make_goods(session, scope)
    if what == LOSSES:
        return tables.make_losses(session, scope)
    return tables.make_grouped(session, scope, Grouping(what))


def _sheets(session: Session, scope: Scope, what: str) -> list[tuple[str, Iterable[Sequence[Cell]]]]:
    """(name, rows) of each table of a report."""
    if what != LINES:
        return [(table.name, table.cells()) for table in _make(session, scope, what).tables]
    language = current_language()

    def rows() -> Iterator[Sequence[Cell]]:
        with speaking(language):
            yield [column.heading for column in tables.line_columns()]
            # Asked for here and not before: when a long file is sent, the request's own session is over.
            yield from tables.line_cells(sales.stream_lines(reading(), scope))

    return [(_("Sale lines"), rows())]


def _csv(sheets: list[tuple[str, Iterable[Sequence[Cell]]]]) -> Iterator[bytes]:
    def rows() -> Iterator[Sequence[Cell]]:
        for number, (_name, found) in enumerate(sheets):
            if number:
                yield []
            yield from found

    return (part.encode() for part in csv_rows(rows()))


def _answer(parts: Iterator[bytes], mimetype: str, name: str, *, is_long: bool) -> Response:
    """A file; a long one is sent while it is made."""
    answer = Response(stream_with_context(parts) if is_long else b"".join(parts), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _question() -> Asked:
    """The outlet and the days in the address; 404 for an outlet out of reach, a problem for days that make no sense."""
    outlets = list_report_outlets(reading(), current_actor())
    code, first, last = asked("outlet", 8), asked("from", 20), asked("to", 20)
    wanted = tuple(outlet for outlet in outlets if code in ("", outlet.code))
    if code and not wanted:
        raise NotFound
    question = Asked(outlets, code, PeriodChoice.THIS_MONTH, first, last, None, [])
    try:
        question.choice = parse_choice(PeriodChoice, request.args.get("period") or PeriodChoice.THIS_MONTH.value, field="period")
        today = max((clock.today(outlet.zone) for outlet in wanted), default=clock.today())
        period = choose_period(question.choice, today, *_typed(question))
        question.scope = Scope(wanted, period, period_before(period, question.choice))
        _keep(question, period)
    except InvalidInput as refusal:
        question.problems = [(refusal.field or "from", _(refusal.message, **refusal.params))]
    return question


def _typed(question: Asked) -> tuple[date | None, date | None]:
    if question.choice is not PeriodChoice.DAYS:
        return None, None
    return (
        parse_date(question.first, field="from") if question.first else None,
        parse_date(question.last, field="to") if question.last else None,
    )


def _keep(question: Asked, period: Period) -> None:
    """What stands in the date fields: the days that are shown."""
    question.first, question.last = period.first.isoformat(), period.last.isoformat()


def _address(what: str, question: Asked, **changes: str) -> str:
    values: dict[str, Any] = {name: value for name, value in (question.address() | changes).items() if value}
    if values.get("period") != PeriodChoice.DAYS.value:
        values.pop("from", None)
        values.pop("to", None)
    return url_for("office.reports", **values) if what == OVERVIEW else url_for("office.report", what=what, **values)


def _outlet_links(what: str, question: Asked) -> list[tuple[str, str, str]]:
    return [(outlet.code, outlet.name, _address(what, question, outlet=outlet.code)) for outlet in question.outlets]
