"""A buyer at the door: a gateway that answers as scripted, goods on the shelf, and the steps of buying."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from orders.gateways import NullGateway, PayAtPickupGateway, PaymentMethod
from tests.make_stock import Goods, make_goods


@pytest.fixture
def gateway(app: Flask) -> Iterator[NullGateway]:
    """The card gateway of this test."""
    gateway = NullGateway()
    app.extensions["etalase.gateways"] = {PaymentMethod.PAY_AT_PICKUP: PayAtPickupGateway(), PaymentMethod.STRIPE: gateway}
    yield gateway
    del app.extensions["etalase.gateways"]


@pytest.fixture
def goods(session: Session) -> Goods:
    """Ten packs at Rp25.000."""
    goods = make_goods(session, 10)
    session.commit()
    return goods


@dataclass
class Buyer:
    """A guest with a browser."""

    client: FlaskClient
    prefix: str = ""

    def put(self, goods: Goods, quantity: object = 1) -> TestResponse:
        return self.client.post(f"{self.prefix}/cart/lines", data={"variant": goods.variant.code, "quantity": str(quantity)})

    def form(self) -> dict[str, str]:
        """The hidden fields of the page between cart and payment."""
        text = self.client.get(f"{self.prefix}/checkout").text
        return dict(
            re.findall(r'<input type="hidden" name="(checkout_key|seen_total|outlet|fulfilment|village_code)" value="([^"]*)">', text)
        )

    def send_to(self, village: str = "Betung", **changes: str) -> TestResponse:
        """Choose in the cart to have it sent to a village, by the name that is typed."""
        return self.client.post(f"{self.prefix}/cart/receiving", data={"fulfilment": "shipping", "village": village} | changes)

    def order(self, form: dict[str, str] | None = None, **changes: str) -> TestResponse:
        contact = {"name": "Pembeli Contoh", "phone": "0812 3456 7890", "email": "", "payment_method": "stripe"}
        return self.client.post(f"{self.prefix}/checkout", data=(form or self.form()) | contact | changes)


@pytest.fixture
def buyer(client: FlaskClient, goods: Goods, gateway: NullGateway) -> Buyer:
    """A guest in front of the shelf."""
    return Buyer(client)
