"""The worker goes on whatever one task does, and gives overdue goods back only after the payment page is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import SYSTEM
from orders import parcels, payments
from orders.gateways import NullGateway, PaymentMethod, ProviderState
from orders.models.order import Order
from orders.states import OrderState
from storefront import payment_upkeep, worker
from tests.make_orders import place
from tests.make_shipping import PARCEL, make_zone, paid_sent
from tests.make_stock import make_goods


@pytest.fixture
def gateway(app: Flask) -> Iterator[NullGateway]:
    gateway = NullGateway()
    app.extensions["etalase.gateways"] = {PaymentMethod.STRIPE: gateway}
    yield gateway
    del app.extensions["etalase.gateways"]


def open_order(session: Session, gateway: NullGateway) -> Order:
    order = place(session, make_goods(session))
    request = payments.begin_payment(session, order, success_url="https://shop.example/s", cancel_url="https://shop.example/c")
    assert request is not None
    payments.record_started(session, request.payment_id, gateway.start(request))
    session.commit()
    return order


def test_a_failing_task_does_not_stop_the_others(app: Flask) -> None:
    ran: list[str] = []

    def fail() -> None:
        raise RuntimeError("boom")

    work = [worker.Task("bad", fail, 1), worker.Task("good", lambda: ran.append("good"), 10)]
    with app.app_context():
        worker.tick(work, 100.0)
        worker.tick(work, 101.5)
    assert ran == ["good"]


def test_an_overdue_page_is_closed_before_its_goods_are_released(app: Flask, session: Session, gateway: NullGateway) -> None:
    order = open_order(session, gateway)
    with app.app_context(), time_machine.travel(clock.now() + timedelta(hours=1)):
        assert payment_upkeep.close_overdue_payments() == 1
        assert payment_upkeep.release_overdue_orders() == 1
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.EXPIRED


def test_a_silent_provider_keeps_the_goods_held(app: Flask, session: Session, gateway: NullGateway) -> None:
    order = open_order(session, gateway)
    gateway.fail_next()
    with app.app_context(), time_machine.travel(clock.now() + timedelta(hours=1)):
        assert payment_upkeep.close_overdue_payments() == 0
        assert payment_upkeep.release_overdue_orders() == 0
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.AWAITING_PAYMENT


def test_whoever_paid_at_the_last_moment_keeps_the_goods(app: Flask, session: Session, gateway: NullGateway) -> None:
    order = open_order(session, gateway)
    gateway.settle(gateway.references[0], ProviderState.PAID)
    with app.app_context(), time_machine.travel(clock.now() + timedelta(hours=1)):
        payment_upkeep.close_overdue_payments()
        assert payment_upkeep.release_overdue_orders() == 0
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CONFIRMED


def test_parcels_of_long_ago_count_as_delivered(app: Flask, session: Session) -> None:
    goods = make_goods(session)
    make_zone(session, goods.outlet)
    orders = [paid_sent(session, goods), paid_sent(session, goods)]
    for order in orders:
        parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
    session.commit()
    with app.app_context():
        assert worker.complete_old_parcels() == 0
        with time_machine.travel(clock.now() + timedelta(days=22)):
            assert worker.complete_old_parcels() == 2
    session.expire_all()
    assert {session.get_one(Order, order.id).state for order in orders} == {OrderState.COMPLETED}
