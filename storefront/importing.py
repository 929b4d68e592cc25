"""The worker's share of imports: a few seconds of batches at a turn, each in a short transaction of its own."""

from __future__ import annotations

import time

from catalog.importing import chunks, runs, working
from catalog.importing.working import Desk, Trouble
from catalog.models.importing import ImportRun, ImportState
from kernel.errors import DomainError
from storefront.database import db, end_reading, reading, transaction
from storefront.logs import log

#: How long other tasks of the worker wait for an import at most; holds end and mails leave in between.
TURN_SECONDS = 4.0
#: Seconds between two batches, left to whoever waits for the write lock; planning the next batch leaves some more.
REST_SECONDS = 0.01

#: The run at work in this process, or nothing. After a kill the next process begins with nothing and goes on from the checkpoint.
_desks: list[Desk] = []


def work_imports(seconds: float = TURN_SECONDS) -> int:
    """Work at the import that waits longest, until the turn is over or nothing waits; how many batches."""
    until, batches = time.monotonic() + seconds, 0
    for desk in _desks:
        working.look_again(reading(), desk)
    while time.monotonic() < until:
        run = working.find_next(reading())
        if run is None:
            end_reading()
            break
        _step(run)
        db.session.expunge_all()
        batches += 1
        time.sleep(REST_SECONDS)
    return batches


def forget_old_imports() -> int:
    """Remove what is older than the result page promises; how many."""
    forgotten = 0
    while True:
        with transaction() as session:
            done = runs.forget_old(session)
        forgotten += done
        if not done:
            return forgotten


def _step(run: ImportRun) -> None:
    """One batch of what the run's state asks for."""
    if run.state is ImportState.READING:
        _read(run)
        return
    desk = _take_up(run)
    if desk is None:
        with transaction() as session:
            working.leave(session, run.id)
    elif run.state is ImportState.CHECKING:
        _check(run, desk)
    else:
        _run(run, desk)


def _read(run: ImportRun) -> None:
    data = chunks.load_file(reading(), run)
    end_reading()
    try:
        table = chunks.read_table(run.kind, data)
    except DomainError as refusal:
        with transaction() as session:
            working.give_up(session, run.id, refusal.message)
        return
    with transaction() as session:
        working.store_table(session, run.id, table)


def _take_up(run: ImportRun) -> Desk | None:
    """The desk of this run and stage, or a new one; a check that another process began starts again."""
    kept = next((desk for desk in _desks if (desk.run_id, desk.stage) == (run.id, run.state) and desk.last_row == run.last_row), None)
    if kept is not None:
        return kept
    if run.state is ImportState.CHECKING and run.last_row:
        with transaction() as session:
            working.restart_check(session, run.id)
        db.session.expunge_all()
    desk = working.open_desk(reading(), run)
    _desks[:] = [desk] if desk is not None else []
    return desk


def _check(run: ImportRun, desk: Desk) -> None:
    findings = working.check_batch(reading(), run, desk)
    with transaction() as session:
        if not working.store_checked(session, run.id, desk, findings):
            _close(run, desk)


def _run(run: ImportRun, desk: Desk) -> None:
    planned = working.plan_batch(reading(), run, desk)
    try:
        with transaction() as session:
            goes_on = working.apply_batch(session, run.id, desk, planned)
    except Trouble:
        desk.is_careful = True
        working.look_again(reading(), desk)
        return
    if not goes_on:
        _close(run, desk)


def _close(run: ImportRun, desk: Desk) -> None:
    log.info("import stage over", run=run.code, stage=desk.stage.value, longest_lock_ms=round(desk.longest * 1000))
    _desks.clear()
