"""The Stripe adapter against the stand-in: the real SDK over loopback, nothing mocked."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel import clock
from orders.gateways import (
    SESSION_LIFE,
    GatewayRefused,
    GatewayUnavailable,
    PaymentLine,
    PaymentMethod,
    PaymentRequest,
    ProviderRefundState,
    ProviderState,
    idempotency_key_of,
)
from storefront.integrations.stripe_gateway import MAXIMUM, MINIMUM, StripeGateway
from tests.payments import CARD_ASKS_THE_BANK, CARD_DECLINED, SECRET_KEY, WEBHOOK_SECRET, StripeStandIn

#: Whole rupiah: the edges of what Stripe takes, and amounts where a slip of two digits would show.
AMOUNTS = (10_000, 10_001, 15_000, 19_999, 99_999, 100_000, 123_456, 999_999, 1_000_000, 10_000_000, 987_654_321, 9_999_999_999)
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def request_for(amount: int = 80_000, *, attempt: int = 1, **changes: Any) -> PaymentRequest:
    request = PaymentRequest(
        order_code="K7MQ2RXA",
        order_token="guest-token",
        payment_id=12,
        attempt=attempt,
        amount=amount,
        lines=(PaymentLine("Keripik ubi 200 g", 1, amount),),
        language="id",
        email=None,
        expires_at=clock.now() + SESSION_LIFE,
        success_url="http://shop.example/orders/guest-token",
        cancel_url="http://shop.example/checkout",
        idempotency_key=idempotency_key_of("K7MQ2RXA", attempt),
    )
    return replace(request, **changes)


@pytest.fixture
def gateway(stripe_stand_in: StripeStandIn) -> StripeGateway:
    return stripe_stand_in.gateway()


def session_at(stand_in: StripeStandIn, reference: str) -> dict[str, Any]:
    return stand_in.bank.store.get(reference, "checkout.session")


class TestAmounts:
    @pytest.mark.parametrize("amount", AMOUNTS)
    def test_rupiah_go_out_as_hundredths(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn, amount: int) -> None:
        reference = gateway.start(request_for(amount)).reference
        assert session_at(stripe_stand_in, reference)["amount_total"] == amount * 100

    @pytest.mark.parametrize("amount", AMOUNTS)
    def test_hundredths_come_back_as_rupiah(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn, amount: int) -> None:
        started = gateway.start(request_for(amount))
        stripe_stand_in.pay(started.redirect_url)
        facts = gateway.fetch(started.reference)
        assert (facts.amount, facts.currency, facts.state) == (amount, "idr", ProviderState.PAID)
        assert stripe_stand_in.totals()["captured"] == amount

    def test_a_fraction_of_a_rupiah_matches_no_payment(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        reference = gateway.start(request_for()).reference
        session_at(stripe_stand_in, reference)["amount_total"] = 80_000_50
        assert gateway.fetch(reference).amount == 0

    def test_another_currency_is_told_and_matches_no_amount(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        reference = gateway.start(request_for()).reference
        session_at(stripe_stand_in, reference)["currency"] = "usd"
        facts = gateway.fetch(reference)
        assert (facts.amount, facts.currency) == (0, "usd")

    def test_the_amount_of_a_paid_session_is_what_was_received(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        stripe_stand_in.pay(started.redirect_url)
        intent = session_at(stripe_stand_in, started.reference)["payment_intent"]
        stripe_stand_in.bank.store.get(intent, "payment_intent")["amount_received"] = 800_00
        assert gateway.fetch(started.reference).amount == 800

    @pytest.mark.parametrize("amount", [0, -1, MINIMUM - 1, MAXIMUM + 1])
    def test_amounts_stripe_cannot_take_are_refused_without_asking(self, amount: int) -> None:
        nobody_there = StripeGateway(SECRET_KEY, WEBHOOK_SECRET, api_base="http://127.0.0.1:9", retries=0)
        with pytest.raises(GatewayRefused):
            nobody_there.start(request_for(amount))

    def test_lines_that_do_not_add_up_are_refused_without_asking(self) -> None:
        nobody_there = StripeGateway(SECRET_KEY, WEBHOOK_SECRET, api_base="http://127.0.0.1:9", retries=0)
        with pytest.raises(GatewayRefused):
            nobody_there.start(request_for(80_000, lines=(PaymentLine("Keripik ubi 200 g", 3, 80_000),)))


class TestStarting:
    def test_the_buyer_is_sent_to_the_hosted_page_in_the_order_s_language(
        self, gateway: StripeGateway, stripe_stand_in: StripeStandIn
    ) -> None:
        assert gateway.method is PaymentMethod.STRIPE
        started = gateway.start(request_for(language="en"))
        page = stripe_stand_in.visit(started.redirect_url or "")
        assert "Rp80.000" in page.text
        assert "Pay by card" in page.text

    def test_the_session_names_order_payment_and_attempt(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        session = session_at(stripe_stand_in, gateway.start(request_for(attempt=3, email="wisatawan@contoh.example")).reference)
        assert session["metadata"] == {"order_code": "K7MQ2RXA", "payment_id": "12", "attempt": "3"}
        assert session["client_reference_id"] == "K7MQ2RXA"
        assert session["customer_email"] == "wisatawan@contoh.example"
        assert session["locale"] == "id"

    def test_the_same_key_opens_one_session(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        request = request_for()
        assert gateway.start(request) == gateway.start(request)
        assert stripe_stand_in.totals()["sessions"] == {"open": 1}

    def test_another_attempt_opens_another_session(self, gateway: StripeGateway) -> None:
        assert gateway.start(request_for()).reference != gateway.start(request_for(attempt=2)).reference

    def test_the_same_key_for_another_amount_is_refused(self, gateway: StripeGateway) -> None:
        gateway.start(request_for(80_000))
        with pytest.raises(GatewayRefused):
            gateway.start(request_for(90_000))

    @pytest.mark.parametrize("life", [timedelta(minutes=29), timedelta(hours=25), timedelta(minutes=-5)])
    def test_a_life_stripe_does_not_allow_is_refused(self, gateway: StripeGateway, life: timedelta) -> None:
        with pytest.raises(GatewayRefused):
            gateway.start(request_for(expires_at=clock.now() + life))

    def test_long_orders_keep_every_line(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        lines = tuple(PaymentLine(f"Produk {number}", number + 1, 1_000) for number in range(60))
        request = request_for(sum(line.total for line in lines), lines=lines)
        reference = gateway.start(request).reference
        assert len(session_at(stripe_stand_in, reference)["_lines"]) == 60


class TestLostAnswers:
    def test_an_answer_lost_after_the_work_is_found_again_by_the_sdk_itself(
        self, gateway: StripeGateway, stripe_stand_in: StripeStandIn
    ) -> None:
        stripe_stand_in.bank.chaos.set(faults=[{"path": "/v1/checkout/sessions", "when": "after", "status": 0}])
        gateway.start(request_for())
        assert stripe_stand_in.totals()["sessions"] == {"open": 1}

    def test_a_retry_of_ours_finds_the_session_of_the_lost_answer(self, stripe_stand_in: StripeStandIn) -> None:
        gateway = stripe_stand_in.gateway(retries=0)
        stripe_stand_in.bank.chaos.set(faults=[{"when": "after", "status": 500}])
        request = request_for()
        with pytest.raises(GatewayUnavailable):
            gateway.start(request)
        reference = gateway.start(request).reference
        assert [session["id"] for session in stripe_stand_in.bank.store.of_kind("checkout.session")] == [reference]

    @pytest.mark.parametrize("status", [429, 500, 503, 0])
    def test_trouble_at_stripe_is_unavailable_not_refused(self, stripe_stand_in: StripeStandIn, status: int) -> None:
        stripe_stand_in.bank.chaos.set(faults=[{"status": status, "times": 1}])
        with pytest.raises(GatewayUnavailable):
            stripe_stand_in.gateway(retries=0).start(request_for())

    def test_nobody_answering_is_unavailable(self) -> None:
        with pytest.raises(GatewayUnavailable):
            StripeGateway(SECRET_KEY, WEBHOOK_SECRET, api_base="http://127.0.0.1:9", retries=0).fetch("cs_test_1")

    def test_a_stalling_stripe_is_given_up_in_time(self, stripe_stand_in: StripeStandIn) -> None:
        stripe_stand_in.bank.chaos.set(faults=[{"stall": 2.0, "status": None}])
        began = time.monotonic()
        with pytest.raises(GatewayUnavailable):
            stripe_stand_in.gateway(retries=0, read_seconds=0.3).start(request_for())
        assert time.monotonic() - began < 1.5

    @pytest.mark.long
    def test_every_try_together_ends_within_ten_seconds(self, stripe_stand_in: StripeStandIn) -> None:
        """F8, with the time limits and the retries the shop runs with."""
        stripe_stand_in.bank.chaos.set(faults=[{"stall": 60, "times": 9}])
        began = time.monotonic()
        with pytest.raises(GatewayUnavailable):
            StripeGateway(SECRET_KEY, WEBHOOK_SECRET, api_base=stripe_stand_in.url).start(request_for())
        assert time.monotonic() - began < 10

    def test_a_key_of_the_wrong_account_is_unavailable_until_the_operator_repairs_it(self, stripe_stand_in: StripeStandIn) -> None:
        with pytest.raises(GatewayUnavailable):
            StripeGateway("rk_live_x", WEBHOOK_SECRET, api_base=stripe_stand_in.url).start(request_for())


class TestFacts:
    def test_an_untouched_session_is_open(self, gateway: StripeGateway) -> None:
        facts = gateway.fetch(gateway.start(request_for()).reference)
        assert (facts.state, facts.order_code, facts.payment_id, facts.payment_intent) == (ProviderState.OPEN, "K7MQ2RXA", 12, None)

    def test_a_declined_card_leaves_the_session_open(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        assert stripe_stand_in.pay(started.redirect_url, CARD_DECLINED).status == 402
        assert gateway.fetch(started.reference).state is ProviderState.OPEN

    def test_a_card_that_asks_the_bank_is_paid_after_the_answer_only(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        bank_page = stripe_stand_in.pay(started.redirect_url, CARD_ASKS_THE_BANK).location or ""
        assert gateway.fetch(started.reference).state is ProviderState.OPEN
        assert stripe_stand_in.visit(bank_page, agreed="1").location == "http://shop.example/orders/guest-token"
        assert gateway.fetch(started.reference).state is ProviderState.PAID

    def test_a_complete_session_is_not_paid_until_the_money_arrives(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        stripe_stand_in.promise(started.redirect_url)
        assert gateway.fetch(started.reference).state is ProviderState.PROCESSING
        stripe_stand_in.settle(started.reference)
        assert gateway.fetch(started.reference).state is ProviderState.PAID

    def test_promised_money_that_never_comes_is_failed(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        stripe_stand_in.promise(started.redirect_url)
        stripe_stand_in.settle(started.reference, arrived=False)
        assert gateway.fetch(started.reference).state is ProviderState.FAILED

    def test_a_session_of_another_integration_names_no_order_of_ours(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        reference = gateway.start(request_for()).reference
        session_at(stripe_stand_in, reference)["metadata"] = {"payment_id": "x"}
        facts = gateway.fetch(reference)
        assert (facts.order_code, facts.payment_id) == ("", 0)

    def test_an_unknown_session_is_refused(self, gateway: StripeGateway) -> None:
        with pytest.raises(GatewayRefused):
            gateway.fetch("cs_test_nowhere")


class TestExpiring:
    def test_an_open_session_is_closed_at_stripe(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        assert gateway.expire(started.reference).state is ProviderState.EXPIRED
        assert stripe_stand_in.pay(started.redirect_url).status == 410
        assert stripe_stand_in.totals()["captured"] == 0

    def test_expiring_twice_is_harmless(self, gateway: StripeGateway) -> None:
        reference = gateway.start(request_for()).reference
        gateway.expire(reference)
        assert gateway.expire(reference).state is ProviderState.EXPIRED

    def test_a_buyer_who_was_faster_has_paid(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        started = gateway.start(request_for())
        stripe_stand_in.pay(started.redirect_url)
        facts = gateway.expire(started.reference)
        assert facts.state is ProviderState.PAID
        assert facts.payment_intent is not None

    def test_a_session_past_its_time_is_expired_by_itself(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> None:
        reference = gateway.start(request_for()).reference
        session_at(stripe_stand_in, reference)["expires_at"] = int(clock.now().timestamp()) - 1
        assert gateway.fetch(reference).state is ProviderState.EXPIRED

    def test_expiring_an_unknown_session_is_refused(self, gateway: StripeGateway) -> None:
        with pytest.raises(GatewayRefused):
            gateway.expire("cs_test_nowhere")


class TestRefunds:
    @pytest.fixture
    def reference(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn) -> str:
        """A session over Rp80.000 that was paid."""
        started = gateway.start(request_for())
        stripe_stand_in.pay(started.redirect_url)
        return started.reference

    @pytest.mark.parametrize("amount", [1, 999, 30_000, 80_000])
    def test_rupiah_go_back_as_hundredths(
        self, gateway: StripeGateway, stripe_stand_in: StripeStandIn, reference: str, amount: int
    ) -> None:
        facts = gateway.refund(reference, amount, "order-K7MQ2RXA-refund-1")
        assert (facts.state, facts.amount, facts.currency) == (ProviderRefundState.SUCCEEDED, amount, "idr")
        assert stripe_stand_in.bank.store.get(facts.reference, "refund")["amount"] == amount * 100
        assert stripe_stand_in.totals()["refunded"] == amount

    @pytest.mark.parametrize("forgets_keys", [False, True])
    def test_a_lost_answer_then_another_try_is_one_refund(self, stripe_stand_in: StripeStandIn, reference: str, forgets_keys: bool) -> None:
        """F10: the work was done and the answer lost; weeks later Stripe knows the refund, no longer the key."""
        gateway = stripe_stand_in.gateway(retries=0)
        stripe_stand_in.bank.chaos.set(faults=[{"path": "/v1/refunds", "method": "POST", "when": "after", "status": 500, "times": 1}])
        with pytest.raises(GatewayUnavailable):
            gateway.refund(reference, 30_000, "key-1")
        if forgets_keys:
            stripe_stand_in.bank.store.answers.clear()
        assert gateway.refund(reference, 30_000, "key-1") == gateway.refund(reference, 30_000, "key-1")
        assert stripe_stand_in.totals()["refunded"] == 30_000

    def test_more_than_was_captured_is_a_certain_no(self, gateway: StripeGateway, stripe_stand_in: StripeStandIn, reference: str) -> None:
        gateway.refund(reference, 50_000, "key-1")
        for amount in (30_001, 80_000):
            with pytest.raises(GatewayRefused):
                gateway.refund(reference, amount, f"key-{amount}")
        gateway.refund(reference, 30_000, "key-2")
        with pytest.raises(GatewayRefused):
            gateway.refund(reference, 1, "key-3")
        assert stripe_stand_in.totals()["kept"] == 0

    def test_what_was_never_paid_cannot_go_back(self, gateway: StripeGateway) -> None:
        with pytest.raises(GatewayRefused):
            gateway.refund(gateway.start(request_for()).reference, 1_000, "key-1")

    def test_a_refund_on_its_way_and_one_taken_back_are_told_apart(
        self, gateway: StripeGateway, stripe_stand_in: StripeStandIn, reference: str
    ) -> None:
        made = gateway.refund(reference, 30_000, "key-1")
        for status, state in (("pending", "pending"), ("requires_action", "pending"), ("failed", "failed"), ("canceled", "failed")):
            stripe_stand_in.bank.store.get(made.reference, "refund")["status"] = status
            assert gateway.refund(reference, 30_000, "key-1").state.value == state
