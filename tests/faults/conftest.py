"""A furnished shop with real commits and a payment stand-in, ready to be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kernel.engines import make_engine
from tests.faults.market import Market, market_at
from tests.faults.processes import Shop, shop_at
from tests.make_stock import make_goods
from tests.payments import StripeStandIn
from tests.races.racing import writing


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Engine]:
    """An engine of this process over the shop's database."""
    engine = make_engine(fresh_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def market(fresh_database_url: str, tmp_path: Path, stripe_stand_in: StripeStandIn) -> Iterator[Market]:
    """A shop in this process, with real commits."""
    with market_at(fresh_database_url, tmp_path, stripe_stand_in) as market:
        yield market


@pytest.fixture
def shop(fresh_database_url: str, tmp_path: Path, database: Engine, stripe_stand_in: StripeStandIn) -> Iterator[Shop]:
    """Not open yet; a thousand packs on the shelf."""
    with writing(database) as session:
        goods = make_goods(session, 1_000)
    with shop_at(fresh_database_url, tmp_path, database, stripe_stand_in, goods) as shop:
        yield shop
