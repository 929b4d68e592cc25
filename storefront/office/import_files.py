"""Tables to take away: templates for an import, the whole catalogue in the same columns, and the rows that could not be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import Response, abort, stream_with_context

from catalog.importing import chunks, runs
from catalog.importing.columns import COLUMNS, label_of
from catalog.importing.exporting import stream_rows
from catalog.models.importing import ImportFinding, ImportKind, ImportRun, Outcome
from kernel import clock
from storefront.database import reading
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.security import current_actor
from storefront.spreadsheets import Cell, csv_rows
from storefront.state_words import IMPORT_KIND
from storefront.workbooks import MIMETYPE, workbook_parts

Rows = Iterable[Sequence[Cell]]


def table_template(what: str, ending: str) -> Response:
    """An empty table of one kind with its headings and one example."""
    kind = _kind(what)
    columns = COLUMNS[kind]
    rows: list[Sequence[Cell]] = [
        [label_of(column, current_language()) for column in columns],
        [column.example or None for column in columns],
    ]
    return _file(_(IMPORT_KIND[kind]), rows, ending, f"{kind.value}-template")


def table_export(what: str, ending: str) -> Response:
    """Everything of one kind in reach, streamed."""
    kind, actor, language = _kind(what), current_actor(), current_language()

    def rows() -> Iterator[Sequence[Cell]]:
        with speaking(language):
            yield [label_of(column, current_language()) for column in COLUMNS[kind]]
        # Asked for here and not before: when a long file is sent, the request's own session is over.
        yield from stream_rows(reading(), actor, kind)

    return _file(_(IMPORT_KIND[kind]), rows(), ending, f"{kind.value}-{clock.today():%Y%m%d}")


def import_bad_rows(code: str, ending: str) -> Response:
    """The rows that could not be used, as they were sent, with the reason of each; to correct and send again."""
    run = runs.get_run(reading(), current_actor(), code)
    language = current_language()

    def rows() -> Iterator[Sequence[Cell]]:
        with speaking(language):
            yield from bad_rows(run)

    return _file(_("Rows to correct"), rows(), ending, f"{run.kind.value}-{run.code}-rows-to-correct")


def bad_rows(run: ImportRun) -> Iterator[Sequence[Cell]]:
    """The headings, then every bad row with its number and its reason in the language of the page."""
    session = reading()
    headings = chunks.headings_of(session, run)
    yield [*headings, _("Row"), _("Why")]
    page = 1
    while True:
        found = runs.list_findings(session, run, Outcome.BAD, page)
        if not found.rows:
            return
        reasons = {finding.row_number: finding for finding in found.rows}
        last = found.rows[-1].row_number
        for number, cells in chunks.iter_rows(session, run, found.rows[0].row_number - 1):
            if number in reasons:
                padded = [*cells, *[""] * (len(headings) - len(cells))][: len(headings)]
                yield [*padded, number, reason_words(run, reasons[number])]
            if number >= last:
                break
        page += 1


def reason_words(run: ImportRun, finding: ImportFinding) -> str:
    """Why a row is bad, with the name of the column it is about."""
    words = _(finding.reason, **finding.params) if finding.params else _(finding.reason)
    column = next((column for column in COLUMNS[run.kind] if column.name == finding.column), None)
    return f"{label_of(column, current_language())}: {words}" if column else words


def _kind(what: str) -> ImportKind:
    if what not in set(ImportKind):
        abort(404)
    return ImportKind(what)


def _file(title: str, rows: Rows, ending: str, name: str) -> Response:
    if ending == "xlsx":
        parts, mimetype = workbook_parts([(title, rows)]), MIMETYPE
    elif ending == "csv":
        parts, mimetype = (part.encode() for part in csv_rows(rows)), "text/csv; charset=utf-8"
    else:
        abort(404)
    answer = Response(stream_with_context(parts), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
