"""Events: recorded, signed as Stripe signs them, delivered to the shop and tried again until it answers 2xx."""

from __future__ import annotations

import heapq
import http.client
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import stripe

from storefront.integrations.stripe_stand_in.chaos import Chaos
from storefront.integrations.stripe_stand_in.store import Store, StripeObject, unix_now

API_VERSION = "2026-10-28.endive"
#: Deliveries run side by side, so that a duplicate arrives at the same instant as its twin.
SENDERS = 4
TIMEOUT_SECONDS = 10
#: Stripe tries for three days.
GIVE_UP_SECONDS = 3 * 24 * 60 * 60
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(order=True)
class Delivery:
    """One message on its way to one endpoint."""

    due: float  # on the monotonic clock
    number: int
    event_id: str = field(compare=False)
    url: str = field(compare=False)
    secret: str = field(compare=False)
    body: str = field(compare=False)
    tries: int = field(compare=False, default=0)
    is_forged: bool = field(compare=False, default=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the shop answered to one delivery; status 0 when nobody answered."""

    event_id: str
    type: str
    status: int
    tries: int
    is_forged: bool


class Webhooks:
    """The queue of deliveries and the threads that empty it."""

    def __init__(self, store: Store, chaos: Chaos, *, first_pause: float = 0.25, most_tries: int = 12) -> None:
        self.attempts: deque[Attempt] = deque(maxlen=2_000)
        self._store = store
        self._chaos = chaos
        self._first_pause = first_pause
        self._most_tries = most_tries
        self._queue: list[Delivery] = []
        self._numbered = 0
        self._under_way = 0
        self._changed = threading.Condition()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        for number in range(SENDERS):
            threading.Thread(target=self._send_forever, name=f"stand-in-webhook-{number}", daemon=True).start()

    def register(
        self, url: str, secret: str | None = None, enabled_events: list[str] | None = None, *, resume: bool = False
    ) -> StripeObject:
        """Deliver to `url`, on this machine only, from now on; `resume` also sends what an earlier run left behind."""
        if urlsplit(url).hostname not in LOOPBACK:
            raise ValueError(f"the stand-in delivers to this machine only, not to {url}")
        with self._store.lock:
            for known in [found for found in self._store.of_kind("webhook_endpoint") if found["url"] == url]:
                del self._store.objects[known["id"]]
            endpoint = self._store.add(
                "webhook_endpoint",
                url=url,
                enabled_events=enabled_events or ["*"],
                status="enabled",
                _secret=secret or f"whsec_{secrets.token_hex(16)}",
            )
            for event in list(self._store.of_kind("event")) if resume else []:
                if event["pending_webhooks"] and event["created"] > unix_now() - GIVE_UP_SECONDS:
                    self._enqueue(event, endpoint)
            self._store.save()
        return endpoint

    def emit(self, type_: str, about: StripeObject) -> None:
        """Record the event with `about` as it is now and queue its deliveries; the caller holds the store's lock."""
        wanting = [endpoint for endpoint in self._store.of_kind("webhook_endpoint") if {"*", type_} & set(endpoint["enabled_events"])]
        event = self._store.add(
            "event",
            type=type_,
            api_version=API_VERSION,
            data={"object": self._store.public(about)},
            pending_webhooks=len(wanting),
            request={"id": None, "idempotency_key": None},
        )
        for endpoint in wanting:
            self._enqueue(event, endpoint)

    def wait_until_quiet(self, timeout: float = 10) -> bool:
        """Whether every delivery was accepted or given up within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._under_way, timeout)

    def forget(self) -> None:
        """Drop what is queued; used between tests."""
        with self._changed:
            self._queue.clear()
            self.attempts.clear()
            self._changed.notify_all()

    def _enqueue(self, event: StripeObject, endpoint: StripeObject) -> None:
        if self._chaos.drops():
            return
        event_id, url, secret = event["id"], endpoint["url"], endpoint["_secret"]
        if self._chaos.forges():
            self._push(0.0, event_id, url, f"whsec_{secrets.token_hex(16)}", _forged(event), is_forged=True)
        body = json.dumps(self._store.public(event))
        delay = self._chaos.delay()
        for _ in range(2 if self._chaos.duplicates() else 1):
            self._push(delay, event_id, url, secret, body)

    def _push(self, delay: float, event_id: str, url: str, secret: str, body: str, *, tries: int = 0, is_forged: bool = False) -> None:
        with self._changed:
            self._numbered += 1
            due = time.monotonic() + delay
            heapq.heappush(self._queue, Delivery(due, self._numbered, event_id, url, secret, body, tries, is_forged))
            self._changed.notify_all()

    def _send_forever(self) -> None:
        while True:
            delivery = self._next()
            status = self._post(delivery)
            self.attempts.append(Attempt(delivery.event_id, json.loads(delivery.body)["type"], status, delivery.tries, delivery.is_forged))
            if not delivery.is_forged:
                self._after(delivery, is_accepted=200 <= status < 300)
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _next(self) -> Delivery:
        with self._changed:
            while not self._queue or self._queue[0].due > time.monotonic():
                self._changed.wait(self._queue[0].due - time.monotonic() if self._queue else None)
            self._under_way += 1
            return heapq.heappop(self._queue)

    def _post(self, delivery: Delivery) -> int:
        """Sign at the moment of sending, as Stripe does, so that a late retry is not stale."""
        signature = stripe.WebhookSignature.generate_signature_header(delivery.body, delivery.secret, unix_now())
        message = urllib.request.Request(  # noqa: S310 - register() admits loopback http only
            delivery.url,
            delivery.body.encode(),
            {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature},
        )
        try:
            with self._opener.open(message, timeout=TIMEOUT_SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except (OSError, http.client.HTTPException):
            return 0

    def _after(self, delivery: Delivery, *, is_accepted: bool) -> None:
        if is_accepted:
            with self._store.lock:
                event = self._store.objects.get(delivery.event_id)
                if event and event["pending_webhooks"]:
                    event["pending_webhooks"] -= 1
                    self._store.save()
        elif delivery.tries + 1 < self._most_tries:
            pause = min(self._first_pause * 2**delivery.tries, 60)
            tries = delivery.tries + 1
            self._push(pause, delivery.event_id, delivery.url, delivery.secret, delivery.body, tries=tries)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Stripe treats a redirect as a failed delivery."""

    def redirect_request(self, *_: object) -> None:
        return None


def _forged(event: StripeObject) -> str:
    """What somebody who knows our addresses but not the secret would send: this very thing, but paid."""
    lie = json.loads(json.dumps(event))
    lie["id"] = f"evt_{secrets.token_hex(12)}"
    lie["data"]["object"]["payment_status"] = "paid"
    return json.dumps(lie)
