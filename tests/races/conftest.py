"""What every race runs on: a database of its own, in which commits are real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from kernel.engines import make_engine


@pytest.fixture
def shop(fresh_database_url: str) -> Iterator[Engine]:
    """Its engine, for the process that sets the race up and looks at the result."""
    engine = make_engine(fresh_database_url)
    yield engine
    engine.dispose()
