"""How a database engine behaves here: SQLite in WAL mode with full sync and immediate write transactions, PostgreSQL as it is."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from kernel import checkpoints

#: Execution option of a connection that is going to write. SQLite then takes its write lock at BEGIN: a transaction
#: that reads first and writes later fails at once under other writers, whatever the busy timeout says.
WRITE = {"etalase_write": True}
BUSY_TIMEOUT_MS = 30_000


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for processes outside the web: tests, races, benchmarks."""
    engine = create_engine(url, **options)
    prepare_engine(engine)
    return engine


def prepare_engine(engine: Engine) -> None:
    """Attach our connection rules to `engine`. PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        if checkpoints.is_affected():
            checkpoints.guard(engine)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # money: an acknowledged order survives power loss
        "foreign_keys=ON",
        "cache_size=-3072",  # kilobytes in every process; the system keeps the rest of the file at hand
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("etalase_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def refresh_statistics(session: Session) -> None:
    """Let SQLite look at a sample of each index, in some 30 ms. Without, it takes `state = 'live'` for a rare value and reads
    every live product to find three of one village. PostgreSQL looks by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit=1000"))
        session.execute(text("ANALYZE"))
