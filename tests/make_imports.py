"""Tables on their way in, for the tests of imports: sent, read, checked and run without a worker."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from catalog.importing import chunks, runs, working
from catalog.importing.working import Trouble
from catalog.models.importing import ImportKind, ImportRun, ImportState
from kernel.errors import DomainError
from kernel.people import Actor

MAKERS = b"Nama usaha,Desa\r\nDapur Impor,16.12.04.2003\r\nDapur Tanpa Desa,Entah\r\n"


def make_import(session: Session, actor: Actor, data: bytes = MAKERS, kind: ImportKind = ImportKind.MAKERS) -> ImportRun:
    """A table that was read; its columns wait for a look."""
    run = runs.start_import(session, actor, kind, "tabel.csv", data)
    read(session, run)
    return run


def read(session: Session, run: ImportRun) -> None:
    """What the worker does with a file."""
    try:
        table = chunks.read_table(run.kind, chunks.load_file(session, run))
    except DomainError as refusal:
        working.give_up(session, run.id, refusal.message)
        return
    working.store_table(session, run.id, table)


def check(session: Session, actor: Actor, run: ImportRun) -> ImportRun:
    """Look at every row."""
    runs.check_import(session, actor, run)
    desk = working.open_desk(session, run)
    assert desk is not None
    while working.store_checked(session, run.id, desk, working.check_batch(session, run, desk)):
        pass
    assert run.state is ImportState.CHECKED
    return run


def bring_in(session: Session, actor: Actor, run: ImportRun, most_batches: int = 10_000) -> ImportRun:
    """Run it to its end, or for so many batches."""
    if run.state is not ImportState.RUNNING:
        runs.run_import(session, actor, run)
    desk = working.open_desk(session, run)
    assert desk is not None
    for _batch in range(most_batches):
        planned = working.plan_batch(session, run, desk)
        try:
            with session.begin_nested():
                goes_on = working.apply_batch(session, run.id, desk, planned)
        except Trouble:
            desk.is_careful = True
            working.look_again(session, desk)
            continue
        if not goes_on:
            break
    return run


def import_table(session: Session, actor: Actor, kind: ImportKind, rows: Sequence[Sequence[str]]) -> ImportRun:
    """All of it, from rows of cells with the headings first."""
    data = "\r\n".join(";".join(row) for row in rows).encode()
    run = check(session, actor, make_import(session, actor, data, kind))
    return bring_in(session, actor, run) if run.planned["new"] + run.planned["changed"] else run
