"""Imports: a table that somebody sent, what was found in it row by row, and how far the worker has come with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from kernel.people import User


class ImportKind(StrEnum):
    """What the rows of a table are about, in the order in which an office brings them in."""

    MAKERS = "makers"
    PRODUCTS = "products"
    VARIANTS = "variants"
    PRICES = "prices"
    CERTIFICATES = "certificates"


class ImportState(StrEnum):
    """Where an import stands. The worker moves it in READING, CHECKING and RUNNING; a person everywhere else."""

    READING = "reading"
    #: The columns wait for a look.
    READY = "ready"
    CHECKING = "checking"
    #: The preview waits for a yes.
    CHECKED = "checked"
    RUNNING = "running"
    #: Stopped halfway by a person; it can go on.
    STOPPED = "stopped"
    DONE = "done"
    #: The file could not be read as a table; `problem` says why.
    REFUSED = "refused"


class Outcome(StrEnum):
    """What a row does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


class ImportRun(Base):
    """One table on its way in."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind, 12))
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState, 8))
    file_name: Mapped[str] = mapped_column(String(120))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    #: The number of the row with the headings, as a spreadsheet counts; 0 until the file is read.
    header_row: Mapped[int] = mapped_column(default=0)
    #: Name of the column -> its place in a row.
    mapping: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    #: The checkpoint: every row up to this number is dealt with in the present stage.
    last_row: Mapped[int] = mapped_column(default=0)
    #: Outcome -> rows, as foreseen by the check and as it came about.
    planned: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    #: When the present stage began (or went on), and how many rows were done by then; for the estimate.
    stage_at: Mapped[datetime]
    stage_from: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    #: An English msgid.
    problem: Mapped[str] = mapped_column(String(240), default="")

    created_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("rows_done >= 0 AND rows_done <= rows_total", name="done_within_total"),
        Index(None, "state", "id"),
        Index(None, "created_at"),
    )


class ImportChunk(Base):
    """A few hundred rows of the file as sent, compressed; number 0 is the file itself until it is read."""

    __tablename__ = "import_chunks"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    number: Mapped[int]
    #: The numbers of its first and last row; 0 in the file itself.
    first_row: Mapped[int]
    last_row: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("run_id", "number"),)


class ImportFinding(Base):
    """What is told about one row: why it is bad, what it changes, or (of the first few) that it is new."""

    __tablename__ = "import_findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"))
    row_number: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome, 10))
    #: What the row is about, in its own words.
    subject: Mapped[str] = mapped_column(String(200), default="")
    #: The column the reason is about, or "".
    column: Mapped[str] = mapped_column(String(40), default="")
    #: An English msgid with its parameters.
    reason: Mapped[str] = mapped_column(String(240), default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: [column, old, new] of what changes.
    changes: Mapped[list[list[str]]] = mapped_column(JSON, default=list)

    __table_args__ = (UniqueConstraint("run_id", "row_number"), Index(None, "run_id", "outcome", "row_number"))
