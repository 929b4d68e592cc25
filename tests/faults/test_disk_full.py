"""F32: no room left for the database. Buyers get a plain 503, nothing is half done, reading goes on, and it heals by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from orders.invariants import check_all
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from storefront.app import create_app
from storefront.database import db
from tests.conftest import make_settings
from tests.make_stock import Goods, make_goods
from tests.races.racing import writing
from tests.storefront.checkout.conftest import Buyer

#: More orders than fit into the free room of any page of the database.
MOST = 300


@pytest.fixture
def served(fresh_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A shop with real commits whose pickup orders need no network."""
    settings = replace(make_settings(fresh_database_url, tmp_path), stripe_secret_key="", log_level="CRITICAL")
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def full_disk(engine: Engine) -> Iterator[None]:
    """SQLite may take no further page; PostgreSQL says what it says then (53100) when an order is written."""
    if engine.dialect.name == "sqlite":

        def limit(connection: object, *_rest: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(engine, "checkout", limit)
        try:
            yield
        finally:
            event.remove(engine, "checkout", limit)
            event.listen(engine, "checkout", lambda connection, *_rest: connection.execute("PRAGMA max_page_count = 1073741823"))
        return
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        connection.execute(text("CREATE TRIGGER no_room AFTER INSERT ON ledger_entries EXECUTE FUNCTION no_room()"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION no_room CASCADE"))


def order_until_refused(client: FlaskClient, goods: Goods) -> tuple[int, str]:
    """Guests who order one after another; how many got through, and what the first refused one read."""
    for placed in range(MOST):
        buyer = Buyer(client)
        for answer in (buyer.put(goods), buyer.order(payment_method="pay_at_pickup", phone=f"0812 0000 {placed:04}", note="x" * 400)):
            if answer.status_code != 303:
                assert answer.status_code == 503
                assert answer.headers["Retry-After"]
                return placed, answer.text
    raise AssertionError("the disk never was full")


def test_a_full_disk_refuses_plainly_keeps_no_half_order_and_heals(served: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with served.app_context():
        engine = db.engine
    with writing(engine) as session:
        goods = make_goods(session, 1_000)
    client = served.test_client()
    with full_disk(engine):
        placed, page = order_until_refused(client, goods)
        assert "Kami perlu jeda sebentar" in page
        assert client.get(f"/products/{goods.product.slug}").status_code == 200
        assert client.get("/cart").status_code == 200
    assert "Pembeli" not in caplog.text
    with Session(engine) as session:
        assert check_all(session) == []
        orders = session.scalar(select(func.count(Order.id)))
        assert orders == placed
        assert session.scalar(select(func.count(OrderLine.id))) == session.scalar(select(func.count(Payment.id))) == orders
    buyer = Buyer(client)
    buyer.put(goods)
    assert buyer.order(payment_method="pay_at_pickup").status_code == 303
    with Session(engine) as session:
        assert session.scalar(select(func.count(Order.id))) == placed + 1
        if engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
