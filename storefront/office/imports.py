"""Imports in the office: send a table, look at its columns and at what it would do, follow it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.importing import chunks, runs
from catalog.importing.columns import COLUMNS, label_of, missing_columns
from catalog.models.importing import ImportKind, ImportRun, ImportState, Outcome
from catalog.tables.reading import MOST_ROWS
from kernel import clock
from kernel.errors import N_
from kernel.paging import parse_page
from storefront.database import reading
from storefront.fields import ChoiceField, FilesField, PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.import_files import reason_words
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.state_words import IMPORT_KIND

#: Seconds after which a page looks again while the worker is at it, with or without JavaScript (U41).
LOOK_AGAIN = 2
#: Cells of a heading's column that are shown beside it.
_SAMPLES = 3


class ImportForm(PageForm):
    """A new table."""

    kind = ChoiceField(N_("What the rows are"))
    file = FilesField(
        N_("File"),
        accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        hint=N_("CSV or XLSX, up to 20 MB and 100,000 rows."),
    )


def imports() -> ResponseReturnValue:
    """The imports so far, a form for a new one, templates, and the same tables as they are now."""
    actor, form = current_actor(), ImportForm(data={"kind": asked("kind", 12)})
    form.kind.choices = [(kind.value, _(words)) for kind, words in IMPORT_KIND.items()]
    made: list[ImportRun] = []

    def work(session: Session) -> None:
        file = form.file.value[0]
        made.append(runs.start_import(session, actor, ImportKind(form.kind.value), file.filename or "", file.read()))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.import_run", code=made[0].code), 303)
    page = runs.list_runs(reading(), actor, asked_page())
    return render_template(
        "office/imports/imports.html",
        form=form,
        page=page,
        kinds=[(kind.value, _(words)) for kind, words in IMPORT_KIND.items()],
        page_url=page_addresses("office.imports"),
    ), status_of(form)


def import_run(code: str) -> ResponseReturnValue:
    """One import where it stands: its columns, how far it is, the preview, or the result."""
    return _page(code, PageForm(formdata=None))


def import_columns(code: str) -> ResponseReturnValue:
    """Say which heading is which column. Another heading row is looked at anew."""
    form, run = PageForm(), runs.get_run(reading(), current_actor(), code)
    header_row, columns = _typed_columns(run)
    is_going_back = "back" in request.form

    def work(session: Session) -> None:
        fresh = runs.get_run(session, current_actor(), code)
        runs.choose_columns(session, fresh, header_row, _kept(fresh) if is_going_back else columns)
        if columns is not None and not is_going_back:
            runs.check_import(session, current_actor(), fresh)

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.import_run", code=code), 303)
    return _page(code, form)


def import_check(code: str) -> ResponseReturnValue:
    """Let every row be looked at."""
    return _act(code, runs.check_import, _("The rows are being looked at. Nothing changes yet."))


def import_begin(code: str) -> ResponseReturnValue:
    """Let the good rows come in, or go on."""
    return _act(code, runs.run_import, _("The rows are coming in. You can leave this page."))


def import_stop(code: str) -> ResponseReturnValue:
    """Stop after the present batch."""
    return _act(code, runs.stop_import, _("The import is stopped. What came in stays; you can go on later."))


def import_remove(code: str) -> ResponseReturnValue:
    """Forget the table."""
    form = PageForm()

    def work(session: Session) -> None:
        runs.remove_import(session, current_actor(), runs.get_run(session, current_actor(), code))

    if not save(form, work):
        return _page(code, form)
    flash(_("The table is removed. What came in stays."), "success")
    return redirect(url_for("office.imports"), 303)


def _act(code: str, verb: Callable[..., ImportRun], said: str) -> ResponseReturnValue:
    form = PageForm()

    def work(session: Session) -> None:
        verb(session, current_actor(), runs.get_run(session, current_actor(), code))

    if not save(form, work):
        return _page(code, form)
    flash(said, "success")
    return redirect(url_for("office.import_run", code=code), 303)


def _page(code: str, form: PageForm) -> ResponseReturnValue:
    session = reading()
    run = runs.get_run(session, current_actor(), code)
    show = asked("show", 10)
    outcome = Outcome(show) if show in set(Outcome) else _worth_showing(run)
    findings = runs.list_findings(session, run, outcome, parse_page(asked("page", 6)))
    columns = {column.name: label_of(column, current_language()) for column in COLUMNS[run.kind]}
    page = render_template(
        "office/imports/import.html",
        run=run,
        form=form,
        look_again=LOOK_AGAIN if run.state in runs.AT_WORK else None,
        left=_time_left(run),
        outcome=outcome,
        counts=run.planned if run.state is ImportState.CHECKED else run.counts,
        findings=findings,
        reasons={finding.id: reason_words(run, finding) for finding in findings.rows if finding.reason},
        columns=columns,
        sheet=_sheet(session, run) if run.state in (ImportState.READY, ImportState.CHECKED) else None,
        missing=[label_of(column, current_language()) for column in missing_columns(run.kind, run.mapping)],
        most_rows=MOST_ROWS,
        kept_until=run.created_at + runs.KEPT,
        page_url=page_addresses("office.import_run", code=code, show=outcome.value),
        State=ImportState,
        Outcome=Outcome,
        history=history_of([f"import:{run.code}"]),
    )
    return page, 422 if form.is_submitted() else 200


def _worth_showing(run: ImportRun) -> Outcome:
    """What somebody wants to see first: what went wrong, else what changes."""
    counts = run.planned if run.state is ImportState.CHECKED else run.counts
    order = (Outcome.BAD, Outcome.CHANGED, Outcome.NEW)
    return next((outcome for outcome in order if counts.get(outcome, 0)), Outcome.NEW)


def _time_left(run: ImportRun) -> int | None:
    """Seconds to go at the pace of this stage; None before there is a pace."""
    done, passed = run.rows_done - run.stage_from, clock.now() - run.stage_at
    if run.state not in (ImportState.CHECKING, ImportState.RUNNING) or done <= 0 or passed < timedelta(seconds=1):
        return None
    return max(1, round(passed.total_seconds() * (run.rows_total - run.rows_done) / done))


def _sheet(session: Session, run: ImportRun) -> dict[str, Any]:
    """The first rows of the table, for choosing the heading row and the columns."""
    first = chunks.list_first(session, run)
    headings = next((cells for number, cells in first if number == run.header_row), [])
    below = [cells for number, cells in first if number > run.header_row][:_SAMPLES]
    samples = [" · ".join(cells[at] for cells in below if at < len(cells) and cells[at])[:80] for at in range(len(headings))]
    needed = {column.name for column in COLUMNS[run.kind] if column.is_needed}
    return {
        "rows": [(number, " · ".join(cell for cell in cells if cell)[:100]) for number, cells in first[:12]],
        "headings": list(zip(headings, samples, strict=True)),
        "needed": needed,
    }


def _kept(run: ImportRun) -> dict[int, str]:
    return {place: name for name, place in run.mapping.items()}


def _typed_columns(run: ImportRun) -> tuple[int, dict[int, str] | None]:
    """The heading row and the column chosen for each place; None for the columns when another heading row was chosen."""
    typed = request.form.get("header_row", "")
    header_row = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    if header_row != run.header_row:
        return header_row, None
    places = ((name.removeprefix("at-"), value) for name, value in request.form.items() if name.startswith("at-") and value)
    return header_row, {int(place): value for place, value in places if place.isascii() and place.isdigit() and len(place) < 4}
