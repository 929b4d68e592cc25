"""A shop in this process with real commits, the payment stand-in behind it, and everybody who comes: buyers, messages, the worker."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel.outbox import OutboxMessage
from orders import payments
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.payment import LedgerEntry, Payment
from storefront.app import create_app
from storefront.database import db
from storefront.gateways import get_gateway
from storefront.integrations.stripe_stand_in.cards import CARDS
from tests.conftest import make_settings
from tests.make_orders import CARD, place
from tests.make_stock import Goods, make_goods
from tests.payments import CARD_OK, WEBHOOK_SECRET, StripeStandIn
from tests.races.racing import writing

HIDDEN = re.compile(r'<input type="hidden" name="(checkout_key|seen_total|outlet|fulfilment|village_code)" value="([^"]*)">')
CONTACT = {"name": "Pembeli Contoh", "phone": "0812 3456 7890", "email": "", "payment_method": "stripe"}


@dataclass(frozen=True)
class Placed:
    """An order with its page open at the provider."""

    order: Order
    payment_id: int
    reference: str
    page: str


@dataclass
class Market:
    """The shop under test."""

    app: Flask
    stand_in: StripeStandIn
    goods: Goods

    def place(self) -> Placed:
        """An order by card, as the web places it, without the pages in between."""
        with self.app.app_context():
            with writing(db.engine) as session:
                order = place(session, self.goods)
                request = payments.begin_payment(session, order, success_url="http://shop.example/ok", cancel_url="http://shop.example/no")
            assert request is not None
            started = get_gateway(CARD).start(request)
            with writing(db.engine) as session:
                payments.record_started(session, request.payment_id, started)
            db.session.remove()
        assert started.redirect_url is not None
        return Placed(order, request.payment_id, started.reference, started.redirect_url)

    def pay(self, placed: Placed) -> None:
        """The buyer pays on the provider's page; without going through HTTP, for tests of many orders."""
        bank = self.stand_in.bank
        with bank.changing():
            bank.sessions.pay(bank.sessions.get(placed.reference), CARDS[CARD_OK], "pembeli@contoh.example", "{intent}")

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """What the provider has to tell, oldest first."""
        store = self.stand_in.bank.store
        return [store.public(each) for each in reversed(list(store.of_kind("event"))) if each["type"].startswith(kind)]

    def deliver(self, event: dict[str, Any], *, ago: int = 0, secret: str = WEBHOOK_SECRET) -> TestResponse:
        """A signed message from the provider."""
        body = json.dumps(event).encode()
        return self.app.test_client().post("/webhooks/stripe", data=body, headers={"Stripe-Signature": sign(body, secret, ago)})

    def buyer(self, quantity: int = 1) -> tuple[FlaskClient, dict[str, str]]:
        """A guest with goods in the cart, and the form between cart and payment filled in."""
        client = self.app.test_client()
        assert client.post("/cart/lines", data={"variant": self.goods.variant.code, "quantity": str(quantity)}).status_code == 303
        return client, self.form(client)

    def form(self, client: FlaskClient) -> dict[str, str]:
        """The form of this browser's cart, filled in."""
        return dict(HIDDEN.findall(client.get("/checkout").text)) | CONTACT

    def ask(self, statement: Any) -> Any:
        """One value from the database."""
        with self.app.app_context(), Session(db.engine) as session:
            return session.scalar(statement)

    def count(self) -> tuple[int, ...]:
        """How many facts there are: what a message without effect leaves as it was."""
        return tuple(self.ask(select(func.count()).select_from(model)) for model in (Order, Payment, LedgerEntry, OutboxMessage))

    def check(self) -> None:
        """Every invariant holds, and the provider's ledger is ours."""
        theirs = self.stand_in.totals()["captured"]
        with self.app.app_context(), Session(db.engine) as session:
            assert [f"{breach.invariant} {breach.message}" for breach in check_all(session)] == []
            ours = session.scalar(select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.paid_at.is_not(None)))
        assert theirs == ours


def sign(body: bytes, secret: str = WEBHOOK_SECRET, ago: int = 0) -> str:
    """What the provider writes beside a message."""
    stamp = int(time.time()) - ago
    return f"t={stamp},v1={hmac.new(secret.encode(), f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest()}"


@contextmanager
def market_at(url: str, folder: Path, stand_in: StripeStandIn, units: int = 10_000, **changes: Any) -> Iterator[Market]:
    """An open market over the database at `url`; `changes` are settings."""
    settings = replace(
        make_settings(url, folder),
        stripe_api_base=stand_in.url,
        stripe_checkout_origin=stand_in.url,
        log_level="CRITICAL",
        **changes,
    )
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context(), writing(db.engine) as session:
        goods = make_goods(session, units)
    try:
        yield Market(app, stand_in, goods)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
