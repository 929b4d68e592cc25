"""What the abuse tests share: the cast's world, and the database as one number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernel.base import Base
from tests.cast import World, make_world

Fingerprint = Callable[[], dict[str, str]]


@pytest.fixture
def world(session: Session) -> World:
    """The cast and what they may touch."""
    return make_world(session)


@pytest.fixture
def fingerprint(connection: Connection) -> Fingerprint:
    """`fingerprint()`: a digest of every row of every table, by table."""

    def read() -> dict[str, str]:
        found = {}
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12] + f" ({len(rows)} rows)"
        return found

    return read
