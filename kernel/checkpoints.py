"""Guards SQLite versions whose write-ahead log can be damaged by two checkpoints and a commit at one instant (docs/decisions/0009).

Affected are 3.7.0 to 3.51.2 without 3.44.6 and 3.50.7 (sqlite.org/wal.html#walresetbug). There no connection checkpoints by
itself; this module does it while it holds the write lock, so that nothing can be committed meanwhile.
"""

from __future__ import annotations

import sqlite3
import threading
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, event

#: A checkpoint after this many writing transactions of a process; an order writes some 30 pages, SQLite's own rule is 1,000 pages.
EVERY = 64
_FIXED = (3, 51, 3)
_PATCHED = {(3, 44): 6, (3, 50): 7}
_one_at_a_time = threading.Lock()


def is_affected(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite has the fault."""
    patched = _PATCHED.get((version[0], version[1]))
    return version < _FIXED and not (patched is not None and version[2] >= patched)


def describe() -> str:
    """The SQLite of this process, for whoever starts it."""
    return f"SQLite {sqlite3.sqlite_version}{', its checkpoints guarded (docs/decisions/0009)' if is_affected() else ''}"


def guard(engine: Engine) -> None:
    """Let this engine's connections leave checkpoints to us."""
    event.listen(engine, "connect", _leave_it_to_us)
    turns = count(1)

    def after_commit(connection: Connection) -> None:
        if connection.get_execution_options().get("etalase_write", False) and next(turns) % EVERY == 0:
            connection.info["checkpoint"] = True

    def on_checkin(raw: Any, record: Any) -> None:
        if raw is not None and record is not None and record.info.pop("checkpoint", False):
            checkpoint(raw)

    event.listen(engine, "commit", after_commit)
    event.listen(engine, "checkin", on_checkin)


def checkpoint(connection: sqlite3.Connection) -> bool:
    """Write the log back into the file, with no writer at work; False when it is being done by somebody else or must wait."""
    if not _one_at_a_time.acquire(blocking=False):
        return False
    try:
        (_seq, _name, path) = connection.execute("PRAGMA database_list").fetchone()
        if not path:
            return False
        lock = sqlite3.connect(path, timeout=5, isolation_level=None)
        try:
            lock.execute("PRAGMA wal_autocheckpoint=0")
            lock.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            lock.execute("ROLLBACK")
        finally:
            lock.close()
    except sqlite3.OperationalError:  # a writer that takes its time, a full disk: the next turn is soon
        return False
    finally:
        _one_at_a_time.release()
    return True


def _leave_it_to_us(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")
