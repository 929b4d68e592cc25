"""Monitoring in the office: one area and span at a glance, compared with the span before, down to the village; and as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from catalog.mapping.focus import DISTRICT, VILLAGE, Focus
from kernel import clock
from kernel.errors import N_, NotFound
from orders.monitoring import figures as pure
from orders.monitoring import queries
from orders.monitoring.figures import AreaFigures
from orders.monitoring.spans import Span, SpanChoice, choose_span
from storefront.database import reading
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.office import monitoring_tables as tables
from storefront.office.programme_area import looked_at, way_around
from storefront.office.report_tables import show
from storefront.pages import asked
from storefront.spreadsheets import Cell, csv_rows
from storefront.templating import current_settings
from storefront.workbooks import MIMETYPE, workbook_parts

FILES = ("xlsx", "csv")
SPANS: dict[SpanChoice, str] = {
    SpanChoice.THIS_MONTH: N_("This month"),
    SpanChoice.LAST_MONTH: N_("Last month"),
    SpanChoice.THIS_QUARTER: N_("This quarter"),
    SpanChoice.LAST_QUARTER: N_("Last quarter"),
    SpanChoice.THIS_YEAR: N_("This year"),
}


def monitoring() -> ResponseReturnValue:
    """The dashboard."""
    focus, choice, span = looked_at(), asked_span(), choose_span(asked_span(), clock.today())
    parts, whole = _measure(focus, span)
    parts = sorted(parts, key=lambda part: (-part.now.gross, -part.mapped, part.name))
    buckets = queries.bucket_sales(reading(), focus, span)
    has_areas = focus.level < VILLAGE
    areas = tables.areas_table(parts, whole, is_villages=focus.level >= DISTRICT)
    return render_template(
        "office/monitoring/dashboard.html",
        span=span,
        whole=whole,
        tiles=tables.make_tiles(whole),
        charts=tables.make_charts(parts, whole, buckets, span, has_areas=has_areas),
        has_areas=has_areas,
        areas=areas,
        parts_of_area=parts,
        links=_links(focus, parts, choice),
        show=show,
        choices=[(each, _(name), url_for("office.monitoring", area=focus.code, span=each.value)) for each, name in SPANS.items()],
        choice=choice,
        files=[(kind.upper(), url_for("office.monitoring_file", kind=kind, area=focus.code, span=choice.value)) for kind in FILES],
        **way_around(focus, "office.monitoring", span=choice.value),
    )


def monitoring_file(kind: str) -> ResponseReturnValue:
    """The dashboard's tables as `xlsx` or `csv`."""
    if kind not in FILES:
        raise NotFound
    focus, choice, language = looked_at(), asked_span(), current_language()
    span = choose_span(choice, clock.today())
    parts, whole = _measure(focus, span)
    buckets = queries.bucket_sales(reading(), focus, span)
    with speaking(language):
        found = [tables.areas_table(parts, whole, is_villages=focus.level >= DISTRICT)]
        found += [chart.table for chart in tables.make_charts(parts, whole, buckets, span)]
        sheets: list[tuple[str, Iterable[Sequence[Cell]]]] = [(table.name, table.cells()) for table in found]
        if kind == "xlsx":
            body, mimetype = b"".join(workbook_parts(sheets)), MIMETYPE
        else:
            body, mimetype = "".join(csv_rows(row for _name, rows in sheets for row in (*rows, []))).encode(), "text/csv"
    answer = Response(body, mimetype=mimetype)
    name = f"monitoring-{focus.code}-{span.now.first:%Y%m%d}-{span.now.last:%Y%m%d}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked_span() -> SpanChoice:
    """The span in the address; this quarter for anything else."""
    return next((choice for choice in SpanChoice if choice.value == asked("span", 12)), SpanChoice.THIS_QUARTER)


def _measure(focus: Focus, span: Span) -> tuple[list[AreaFigures], AreaFigures]:
    parts = queries.measure_areas(reading(), focus, span, current_settings().programme_year, current_language())
    return parts, pure.add_up(focus.code, focus.name, parts)


def _links(focus: Focus, parts: Sequence[AreaFigures], choice: SpanChoice) -> dict[str, Any]:
    """Where each area below leads: further down, or to the village's file."""
    if focus.level >= DISTRICT:
        return {part.code: url_for("office.mapping_village", village=part.code) for part in parts}
    return {part.code: url_for("office.monitoring", area=part.code, span=choice.value) for part in parts}
