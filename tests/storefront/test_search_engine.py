"""Which engine a shop has, by its settings; and `flask search` with the engine in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import config
from catalog.search.postgres_engine import PostgresEngine
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine
from storefront.app import create_app
from storefront.database import db
from storefront.search_engine import get_engine
from tests import make
from tests.conftest import make_settings
from tests.races.racing import writing


@pytest.fixture
def searching_shop(fresh_database_url: str, folder: Path) -> Iterator[Flask]:
    """A shop whose search is in its database."""
    app = create_app(replace(make_settings(fresh_database_url, folder / "data"), search_engine="postgresql"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["search", *arguments])
    return result.exit_code, result.output


def test_a_shop_has_whoosh_unless_it_says_otherwise(app: Flask) -> None:
    with app.app_context():
        assert isinstance(get_engine(), WhooshEngine)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ETALASE_SEARCH_ENGINE": "solr"}, "must be whoosh or postgresql"),
        ({"ETALASE_SEARCH_ENGINE": "postgresql"}, "needs a PostgreSQL address"),
        ({"ETALASE_DATABASE_REPLICA_URLS": "postgresql://copy/shop"}, "must be PostgreSQL addresses"),
    ],
)
def test_settings_that_need_postgresql_are_refused_without_it(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(config.SettingsError, match=problem):
        config.load({"ETALASE_MODE": "test", **changes})


def test_replicas_are_read_from_one_setting() -> None:
    addresses = {
        "ETALASE_DATABASE_URL": "postgresql://one/shop",
        "ETALASE_DATABASE_REPLICA_URLS": "postgresql://two/shop, postgresql://three/shop",
    }
    assert config.load({"ETALASE_MODE": "test", **addresses}).replicas == ["postgresql://two/shop", "postgresql://three/shop"]


@pytest.mark.postgresql
def test_the_commands_look_after_the_index_in_the_database(searching_shop: Flask) -> None:
    engine = get_engine()
    assert isinstance(engine, PostgresEngine)
    with writing(db.engine) as session:
        product = make.make_product(session, name_id="Kemplang Contoh")
        product_id = product.id
    assert "no index yet" in run(searching_shop, "check")[1]
    assert run(searching_shop, "rebuild")[0] == 0
    assert "holds 1 products" in run(searching_shop, "check")[1]
    with writing(db.engine) as session:
        session.execute(text("UPDATE products SET name_id = 'Sasirangan Contoh'"))
        session.execute(text("INSERT INTO search_queue (product_id, marked_at) VALUES (:id, now())"), {"id": product_id})
    assert engine.search(SearchRequest("sasirangan")).total == 0
    code, output = run(searching_shop, "drain")
    assert (code, output) == (0, "1 changes indexed, 0 waiting.\n")
    assert engine.search(SearchRequest("sasirangan")).total == 1
    engine.apply([], [product_id])
    assert "1 products are missing" in run(searching_shop, "check")[1]
    assert engine.rebuild_reason() == "the index and the database differ"
