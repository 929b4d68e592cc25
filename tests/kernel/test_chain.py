"""A changed byte in a closed link is found, whoever changed it and however (A19, I6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from kernel import audit, chain, clock
from kernel.people import SYSTEM

TABLE = "audit_entries"


def write(session: Session, count: int) -> None:
    for number in range(count):
        audit.record(session, SYSTEM, "order.placed", f"order:{number}", {"b": number, "a": "ubi"})


def close(session: Session) -> chain.Closed | None:
    with time_machine.travel(clock.now() + chain.SETTLED + timedelta(seconds=1)):
        return chain.close_link(session, TABLE)


def without_guard(session: Session, statement: str) -> None:
    """As somebody who owns the database and dropped the triggers."""
    if session.get_bind().dialect.name == "sqlite":
        for table in (TABLE, "chain_links"):
            for act in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
    else:
        for table in (TABLE, "chain_links"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session.execute(text(statement))
    session.expire_all()


@pytest.fixture(autouse=True)
def any_number_makes_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "FEWEST", 1)


@pytest.fixture
def closed(session: Session, connection: Connection) -> Session:
    """Two links of three rows."""
    for _link in range(2):
        write(session, 3)
        assert close(session) is not None
    return session


def test_young_rows_wait_and_old_ones_are_closed_once(session: Session) -> None:
    write(session, 3)
    assert chain.close_link(session, TABLE) is None
    link = close(session)
    assert link is not None
    assert link.rows == 3
    assert close(session) is None
    assert list(chain.check(session, TABLE)) == []


def test_few_rows_wait_for_company_but_not_for_ever(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "FEWEST", 3)
    write(session, 1)
    assert close(session) is not None, "the first link"
    write(session, 2)
    assert close(session) is None
    with time_machine.travel(clock.now() + chain.PATIENCE + timedelta(minutes=11)):
        assert chain.close_link(session, TABLE) is not None
    write(session, 3)
    with time_machine.travel(clock.now() + chain.PATIENCE + timedelta(minutes=25)):
        assert chain.close_link(session, TABLE) is not None
    assert list(chain.check(session, TABLE)) == []


def test_a_long_table_is_closed_link_by_link(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "LONGEST", 2)
    write(session, 5)
    assert [link.rows if (link := close(session)) else 0 for _ in range(4)] == [2, 2, 1, 0]
    assert list(chain.check(session, TABLE)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE audit_entries SET actor_name = 'Sistem!' WHERE subject = 'order:1'", "was changed"),
        ("""UPDATE audit_entries SET details = '{"a": "ubi", "b": 7}' WHERE subject = 'order:1'""", "was changed"),
        ("DELETE FROM audit_entries WHERE subject = 'order:1'", "3 rows were closed, 2 are there"),
        ("UPDATE chain_links SET digest = 'f' || substr(digest, 2) WHERE substr(digest, 1, 1) <> 'f'", "was changed"),
        ("DELETE FROM chain_links WHERE id = (SELECT min(id) FROM chain_links)", "the links before them are missing"),
    ],
)
def test_whatever_is_changed_behind_the_guard_is_found(closed: Session, change: str, words: str) -> None:
    assert list(chain.check(closed, TABLE)) == []
    without_guard(closed, change)
    assert any(words in found for found in chain.check(closed, TABLE))


def test_columns_that_come_later_leave_older_links_as_they_were(closed: Session) -> None:
    """A link names its columns; what a later release adds to the table belongs to later links."""
    first = closed.scalar(select(chain.ChainLink.columns).limit(1))
    assert first is not None
    assert first.split(",")[:2] == ["id", "at"]
