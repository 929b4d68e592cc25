"""Fixtures around payment: the Stripe stand-in on a loopback port, and the buyer who visits its pages."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from storefront.integrations.stripe_gateway import StripeGateway
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.serving import running

#: What tests/conftest.py gives the app, so that signatures made here are good there.
SECRET_KEY, WEBHOOK_SECRET = "sk_test_tests", "whsec_tests"
CARD_OK, CARD_DECLINED, CARD_ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000000000003220"


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser was given: the status, where it was sent, and the text."""

    status: int
    location: str | None
    text: str


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class StripeStandIn:
    """The running stand-in. `bank` reaches inside (chaos, webhooks, sessions); the rest goes over HTTP."""

    url: str
    bank: Bank

    def gateway(self, *, webhook_secret: str = WEBHOOK_SECRET, retries: int = 2, read_seconds: float = 5.0) -> StripeGateway:
        """The shop's own adapter, pointed here."""
        return StripeGateway(SECRET_KEY, webhook_secret, api_base=self.url, timeout=(2.0, read_seconds), retries=retries)

    def deliver_to(self, url: str, secret: str = WEBHOOK_SECRET) -> None:
        """Send signed webhooks to `url` from now on (and until the test ends)."""
        self.bank.webhooks.register(url, secret)

    def visit(self, url: str, **form: str) -> Page:
        """Open `url` as a browser without JavaScript does, or post `form` to it; redirects are not followed."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere())
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = opener.open(url, body, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(answer.status or 0, answer.headers["Location"], answer.read().decode())

    def pay(self, page_url: str | None, card: str = CARD_OK) -> Page:
        """Fill the hosted page with `card`; a success or a late method redirects to the shop."""
        assert page_url is not None
        return self.visit(page_url, email="pembeli@contoh.example", number=card, expiry="12/34", cvc="123", method="card")

    def promise(self, page_url: str | None) -> Page:
        """Choose QRIS on the hosted page: complete, and not paid until `settle`."""
        assert page_url is not None
        return self.visit(page_url, method="qris")

    def settle(self, reference: str, *, arrived: bool = True) -> None:
        """Let the promised money arrive, or never."""
        with self.bank.changing():
            self.bank.sessions.settle(self.bank.sessions.get(reference), arrived=arrived)

    def totals(self) -> dict[str, Any]:
        """The stand-in's own ledger in whole rupiah: captured, refunded, kept, and by order code."""
        return self.bank.totals()


@pytest.fixture(scope="session")
def _stripe_stand_in_server() -> Iterator[StripeStandIn]:
    bank = Bank(first_pause=0.05)
    with running(bank) as url:
        yield StripeStandIn(url, bank)


@pytest.fixture
def stripe_stand_in(_stripe_stand_in_server: StripeStandIn) -> Iterator[StripeStandIn]:
    """The stand-in, served once per run and empty for each test: no objects, no chaos, no webhook endpoint."""
    yield _stripe_stand_in_server
    _stripe_stand_in_server.bank.reset(keep_endpoints=False)
