"""The stand-in keeps Stripe's promises: validation, idempotency, pages, refunds."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest
import stripe

from storefront.integrations.stripe_stand_in.cards import CARDS, Outcome
from storefront.integrations.stripe_stand_in.texts import TEXTS, rupiah
from tests.payments import CARD_ASKS_THE_BANK, CARD_DECLINED, CARD_OK, SECRET_KEY, StripeStandIn
from tests.storefront.integrations.shop_side import SHOP, Shop, client_of, session_params


class TestValidation:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"payment_method_types": ["card"]}, "parameter_unknown"),
            ({"nonsense": 1}, "parameter_unknown"),
            ({"metadata": {"order_code": {"nested": "x"}}}, None),
            ({"mode": "gift"}, None),
            ({"line_items": []}, "parameter_missing"),
            ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 1, "product_data": {"name": "X"}}}]}, "parameter_missing"),
            ({"line_items": [{"quantity": "two", "price_data": {"currency": "idr"}}]}, "parameter_invalid_integer"),
            ({"success_url": "javascript:alert(1)"}, "url_invalid"),
            ({"cancel_url": "/checkout"}, "url_invalid"),
            ({"expires_at": 1}, None),
            ({"metadata": {"k" * 41: "x"}}, None),
        ],
    )
    def test_what_stripe_refuses_is_refused_here(self, client: stripe.StripeClient, changes: Any, code: str | None) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.checkout.sessions.create(session_params(**changes))
        assert refusal.value.http_status == 400
        if code:
            assert refusal.value.code == code

    @pytest.mark.parametrize("quantity", [0, -1])
    def test_quantities_below_one_are_refused(self, client: stripe.StripeClient, quantity: int) -> None:
        params = session_params()
        params["line_items"][0]["quantity"] = quantity
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.create(params)

    def test_a_total_below_half_a_dollar_is_refused(self, client: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.checkout.sessions.create(session_params(500_000))
        assert refusal.value.code == "amount_too_small"

    def test_an_unknown_id_is_missing(self, client: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.checkout.sessions.retrieve("cs_test_nowhere")
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")

    def test_a_live_key_is_turned_away(self, stripe_stand_in: StripeStandIn) -> None:
        live = stripe.StripeClient("rk_live_x", base_addresses={"api": stripe_stand_in.url})
        with pytest.raises(stripe.AuthenticationError):
            live.v1.checkout.sessions.create(session_params())

    def test_another_api_version_is_turned_away(self, stripe_stand_in: StripeStandIn) -> None:
        old = stripe.StripeClient(SECRET_KEY, stripe_version="2024-06-20", base_addresses={"api": stripe_stand_in.url})
        with pytest.raises(stripe.InvalidRequestError):
            old.v1.checkout.sessions.create(session_params())

    def test_an_address_it_does_not_have_is_told_as_stripe_tells_it(self, client: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.customers.list()
        assert refusal.value.http_status == 404

    def test_an_expansion_that_does_not_exist_is_refused(self, client: stripe.StripeClient) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.retrieve(session.id, {"expand": ["nonsense"]})


class TestIdempotency:
    def test_the_first_answer_is_given_again(self, client: stripe.StripeClient) -> None:
        key: Any = {"idempotency_key": uuid.uuid4().hex}
        first = client.v1.checkout.sessions.create(session_params(), key)
        again = client.v1.checkout.sessions.create(session_params(), key)
        assert first.id == again.id
        assert again.last_response is not None
        assert again.last_response.headers["idempotent-replayed"] == "true"

    def test_the_same_key_with_other_parameters_is_refused(self, client: stripe.StripeClient) -> None:
        key: Any = {"idempotency_key": uuid.uuid4().hex}
        client.v1.checkout.sessions.create(session_params(), key)
        with pytest.raises(stripe.IdempotencyError):
            client.v1.checkout.sessions.create(session_params(9_000_000), key)

    def test_a_key_whose_request_failed_validation_may_be_used_again(self, client: stripe.StripeClient) -> None:
        key: Any = {"idempotency_key": uuid.uuid4().hex}
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.create(session_params(nonsense=1), key)
        assert client.v1.checkout.sessions.create(session_params(), key).status == "open"

    def test_a_key_in_use_is_a_conflict(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        stripe_stand_in.bank.chaos.set(faults=[{"stall": 30, "status": None}])
        key: Any = {"idempotency_key": uuid.uuid4().hex}
        slow = threading.Thread(target=client.v1.checkout.sessions.create, args=(session_params(), key))
        slow.start()
        assert Shop().wait_for(lambda: not stripe_stand_in.bank.keys.wait_until_idle(0))
        with pytest.raises(stripe.APIError) as refusal:
            client_of(stripe_stand_in.url).v1.checkout.sessions.create(session_params(), key)
        assert refusal.value.http_status == 409
        stripe_stand_in.bank.chaos.calm()
        slow.join()
        assert stripe_stand_in.totals()["sessions"] == {"open": 1}


class TestPages:
    def test_the_page_shows_lines_total_and_that_no_money_moves(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        page = stripe_stand_in.visit(session.url or "")
        assert page.status == 200
        for words in ("Tidak ada uang yang berpindah", "Rp80.000", "Keripik &lt;ubi&gt; &amp; nanas", "4242 4242 4242 4242"):
            assert words in page.text
        assert "<script" not in page.text
        assert " style=" not in page.text

    def test_an_english_session_has_an_english_page(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params(locale="en"))
        assert "No money moves" in stripe_stand_in.visit(session.url or "").text

    def test_both_languages_say_the_same_things(self) -> None:
        assert TEXTS["id"].keys() == TEXTS["en"].keys()
        for card in CARDS.values():
            assert card.outcome is not Outcome.DECLINED or card.decline_code in TEXTS["id"]

    def test_a_good_card_leads_back_to_the_shop(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        page = stripe_stand_in.pay(session.url, "4242 4242 4242 4242")
        assert (page.status, page.location) == (303, f"{SHOP}?session={session.id}")
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"

    def test_paying_twice_charges_once(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.pay(session.url)
        again = stripe_stand_in.pay(session.url)
        assert "Pembayaran selesai" in again.text
        assert stripe_stand_in.totals()["captured"] == 80_000

    @pytest.mark.parametrize(
        "card", [card for card in CARDS.values() if card.outcome is Outcome.DECLINED], ids=lambda card: card.decline_code
    )
    def test_a_declined_card_says_why_and_another_may_be_tried(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, card: Any
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        page = stripe_stand_in.pay(session.url, card.number)
        assert page.status == 402
        assert TEXTS["id"][card.decline_code] in page.text
        assert card.number not in page.text
        assert stripe_stand_in.pay(session.url).status == 303
        assert stripe_stand_in.totals()["captured"] == 80_000

    def test_a_card_that_is_not_a_test_card_is_refused_and_not_kept(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        page = stripe_stand_in.pay(session.url, "4111111111111111")
        assert page.status == 422
        assert "4111111111111111" not in page.text + json.dumps(stripe_stand_in.bank.store.objects)

    @pytest.mark.parametrize(("name", "value"), [("expiry", "13/34"), ("expiry", "01/20"), ("cvc", "1"), ("email", "nobody")])
    def test_a_bad_field_is_told_beside_itself(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, name: str, value: str
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        typed = {"email": "a@contoh.example", "number": CARD_OK, "expiry": "12/34", "cvc": "123"} | {name: value}
        page = stripe_stand_in.visit(session.url or "", **typed)
        assert page.status == 422
        assert f'id="{name}-problem"' in page.text

    def test_the_bank_may_be_refused_and_asked_again(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        bank_page = stripe_stand_in.pay(session.url, CARD_ASKS_THE_BANK).location or ""
        assert "Rp80.000" in stripe_stand_in.visit(bank_page).text
        assert stripe_stand_in.visit(bank_page, agreed="0").status == 402
        assert stripe_stand_in.pay(session.url, CARD_ASKS_THE_BANK).location == bank_page
        assert stripe_stand_in.visit(bank_page, agreed="1").location == f"{SHOP}?session={session.id}"
        assert stripe_stand_in.totals()["captured"] == 80_000

    def test_a_session_expired_while_the_bank_asks_is_not_charged(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        bank_page = stripe_stand_in.pay(session.url, CARD_ASKS_THE_BANK).location or ""
        client.v1.checkout.sessions.expire(session.id)
        assert stripe_stand_in.visit(bank_page, agreed="1").status == 410
        assert stripe_stand_in.totals()["captured"] == 0

    def test_an_unknown_page_is_a_404(self, stripe_stand_in: StripeStandIn) -> None:
        assert stripe_stand_in.visit(f"{stripe_stand_in.url}/c/pay/cs_test_nowhere").status == 404

    def test_promised_money_can_be_settled_on_the_overview(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.promise(session.url)
        assert "K7MQ2RXA" in stripe_stand_in.visit(f"{stripe_stand_in.url}/_stand_in/").text
        assert stripe_stand_in.visit(f"{stripe_stand_in.url}/_stand_in/settle/{session.id}", arrived="1").status == 303
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert stripe_stand_in.visit(f"{stripe_stand_in.url}/_stand_in/settle/{session.id}", arrived="1").status == 400

    @pytest.mark.parametrize(
        ("amount", "currency", "shown"),
        [(15_000_00, "idr", "Rp15.000"), (1_234_567_00, "idr", "Rp1.234.567"), (100_50, "idr", "Rp100,50"), (12_34, "usd", "USD 12.34")],
    )
    def test_amounts_are_written_as_people_do(self, amount: int, currency: str, shown: str) -> None:
        assert rupiah(amount, currency) == shown


class TestMoney:
    def paid_intent(self, client: stripe.StripeClient, stand_in: StripeStandIn) -> str:
        session = client.v1.checkout.sessions.create(session_params())
        stand_in.pay(session.url)
        return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)

    def test_refunds_never_exceed_what_was_captured(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        intent = self.paid_intent(client, stripe_stand_in)
        assert client.v1.refunds.create({"payment_intent": intent, "amount": 3_000_000}).status == "succeeded"
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create({"payment_intent": intent, "amount": 5_000_001})
        assert client.v1.refunds.create({"payment_intent": intent}).amount == 5_000_000
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create({"payment_intent": intent})
        assert refusal.value.code == "charge_already_refunded"
        assert stripe_stand_in.totals()["orders"] == {"K7MQ2RXA": {"captured": 80_000, "refunded": 80_000}}

    def test_the_same_refund_key_refunds_once(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        intent = self.paid_intent(client, stripe_stand_in)
        key: Any = {"idempotency_key": uuid.uuid4().hex}
        for _ in range(3):
            client.v1.refunds.create({"payment_intent": intent, "amount": 1_000_000}, key)
        assert stripe_stand_in.totals()["refunded"] == 10_000

    def test_the_ledger_can_be_read_over_http(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        self.paid_intent(client, stripe_stand_in)
        ledger = json.loads(stripe_stand_in.visit(f"{stripe_stand_in.url}/_stand_in/ledger").text)
        assert (ledger["captured"], ledger["refunded"], ledger["kept"]) == (80_000, 0, 80_000)
        assert ledger["sessions"] == {"paid": 1}

    def test_answers_hold_only_fields_the_sdk_knows(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        intent = self.paid_intent(client, stripe_stand_in)
        client.v1.refunds.create({"payment_intent": intent})
        declined = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.pay(declined.url, CARD_DECLINED)
        kinds: list[tuple[Any, Any]] = [
            (stripe.checkout.Session, client.v1.checkout.sessions.list()),
            (stripe.PaymentIntent, client.v1.payment_intents.list()),
            (stripe.Charge, client.v1.charges.list()),
            (stripe.Refund, client.v1.refunds.list()),
            (stripe.Event, client.v1.events.list()),
        ]
        for kind, page in kinds:
            assert page.data
            unknown = {name for found in page.data for name in found.to_dict() if name not in kind.__annotations__}
            assert unknown == set(), kind

    def test_lists_page_through_everything_newest_first(self, client: stripe.StripeClient) -> None:
        made = [client.v1.checkout.sessions.create(session_params()).id for _ in range(7)]
        listed = [session.id for session in client.v1.checkout.sessions.list({"limit": 3}).auto_paging_iter()]
        assert listed == list(reversed(made))

    def test_the_lines_of_a_session_can_be_listed(self, client: stripe.StripeClient) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        assert [line.amount_total for line in client.v1.checkout.sessions.line_items.list(session.id).data] == [8_000_000]

    def test_the_charge_can_be_expanded_from_the_session(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn) -> None:
        intent = self.paid_intent(client, stripe_stand_in)
        found = client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]})
        assert isinstance(found.latest_charge, stripe.Charge)
        assert found.latest_charge.amount_captured == 8_000_000
