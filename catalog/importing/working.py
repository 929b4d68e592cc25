"""An import from the worker's side: read the file, check every row, bring the good ones in; a checkpoint after every batch."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from catalog.importing import chunks
from catalog.importing.certificates import CertificateRows
from catalog.importing.makers import MakerRows
from catalog.importing.planning import Importer, Plan, Register, Row
from catalog.importing.prices import PriceRows
from catalog.importing.products import ProductRows
from catalog.importing.runs import AT_WORK, PERMISSIONS
from catalog.importing.variants import VariantRows
from catalog.models.importing import ImportFinding, ImportKind, ImportRun, ImportState, Outcome
from kernel import accounts, clock
from kernel.errors import N_, DomainError, InvalidInput
from kernel.inserts import insert_rows
from kernel.people import Actor, User

#: How long a batch may hold the write lock; others wait no longer than that (docs/importing.md).
LOCK_SECONDS = 0.1
LARGEST_BATCH, FIRST_BATCH = 200, 40
#: New and changed rows that the preview shows; every bad one is kept.
MOST_NEW, MOST_CHANGED = 200, 2_000

_IMPORTERS: dict[ImportKind, Callable[[Session, Actor, Register, Sequence[Row]], Importer]] = {
    ImportKind.MAKERS: MakerRows,
    ImportKind.PRODUCTS: ProductRows,
    ImportKind.VARIANTS: VariantRows,
    ImportKind.PRICES: PriceRows,
    ImportKind.CERTIFICATES: CertificateRows,
}
_TWICE = N_("Row %(number)s says something else about the same record.")
_BROKEN_RULE = N_("This row contradicts what is there already.")
_FORMULA = N_("This row holds a formula. Please paste the values instead.")
_LEFT = N_("Whoever began this import may no longer do so.")


class Trouble(Exception):
    """A verb refused in the middle of a batch: roll back, and do the batch again carefully."""


@dataclass(slots=True)
class Desk:
    """What the worker keeps in mind from batch to batch of one run; whoever begins anew begins with an empty one."""

    run_id: int
    kind: ImportKind
    stage: ImportState
    actor: Actor
    register: Register
    #: The checkpoint this desk knows; another one means that somebody began the stage again.
    last_row: int = 0
    #: Record -> the row that spoke of it first, and what it said.
    seen: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)
    shown: Counter[Outcome] = field(default_factory=Counter)
    batch: int = FIRST_BATCH
    is_careful: bool = False
    longest: float = 0.0
    #: Rows that were unpacked and not taken yet.
    ahead: list[Row] = field(default_factory=list)

    def pace(self, rows: int, seconds: float) -> None:
        """Learn from a batch how many rows fit into the next."""
        self.longest = max(self.longest, seconds)
        self.batch = max(10, min(LARGEST_BATCH, int(rows * 0.6 * LOCK_SECONDS / max(seconds, 0.001)) + 1))


@dataclass(slots=True)
class Finding:
    """What one row came to."""

    row: Row
    outcome: Outcome
    subject: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    refusal: DomainError | None = None


def find_next(session: Session) -> ImportRun | None:
    """The run that waits longest for the worker."""
    return session.scalar(select(ImportRun).where(ImportRun.state.in_(AT_WORK)).order_by(ImportRun.id).limit(1))


def open_desk(session: Session, run: ImportRun) -> Desk | None:
    """Get ready for a run: who asked for it, and what there is. None when that person may no longer do it."""
    user = session.scalar(select(User).where(User.id == run.created_by_id).options(selectinload(User.grants)))
    actor = accounts.as_actor(user) if user is not None and user.is_active else None
    if actor is None or not actor.can(PERMISSIONS[run.kind]):
        return None
    return Desk(run.id, run.kind, run.state, actor, _load_register(session, actor, run.kind), run.last_row)


def look_again(session: Session, desk: Desk) -> None:
    """Learn what others made meanwhile; and after a batch was rolled back, what is not there after all."""
    desk.register = _load_register(session, desk.actor, desk.kind)


def _load_register(session: Session, actor: Actor, kind: ImportKind) -> Register:
    register = Register(actor).load_makers(session)
    if kind is not ImportKind.MAKERS:
        register.load_products(session)
    return register.load_categories(session) if kind is ImportKind.PRODUCTS else register


# Reading.


def store_table(session: Session, run_id: int, table: chunks.ReadTable) -> None:
    """The file was read: its rows wait for a look at the columns."""
    run = _lock(session, run_id, ImportState.READING)
    if run is None:
        return
    chunks.store_table(session, run, table)
    run.header_row, run.mapping, run.rows_total = table.header_row, table.mapping, table.rows_total
    run.state, run.stage_at = ImportState.READY, clock.now()


def give_up(session: Session, run_id: int, message: str) -> None:
    """The run cannot go on; `message` is an English msgid."""
    run = _lock(session, run_id, *AT_WORK)
    if run is not None:
        run.state = ImportState.STOPPED if run.state is ImportState.RUNNING else ImportState.REFUSED
        run.problem, run.stage_at = message, clock.now()


def leave(session: Session, run_id: int) -> None:
    """Whoever began it may no longer do so."""
    give_up(session, run_id, _LEFT)


# Checking: plans are made without the write lock; only what was found is written.


def restart_check(session: Session, run_id: int) -> None:
    """A check whose worker died begins again: what it had in mind of the rows before is lost, and nothing was changed."""
    run = _lock(session, run_id, ImportState.CHECKING)
    if run is not None:
        session.execute(delete(ImportFinding).where(ImportFinding.run_id == run_id))
        run.rows_done, run.last_row, run.planned, run.stage_from = 0, 0, {}, 0


def check_batch(session: Session, run: ImportRun, desk: Desk) -> list[Finding]:
    """What the next rows would do. Only reads; empty at the end of the table."""
    rows = _take_rows(session, run, desk, LARGEST_BATCH)
    if not rows:
        return []
    importer = _IMPORTERS[run.kind](session, desk.actor, desk.register, rows)
    return [_plan_first(importer, row, desk) for row in rows]


def store_checked(session: Session, run_id: int, desk: Desk, findings: Sequence[Finding]) -> bool:
    """Keep what was found, and the checkpoint; whether there is more to do."""
    run = _lock(session, run_id, ImportState.CHECKING)
    if run is None:
        return False
    insert_rows(session, ImportFinding, [_row_of(run, finding) for finding in findings if _is_told(finding, desk)])
    run.planned, run.rows_done = _added(run.planned, findings), run.rows_done + len(findings)
    run.last_row = desk.last_row = findings[-1].row.number if findings else run.last_row
    if run.rows_done >= run.rows_total or not findings:
        run.state, run.stage_at = ImportState.CHECKED, clock.now()
        return False
    return True


# Running: planned like a check; the write lock is held only while the verbs write.

Planned = list[tuple["Finding", Plan | None]]


def plan_batch(session: Session, run: ImportRun, desk: Desk) -> Planned:
    """What the next rows do, seen from what is there now; rows that the check found bad stay out. Only reads."""
    rows = _take_rows(session, run, desk, desk.batch)
    if not rows:
        return []
    numbers = (rows[0].number, rows[-1].number)
    bad = select(ImportFinding.row_number).where(
        ImportFinding.run_id == run.id, ImportFinding.outcome == Outcome.BAD, ImportFinding.row_number.between(*numbers)
    )
    skipped = set(session.scalars(bad))
    importer = _IMPORTERS[run.kind](session, desk.actor, desk.register, [row for row in rows if row.number not in skipped])
    spoken_of: set[tuple[object, ...]] = set()
    planned: Planned = []
    for row in rows:
        finding, plan = (Finding(row, Outcome.BAD), None) if row.number in skipped else _plan(importer, row)
        if plan is not None and plan.key in spoken_of:  # the check let only rows through that say the same
            finding, plan = Finding(row, Outcome.UNCHANGED, finding.subject), None
        elif plan is not None:
            spoken_of.add(plan.key)
        planned.append((finding, plan))
    return planned


def apply_batch(session: Session, run_id: int, desk: Desk, planned: Planned) -> bool:
    """Call the verbs for about LOCK_SECONDS at most; whether there is more to do. Trouble asks to roll back and begin again."""
    started = time.monotonic()
    run = _lock(session, run_id, ImportState.RUNNING)
    if run is None:
        return False
    done: list[Finding] = []
    for finding, plan in planned:
        done.append(finding if plan is None or plan.outcome is Outcome.UNCHANGED else _apply(session, finding, plan, desk))
        if time.monotonic() - started > LOCK_SECONDS:
            break
    _tell_again(session, run, [finding for finding in done if finding.refusal is not None])
    run.counts, run.rows_done = _added(run.counts, done), run.rows_done + len(done)
    if done:
        run.last_row = desk.last_row = done[-1].row.number
    if not done or run.rows_done >= run.rows_total:
        run.state, run.finished_at = ImportState.DONE, clock.now()
    desk.is_careful = False
    desk.pace(len(done), time.monotonic() - started)
    return run.state is ImportState.RUNNING


def _apply(session: Session, finding: Finding, plan: Plan, desk: Desk) -> Finding:
    try:
        if desk.is_careful:
            with session.begin_nested():
                plan.apply()
        else:
            plan.apply()
    except (DomainError, IntegrityError) as error:
        if not desk.is_careful:
            raise Trouble from error
        refusal = error if isinstance(error, DomainError) else InvalidInput(_BROKEN_RULE)
        return Finding(finding.row, Outcome.BAD, finding.subject, refusal=refusal)
    return finding


def _plan(importer: Importer, row: Row) -> tuple[Finding, Plan | None]:
    try:
        if any(text.startswith("=") for text in row.cells.values()):
            raise InvalidInput(_FORMULA, field=next(name for name, text in row.cells.items() if text.startswith("=")))
        plan = importer.plan(row)
    except DomainError as refusal:
        return Finding(row, Outcome.BAD, _first_words(row), refusal=refusal), None
    return Finding(row, plan.outcome, plan.subject[:200], plan.changes), plan


def _plan_first(importer: Importer, row: Row, desk: Desk) -> Finding:
    """The plan of a row; a second row about the same record is bad when it says something else, and nothing new when it does not."""
    finding, plan = _plan(importer, row)
    if plan is None:
        return finding
    said = hash(tuple(sorted(row.cells.items())))
    number, before = desk.seen.setdefault(plan.key, (row.number, said))
    if number == row.number:
        return finding
    if before == said:
        return Finding(row, Outcome.UNCHANGED, finding.subject)
    return Finding(row, Outcome.BAD, finding.subject, refusal=InvalidInput(_TWICE, number=number))


def _tell_again(session: Session, run: ImportRun, findings: Sequence[Finding]) -> None:
    """What a row came to after all, instead of what the check foresaw."""
    if findings:
        numbers = [finding.row.number for finding in findings]
        session.execute(delete(ImportFinding).where(ImportFinding.run_id == run.id, ImportFinding.row_number.in_(numbers)))
        insert_rows(session, ImportFinding, [_row_of(run, finding) for finding in findings])


def _take_rows(session: Session, run: ImportRun, desk: Desk, most: int) -> list[Row]:
    """The next rows after the checkpoint; a portion is unpacked once and not for every batch."""
    ahead = [row for row in desk.ahead if row.number > run.last_row]
    if len(ahead) < most:
        ahead = chunks.take_rows(session, run, chunks.ROWS)
    desk.ahead = ahead
    return ahead[:most]


def _is_told(finding: Finding, desk: Desk) -> bool:
    most = {Outcome.NEW: MOST_NEW, Outcome.CHANGED: MOST_CHANGED, Outcome.UNCHANGED: 0}.get(finding.outcome)
    desk.shown[finding.outcome] += 1
    return most is None or desk.shown[finding.outcome] <= most


def _row_of(run: ImportRun, finding: Finding) -> dict[str, Any]:
    refusal = finding.refusal
    return {
        "run_id": run.id,
        "row_number": finding.row.number,
        "outcome": finding.outcome,
        "subject": finding.subject,
        "column": (refusal.field or "") if refusal else "",
        "reason": refusal.message if refusal else "",
        "params": {name: value if isinstance(value, int) else str(value) for name, value in refusal.params.items()} if refusal else {},
        "changes": [list(change) for change in finding.changes],
    }


def _added(counts: dict[str, int], findings: Sequence[Finding]) -> dict[str, int]:
    found = Counter(finding.outcome.value for finding in findings)
    return {outcome.value: counts.get(outcome.value, 0) + found[outcome.value] for outcome in Outcome}


def _first_words(row: Row) -> str:
    names = ("name", "product", "name_id", "variant", "size", "maker", "number", "code")
    return ", ".join([row.cells[name] for name in names if name in row.cells][:2])[:120]


def _lock(session: Session, run_id: int, *states: ImportState) -> ImportRun | None:
    """The run, while it is in one of the states; whoever stops it waits for the batch to end."""
    statement = select(ImportRun).where(ImportRun.id == run_id, ImportRun.state.in_(states)).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))
