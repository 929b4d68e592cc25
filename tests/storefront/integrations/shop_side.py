"""The shop's side of the stand-in for Stripe: a client, a session's parameters, and an ear for webhooks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.payments import SECRET_KEY

SHOP = "http://127.0.0.1:1/orders/token"


def client_of(url: str) -> stripe.StripeClient:
    return stripe.StripeClient(SECRET_KEY, base_addresses={"api": url}, max_network_retries=0)


def session_params(amount: int = 8_000_000, **changes: Any) -> Any:
    product = {"currency": "idr", "unit_amount": amount, "product_data": {"name": "Keripik <ubi> & nanas"}}
    return {
        "mode": "payment",
        "client_reference_id": "K7MQ2RXA",
        "metadata": {"order_code": "K7MQ2RXA"},
        "payment_intent_data": {"metadata": {"order_code": "K7MQ2RXA"}},
        "line_items": [{"quantity": 1, "price_data": product}],
        "success_url": SHOP + "?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:1/checkout",
        "locale": "id",
    } | changes


@dataclass
class Shop:
    """Receives webhooks; `answers` holds the statuses to give first, before 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[tuple[bytes, str]] = field(default_factory=list)

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        seen = [json.loads(body) for body, _ in self.received]
        return [event for event in seen if event["type"].startswith(kind)]

    def wait_for(self, is_there: Callable[[], bool], seconds: float = 5) -> bool:
        ends = time.monotonic() + seconds
        while not is_there() and time.monotonic() < ends:
            time.sleep(0.01)
        return is_there()
