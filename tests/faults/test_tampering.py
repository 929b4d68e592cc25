"""A19: facts cannot be changed by SQL, and who drops the guard is found by the chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kernel import chain, clock
from orders.invariants import APPEND_ONLY
from storefront import worker
from storefront.database import db
from tests.faults.market import Market

CHANGES = [
    "UPDATE {table} SET id = id",
    "UPDATE {table} SET id = id + 1000 WHERE id = (SELECT min(id) FROM {table})",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
]
ONLY_POSTGRESQL = ["TRUNCATE {table} CASCADE"]


def close_all(market: Market) -> None:
    with market.app.app_context(), time_machine.travel(clock.now() + chain.SETTLED + timedelta(seconds=5)):
        assert worker.close_facts() >= 3
        assert worker.close_facts() == 0
        db.session.remove()


@pytest.fixture
def closed(market: Market) -> Market:
    """Three orders, paid, with every fact in a link."""
    for _order in range(3):
        market.pay(market.place())
    for event in market.events("checkout.session.completed"):
        market.deliver(event)
    close_all(market)
    return market


def test_the_database_refuses_to_change_or_drop_facts(closed: Market) -> None:
    with closed.app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        for table in APPEND_ONLY:
            for change in CHANGES + ([] if is_sqlite else ONLY_POSTGRESQL):
                with Session(db.engine) as session:
                    if is_sqlite and not session.scalar(text(f"SELECT count(*) FROM {table}")):
                        continue  # SQLite guards rows, and there is none
                    with pytest.raises(DBAPIError, match="append-only"):
                        session.execute(text(change.format(table=table)))
    closed.check()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("ledger_entries", "UPDATE ledger_entries SET amount = amount + 1 WHERE id = 2"),
        ("ledger_entries", "DELETE FROM ledger_entries WHERE id = 2"),
        ("stock_movements", "UPDATE stock_movements SET reason = 'x' WHERE id = 1"),
        ("audit_entries", "UPDATE audit_entries SET actor_name = 'Orang lain' WHERE id = 1"),
        ("chain_links", "UPDATE chain_links SET row_count = row_count - 1 WHERE id = 1"),
    ],
)
def test_one_changed_byte_behind_the_guard_is_found_by_the_doctor(closed: Market, table: str, change: str) -> None:
    """As the owner of the database: the guard is taken away, the byte changed, and the guard put back."""
    runner = closed.app.test_cli_runner()
    assert runner.invoke(args=["doctor"]).exit_code == 0
    with closed.app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = [f"{table}_no_{act}" for act in ("update", "delete")]
            guards = [connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}) for name in names]
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
            assert connection.execute(text(change)).rowcount == 1
            for guard in guards:
                connection.execute(text(str(guard)))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            assert connection.execute(text(change)).rowcount == 1
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    result = runner.invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "I6 " in result.output


def test_a_guard_that_was_taken_away_is_found(closed: Market) -> None:
    with closed.app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER ledger_entries_no_update"))
        else:
            connection.execute(text("ALTER TABLE ledger_entries DISABLE TRIGGER USER"))
    result = closed.app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "the database trigger ledger_entries_" in result.output
