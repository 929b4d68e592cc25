"""Stripe's signed messages: verified on the raw body, then the facts are read anew and settled, each event once."""

from __future__ import annotations

from typing import cast

from flask import request
from flask.typing import ResponseReturnValue

from kernel import clock, crashpoints
from kernel.errors import NotFound
from orders import payments
from orders.gateways import GatewayUnavailable, PaymentMethod, SignedGateway, WebhookEvent, WebhookRefused
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log
from storefront.refunding import look_again

#: Events that say something about a Checkout Session, or about money going back; the rest is acknowledged and left alone.
PREFIX = "checkout.session."
REFUND_PREFIXES = ("charge.refund", "refund.")


def stripe() -> ResponseReturnValue:
    """200 for what was settled or does not concern us, 400 for what cannot be trusted, 503 when Stripe should send it again."""
    gateway = get_gateways().get(PaymentMethod.STRIPE)
    if gateway is None:
        return {"error": "not offered here"}, 404
    try:
        event = cast(SignedGateway, gateway).verify_webhook(request.get_data(), request.headers.get("Stripe-Signature"), clock.now())
    except WebhookRefused:
        log.warning("webhook refused", provider="stripe")
        return {"error": "signature"}, 400
    crashpoints.here("webhook.verified")
    if event.type.startswith(REFUND_PREFIXES) and event.order_code:
        return _refunds(event, event.order_code)
    if not event.type.startswith(PREFIX) or event.reference is None:
        return {"status": "ignored"}
    try:
        facts = gateway.fetch(event.reference)
        payment = payments.find_payment_by_reference(reading(), event.reference)
        payment_id = payment.id if payment is not None else facts.payment_id
        end_reading()
        with transaction() as session:
            payments.settle(session, payment_id, facts, ("stripe", event.id, event.type))
        crashpoints.here("webhook.settled")
    except GatewayUnavailable:
        return {"error": "please send again"}, 503
    except NotFound:
        return {"status": "unknown payment"}
    return {"status": "ok"}


def _refunds(event: WebhookEvent, order_code: str) -> ResponseReturnValue:
    """Money of an order goes back: ask how each refund stands whose answer is awaited. A lie in the message asks in vain."""
    try:
        asked = look_again(order_code, ("stripe", event.id, event.type))
    except GatewayUnavailable:
        return {"error": "please send again"}, 503
    return {"status": "ok" if asked else "ignored"}
