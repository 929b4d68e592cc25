"""The Gateway protocol's promises, shown on the two gateways that need no network."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orders.gateways import (
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    NullGateway,
    PayAtPickupGateway,
    PaymentLine,
    PaymentMethod,
    PaymentRequest,
    ProviderState,
    idempotency_key_of,
)

REQUEST = PaymentRequest(
    order_code="K7MQ2RXA",
    order_token="guest-token",
    payment_id=12,
    attempt=1,
    amount=80_000,
    lines=(PaymentLine("Keripik ubi 200 g", 2, 25_000), PaymentLine("Selai nanas 150 g", 1, 30_000)),
    language="id",
    email=None,
    expires_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    success_url="http://shop.example/orders/guest-token",
    cancel_url="http://shop.example/checkout",
    idempotency_key=idempotency_key_of("K7MQ2RXA", 1),
)


@pytest.fixture(params=[NullGateway, PayAtPickupGateway])
def gateway(request: pytest.FixtureRequest) -> Gateway:
    made: Gateway = request.param()
    return made


def test_starting_twice_with_the_same_key_gives_the_same_payment(gateway: Gateway) -> None:
    assert gateway.start(REQUEST) == gateway.start(REQUEST)


def test_the_facts_name_the_order_the_payment_and_the_amount(gateway: Gateway) -> None:
    facts = gateway.fetch(gateway.start(REQUEST).reference)
    assert (facts.order_code, facts.payment_id, facts.amount, facts.currency) == ("K7MQ2RXA", 12, 80_000, "idr")
    assert facts.state is ProviderState.OPEN


def test_lines_that_do_not_add_up_to_the_amount_are_refused(gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.start(replace(REQUEST, amount=79_999))


def test_a_payment_of_nothing_is_refused(gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.start(replace(REQUEST, amount=0, lines=()))


def test_an_unknown_reference_is_refused(gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused):
        gateway.fetch("nowhere")


def test_expiring_an_open_payment_closes_it(gateway: Gateway) -> None:
    assert gateway.expire(gateway.start(REQUEST).reference).state is ProviderState.EXPIRED


def test_pay_at_pickup_keeps_the_buyer_in_the_shop() -> None:
    started = PayAtPickupGateway().start(REQUEST)
    assert started.redirect_url is None
    assert PayAtPickupGateway.method is PaymentMethod.PAY_AT_PICKUP


@pytest.mark.parametrize("reference", ["pickup-", "pickup-A-1-", "pickup-A-x-9", "stripe-A-1-9", "pickup-A-1-9-"])
def test_a_damaged_pickup_reference_is_refused(reference: str) -> None:
    with pytest.raises(GatewayRefused):
        PayAtPickupGateway().fetch(reference)


def test_the_same_key_for_another_amount_is_refused() -> None:
    gateway = NullGateway()
    gateway.start(REQUEST)
    with pytest.raises(GatewayRefused):
        gateway.start(replace(REQUEST, amount=25_000, lines=(PaymentLine("Keripik ubi 200 g", 1, 25_000),)))


def test_a_lost_answer_leaves_the_payment_behind_and_the_retry_finds_it() -> None:
    gateway = NullGateway()
    gateway.fail_next(after_the_work=True)
    with pytest.raises(GatewayUnavailable):
        gateway.start(REQUEST)
    assert gateway.start(REQUEST).reference in gateway.references
    assert len(gateway.references) == 1


def test_a_failure_before_the_work_leaves_nothing_behind() -> None:
    gateway = NullGateway()
    gateway.fail_next()
    with pytest.raises(GatewayUnavailable):
        gateway.start(REQUEST)
    assert gateway.references == ()


def test_expiring_a_paid_payment_says_that_it_is_paid() -> None:
    gateway = NullGateway()
    reference = gateway.start(REQUEST).reference
    gateway.settle(reference)
    facts = gateway.expire(reference)
    assert facts.state is ProviderState.PAID
    assert facts.payment_intent is not None


def test_a_scripted_wrong_amount_is_told_as_it_is() -> None:
    gateway = NullGateway()
    reference = gateway.start(REQUEST).reference
    gateway.settle(reference, amount=800, currency="usd")
    facts = gateway.fetch(reference)
    assert (facts.amount, facts.currency) == (800, "usd")


def test_the_key_depends_on_order_and_attempt_only() -> None:
    assert idempotency_key_of("A", 1) == idempotency_key_of("A", 1)
    assert len({idempotency_key_of("A", 1), idempotency_key_of("A", 2), idempotency_key_of("B", 1)}) == 3
