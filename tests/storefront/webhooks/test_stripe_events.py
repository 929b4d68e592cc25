"""Stripe's messages at the door: believed only when signed just now, effective once, in whatever order they come."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from orders import ledger, payouts
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.models.payment import LedgerEntry, Payment, ProviderEvent
from orders.models.refund import Refund
from orders.refund_states import RefundState
from orders.states import OrderState, PaymentState
from tests.make_stock import Goods, make_goods
from tests.orders.test_refunds import refund
from tests.payments import WEBHOOK_SECRET, StripeStandIn


@pytest.fixture
def shop(app: Flask, client: FlaskClient, stripe_stand_in: StripeStandIn) -> Iterator[FlaskClient]:
    """The shop with the real adapter, talking to the stand-in."""
    from orders.gateways import PayAtPickupGateway

    app.extensions["etalase.gateways"] = {
        PaymentMethod.PAY_AT_PICKUP: PayAtPickupGateway(),
        PaymentMethod.STRIPE: stripe_stand_in.gateway(),
    }
    yield client
    del app.extensions["etalase.gateways"]


@pytest.fixture
def goods(session: Session) -> Goods:
    goods = make_goods(session, 5)
    session.commit()
    return goods


def place(shop: FlaskClient, goods: Goods, session: Session) -> Payment:
    """A card order, its payment page open at the stand-in."""
    shop.post("/cart/lines", data={"variant": goods.variant.code, "quantity": "1"})
    form = {"checkout_key": "k" * 32, "seen_total": "25000", "outlet": goods.outlet.slug}
    shop.post("/checkout", data=form | {"name": "Pembeli", "phone": "081234567890", "payment_method": "stripe"})
    session.expire_all()
    return session.scalars(select(Payment)).one()


def event_about(reference: str | None, kind: str = "checkout.session.completed", event_id: str = "evt_1") -> bytes:
    event = {
        "id": event_id,
        "object": "event",
        "type": kind,
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {"id": reference, "object": "checkout.session", "payment_intent": None}},
    }
    return json.dumps(event).encode()


def deliver(shop: FlaskClient, body: bytes, *, secret: str = WEBHOOK_SECRET, at: float = 0.0) -> TestResponse:
    stamp = int(time.time() + at)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return shop.post("/webhooks/stripe", data=body, headers={"Stripe-Signature": f"t={stamp},v1={signature}"})


def test_a_paid_session_makes_the_order_paid_once(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn
) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.pay(payment.redirect_url)
    assert payment.reference
    for _delivery in range(3):
        assert deliver(shop, event_about(payment.reference)).status_code == 200
    assert deliver(shop, event_about(payment.reference, "checkout.session.async_payment_succeeded", "evt_2")).status_code == 200
    session.expire_all()
    assert session.scalars(select(Order.state)).one() is OrderState.CONFIRMED
    assert session.get_one(Payment, payment.id).state is PaymentState.PAID
    captured = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.payment_id == payment.id)
    assert session.scalar(captured) == 2
    assert session.scalar(select(func.count()).select_from(ProviderEvent)) == 2


def test_completed_is_not_paid(shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.promise(payment.redirect_url)
    assert payment.reference
    deliver(shop, event_about(payment.reference))
    session.expire_all()
    assert session.get_one(Payment, payment.id).state is PaymentState.PROCESSING
    assert session.scalars(select(Order.state)).one() is OrderState.AWAITING_PAYMENT
    stripe_stand_in.settle(payment.reference)
    deliver(shop, event_about(payment.reference, "checkout.session.async_payment_succeeded", "evt_2"))
    session.expire_all()
    assert session.scalars(select(Order.state)).one() is OrderState.CONFIRMED


def test_a_message_that_lies_about_the_payment_changes_nothing(shop: FlaskClient, goods: Goods, session: Session) -> None:
    """The facts are read anew at Stripe: a well-signed "paid" about an unpaid session is only a reason to look."""
    payment = place(shop, goods, session)
    assert deliver(shop, event_about(payment.reference)).status_code == 200
    session.expire_all()
    assert session.get_one(Payment, payment.id).state is PaymentState.OPEN


@pytest.mark.parametrize(
    ("secret", "at"), [("whsec_other", 0.0), (WEBHOOK_SECRET, -301.0), (WEBHOOK_SECRET, 302.0)], ids=["forged", "stale", "future"]
)
def test_what_cannot_be_trusted_is_refused(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn, secret: str, at: float
) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.pay(payment.redirect_url)
    assert deliver(shop, event_about(payment.reference), secret=secret, at=at).status_code == 400
    session.expire_all()
    assert session.get_one(Payment, payment.id).state is PaymentState.OPEN


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"object": "event"}'])
def test_a_body_without_sense_is_refused_even_when_signed(shop: FlaskClient, body: bytes) -> None:
    assert deliver(shop, body).status_code == 400


def test_a_message_without_signature_is_refused(shop: FlaskClient) -> None:
    assert shop.post("/webhooks/stripe", data=event_about("cs_test_x")).status_code == 400


def test_events_about_other_things_are_acknowledged(shop: FlaskClient) -> None:
    assert deliver(shop, event_about(None, "customer.created")).status_code == 200


def test_a_silent_provider_is_asked_to_send_the_message_again(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn
) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.bank.chaos.set(faults=[{"status": 500, "times": 9}])
    assert deliver(shop, event_about(payment.reference)).status_code == 503


def test_a_message_that_had_its_effect_is_answered_though_the_provider_is_silent(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn
) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.pay(payment.redirect_url)
    assert deliver(shop, event_about(payment.reference)).status_code == 200
    stripe_stand_in.bank.chaos.set(faults=[{"status": 500, "times": 9}])
    assert deliver(shop, event_about(payment.reference)).status_code == 200
    assert deliver(shop, event_about(payment.reference, event_id="evt_2")).status_code == 503


def refund_event(order_code: str | None, kind: str = "charge.refunded") -> bytes:
    about = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "metadata": {"order_code": order_code} if order_code else {}}
    event = {"id": "evt_9", "object": "event", "type": kind, "livemode": False, "created": int(time.time()), "data": {"object": about}}
    return json.dumps(event).encode()


def paid_and_refunded(shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn) -> tuple[Order, Refund]:
    """A paid order whose refund was sent: Stripe did it, and its answer was lost."""
    payment = place(shop, goods, session)
    stripe_stand_in.pay(payment.redirect_url)
    deliver(shop, event_about(payment.reference))
    session.expire_all()
    order = session.scalars(select(Order)).one()
    wanted = refund(session, order)
    call = payouts.record_sent(session, wanted.id)
    session.commit()
    assert call is not None
    stripe_stand_in.gateway().refund(call.reference, call.amount, call.idempotency_key)
    return order, wanted


@pytest.mark.parametrize("kind", ["charge.refunded", "refund.updated", "charge.refund.updated"])
def test_a_message_settles_a_refund_whose_answer_was_lost(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn, kind: str
) -> None:
    order, wanted = paid_and_refunded(shop, goods, session, stripe_stand_in)
    for _delivery in range(2):
        assert deliver(shop, refund_event(order.code, kind)).status_code == 200
    session.expire_all()
    assert session.get_one(Refund, wanted.id).state is RefundState.SUCCEEDED
    assert stripe_stand_in.totals()["orders"][order.code] == {"captured": 25_000, "refunded": 25_000}
    assert ledger.refunded(session, order.id) == 25_000


def test_a_lie_about_a_refund_changes_nothing(shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn) -> None:
    payment = place(shop, goods, session)
    stripe_stand_in.pay(payment.redirect_url)
    deliver(shop, event_about(payment.reference))
    code = session.scalars(select(Order.code)).one()
    for order_code in (code, "AAAAAAAA", None):
        assert deliver(shop, refund_event(order_code)).status_code == 200
    assert stripe_stand_in.totals()["refunded"] == 0
    assert session.scalar(select(func.count()).select_from(Refund)) == 0


def test_a_silent_provider_is_asked_about_the_refund_later(
    shop: FlaskClient, goods: Goods, session: Session, stripe_stand_in: StripeStandIn
) -> None:
    order, wanted = paid_and_refunded(shop, goods, session, stripe_stand_in)
    stripe_stand_in.bank.chaos.set(faults=[{"status": 500, "times": 9}])
    assert deliver(shop, refund_event(order.code)).status_code == 503
    session.expire_all()
    assert session.get_one(Refund, wanted.id).state is RefundState.SENT
