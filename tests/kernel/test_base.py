"""What the base promises of every table, on the database under test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from kernel.people import User
from tests.make import make_user


def test_a_moment_is_stored_in_utc_and_comes_back_aware(connection: Connection) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        wib = datetime(2026, 11, 21, 14, 30, tzinfo=timezone(timedelta(hours=7)))
        user = make_user(session, created_at=wib)
        session.commit()
        session.expire_all()
        assert session.get_one(User, user.id).created_at == datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


def test_a_naive_moment_is_refused(connection: Connection) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session, pytest.raises(StatementError, match="naive"):
        make_user(session, created_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_an_audit_entry_cannot_be_changed_or_deleted(connection: Connection) -> None:
    insert = (
        "INSERT INTO audit_entries (at, actor_name, action, subject, details) VALUES ('2026-01-01 00:00:00+00:00', 'x', 'y', 'z', '{}')"
    )
    connection.execute(text(insert))
    for statement in ("UPDATE audit_entries SET action = 'other'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.execute(text(statement))
