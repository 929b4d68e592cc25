"""What the abuse tests share: the cast's world, and the database as one number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Table

from kernel.base import Base

Fingerprint = Callable[[], dict[str, str]]


def read_rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    """Every row of `table`, its columns in their order, as the driver gives them: ten times as quick as through types."""
    columns = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118 - a collection of columns is no dict
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    cursor = connection.connection.cursor()
    cursor.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {keys}')
    return cursor.fetchall()


@pytest.fixture
def fingerprint(connection: Connection) -> Fingerprint:
    """`fingerprint()`: a digest of every row of every table, by table."""

    def read() -> dict[str, str]:
        found = {}
        for table in Base.metadata.sorted_tables:
            rows = sorted(map(repr, read_rows(connection, table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12] + f" ({len(rows)} rows)"
        return found

    return read
