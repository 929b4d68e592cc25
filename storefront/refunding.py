"""The network side of refunds: the provider is asked with no transaction open, and its answer is settled in the next one."""

from __future__ import annotations

from kernel import crashpoints
from kernel.errors import DomainError
from orders import payouts
from orders.gateways import GatewayRefused, GatewayUnavailable, RefundingGateway
from orders.payouts import RefundCall
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log

BATCH = 50


def send_refund(refund_id: int) -> None:
    """Ask the provider for a decided refund, unless it is done or being asked for; GatewayUnavailable when it is silent."""
    end_reading()
    with transaction() as session:
        call = payouts.record_sent(session, refund_id)
    if call is not None:
        _ask(call)


def look_again(order_code: str, event: tuple[str, str, str] | None = None) -> int:
    """Ask about every refund of an order whose answer is awaited; how many. `event` is the message that led here."""
    calls = payouts.list_asked(reading(), order_code)
    end_reading()
    for call in calls:
        _ask(call, event)
    return len(calls)


def send_waiting_refunds() -> int:
    """The worker's round: new refunds, lost answers, and those the provider has not finished; how many were asked about."""
    waiting = payouts.list_to_send(reading(), BATCH)
    end_reading()
    asked = 0
    for refund_id in waiting:
        try:
            send_refund(refund_id)
        except DomainError as error:  # the provider is silent: it is asked again under the same key
            log.warning("refund not sent", error=type(error).__name__)
            continue
        asked += 1
    return asked


def _ask(call: RefundCall, event: tuple[str, str, str] | None = None) -> None:
    gateway = get_gateways().get(call.method)
    if not isinstance(gateway, RefundingGateway):
        raise GatewayUnavailable
    try:
        facts = gateway.refund(call.reference, call.amount, call.idempotency_key)
    except GatewayRefused:
        with transaction() as session:
            payouts.record_refused(session, call.refund_id)
        return
    crashpoints.here("refund.answered")
    with transaction() as session:
        payouts.settle_refund(session, call.refund_id, facts, event)
