"""A client of the stand-in for Stripe, and a shop that hears its webhooks."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
import stripe

from tests.payments import StripeStandIn
from tests.storefront.integrations.shop_side import Shop, client_of


@pytest.fixture
def client(stripe_stand_in: StripeStandIn) -> stripe.StripeClient:
    return client_of(stripe_stand_in.url)


@pytest.fixture
def shop(stripe_stand_in: StripeStandIn) -> Iterator[Shop]:
    made = Shop()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(made.answers.pop(0) if made.answers else HTTPStatus.OK)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
        stripe_stand_in.deliver_to(made.url)
        yield made
        server.shutdown()
        thread.join()
