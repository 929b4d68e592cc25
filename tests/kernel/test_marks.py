"""A mark changes with what it stands for, in whichever order transactions end, and never comes back."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
from sqlalchemy import Connection, create_engine, event, func, select, text
from sqlalchemy.orm import Session

from kernel import marks
from kernel.engines import WRITE, make_engine
from kernel.marks import WHOLESALE, ContentMark, Kept, gather, glance_at_mark, read_mark, touch
from tests.make import make_product

MIGRATION: ModuleType = importlib.import_module("migrations.versions.0031_content_marks")


def test_every_table_that_counts_renews_the_mark(connection: Connection) -> None:
    """A later migration that rebuilds one of these tables on SQLite takes its triggers away and has to make them again."""
    found = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.dialect.name]
    expected = {f"{table}_{WHOLESALE}_{act}" for table in (*MIGRATION.WHOLE, *MIGRATION.PARTS) for act in ("insert", "update", "delete")}
    assert expected <= set(connection.scalars(text(found)))


def test_what_does_not_count_leaves_it(session: Session) -> None:
    product = make_product(session)
    before = read_mark(session, WHOLESALE)
    assert read_mark(session, WHOLESALE) == before
    product.popularity += 1
    product.name_en = "Another name"
    session.flush()
    assert read_mark(session, WHOLESALE) == before
    product.storage_id = "Sejuk"
    assert read_mark(session, WHOLESALE) != before


def test_a_mark_that_was_taken_back_never_means_something_else(session: Session) -> None:
    seen = set()
    for _ in range(3):
        with session.begin_nested() as savepoint:
            make_product(session)
            seen.add(read_mark(session, WHOLESALE))
            savepoint.rollback()
    assert len(seen) == 3


@pytest.mark.postgresql
def test_a_change_that_is_committed_late_is_seen_late_and_nobody_waits(fresh_database_url: str) -> None:
    engine = create_engine(fresh_database_url)
    with Session(engine) as early, Session(engine) as late, Session(engine) as reader:

        def seen() -> object:
            mark = read_mark(reader, WHOLESALE)
            reader.rollback()
            return mark

        at_first = seen()
        late.execute(text("UPDATE offers SET lead_days = 1"))
        early.execute(text("UPDATE certificates SET number = '1'"))
        assert seen() == at_first
        early.commit()
        between = seen()
        late.commit()
        assert len({at_first, between, seen()}) == 3
    engine.dispose()


def test_many_rows_become_one_and_the_mark_a_new_one(session: Session) -> None:
    for _ in range(marks.MANY + 1):
        touch(session, WHOLESALE)
    before = read_mark(session, WHOLESALE)
    assert gather(session) > marks.MANY
    assert session.scalar(select(func.count()).where(ContentMark.name == WHOLESALE)) == 1
    assert read_mark(session, WHOLESALE) != before
    assert gather(session) == 0


def test_another_process_sees_it_with_the_commit(fresh_database_url: str) -> None:
    writing, reading = make_engine(fresh_database_url), make_engine(fresh_database_url)
    with Session(writing) as writer, Session(reading) as reader:
        before = read_mark(reader, WHOLESALE)
        reader.rollback()
        writer.connection(execution_options=WRITE)
        make_product(writer)
        assert read_mark(reader, WHOLESALE) == before
        reader.rollback()
        writer.commit()
        assert read_mark(reader, WHOLESALE) != before
    writing.dispose()
    reading.dispose()


def test_things_are_kept_under_their_mark_and_only_so_many() -> None:
    kept, made = Kept(2), []

    def ask(mark: int, key: str) -> str:
        return kept.get(mark, key, lambda: made.append((mark, key)) or f"{key}{mark}")

    assert [ask(1, "a"), ask(1, "a"), ask(2, "a"), ask(2, "b"), ask(2, "a"), ask(2, "c"), ask(2, "b")] == [
        "a1",
        "a1",
        "a2",
        "b2",
        "a2",
        "c2",
        "b2",
    ]
    assert made == [(1, "a"), (2, "a"), (2, "b"), (2, "c"), (2, "b")]


def test_a_glance_reads_what_the_statement_reads(fresh_database_url: str) -> None:
    """Without a transaction, inside of one, and while somebody listens."""
    engine = make_engine(fresh_database_url)
    with Session(engine) as session:
        seen = [glance_at_mark(session, WHOLESALE), read_mark(session, WHOLESALE), glance_at_mark(session, WHOLESALE)]
        session.rollback()
        with Session(engine.execution_options(**WRITE)) as writer:
            make_product(writer)
            assert glance_at_mark(session, WHOLESALE) == seen[0]
            writer.commit()
        seen.append(glance_at_mark(session, WHOLESALE))
        event.listen(engine, "before_cursor_execute", lambda *_: None)
        seen.append(glance_at_mark(session, WHOLESALE))
    engine.dispose()
    assert seen[0] == seen[1] == seen[2] != seen[3] == seen[4]
