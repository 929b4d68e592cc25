"""Stripe behind the Gateway protocol: hosted Checkout Sessions in IDR, and the proof that a webhook came from Stripe.

The money path is docs.stripe.com/payments/checkout. Amounts cross `kernel.money`'s one table (IDR has hundredths at
Stripe), payment methods are Stripe's dynamic ones (`payment_method_types` is refused since 2026-09-30.endive).
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import stripe

from kernel import clock
from kernel.money import from_minor_units, to_minor_units
from orders.gateways import (
    SESSION_LIFE,
    ClockDisagrees,
    GatewayRefused,
    GatewayUnavailable,
    OpeningTooLate,
    PaymentMethod,
    PaymentRequest,
    ProviderFacts,
    ProviderRefundState,
    ProviderState,
    RefundFacts,
    StartedPayment,
    WebhookEvent,
    WebhookOutOfTime,
    WebhookRefused,
)

if TYPE_CHECKING:  # the parameter types take most of a second to load and serve the type checker only
    from stripe import Refund
    from stripe.checkout import Session
    from stripe.params import RefundCreateParams
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

API_VERSION = "2026-10-28.endive"
CURRENCY = "idr"
#: Three tries of at most this much, with the SDK's pauses between them, stay under ten seconds (faults.md F8).
CONNECT_SECONDS, READ_SECONDS, RETRIES = 1.5, 2.5, 2
#: Buyers of one process who may wait for Stripe at once, and how long the next one waits for a turn: a stall takes few threads.
AT_ONCE, TURN_SECONDS = 3, 0.25
#: How far a webhook's stamp may lie in the past or (the SDK does not look) in the future.
WEBHOOK_TOLERANCE = timedelta(seconds=300)
#: Stripe refuses pages that close sooner than this, counted on its own clock.
SHORTEST_LIFE = timedelta(minutes=30)
#: How far apart an order and the opening of its page may lie.
NEARBY = timedelta(minutes=15)
#: Stripe wants about US$0.50 after conversion, roughly Rp8.000; this leaves room for the rate.
MINIMUM = 10_000
#: Stripe takes up to twelve digits of IDR hundredths.
MAXIMUM = 9_999_999_999

log = logging.getLogger(__name__)


class StripeGateway:
    """Collects money through Stripe's hosted page.

    `secret_key` and `webhook_secret` come from settings. `api_base` points at the stand-in in tests and the demo, and
    is None for Stripe itself. One instance serves all threads of a process.
    """

    method = PaymentMethod.STRIPE
    minimum = MINIMUM
    maximum = MAXIMUM

    def __init__(
        self,
        secret_key: str,
        webhook_secret: str,
        *,
        api_base: str | None = None,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        retries: int = RETRIES,
    ) -> None:
        self._webhook_secret = webhook_secret
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._is_live = "_live_" in secret_key
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def start(self, request: PaymentRequest) -> StartedPayment:
        """Open a Checkout Session; the same idempotency key returns the same session, also after a lost answer."""
        if not self.minimum <= request.amount <= self.maximum or request.lines_total != request.amount:
            log.error("order %s: amount %s is not payable as listed", request.order_code, request.amount)
            raise GatewayRefused
        if not self._turns.acquire(timeout=TURN_SECONDS):
            log.warning("order %s: Stripe is slow, nobody else waits for it", request.order_code)
            raise GatewayUnavailable
        try:
            with _translated_errors("start", request.order_code):
                session = self._open(request)
        finally:
            self._turns.release()
        if session.amount_total != to_minor_units(request.amount, "stripe") or session.currency != CURRENCY:
            log.error("order %s: Stripe opened %s for another amount", request.order_code, session.id)
            raise GatewayRefused
        return StartedPayment(session.id, session.url)

    def _open(self, request: PaymentRequest) -> Session:
        """The session of this attempt: opened now, opened before under the same key, or, a day later, looked up.

        Stripe forgets keys after a day. It then refuses our closing time, which has passed, and cannot open a second
        page; whatever was opened at the time is in its list for ever.
        """
        try:
            return self._client.v1.checkout.sessions.create(_session_params(request), {"idempotency_key": request.idempotency_key})
        except stripe.InvalidRequestError as error:
            if error.param != "expires_at":
                raise
            if (found := self._find(request)) is not None:
                return found
            if request.expires_at - clock.now() >= SHORTEST_LIFE:
                raise ClockDisagrees from error
            raise OpeningTooLate from error

    def _find(self, request: PaymentRequest) -> Session | None:
        opened = int((request.expires_at - SESSION_LIFE - NEARBY).timestamp())
        listed = self._client.v1.checkout.sessions.list(
            {"created": {"gte": opened, "lte": int(request.expires_at.timestamp())}, "limit": 100}
        )
        for session in listed.auto_paging_iter():
            if session.metadata and session.metadata.to_dict().get("payment_id") == str(request.payment_id):
                return session
        return None

    def fetch(self, reference: str) -> ProviderFacts:
        with _translated_errors("fetch", reference):
            return _facts(self._client.v1.checkout.sessions.retrieve(reference, {"expand": ["payment_intent"]}))

    def expire(self, reference: str) -> ProviderFacts:
        try:
            with _translated_errors("expire", reference):
                return _facts(self._client.v1.checkout.sessions.expire(reference, {"expand": ["payment_intent"]}))
        except GatewayRefused:  # only open sessions can be expired: the buyer, or an earlier call, was faster
            return self.fetch(reference)

    def refund(self, reference: str, amount: int, idempotency_key: str) -> RefundFacts:
        """Give `amount` back. Looks first whether it was done: Stripe forgets keys after a day, its list of refunds never."""
        with _translated_errors("refund", idempotency_key):
            session = self._client.v1.checkout.sessions.retrieve(reference)
            intent = session.payment_intent
            if not isinstance(intent, str):
                raise GatewayRefused
            known = self._client.v1.refunds.list({"payment_intent": intent, "limit": 100})
            for refund in known.auto_paging_iter():
                if refund.metadata and refund.metadata.to_dict().get("refund") == idempotency_key:
                    return _refund_facts(refund)
            about: dict[str, str] = session.metadata.to_dict() if session.metadata else {}
            params: RefundCreateParams = {
                "payment_intent": intent,
                "amount": to_minor_units(amount, "stripe"),
                "metadata": {"order_code": about.get("order_code", ""), "refund": idempotency_key},
            }
            return _refund_facts(self._client.v1.refunds.create(params, {"idempotency_key": idempotency_key}))

    def verify_webhook(self, body: bytes, signature: str | None, now: datetime) -> WebhookEvent:
        """The event in `body`, the raw bytes as they came; raises WebhookRefused unless Stripe signed them just now.

        Refuses stamps more than 300 seconds old or ahead of `now`, events of the other mode (test, live) and events of
        a connected account.
        """
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._webhook_secret)
            ahead = int(now.timestamp()) - _stamp(signature or "")
            if abs(ahead) > WEBHOOK_TOLERANCE.total_seconds():
                raise WebhookOutOfTime(ahead)
            event = json.loads(body)
            if event["object"] != "event" or event.get("account") or event["livemode"] is not self._is_live:
                raise WebhookRefused
            return _event(event)
        except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise WebhookRefused from error


def _session_params(request: PaymentRequest) -> SessionCreateParams:
    """The same request gives the same bytes, because Stripe compares them when an idempotency key comes again."""
    about = {
        "order_code": request.order_code,
        "payment_id": str(request.payment_id),
        "attempt": str(request.attempt),
    }
    lines: list[SessionCreateParamsLineItem] = [
        {
            "quantity": line.quantity,
            "price_data": {
                "currency": CURRENCY,
                "unit_amount": to_minor_units(line.unit_price, "stripe"),
                "product_data": {"name": line.name},
            },
        }
        for line in request.lines
    ]
    params: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": request.order_code,
        "line_items": lines,
        "metadata": about,
        "payment_intent_data": {"metadata": about},
        "adaptive_pricing": {"enabled": False},  # the buyer pays the rupiah on our page, no other currency
        "locale": "en" if request.language == "en" else "id",
        "expires_at": int(request.expires_at.timestamp()),
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
    }
    if request.email:
        params["customer_email"] = request.email
    return params


def _facts(session: Session) -> ProviderFacts:
    about: dict[str, str] = session.metadata.to_dict() if session.metadata else {}
    payment_id = about.get("payment_id", "")
    intent = session.payment_intent
    return ProviderFacts(
        reference=session.id,
        state=_state(session),
        amount=_whole_rupiah(session),
        currency=session.currency or "",
        order_code=about.get("order_code", ""),
        payment_id=int(payment_id) if payment_id.isdecimal() else 0,
        payment_intent=intent if isinstance(intent, str) or intent is None else intent.id,
    )


def _refund_facts(refund: Refund) -> RefundFacts:
    states = {"succeeded": ProviderRefundState.SUCCEEDED, "failed": ProviderRefundState.FAILED, "canceled": ProviderRefundState.FAILED}
    try:
        amount = from_minor_units(refund.amount, "stripe") if refund.currency == CURRENCY else 0
    except ValueError:
        amount = 0
    return RefundFacts(refund.id, states.get(refund.status or "", ProviderRefundState.PENDING), amount, refund.currency)


def _state(session: Session) -> ProviderState:
    """A complete session is not money yet: late methods complete unpaid and are settled, or fail, hours later."""
    if session.status == "expired":
        return ProviderState.EXPIRED
    if session.status != "complete":
        return ProviderState.OPEN
    if session.payment_status == "paid":
        return ProviderState.PAID
    intent = session.payment_intent
    if intent is not None and not isinstance(intent, str) and intent.status in ("requires_payment_method", "canceled"):
        return ProviderState.FAILED
    return ProviderState.PROCESSING


def _whole_rupiah(session: Session) -> int:
    """What was received once paid, else what is asked; 0, which matches no payment, when it is not whole rupiah."""
    intent = session.payment_intent
    amount = session.amount_total or 0
    if session.payment_status == "paid" and intent is not None and not isinstance(intent, str):
        amount = intent.amount_received
    try:
        return from_minor_units(amount, "stripe") if session.currency == CURRENCY else 0
    except ValueError:
        return 0


def _stamp(signature: str) -> int:
    """The signed moment, from `t=1764000000,v1=…`, in seconds since 1970."""
    return int(next(item for item in signature.split(",") if item.startswith("t=")).removeprefix("t="))


def _event(event: Mapping[str, Any]) -> WebhookEvent:
    about: Mapping[str, Any] = event["data"]["object"]
    kind = about["object"]
    intent = about["id"] if kind == "payment_intent" else about.get("payment_intent")
    order_code = (about.get("metadata") or {}).get("order_code")
    return WebhookEvent(
        id=str(event["id"]),
        type=str(event["type"]),
        reference=str(about["id"]) if kind == "checkout.session" else None,
        payment_intent=intent if isinstance(intent, str) else None,
        created_at=datetime.fromtimestamp(int(event["created"]), UTC),
        order_code=order_code if isinstance(order_code, str) else None,
        amount=_claimed(about) if kind == "checkout.session" else None,
        currency=about.get("currency") if kind == "checkout.session" else None,
    )


def _claimed(about: Mapping[str, Any]) -> int | None:
    """What a message says a session is about, in whole rupiah; 0, which no payment has, when it is no such amount."""
    if about.get("amount_total") is None:
        return None
    try:
        return from_minor_units(about["amount_total"], "stripe") if about.get("currency", CURRENCY) == CURRENCY else 0
    except ValueError:
        return 0


@contextmanager
def _translated_errors(doing: str, about: str) -> Iterator[None]:
    """Every way Stripe can fail, as one of two: an uncertain answer, or a certain no. Logs ids, never the buyer."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError) as error:
        if error.code == "idempotency_key_in_use":  # the same request is being worked on at this moment: no answer yet
            raise GatewayUnavailable from error
        log.warning("stripe %s %s refused: %s %s %s", doing, about, error.http_status, error.code, error.request_id)
        raise GatewayRefused from error
    except stripe.StripeError as error:
        log.error("stripe %s %s failed: %s %s", doing, about, type(error).__name__, error.http_status)
        raise GatewayUnavailable from error
