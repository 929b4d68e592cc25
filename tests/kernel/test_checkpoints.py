"""Where SQLite's log can be damaged by checkpoints, nobody but the guarded one writes it back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kernel import checkpoints
from kernel.engines import WRITE, make_engine


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)])
def test_these_have_the_fault(version: tuple[int, ...]) -> None:
    assert checkpoints.is_affected(version)


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_these_have_not(version: tuple[int, ...]) -> None:
    assert not checkpoints.is_affected(version)


def test_the_log_is_written_back_while_nobody_can_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "is_affected", lambda: True)
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect().execution_options(**WRITE) as connection:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
        connection.commit()
    log = tmp_path / "x.db-wal"
    for _ in range(40 * checkpoints.EVERY):
        with engine.connect().execution_options(**WRITE) as connection:
            assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
            connection.exec_driver_sql("INSERT INTO words VALUES (?)", ("x" * 3_000,))
            connection.commit()
    assert log.stat().st_size < 12 * 1024 * 1024 < 40 * checkpoints.EVERY * 2 * 4096
    with sqlite3.connect(tmp_path / "x.db") as other:
        other.execute("BEGIN IMMEDIATE")
        with engine.connect() as connection:
            monkeypatch.setattr(checkpoints.sqlite3, "connect", lambda path, **_: _hurried(path))
            assert not checkpoints.checkpoint(connection.connection.driver_connection), "somebody writes: it must wait"
    other.close()
    with engine.connect() as connection:
        assert checkpoints.checkpoint(connection.connection.driver_connection)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()


def _hurried(path: str) -> sqlite3.Connection:
    return sqlite3.Connection(path, timeout=0.05, isolation_level=None)
