"""The roll-up of a period as files: one page for the wall, a workbook for sums, a table for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from catalog.mapping.focus import Focus
from catalog.models.reporting import ReportPeriod
from catalog.programme_offices import find_office_for
from catalog.reporting import queries
from catalog.reporting.queries import ReportFigures
from catalog.reporting.states import ReportState
from kernel import clock
from kernel.errors import NotFound
from storefront import state_words
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.documents.report_words import NEEDS, UNITS
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.office.programme_area import looked_at
from storefront.office.reporting import FILES, asked_period
from storefront.spreadsheets import Cell, csv_rows
from storefront.workbooks import MIMETYPE, workbook_parts

Sheet = tuple[str, Iterable[Sequence[Cell]]]


def report_roll_up(kind: str) -> ResponseReturnValue:
    """An area's period as `pdf`, `xlsx` or `csv`."""
    if kind not in FILES:
        raise NotFound
    focus, language = looked_at(), current_language()
    period = asked_period(focus)
    parts = queries.measure_reports(reading(), focus, period, language)
    if kind == "pdf":
        return _paper(focus, period, parts)
    with speaking(language):
        sheets: list[Sheet] = [(_("Figures"), _figures(focus, parts)), (_("Reports of the villages"), _reports(focus, period))]
        if kind == "xlsx":
            sheets += [(_("Products"), _products(focus, period)), (_("What is needed"), _needs(focus, period))]
            body, mimetype = b"".join(workbook_parts(sheets)), MIMETYPE
        else:
            body, mimetype = "".join(csv_rows(_joined(sheets))).encode(), "text/csv"
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="reports-{focus.code}-{period.first_on:%Y%m%d}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _paper(focus: Focus, period: ReportPeriod, parts: Sequence[ReportFigures]) -> Response:
    from storefront.documents.report_roll_up import draw_roll_up

    needs = [(_(NEEDS[need]), count) for need, count in queries.count_needs(reading(), focus, period)]
    drawn = draw_roll_up(focus, period, parts, needs, find_office_for(reading(), focus.code))
    return answer_pdf(drawn, f"{_('Roll-up')} {focus.name} {period.name}")


def _figures(focus: Focus, parts: Sequence[ReportFigures]) -> Iterator[Sequence[Cell]]:
    yield [
        *(_("Code"), _("Area"), _("Villages"), _("Reported"), _("Not reported"), _("Checked"), _("Received")),
        *(_("Businesses"), _("People"), _("Products"), _("Sales")),
    ]
    for part in (*parts, queries.add_up(focus.code, _("Total"), parts)):
        yield [
            *(part.code, part.name, part.villages, part.reported, part.missing),
            *(part.states[ReportState.CHECKED], part.states[ReportState.RECEIVED]),
            *(part.makers, part.workers, part.products, part.sales),
        ]


def _reports(focus: Focus, period: ReportPeriod) -> Iterator[Sequence[Cell]]:
    yield [
        *(_("Code"), _("Village"), _("District"), _("Regency"), _("Who reports"), _("State"), _("Corrected")),
        *(_("Businesses"), _("Products"), _("Sales"), _("Sent")),
    ]
    for row in queries.stream_reports(reading(), focus, period):
        yield [
            *(row.village_code, row.village, row.district, row.regency, row.unit_name or _(UNITS[row.unit_kind])),
            *(_(state_words.REPORT[row.state][0]) if row.state else _("Not reported"), _("yes") if row.is_corrected else ""),
            *(row.makers, row.products, row.sales, clock.local(row.sent_at, clock.home()).date().isoformat() if row.sent_at else ""),
        ]


def _products(focus: Focus, period: ReportPeriod) -> Iterator[Sequence[Cell]]:
    yield [_("Code"), _("Village"), _("Who reports"), _("Product"), _("Counted in"), _("Made"), _("Sold"), _("Sold for")]
    for report, content in queries.stream_contents(reading(), focus, period):
        for line in content.lines:
            yield [report.village_code, report.village, report.unit_name, line.name, line.unit, line.made, line.sold, line.sales]


def _needs(focus: Focus, period: ReportPeriod) -> Iterator[Sequence[Cell]]:
    yield [_("Code"), _("Village"), _("Who reports"), *(_(name) for name in NEEDS.values()), _("More about what is needed")]
    for report, content in queries.stream_contents(reading(), focus, period):
        asked = [_("yes") if need in content.needs else "" for need in NEEDS]
        yield [report.village_code, report.village, report.unit_name, *asked, content.needs_note]


def _joined(sheets: Sequence[Sheet]) -> Iterator[Sequence[Cell]]:
    for number, (_name, rows) in enumerate(sheets):
        if number:
            yield []
        yield from rows
