"""A partner's program whose calls and messages are cut off by a killed process, for tests/faults/test_crashes.py."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog.models.product import HalalState
from kernel.people import SYSTEM
from orders.models.purchase import PurchaseOrder
from orders.models.webhook import DeliveryState, WebhookDelivery, WebhookEvent
from orders.wholesale import buyers, webhooks
from tests.faults.processes import PATIENCE, Shop
from tests.make import make_outlet
from tests.make_api import make_key
from tests.make_stock import make_goods
from tests.make_wholesale import make_buyer, make_group, make_offer, make_partner
from tests.races.racing import writing


def killed_while_a_program_orders(shop: Shop, point: str) -> None:
    """The answer is lost with its process: the same key, sent again, is answered, and the order is there once."""
    with writing(shop.engine) as session:
        partner, offer, secret = _trade(session)
        branch = buyers.list_branches(session, partner.id)[0].code
        wanted = {"branch": branch, "number": "PO-7", "lines": [{"offer": offer.code, "cases": 3}]}
    shop.open(crash_at=point)
    assert _order(shop.port, secret, wanted)[0] == 0
    shop.expect_death()
    shop.open()
    if point == "api.claimed":  # nothing was done yet; whoever claimed it keeps it for a minute
        assert _order(shop.port, secret, wanted)[0] == 409
        with shop.engine.begin() as connection:
            connection.execute(text("UPDATE idempotent_answers SET claimed_at = '2026-01-01 00:00:00'"))
    first, again = _order(shop.port, secret, wanted), _order(shop.port, secret, wanted)
    assert first == again
    assert first[0] in (200, 201)
    assert shop.ask(select(func.count(PurchaseOrder.id))) == 1


def killed_while_telling_a_program(shop: Shop, point: str) -> None:
    """The message is out and nobody noted it: it goes once more under the same id, and the receiver knows it."""
    with _receiver() as (url, heard):
        with writing(shop.engine) as session:
            partner, _offer, _secret = _trade(session)
            webhooks.subscribe(session, SYSTEM, partner, url, ["order.shipped"], sealing_secret=shop.settings.secret_key)
            webhooks.announce(session, partner.id, WebhookEvent.ORDER_SHIPPED, "order:AAAA3333", {"order": "AAAA3333"})
        shop.work(crash_at=point)
        shop.let_time_pass()
        shop.work()
        assert len(heard) == 2
        assert len(set(heard)) == 1
    assert shop.ask(select(WebhookDelivery.state)) is DeliveryState.DELIVERED


def _trade(session: Session) -> tuple[Any, Any, str]:
    outlet = make_outlet(session)
    goods = make_goods(session, 100, outlet=outlet, halal_state=HalalState.NOT_APPLICABLE)
    offer = make_offer(session, outlet, goods.variant)
    partner = make_partner(session, outlet, make_group(session, outlet))
    _key, secret = make_key(session, partner, make_buyer(session, partner))
    return partner, offer, secret


def _order(port: int, secret: str, wanted: dict[str, Any]) -> tuple[int, str]:
    """Status and body of the call; 0 when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": "program-0001"}
    try:
        connection.request("POST", "/api/v1/orders", json.dumps(wanted), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


@contextmanager
def _receiver() -> Iterator[tuple[str, list[str]]]:
    """A program that takes every message, and the ids of those it got."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(self.headers["webhook-id"])
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
