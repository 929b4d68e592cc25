"""The network side of refunds with the real adapter over loopback: lost answers, silence, and the worker that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from orders import payments
from orders.gateways import GatewayUnavailable, PaymentMethod
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.refund import Refund
from orders.payouts import LEASE
from orders.refund_states import RefundState
from storefront.refunding import look_again, send_refund, send_waiting_refunds
from tests.make_orders import payment_of, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import refund
from tests.payments import StripeStandIn

LOST = {"path": "/v1/refunds", "method": "POST", "when": "after", "status": 0}


@pytest.fixture
def order(app: Flask, session: Session, stripe_stand_in: StripeStandIn) -> Iterator[Order]:
    """Three units, paid at the stand-in; the app asks it without the SDK's own retries."""
    gateway = stripe_stand_in.gateway(retries=0)
    app.extensions["etalase.gateways"] = {PaymentMethod.STRIPE: gateway}
    order = place(session, make_goods(session, 10), quantity=3)
    request = payments.begin_payment(session, order, success_url="http://localhost/ok", cancel_url="http://localhost/back")
    assert request is not None
    started = gateway.start(request)
    payments.record_started(session, request.payment_id, started)
    stripe_stand_in.pay(started.redirect_url)
    payments.settle(session, request.payment_id, gateway.fetch(started.reference))
    session.commit()
    with app.app_context():
        yield order
    del app.extensions["etalase.gateways"]


def look(session: Session, wanted: Refund) -> RefundState:
    session.expire_all()
    return session.get_one(Refund, wanted.id).state


def test_an_answer_that_was_lost_is_one_refund_in_both_ledgers(session: Session, order: Order, stripe_stand_in: StripeStandIn) -> None:
    """F10: the money went back and nobody heard of it; the worker asks again and both ledgers agree."""
    wanted = refund(session, order, 1)
    session.commit()
    stripe_stand_in.bank.chaos.set(faults=[LOST | {"times": 1}])
    with pytest.raises(GatewayUnavailable):
        send_refund(wanted.id)
    assert look(session, wanted) is RefundState.SENT
    assert send_waiting_refunds() == 0, "somebody may still be asking"
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert send_waiting_refunds() == 1
    assert look(session, wanted) is RefundState.SUCCEEDED
    assert stripe_stand_in.totals()["orders"][order.code] == {"captured": 75_000, "refunded": 25_000}
    assert check_all(session) == []


def test_many_partial_refunds_under_chaos_end_with_both_ledgers_alike(
    session: Session, order: Order, stripe_stand_in: StripeStandIn
) -> None:
    stripe_stand_in.bank.chaos.set(faults=[LOST | {"times": 2}, {"path": "/v1/refunds", "method": "POST", "status": 500, "times": 2}])
    wanted = [refund(session, order, 1) for _ in range(3)]
    session.commit()
    for turn in range(6):
        with time_machine.travel(clock.now() + turn * (LEASE + timedelta(seconds=1))):
            send_waiting_refunds()
    assert {look(session, each) for each in wanted} == {RefundState.SUCCEEDED}
    assert stripe_stand_in.totals()["orders"][order.code] == {"captured": 75_000, "refunded": 75_000}
    assert check_all(session) == []


def test_money_that_somebody_gave_back_at_stripe_itself_is_a_certain_no(
    session: Session, order: Order, stripe_stand_in: StripeStandIn
) -> None:
    stripe_stand_in.gateway().refund(payment_of(session, order).reference or "", 75_000, "by hand")
    wanted = refund(session, order, 1)
    session.commit()
    send_refund(wanted.id)
    assert look(session, wanted) is RefundState.FAILED
    assert check_all(session) == []


def test_without_the_provider_the_refund_waits(app: Flask, session: Session, order: Order) -> None:
    app.extensions["etalase.gateways"] = {}
    wanted = refund(session, order, 1)
    session.commit()
    assert send_waiting_refunds() == 0
    assert look(session, wanted) is RefundState.SENT
    with pytest.raises(GatewayUnavailable):
        look_again(order.code)


def test_an_order_without_refunds_has_nobody_to_ask(order: Order) -> None:
    assert look_again(order.code) == 0
