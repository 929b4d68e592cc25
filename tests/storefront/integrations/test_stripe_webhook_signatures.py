"""Messages from Stripe are believed only with its signature, for this shop, within five minutes."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
import stripe

from orders.gateways import (
    WebhookRefused,
)
from storefront.integrations.stripe_gateway import StripeGateway
from tests.payments import SECRET_KEY, WEBHOOK_SECRET

#: Whole rupiah: the edges of what Stripe takes, and amounts where a slip of two digits would show.
AMOUNTS = (10_000, 10_001, 15_000, 19_999, 99_999, 100_000, 123_456, 999_999, 1_000_000, 10_000_000, 987_654_321, 9_999_999_999)
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def event(**changes: Any) -> bytes:
    about = {"object": "checkout.session", "id": "cs_test_1", "payment_intent": "pi_1", "payment_status": "paid"}
    made = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(NOW.timestamp()),
        "livemode": False,
        "data": {"object": about},
    }
    return json.dumps(made | changes).encode()


def signed(body: bytes, secret: str = WEBHOOK_SECRET, *, age: int = 0, scheme: str = "v1") -> str:
    stamp = int(NOW.timestamp()) - age
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    return f"t={stamp},{scheme}={mac}"


class TestWebhookSignatures:
    """F7: what did not come from Stripe, for this shop, within five minutes, is refused."""

    gateway = StripeGateway(SECRET_KEY, WEBHOOK_SECRET)

    def test_a_signed_event_is_a_reason_to_look_at_its_session(self) -> None:
        seen = self.gateway.verify_webhook(event(), signed(event()), NOW)
        assert (seen.id, seen.type, seen.reference, seen.payment_intent) == ("evt_1", "checkout.session.completed", "cs_test_1", "pi_1")
        assert seen.created_at == NOW

    def test_an_event_about_a_charge_names_its_payment_and_no_session(self) -> None:
        body = event(type="charge.refunded", data={"object": {"object": "charge", "id": "ch_1", "payment_intent": "pi_9"}})
        seen = self.gateway.verify_webhook(body, signed(body), NOW)
        assert (seen.reference, seen.payment_intent) == (None, "pi_9")

    def test_an_event_about_a_payment_intent_names_it(self) -> None:
        body = event(type="payment_intent.succeeded", data={"object": {"object": "payment_intent", "id": "pi_3"}})
        assert self.gateway.verify_webhook(body, signed(body), NOW).payment_intent == "pi_3"

    @pytest.mark.parametrize("age", [0, 1, 299, 300, -299, -300])
    def test_stamps_within_five_minutes_are_accepted(self, age: int) -> None:
        assert self.gateway.verify_webhook(event(), signed(event(), age=age), NOW).id == "evt_1"

    def test_one_good_signature_among_several_is_enough_while_the_secret_is_rolled(self) -> None:
        good = signed(event())
        stamp, _, mac = good.partition(",")
        assert self.gateway.verify_webhook(event(), f"{stamp},v1={'0' * 64},{mac}", NOW).id == "evt_1"

    @pytest.mark.parametrize(
        ("make_body", "make_signature"),
        [
            pytest.param(event, lambda body: signed(body, "whsec_other"), id="another secret"),
            pytest.param(event, lambda body: signed(body + b" "), id="another body"),
            pytest.param(event, lambda body: signed(body, age=301), id="stale"),
            pytest.param(event, lambda body: signed(body, age=-301), id="from the future"),
            pytest.param(event, lambda body: signed(body).replace("t=", "t=1", 1), id="another stamp"),
            pytest.param(event, lambda body: None, id="no signature"),
            pytest.param(event, lambda body: "", id="an empty signature"),
            pytest.param(event, lambda body: "nonsense", id="a nonsense signature"),
            pytest.param(event, lambda body: signed(body, scheme="v0"), id="a scheme for tests only"),
            pytest.param(event, lambda body: signed(body).split(",")[0] + ",v1=é", id="a signature outside ASCII"),
            pytest.param(lambda: b"\xff\xfe", signed, id="not UTF-8"),
            pytest.param(lambda: b"[1]", signed, id="not an event"),
            pytest.param(lambda: b"{", signed, id="not JSON"),
            pytest.param(lambda: event(object="customer"), signed, id="another object"),
            pytest.param(lambda: event(data={}), signed, id="an event about nothing"),
            pytest.param(lambda: event(livemode=True), signed, id="live, to a test shop"),
            pytest.param(lambda: event(account="acct_1"), signed, id="a connected account"),
        ],
    )
    def test_everything_else_is_refused(self, make_body: Callable[[], bytes], make_signature: Callable[[bytes], str | None]) -> None:
        body = make_body()
        with pytest.raises(WebhookRefused):
            self.gateway.verify_webhook(body, make_signature(body), NOW)

    def test_a_test_event_to_a_live_shop_is_refused(self) -> None:
        live = StripeGateway("rk_live_x", WEBHOOK_SECRET)
        with pytest.raises(WebhookRefused):
            live.verify_webhook(event(), signed(event()), NOW)

    def test_an_empty_secret_accepts_nothing(self) -> None:
        with pytest.raises(WebhookRefused):
            StripeGateway(SECRET_KEY, "").verify_webhook(event(), signed(event(), ""), NOW)

    def test_the_sdk_s_own_signature_is_accepted(self) -> None:
        header = stripe.WebhookSignature.generate_signature_header(event().decode(), WEBHOOK_SECRET, int(NOW.timestamp()))
        assert self.gateway.verify_webhook(event(), header, NOW).id == "evt_1"
