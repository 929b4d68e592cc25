"""Stripe's signed messages: verified on the raw body, then the facts are read anew and settled, each event once."""

from __future__ import annotations

from typing import cast

from flask import request
from flask.typing import ResponseReturnValue

from kernel import clock
from kernel.errors import NotFound
from orders import payments
from orders.gateways import GatewayUnavailable, PaymentMethod, SignedGateway, WebhookRefused
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log

#: Events that say something about a Checkout Session; everything else is acknowledged and left alone.
PREFIX = "checkout.session."


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
    if not event.type.startswith(PREFIX) or event.reference is None:
        return {"status": "ignored"}
    try:
        facts = gateway.fetch(event.reference)
        payment = payments.find_payment_by_reference(reading(), event.reference)
        payment_id = payment.id if payment is not None else facts.payment_id
        end_reading()
        with transaction() as session:
            payments.settle(session, payment_id, facts, ("stripe", event.id, event.type))
    except GatewayUnavailable:
        return {"error": "please send again"}, 503
    except NotFound:
        return {"status": "unknown payment"}
    return {"status": "ok"}
