"""F38: the server's clock jumps ten minutes ahead or back: an alarm at the first message, no money lost, holds as long as ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.people import Grant, Role
from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import OrderState, PaymentState
from storefront import payment_upkeep
from storefront.database import db
from storefront.integrations.stripe_stand_in import sessions, store
from tests.faults.market import Market
from tests.make import PASSWORD, make_user
from tests.races.racing import writing

TEN = timedelta(minutes=10)


@pytest.fixture
def true_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider keeps the right time, whatever our clock says."""
    real = clock.now

    def unix_now() -> int:
        return int(real().timestamp())

    monkeypatch.setattr(store, "unix_now", unix_now)
    monkeypatch.setattr(sessions, "unix_now", unix_now)


@contextmanager
def clock_off_by(monkeypatch: pytest.MonkeyPatch, change: timedelta) -> Iterator[None]:
    """Our clock is off; everything of ours reads it through `clock.now`."""
    real = clock.now

    def wrong() -> datetime:
        return real() + change

    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", wrong)
        yield


def alarms_of(market: Market) -> list[str]:
    answer = market.app.test_client().get("/readyz")
    assert answer.status_code == 200, "an alarm is no reason to stop selling"
    names: list[str] = answer.get_json().get("alarms", [])
    return names


def minutes_of(placed: Order) -> float:
    assert placed.hold_until is not None
    return (placed.hold_until - placed.placed_at) / timedelta(minutes=1)


def test_a_fast_clock_refuses_messages_says_so_and_loses_no_money(market: Market, true_time: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert alarms_of(market) == []
    with clock_off_by(monkeypatch, TEN):
        placed = market.place()
        assert minutes_of(placed.order) == pytest.approx(35, abs=1)
        market.pay(placed)
        (event,) = market.events("checkout.session.completed")
        assert market.deliver(event).status_code == 400
        assert alarms_of(market) == ["clock"]
        assert market.ask(select(Payment.state)) is PaymentState.OPEN
        with market.app.app_context():
            payment_upkeep.ask_undecided()
            db.session.remove()
        assert market.ask(select(Order.state)) is OrderState.CONFIRMED
        doctor = market.app.test_cli_runner().invoke(args=["doctor"])
        assert doctor.exit_code == 1
        assert "ALARM  clock" in doctor.output
        assert "seconds ahead" in doctor.output
    market.check()


def test_a_slow_clock_opens_no_page_says_so_and_leaves_other_ways_to_pay(
    market: Market, true_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock_off_by(monkeypatch, -TEN):
        client, form = market.buyer()
        answer = client.post("/checkout", data=form)
        assert answer.location.startswith("/orders/")
        assert alarms_of(market) == ["clock"]
        page = client.get(answer.location).text
        assert 'value="pay_at_pickup"' in page
        assert minutes_of(market.ask(select(Order))) == pytest.approx(35, abs=1)
    market.check()


@pytest.mark.parametrize("change", [TEN, -TEN])
def test_a_jump_while_goods_are_held_costs_no_payment(
    market: Market, true_time: None, monkeypatch: pytest.MonkeyPatch, change: timedelta
) -> None:
    """The page was opened under the right time; the buyer pays, the message is refused, the worker asks."""
    placed = market.place()
    with clock_off_by(monkeypatch, change):
        market.pay(placed)
        (event,) = market.events("checkout.session.completed")
        assert market.deliver(event).status_code == 400
        assert alarms_of(market) == ["clock"]
        with market.app.app_context():
            payment_upkeep.close_overdue_payments()
            payment_upkeep.release_overdue_orders()
            payment_upkeep.ask_undecided()
            db.session.remove()
    assert market.ask(select(Order.state)) is OrderState.CONFIRMED
    market.check()


def test_the_office_shows_the_alarm_to_who_looks_after_orders(market: Market, true_time: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with market.app.app_context(), writing(db.engine) as session:
        make_user(session, Grant(Role.CASHIER, outlet_id=market.goods.outlet.id), email="kasir@contoh.example")
    with clock_off_by(monkeypatch, TEN):
        market.pay(market.place())
        market.deliver(market.events("checkout.session.completed")[0])
    client = market.app.test_client()
    client.post("/account/sign-in", data={"email": "kasir@contoh.example", "password": PASSWORD})
    assert "Jam server tidak tepat" in client.get("/office/").text
