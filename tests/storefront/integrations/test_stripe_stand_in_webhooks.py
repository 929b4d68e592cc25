"""The stand-in tells what happened: webhooks with their signatures, in chaos and after a restart."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import stripe

from kernel import clock
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.serving import running
from tests.payments import WEBHOOK_SECRET, StripeStandIn
from tests.storefront.integrations.shop_side import Shop, client_of, session_params


class TestWebhooks:
    def test_a_payment_is_told_with_a_signature_the_sdk_accepts(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.pay(session.url)
        assert stripe_stand_in.bank.webhooks.wait_until_quiet()
        told = {event["type"] for event in shop.events()}
        assert told == {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}
        for body, signature in shop.received:
            assert stripe_stand_in.gateway().verify_webhook(body, signature, clock.now()).id.startswith("evt_")

    @pytest.mark.parametrize(("arrived", "kind"), [(True, "succeeded"), (False, "failed")])
    def test_late_money_is_told_when_it_is_decided(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop, arrived: bool, kind: str
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.promise(session.url)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert shop.events("checkout.session.completed")[0]["data"]["object"]["payment_status"] == "unpaid"
        stripe_stand_in.settle(session.id, arrived=arrived)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert len(shop.events(f"checkout.session.async_payment_{kind}")) == 1

    def test_a_session_past_its_time_is_told_as_expired(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.bank.store.get(session.id, "checkout.session")["expires_at"] = 1
        client.v1.checkout.sessions.list()
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert len(shop.events("checkout.session.expired")) == 1

    def test_a_delivery_is_tried_again_until_the_shop_accepts(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        shop.answers = [500, 302, 503]
        client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        assert stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert len({event["id"] for event in shop.events()}) == 1
        assert [attempt.status for attempt in stripe_stand_in.bank.webhooks.attempts] == [500, 302, 503, 200]

    def test_dropped_deliveries_can_be_found_in_the_list_of_events(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        stripe_stand_in.bank.chaos.set(drop={"rate": 1.0})
        session = client.v1.checkout.sessions.create(session_params())
        stripe_stand_in.pay(session.url)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert shop.received == []
        found = client.v1.events.list({"types": ["checkout.session.completed"]}).data
        assert [event.data.object.to_dict()["id"] for event in found] == [session.id]

    def test_a_duplicate_carries_the_same_event(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop) -> None:
        stripe_stand_in.bank.chaos.set(duplicate=1)
        client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert len(shop.received) == 2
        assert len({event["id"] for event in shop.events()}) == 1

    def test_a_forged_message_has_a_signature_nobody_should_accept(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        stripe_stand_in.bank.chaos.set(forge=1)
        client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        forged = [body for body, _ in shop.received if json.loads(body)["data"]["object"]["payment_status"] == "paid"]
        assert len(forged) == 1
        assert [attempt.is_forged for attempt in stripe_stand_in.bank.webhooks.attempts].count(True) == 1
        for body, signature in shop.received:
            if body in forged:
                with pytest.raises(stripe.SignatureVerificationError):
                    client.construct_event(body, signature, WEBHOOK_SECRET)

    def test_a_delay_holds_a_delivery_back(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop) -> None:
        stripe_stand_in.bank.chaos.set(delay=0.3)
        client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        assert shop.received == []
        assert stripe_stand_in.bank.webhooks.wait_until_quiet()
        assert len(shop.received) == 1

    def test_shuffled_deliveries_all_arrive(self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop) -> None:
        stripe_stand_in.bank.chaos.set(shuffle=0.3)
        for _ in range(12):
            client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        sent = [event.id for event in client.v1.events.list({"limit": 100}).data]
        arrived = [event["id"] for event in shop.events()]
        assert sorted(arrived) == sorted(sent)
        assert arrived != list(reversed(sent))

    def test_an_endpoint_made_through_the_api_gets_its_own_secret(
        self, client: stripe.StripeClient, stripe_stand_in: StripeStandIn, shop: Shop
    ) -> None:
        endpoint = client.v1.webhook_endpoints.create({"url": shop.url, "enabled_events": ["checkout.session.expired"]})
        assert endpoint.secret is not None
        client.v1.checkout.sessions.expire(client.v1.checkout.sessions.create(session_params()).id)
        stripe_stand_in.bank.webhooks.wait_until_quiet()
        (body, signature), *others = shop.received
        assert others == []
        assert client.construct_event(body, signature, endpoint.secret).type == "checkout.session.expired"

    def test_nothing_is_ever_sent_to_another_machine(self, client: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.webhook_endpoints.create({"url": "https://shop.example/hook", "enabled_events": ["*"]})


class TestChaos:
    def test_switches_are_set_and_calmed_over_http(self, stripe_stand_in: StripeStandIn) -> None:
        address = f"{stripe_stand_in.url}/_stand_in/chaos"
        body = json.dumps({"drop": 3, "forge": {"rate": 0.5}, "faults": [{"status": 429, "times": 2}]}).encode()
        asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert json.load(answer)["drop"]["times"] == 3
        with urllib.request.urlopen(urllib.request.Request(address, method="DELETE"), timeout=5) as answer:
            assert json.load(answer)["drop"]["times"] == 0

    def test_a_misspelt_switch_is_told(self, stripe_stand_in: StripeStandIn) -> None:
        body = json.dumps({"dorp": 3}).encode()
        asked = urllib.request.Request(f"{stripe_stand_in.url}/_stand_in/chaos", body, {"Content-Type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(asked, timeout=5)
        with refusal.value:
            assert refusal.value.code == 400

    def test_under_lost_answers_each_key_has_one_effect(self, stripe_stand_in: StripeStandIn) -> None:
        """F2: a hundred orders, a third of the answers lost, retried until answered: a hundred sessions."""
        stripe_stand_in.bank.chaos.set(faults=[{"when": "after", "status": 0, "times": 0, "rate": 0.2}, {"times": 0, "rate": 0.15}])
        client = client_of(stripe_stand_in.url)
        opened = set()
        for number in range(100):
            key: Any = {"idempotency_key": f"order-{number}-attempt-1"}
            for _ in range(50):
                try:
                    opened.add(client.v1.checkout.sessions.create(session_params(), key).id)
                    break
                except (stripe.APIError, stripe.APIConnectionError):
                    continue
        stripe_stand_in.bank.chaos.calm()
        assert len(opened) == 100
        assert stripe_stand_in.totals()["sessions"] == {"open": 100}


class TestRestart:
    def test_sessions_keys_and_undelivered_events_survive(self, tmp_path: Path, shop: Shop) -> None:
        key: Any = {"idempotency_key": "order-1-attempt-1"}
        first = Bank(folder=tmp_path, first_pause=0.01)
        first.webhooks.register("http://127.0.0.1:9/nobody", WEBHOOK_SECRET)
        with running(first) as url:
            session = client_of(url).v1.checkout.sessions.create(session_params(), key)
            promised = client_of(url).v1.checkout.sessions.create(session_params())
            StripeStandIn(url, first).promise(promised.url)
        first.webhooks.forget()

        second = Bank(folder=tmp_path)
        second.webhooks.register("http://127.0.0.1:9/nobody", WEBHOOK_SECRET)
        second.webhooks.register(shop.url, WEBHOOK_SECRET, resume=True)
        with running(second) as url:
            assert second.webhooks.wait_until_quiet()
            assert len(shop.events("checkout.session.completed")) == 1
            assert client_of(url).v1.checkout.sessions.create(session_params(), key).id == session.id
            page = f"{url}/c/pay/{session.id}"
            assert StripeStandIn(url, second).pay(page).status == 303
            assert second.totals()["captured"] == 80_000

    def test_it_runs_beside_the_demo_as_a_module(self, tmp_path: Path, shop: Shop) -> None:
        with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as free:
            port = free.server_port
        command = [sys.executable, "-m", "storefront.integrations.stripe_stand_in", "--port", str(port), "--folder", str(tmp_path)]
        command += ["--webhook-url", shop.url, "--webhook-secret", WEBHOOK_SECRET]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
        try:
            assert process.stdout is not None
            assert f":{port}/_stand_in/" in process.stdout.readline()
            url = f"http://127.0.0.1:{port}"

            def answers() -> bool:
                try:
                    return bool(urllib.request.urlopen(f"{url}/_stand_in/ledger", timeout=5).close() is None)
                except OSError:
                    return False

            assert shop.wait_for(answers)
            client_of(url).v1.checkout.sessions.expire(client_of(url).v1.checkout.sessions.create(session_params()).id)
            assert shop.wait_for(lambda: bool(shop.events("checkout.session.expired")))
        finally:
            process.terminate()
            process.wait(timeout=10)
            if process.stdout:
                process.stdout.close()
