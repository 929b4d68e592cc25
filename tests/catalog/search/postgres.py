"""A PostgreSQL engine for tests: schemas of its own in the tests' database, gone after the block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine, text

from catalog.search.postgres_engine import PostgresEngine
from catalog.search.postgres_matching import FEW

_numbers = count(1)


@contextmanager
def postgres_engine(url: str, few: int = FEW) -> Iterator[PostgresEngine]:
    """An engine without an index yet."""
    home = f"search_test_{next(_numbers)}"
    database = create_engine(url)
    try:
        yield PostgresEngine(database, home=home, few=few)
    finally:
        with database.begin() as connection:
            names = connection.scalars(
                text("SELECT nspname FROM pg_namespace WHERE nspname ~ :pattern"), {"pattern": f"^{home}(_[0-9]+)?$"}
            )
            for name in list(names):
                connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        database.dispose()
