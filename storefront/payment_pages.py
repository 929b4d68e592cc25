"""Closing a payment page at its provider, for the buyer who changed their mind and for staff who cancel."""

from __future__ import annotations

from orders import payments
from orders.models.payment import Payment
from storefront.database import end_reading, transaction
from storefront.gateways import get_gateway


def close_at_provider(payment: Payment) -> None:
    """Close an open payment page and believe what the provider says then: the buyer may have been faster."""
    gateway, reference, payment_id = get_gateway(payment.method), payment.reference or "", payment.id
    end_reading()
    facts = gateway.expire(reference)
    with transaction() as session:
        payments.settle(session, payment_id, facts)
