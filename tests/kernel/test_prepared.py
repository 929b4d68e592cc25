"""A prepared statement does what the same statement does through SQLAlchemy, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.inserts import MOST_ROWS, insert_keyed, insert_new, insert_rows, known_object
from kernel.outbox import OutboxMessage
from kernel.people import User
from kernel.prepared import Prepared
from tests.make import make_user

StatementCounter = Callable[[], AbstractContextManager[list[str]]]
MOMENT = datetime(2026, 11, 21, 14, 30, tzinfo=timezone(timedelta(hours=7)))
_entries = cast(Table, AuditEntry.__table__)
ENTRIES = Prepared(
    select(_entries.c.subject, _entries.c.at, _entries.c.details, _entries.c.actor_id)
    .where(_entries.c.subject.in_(bindparam("subjects", expanding=True)), _entries.c.action == bindparam("action"), _entries.c.id > 0)
    .order_by(_entries.c.subject)
)


def entry(subject: str, **changes: object) -> dict[str, object]:
    values = {"at": MOMENT, "actor_id": None, "actor_name": "x", "action": "tested", "subject": subject, "details": {"halves": [1, 2]}}
    return values | changes


def message(key: str, **changes: object) -> dict[str, object]:
    return {"key": key, "kind": "test", "payload": {}, "created_at": MOMENT, "due_at": MOMENT} | changes


def test_values_go_in_and_come_out_as_their_types_say(session: Session) -> None:
    insert_rows(session, AuditEntry, [entry("a:1"), entry("a:2", details={})])
    rows = ENTRIES.run(session, {"subjects": ["a:1", "a:2"], "action": "tested"})
    assert rows == [("a:1", MOMENT, {"halves": [1, 2]}, None), ("a:2", MOMENT, {}, None)]
    assert (rows[0].subject, rows[0].at.tzinfo) == ("a:1", UTC)
    assert session.scalars(select(AuditEntry.at).where(AuditEntry.subject == "a:1")).one() == MOMENT


@pytest.mark.parametrize("subjects", [[], ["a:2"], ["a:3", "a:1"], ["a:1", "a:2", "a:3", "a:4"]])
def test_an_in_takes_any_number_of_values(session: Session, subjects: list[str]) -> None:
    insert_rows(session, AuditEntry, [entry(f"a:{number}") for number in (1, 2, 3)])
    found = [row.subject for row in ENTRIES.run(session, {"subjects": subjects, "action": "tested"})]
    assert found == sorted(set(subjects) - {"a:4"})


def test_what_never_changes_may_stand_in_the_statement(session: Session) -> None:
    insert_rows(session, AuditEntry, [entry("a:1"), entry("a:2", actor_name="y"), entry("a:3", actor_name="z")])
    some = Prepared(select(_entries.c.subject).where(_entries.c.actor_name.in_(("x", "y"))).order_by(_entries.c.subject.desc()).limit(1))
    assert some.run(session, {}) == [("a:2",)]


def test_a_query_sees_what_is_pending(session: Session) -> None:
    session.add(AuditEntry(**entry("a:1")))
    assert [row.subject for row in ENTRIES.run(session, {"subjects": ["a:1"], "action": "tested"})] == ["a:1"]


def test_a_refusal_of_the_database_is_sqlalchemys(session: Session) -> None:
    insert_rows(session, OutboxMessage, [message("once")])
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        insert_rows(session, OutboxMessage, [message("once", kind="secret")])
    assert "secret" not in str(caught.value)


def test_whoever_counts_statements_sees_it(session: Session, count_statements: StatementCounter) -> None:
    insert_rows(session, AuditEntry, [entry("a:1")])
    with count_statements() as statements:
        insert_rows(session, AuditEntry, [entry("a:2"), entry("a:3")])
        seen = ENTRIES.run(session, {"subjects": ["a:1", "a:2"], "action": "tested"})
    assert [statement.split()[0] for statement in statements] == ["INSERT", "SELECT"]
    assert seen == ENTRIES.run(session, {"subjects": ["a:1", "a:2"], "action": "tested"})


def test_ids_come_back_by_key(session: Session) -> None:
    ids = insert_keyed(session, OutboxMessage, [message("first"), message("second")], key="key")
    assert {key: session.get_one(OutboxMessage, number).key for key, number in ids.items()} == {"first": "first", "second": "second"}


def test_the_first_writer_wins_and_defaults_are_filled_in(session: Session) -> None:
    assert len(insert_new(session, OutboxMessage, [message("old")])) == 1
    fresh = insert_new(session, OutboxMessage, [message("old"), message("new")])
    assert [session.get_one(OutboxMessage, number).key for number in fresh] == ["new"]
    assert (session.get_one(OutboxMessage, fresh[0]).attempts, session.get_one(OutboxMessage, fresh[0]).sent_at) == (0, None)


def test_many_rows_go_in_several_statements(session: Session, count_statements: StatementCounter) -> None:
    with count_statements() as statements:
        fresh = insert_new(session, OutboxMessage, [message(f"key {number}") for number in range(2 * MOST_ROWS + 1)])
    assert (len(statements), len(set(fresh))) == (3, 2 * MOST_ROWS + 1)


def test_no_rows_are_no_statement(session: Session, count_statements: StatementCounter) -> None:
    with count_statements() as statements:
        insert_rows(session, AuditEntry, [])
    assert statements == []


def test_a_known_object_is_one_that_was_read(session: Session) -> None:
    row = make_user(session, name="Pembeli Contoh")
    session.flush()
    values = {column.name: getattr(row, column.name) for column in cast(Table, User.__table__).c}
    session.expunge(row)
    known = known_object(User, values)
    session.add(known)
    assert not session.is_modified(known)
    assert session.get(User, known.id) is known
    known.name = "Nama Baru"
    session.flush()
    session.expire(known)
    assert known.name == "Nama Baru"
