"""The worker's share of payments: close pages whose order's time is up, then give the goods back."""

from __future__ import annotations

from kernel.errors import DomainError
from orders import holds, payments
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log

BATCH = 50


def close_overdue_payments() -> int:
    """Expire overdue payment pages at their providers, so that nobody pays for goods that are about to go; how many were closed."""
    waiting = holds.list_to_close(reading(), BATCH)
    end_reading()
    closed = 0
    for payment in waiting:
        gateway = get_gateways().get(payment.method)
        if gateway is None:
            continue
        try:
            facts = gateway.expire(payment.reference)
        except DomainError as error:  # the provider is silent: the goods stay held until it answers
            log.warning("payment not closed", error=type(error).__name__)
            continue
        with transaction() as session:
            payments.settle(session, payment.payment_id, facts)
        closed += 1
    return closed


def release_overdue_orders() -> int:
    """Give goods of overdue orders back, batch by batch; how many orders ended."""
    ended = 0
    while True:
        with transaction() as session:
            codes = holds.sweep_expired(session, BATCH)
        ended += len(codes)
        if len(codes) < BATCH:
            return ended
