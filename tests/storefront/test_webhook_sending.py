"""Webhooks as receivers get them: signed so that they can check it, the same however often they are sent, never lost (F43)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM
from orders.models.webhook import DeliveryState, WebhookDelivery, WebhookEvent
from orders.wholesale import webhooks
from storefront.webhook_sending import send_waiting_webhooks
from tests.make_api import Trade, make_trade

SEAL = "a-secret-for-tests-only-0123456789"


class Receiver(ThreadingHTTPServer):
    """A partner's program; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def announce(session: Session, trade: Trade, code: str = "AAAA3333") -> None:
    webhooks.announce(session, trade.partner.id, WebhookEvent.ORDER_SHIPPED, f"order:{code}", {"order": code})
    session.commit()


def make_due(session: Session) -> None:
    session.execute(update(OutboxMessage).values(due_at=clock.now() - timedelta(seconds=1)))
    session.commit()


def state(session: Session) -> WebhookDelivery:
    return session.scalars(select(WebhookDelivery).execution_options(populate_existing=True)).one()


@pytest.fixture
def secret(session: Session, trade: Trade, receiver: Receiver) -> bytes:
    _hook, text = webhooks.subscribe(session, SYSTEM, trade.partner, receiver.url, ["order.shipped"], sealing_secret=SEAL)
    session.commit()
    return base64.b64decode(text.removeprefix("whsec_"))


def test_a_message_arrives_signed(app: Flask, session: Session, trade: Trade, receiver: Receiver, secret: bytes) -> None:
    announce(session, trade)
    with app.app_context():
        assert send_waiting_webhooks() == 1
        assert send_waiting_webhooks() == 0
    [(headers, body)] = receiver.got
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"] == {"order": "AAAA3333"}
    assert headers["webhook-id"] == json.loads(body)["id"]
    assert (state(session).state, state(session).last_status) == (DeliveryState.DELIVERED, 204)


@pytest.mark.parametrize("status", [301, 400, 404, 410, 500, 503])
def test_what_was_not_taken_is_sent_again_and_stays_one(
    app: Flask, session: Session, trade: Trade, receiver: Receiver, secret: bytes, status: int
) -> None:
    receiver.status = status
    announce(session, trade)
    with app.app_context():
        assert send_waiting_webhooks() == 0
        assert send_waiting_webhooks() == 0  # not before its time
        assert (state(session).state, state(session).last_status, state(session).attempts) == (DeliveryState.WAITING, status, 1)
        receiver.status = 200
        make_due(session)
        assert send_waiting_webhooks() == 1
    (first, body), (second, again) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_the_receiver_is_down_for_a_day_and_gets_everything(
    app: Flask, session: Session, trade: Trade, receiver: Receiver, secret: bytes
) -> None:
    """F43: the order stands meanwhile, and everything arrives later, once."""
    now = clock.now()
    receiver.status = 503
    with app.app_context(), time_machine.travel(now, tick=False) as standing:
        for code in ("AAAA3333", "CCCC4444"):
            announce(session, trade, code)
        for minutes in range(0, 24 * 60, 10):
            standing.move_to(now + timedelta(minutes=minutes))
            assert send_waiting_webhooks() == 0
        tries = len(receiver.got)
        receiver.status = 200
        receiver.got.clear()
        arrived = 0
        for minutes in range(24 * 60, 31 * 60, 10):
            standing.move_to(now + timedelta(minutes=minutes))
            arrived += send_waiting_webhooks()
    assert arrived == 2
    assert 20 <= tries <= 30
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == len(receiver.got) == 2


def test_a_paused_address_is_left_alone(app: Flask, session: Session, trade: Trade, receiver: Receiver, secret: bytes) -> None:
    announce(session, trade)
    webhooks.list_subscriptions(session, trade.partner.id)[0].paused_at = clock.now()
    session.commit()
    with app.app_context():
        send_waiting_webhooks()
    assert receiver.got == []
    assert state(session).state is DeliveryState.HELD


def test_mail_is_not_kept_waiting_by_webhooks(session: Session, trade: Trade, secret: bytes) -> None:
    from kernel import outbox

    announce(session, trade)
    assert all(claim.kind.startswith("mail.") for claim in outbox.claim_due(session))
    assert [claim.kind for claim in outbox.claim_due(session, prefix="webhook")] == ["webhook"]
