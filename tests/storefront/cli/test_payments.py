"""`flask payments reconcile`: finds what messages lost, and says when the ledger and the provider differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from kernel import alarms, clock
from kernel.people import SYSTEM
from orders import manual_payments, payments
from orders.gateways import NullGateway, PaymentMethod, ProviderState
from orders.models.order import Order
from orders.models.payment import Account
from orders.states import OrderState
from storefront import payment_upkeep
from tests.make_counter import open_till, sell, tender
from tests.make_orders import open_page, payment_of, place
from tests.make_payments import QRIS, place_by
from tests.make_stock import make_goods


@pytest.fixture
def gateway(app: Flask) -> Iterator[NullGateway]:
    gateway = NullGateway()
    app.extensions["etalase.gateways"] = {PaymentMethod.STRIPE: gateway}
    yield gateway
    del app.extensions["etalase.gateways"]


def run(app: Flask, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["payments", "reconcile", *more])


def open_order(session: Session, gateway: NullGateway) -> Order:
    order = place(session, make_goods(session))
    open_page(session, order, gateway)
    session.commit()
    return order


def test_a_payment_whose_message_was_lost_is_found_and_the_books_agree(app: Flask, session: Session, gateway: NullGateway) -> None:
    order = open_order(session, gateway)
    gateway.settle(gateway.references[0])
    result = run(app)
    assert result.exit_code == 0, result.output
    assert f"order {order.code}: open -> paid" in result.output
    assert "provider received 25,000" in result.output
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CONFIRMED
    assert "0 undecided payments" in run(app).output


def test_local_money_stands_beside_what_statements_show(app: Flask, session: Session, gateway: NullGateway) -> None:
    order = place_by(session, QRIS)
    manual_payments.confirm_payment(session, SYSTEM, payment_of(session, order).id, "RRN123456")
    session.commit()
    result = run(app)
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if line.strip().startswith("qris"))
    assert line.split()[1] == "25,000"
    assert "found in statements 0" in line


def test_cash_and_terminal_of_a_counter_are_asked_of_nobody(app: Flask, session: Session, gateway: NullGateway) -> None:
    tablet = open_till(session)
    sell(session, tablet, make_goods(session, outlet=tablet.till.outlet, price=25_000))
    dearer = make_goods(session, outlet=tablet.till.outlet, price=40_000)
    sell(session, tablet, dearer, tenders=[tender("card", 40_000, "123456")])
    session.commit()
    result = run(app)
    assert result.exit_code == 0, result.output
    lines = {line.split()[0]: line for line in result.output.splitlines() if line.startswith("  ")}
    assert lines["cash"].split()[1] == "25,000"
    assert lines[Account.CARD.value].split()[1] == "40,000"


@pytest.mark.parametrize("changes", [{"amount": 2_500}, {"state": ProviderState.FAILED}])
def test_a_difference_is_named_and_ends_with_one(app: Flask, session: Session, gateway: NullGateway, changes: dict[str, object]) -> None:
    order = open_order(session, gateway)
    reference = gateway.references[0]
    payments.settle(session, payment_of(session, order).id, gateway.settle(reference))
    session.commit()
    gateway.settle(reference, **changes)  # type: ignore[arg-type]
    result = run(app)
    assert result.exit_code == 1
    assert f"DIFFERENCE  Order {order.code}" in result.output
    assert run(app, "--day", "2026-01-01").exit_code == 0, "another day is not concerned"


def test_a_silent_provider_is_no_agreement(app: Flask, session: Session, gateway: NullGateway) -> None:
    open_order(session, gateway)
    gateway.fail_next()
    result = run(app)
    assert result.exit_code == 1
    assert "1 undecided payments got no answer" in result.output


def test_the_worker_asks_by_itself_and_one_silence_does_not_stop_it(app: Flask, session: Session, gateway: NullGateway) -> None:
    first, second = open_order(session, gateway), open_order(session, gateway)
    for reference in gateway.references:
        gateway.settle(reference)
    gateway.fail_next()
    with app.app_context():
        asked = payment_upkeep.ask_undecided()
    assert (asked.total, asked.silent, len(asked.found)) == (2, 1, 1)
    session.expire_all()
    assert [session.get_one(Order, order.id).state for order in (first, second)] == [OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED]


def test_the_nightly_look_sounds_an_alarm_line_by_line_and_ends_it_when_the_books_agree(
    app: Flask, session: Session, gateway: NullGateway
) -> None:
    order = open_order(session, gateway)
    reference = gateway.references[0]
    payments.settle(session, payment_of(session, order).id, gateway.settle(reference))
    session.commit()
    gateway.settle(reference, amount=2_500)
    with app.app_context(), time_machine.travel(clock.now() + timedelta(days=1)):
        payment_upkeep.check_yesterday()
        (alarm,) = alarms.list_standing(session)
        assert [line["params"].get("order") for line in alarm.lines] == [None, order.code]
        assert f"Order {order.code}: we booked" in alarm.detail
        gateway.settle(reference, amount=payment_of(session, order).amount)
        payment_upkeep.check_yesterday()
        session.expire_all()
        assert alarms.list_standing(session) == []
