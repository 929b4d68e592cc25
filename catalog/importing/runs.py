"""An import from the person's side: send a table, say what its columns are, look at what it would do, let it run, stop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.access import ensure_can
from catalog.importing import chunks
from catalog.importing.columns import columns_of, guess_mapping, missing_columns
from catalog.models.importing import ImportChunk, ImportFinding, ImportKind, ImportRun, ImportState, Outcome
from catalog.tables.reading import check_file
from kernel import audit, clock, ids
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.paging import Page, read_page
from kernel.parsing import parse_text
from kernel.people import Actor, Permission

#: The result page and the rows stay so long.
KEPT = timedelta(days=30)
#: The worker is at it.
AT_WORK = (ImportState.READING, ImportState.CHECKING, ImportState.RUNNING)
#: What a person may have on the way at one time: the worker takes one after the other.
MOST_OPEN = 10
#: Runs forgotten in one transaction.
_PORTION = 20

#: What it takes to bring in each kind; the verbs look at the areas row by row.
PERMISSIONS = dict.fromkeys(ImportKind, Permission.EDIT_PRODUCTS) | {ImportKind.MAKERS: Permission.EDIT_MAKERS}


def start_import(session: Session, actor: Actor, kind: ImportKind, file_name: str, data: bytes) -> ImportRun:
    """Take a table in. Nothing but its size and its kind of file is looked at here; the worker reads it."""
    ensure_can(actor, PERMISSIONS[kind])
    check_file(file_name, data)
    open_states = (*AT_WORK, ImportState.READY, ImportState.CHECKED, ImportState.STOPPED)
    mine = select(ImportRun.id).where(ImportRun.created_by_id == actor.user_id, ImportRun.state.in_(open_states))
    if len(session.scalars(mine.limit(MOST_OPEN)).all()) == MOST_OPEN:
        raise Conflict(N_("You have %(most)s imports on the way. Please finish or remove one first."), most=MOST_OPEN)
    moment = clock.now()
    run = ImportRun(
        code=ids.make_code(),
        kind=kind,
        state=ImportState.READING,
        file_name=parse_text(file_name, field="file", maximum=4_000)[-120:] or "-",
        created_by_id=actor.user_id,
        created_at=moment,
        stage_at=moment,
        mapping={},
        planned={},
        counts={},
    )
    session.add(run)
    session.flush()
    chunks.store_file(session, run, data)
    _note(session, actor, "import.start", run, {"kind": kind.value, "file": run.file_name})
    return run


def choose_columns(session: Session, run: ImportRun, header_row: int, columns: Mapping[int, str] | None) -> ImportRun:
    """Say which heading (by its place) is which column; with None they are guessed anew from the row `header_row`."""
    _ensure_state(run, ImportState.READY, ImportState.CHECKED)
    if header_row not in [number for number, _cells in chunks.list_first(session, run)]:
        raise InvalidInput(N_("Please choose one of the first rows."), field="header_row")
    run.header_row = header_row
    headings = chunks.headings_of(session, run)
    run.mapping = guess_mapping(run.kind, headings) if columns is None else _checked_columns(run.kind, headings, columns)
    run.rows_done, run.last_row, run.planned = 0, 0, {}
    run.rows_total = sum(1 for _row in chunks.iter_rows(session, run, header_row))
    run.state = ImportState.READY
    _forget_findings(session, run)
    return run


def _checked_columns(kind: ImportKind, headings: list[str], columns: Mapping[int, str]) -> dict[str, int]:
    known = columns_of(kind)
    mapping: dict[str, int] = {}
    for place, name in columns.items():
        if name not in known or not 0 <= place < len(headings):
            raise InvalidInput(N_("Please choose one from the list."), field=f"at-{place}")
        if name in mapping:
            raise InvalidInput(N_("Two columns of the file cannot be the same."), field=f"at-{place}")
        mapping[name] = place
    return mapping


def check_import(session: Session, actor: Actor, run: ImportRun) -> ImportRun:
    """Let the worker look at every row. Nothing of the catalogue changes."""
    _ensure_state(run, ImportState.READY)
    if missing := missing_columns(run.kind, run.mapping):
        raise InvalidInput(N_("This column is needed; please say where it is."), field=missing[0].name)
    _forget_findings(session, run)
    _move(session, run, ImportState.READY, ImportState.CHECKING, rows_done=0, last_row=0, planned={}, stage_from=0)
    return run


def run_import(session: Session, actor: Actor, run: ImportRun) -> ImportRun:
    """Let the worker bring the good rows in, or go on where it was stopped."""
    ensure_can(actor, PERMISSIONS[run.kind])
    _ensure_state(run, ImportState.CHECKED, ImportState.STOPPED)
    if run.state is ImportState.CHECKED:
        if not run.planned.get(Outcome.NEW, 0) + run.planned.get(Outcome.CHANGED, 0):
            raise Conflict(N_("No row of this table changes anything."))
        _move(session, run, ImportState.CHECKED, ImportState.RUNNING, rows_done=0, last_row=0, counts={}, stage_from=0)
    else:
        _move(session, run, ImportState.STOPPED, ImportState.RUNNING, stage_from=run.rows_done)
    _note(session, actor, "import.run", run, {"from_row": run.last_row})
    return run


def stop_import(session: Session, actor: Actor, run: ImportRun) -> ImportRun:
    """Stop the worker after its present batch. What is in stays in; a check goes back to the columns."""
    _ensure_state(run, ImportState.CHECKING, ImportState.RUNNING)
    after = ImportState.STOPPED if run.state is ImportState.RUNNING else ImportState.READY
    _move(session, run, run.state, after)
    _note(session, actor, "import.stop", run, {"rows_done": run.rows_done})
    return run


def remove_import(session: Session, actor: Actor, run: ImportRun) -> None:
    """Forget a table with its findings, unless the worker is bringing it in. What came in stays in."""
    if run.state is ImportState.RUNNING:
        raise Conflict(N_("Please stop the import first."))
    _note(session, actor, "import.remove", run, {"state": run.state.value})
    _delete(session, [run.id])


def _sees_all(actor: Actor) -> bool:
    """A table may hold rows of any area: only who may see every area sees other people's tables."""
    return "" in actor.area_prefixes(Permission.MANAGE_PEOPLE)


def get_run(session: Session, actor: Actor, code: str) -> ImportRun:
    """One's own import, any for an administrator of all areas; NotFound otherwise."""
    statement = select(ImportRun).where(ImportRun.code == code).options(joinedload(ImportRun.created_by))
    run = session.scalar(statement.execution_options(populate_existing=True))
    if run is None or not (run.created_by_id == actor.user_id or _sees_all(actor)):
        raise NotFound
    return run


def list_runs(session: Session, actor: Actor, page: int = 1) -> Page[ImportRun]:
    """One's own imports, all for an administrator of all areas; the latest first."""
    statement = select(ImportRun).order_by(ImportRun.created_at.desc(), ImportRun.id.desc())
    if not _sees_all(actor):
        statement = statement.where(ImportRun.created_by_id == actor.user_id)
    return read_page(session, statement, number=page, size=20, options=[joinedload(ImportRun.created_by)])


def list_findings(session: Session, run: ImportRun, outcome: Outcome, page: int = 1) -> Page[ImportFinding]:
    """What is told about rows of one outcome, in the order of the table."""
    statement = select(ImportFinding).where(ImportFinding.run_id == run.id, ImportFinding.outcome == outcome)
    return read_page(session, statement.order_by(ImportFinding.row_number), number=page, size=50)


def forget_old(session: Session) -> int:
    """Remove runs that were sent longer than KEPT ago; how many, a few at a time."""
    old = select(ImportRun.id).where(ImportRun.created_at < clock.now() - KEPT, ImportRun.state.not_in(AT_WORK)).limit(_PORTION)
    found = list(session.scalars(old))
    _delete(session, found)
    return len(found)


def _ensure_state(run: ImportRun, *states: ImportState) -> None:
    if run.state not in states:
        raise Conflict


def _move(session: Session, run: ImportRun, before: ImportState, after: ImportState, **values: Any) -> None:
    """From one state to the next; the second of two who do it at once is told that it is done already."""
    session.flush()
    values |= {"state": after, "stage_at": clock.now()}
    statement = update(ImportRun).where(ImportRun.id == run.id, ImportRun.state == before).values(**values)
    if not cast("CursorResult[Any]", session.execute(statement.execution_options(synchronize_session=False))).rowcount:
        raise Conflict
    session.refresh(run)


def _forget_findings(session: Session, run: ImportRun) -> None:
    session.execute(delete(ImportFinding).where(ImportFinding.run_id == run.id))


def _delete(session: Session, run_ids: list[int]) -> None:
    for model in (ImportFinding, ImportChunk):
        session.execute(delete(model).where(model.run_id.in_(run_ids)))
    session.execute(delete(ImportRun).where(ImportRun.id.in_(run_ids)))


def _note(session: Session, actor: Actor, action: str, run: ImportRun, details: dict[str, Any]) -> None:
    audit.record(session, actor, action, f"import:{run.code}", details)
