"""The demo regency and its month of trade, made once for a worker's tests; what a test changes in them is taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalog.stock_balances import check_balances
from kernel.engines import WRITE, make_engine
from storefront.demo.counter import trade_at_counter
from storefront.demo.seeding import OUTLET_SLUG
from storefront.demo.trade import trade
from tests.conftest import fresh_copy
from tests.storefront.demo.ground import MemoryStorage, make_demo


@dataclass(frozen=True)
class Seeded:
    """Where the demo's database is, and its pictures."""

    url: str
    storage: MemoryStorage


@contextmanager
def opened(url: str, *, keep: bool = False) -> Iterator[Session]:
    """A session on the database at `url`, whose commits are taken back after the block unless they are to be kept."""
    engine = make_engine(url)
    with engine.connect().execution_options(**WRITE) as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
            assert check_balances(session) == []
            session.commit()
        if not keep:
            outer.rollback()
    engine.dispose()


@pytest.fixture(scope="session")
def seeded(template_url: str, server_url: str, folder: Path) -> Iterator[Seeded]:
    """The demo after its first start."""
    with fresh_copy(template_url, server_url, folder, f"seeded_{os.getpid()}") as url:
        with opened(url, keep=True) as session:
            storage = make_demo(session)
        yield Seeded(url, storage)


@pytest.fixture(scope="session")
def traded(seeded: Seeded, server_url: str, folder: Path) -> Iterator[str]:
    """Address of the demo with its month of trade."""
    with fresh_copy(seeded.url, server_url, folder, f"traded_{os.getpid()}") as url:
        with opened(url, keep=True) as session:
            trade(session, OUTLET_SLUG)
        yield url


@pytest.fixture(scope="session")
def manned(traded: str, server_url: str, folder: Path) -> Iterator[str]:
    """Address of the demo with its days at the counter too."""
    with fresh_copy(traded, server_url, folder, f"manned_{os.getpid()}") as url:
        with opened(url, keep=True) as session:
            trade_at_counter(session, OUTLET_SLUG)
        yield url


@pytest.fixture
def demo(seeded: Seeded) -> Iterator[Session]:
    """A session in the demo as it stands after seeding."""
    with opened(seeded.url) as session:
        yield session


@pytest.fixture
def month(traded: str) -> Iterator[Session]:
    """A session in the demo with its month of trade."""
    with opened(traded) as session:
        yield session


@pytest.fixture
def counter(manned: str) -> Iterator[Session]:
    """A session in the demo with its month of trade and its days at the counter."""
    with opened(manned) as session:
        yield session
