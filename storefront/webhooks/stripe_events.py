"""Stripe's signed messages: verified on the raw body, then the facts are read anew and settled, each event once."""

from __future__ import annotations

from typing import cast

from flask import request
from flask.typing import ResponseReturnValue

from kernel import alarms, clock, crashpoints
from kernel.errors import NotFound
from orders import payments
from orders.gateways import Gateway, GatewayUnavailable, PaymentMethod, SignedGateway, WebhookEvent, WebhookOutOfTime, WebhookRefused
from storefront.card_testing import note_failed_card
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log
from storefront.refunding import look_again

#: Events that say something about a Checkout Session, or about money going back; the rest is acknowledged and left alone.
PREFIX = "checkout.session."
FAILED_CARD = "payment_intent.payment_failed"
REFUND_PREFIXES = ("charge.refund", "refund.")


def stripe() -> ResponseReturnValue:
    """200 for what was settled or does not concern us, 400 for what cannot be trusted, 503 when Stripe should send it again."""
    gateway = get_gateways().get(PaymentMethod.STRIPE)
    if gateway is None:
        return {"error": "not offered here"}, 404
    try:
        event = cast(SignedGateway, gateway).verify_webhook(request.get_data(), request.headers.get("Stripe-Signature"), clock.now())
    except WebhookOutOfTime as refusal:
        log.error("webhook out of time", provider="stripe", seconds=refusal.seconds)
        with transaction() as session:
            alarms.sound(session, "clock", f"signed payment messages are refused: this machine's clock is {_off(refusal.seconds)}")
        return {"error": "time"}, 400
    except WebhookRefused:
        log.warning("webhook refused", provider="stripe")
        return {"error": "signature"}, 400
    crashpoints.here("webhook.verified")
    try:
        return _act_on(gateway, event)
    except GatewayUnavailable:
        return {"error": "please send again"}, 503
    except NotFound:
        return {"status": "unknown payment"}


def _act_on(gateway: Gateway, event: WebhookEvent) -> ResponseReturnValue:
    if event.type.startswith(REFUND_PREFIXES) and event.order_code:
        # Money of an order goes back: ask how each refund stands whose answer is awaited. A lie in the message asks in vain.
        return {"status": "ok" if look_again(event.order_code, ("stripe", event.id, event.type)) else "ignored"}
    if event.type == FAILED_CARD and event.order_code:
        return _failed_card(event, event.order_code)
    if event.type.startswith(PREFIX) and event.reference is not None:
        return _settle(gateway, event, event.reference)
    return {"status": "ignored"}


def _settle(gateway: Gateway, event: WebhookEvent, reference: str) -> ResponseReturnValue:
    message = ("stripe", event.id, event.type)
    if payments.knows_event(reading(), message):
        return {"status": "ok"}  # sent again after it had its effect
    end_reading()
    facts = gateway.fetch(reference)
    if not event.agrees_with(facts):
        log.error("webhook contradicts the provider", reference=reference)
        return {"error": "amount"}, 400
    payment = payments.find_payment_by_reference(reading(), reference)
    payment_id = payment.id if payment is not None else facts.payment_id
    end_reading()
    with transaction() as session:
        payments.settle(session, payment_id, facts, message)
    crashpoints.here("webhook.settled")
    return {"status": "ok"}


def _failed_card(event: WebhookEvent, order_code: str) -> ResponseReturnValue:
    try:
        note_failed_card(order_code, ("stripe", event.id, event.type))
    except GatewayUnavailable:  # the page stays open this once; the pause stands
        return {"status": "noted"}
    return {"status": "ok"}


def _off(seconds: int) -> str:
    return f"{abs(seconds)} seconds {'ahead' if seconds > 0 else 'behind'}, or somebody replays old messages"
