"""F2, F8, F12: a provider that answers too late, wrongly or not at all, and buyers who click again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel import alarms, clock
from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import OrderState, PaymentState
from storefront import payment_upkeep
from storefront.database import db
from tests.faults.market import Market

pytestmark = pytest.mark.race


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's pauses between tries are shortened; the tries are not."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.01)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0.02)


def sessions(market: Market) -> list[dict[str, Any]]:
    return list(market.stand_in.bank.store.of_kind("checkout.session"))


@pytest.mark.parametrize("count", [6, pytest.param(100, marks=pytest.mark.long)])
def test_f2_every_lost_answer_is_one_page_once_asked_again(market: Market, hurried: None, count: int) -> None:
    """All three tries of the SDK do the work and lose the answer; the buyer sends the form again, twice."""
    for number in range(count):
        client, form = market.buyer()
        market.stand_in.bank.chaos.set(faults=[{"method": "POST", "when": "after", "status": 0, "times": 3}])
        lost = client.post("/checkout", data=form)
        assert lost.status_code == 303
        assert lost.location.startswith("/orders/"), "the order stands, the page of the provider is unknown"
        pages = {client.post("/checkout", data=form).location for _again in range(2)}
        assert len(pages) == 1
        assert len(sessions(market)) == number + 1
    assert market.ask(select(func.count(Order.id))) == count
    assert len({session["client_reference_id"] for session in sessions(market)}) == count
    market.check()


@pytest.mark.parametrize("was_opened", [True, False])
def test_f2_a_day_later_the_page_is_looked_up_and_not_opened_again(market: Market, hurried: None, was_opened: bool) -> None:
    """Stripe has forgotten the key by then, and the worker was down, so that the order still waits."""
    client, form = market.buyer()
    when = "after" if was_opened else "before"
    market.stand_in.bank.chaos.set(faults=[{"method": "POST", "when": when, "status": 500, "times": 3}])
    client.post("/checkout", data=form)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        client.post("/checkout", data=form)
        assert len(sessions(market)) == int(was_opened)
        payment = market.ask(select(Payment))
        assert payment.reference == (sessions(market)[0]["id"] if was_opened else None)
        assert payment.state is (PaymentState.OPEN if was_opened else PaymentState.FAILED)
        with market.app.app_context():
            payment_upkeep.close_overdue_payments()
            payment_upkeep.release_overdue_orders()
            assert alarms.list_standing(db.session()) == []
            db.session.remove()
    assert market.ask(select(Order.state)) is OrderState.EXPIRED
    market.check()


@pytest.mark.parametrize("buyers", [6, pytest.param(50, marks=pytest.mark.long)])
def test_f8_a_stalling_provider_costs_a_buyer_ten_seconds_and_nobody_else_anything(market: Market, buyers: int) -> None:
    """With the timeouts of production. The order and its goods are kept, other ways are offered, the shelves stay quick."""
    ready = [market.buyer() for _ in range(buyers)]
    market.stand_in.bank.chaos.set(faults=[{"method": "POST", "when": "before", "status": 500, "stall": 60, "times": 1_000}])
    over = threading.Event()

    def check_out(client: FlaskClient, form: dict[str, str]) -> tuple[float, TestResponse]:
        began = time.monotonic()
        return client.post("/checkout", data=form), time.monotonic() - began

    def look_around() -> list[float]:
        client, times = market.app.test_client(), []
        while not over.is_set():
            began = time.monotonic()
            assert client.get(f"/products/{market.goods.product.slug}").status_code == 200
            times.append(time.monotonic() - began)
            over.wait(0.05)
        return times

    with ThreadPoolExecutor(buyers + 1) as pool:
        visitor = pool.submit(look_around)
        answers = [each.result() for each in [pool.submit(check_out, *each) for each in ready]]
        over.set()
    market.stand_in.bank.chaos.calm()
    assert {answer.status_code for answer, _seconds in answers} == {303}
    assert max(seconds for _answer, seconds in answers) <= 10
    times = sorted(visitor.result())
    assert times[int(len(times) * 0.95)] <= 0.5
    assert market.ask(select(func.count(Order.id)).where(Order.state == OrderState.AWAITING_PAYMENT)) == buyers
    page = ready[0][0].get(answers[0][0].location).text
    assert "Layanan pembayaran sedang tidak menjawab" in page
    assert 'value="pay_at_pickup"' in page
    market.check()


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"status": 0}])
def test_f8_whatever_the_provider_answers_the_order_is_kept_and_opened_when_it_recovers(
    market: Market, hurried: None, fault: dict[str, Any]
) -> None:
    client, form = market.buyer()
    market.stand_in.bank.chaos.set(faults=[{"method": "POST", "when": "before", "times": 3, **fault}])
    answer = client.post("/checkout", data=form)
    assert answer.location.startswith("/orders/")
    market.stand_in.bank.chaos.calm()
    assert client.post(f"{answer.location}/payment", data={"payment_method": "stripe"}).location.startswith(market.stand_in.url)
    assert len(sessions(market)) == 1
    market.check()


#: What an impatient buyer does with one cart: each act is done by a thread of its own, in an order of the dice.
def click_twice(market: Market, client: FlaskClient, form: dict[str, str]) -> list[Callable[[], TestResponse]]:
    return [lambda: client.post("/checkout", data=form)] * 2


def go_back_and_send_again(market: Market, client: FlaskClient, form: dict[str, str]) -> list[Callable[[], TestResponse]]:
    return [lambda: client.post("/checkout", data=form), lambda: client.get("/checkout"), lambda: client.post("/checkout", data=form)]


def use_two_tabs(market: Market, client: FlaskClient, form: dict[str, str]) -> list[Callable[[], TestResponse]]:
    second = market.form(client)
    return [lambda: client.post("/checkout", data=form), lambda: client.post("/checkout", data=second)]


def pay_and_send_again(market: Market, client: FlaskClient, form: dict[str, str]) -> list[Callable[[], TestResponse]]:
    page = client.post("/checkout", data=form).location
    return [lambda: client.post("/checkout", data=form), lambda: market.stand_in.pay(page)]  # type: ignore[list-item,return-value]


@pytest.mark.parametrize("rounds", [2, pytest.param(8, marks=pytest.mark.long)])
@pytest.mark.parametrize("impatience", [click_twice, go_back_and_send_again, use_two_tabs, pay_and_send_again])
def test_f12_an_impatient_buyer_has_one_order(
    market: Market, impatience: Callable[[Market, FlaskClient, dict[str, str]], list[Callable[[], TestResponse]]], rounds: int
) -> None:
    dice = random.Random(12)
    for number in range(rounds):
        client, form = market.buyer()
        acts = impatience(market, client, form)
        dice.shuffle(acts)
        with ThreadPoolExecutor(len(acts)) as pool:
            answers = [each.result() for each in [pool.submit(act) for act in acts]]
        assert all(getattr(answer, "status_code", 303) in (200, 303, 422) for answer in answers)
        assert market.ask(select(func.count(Order.id))) == number + 1
        with market.app.app_context(), Session(db.engine) as session:
            order = session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        again = client.post("/checkout", data=form)
        assert order.token in again.location or market.stand_in.url in again.location or again.location == "/cart"
    assert len(sessions(market)) == rounds
    with market.app.app_context():
        payment_upkeep.ask_undecided()
        db.session.remove()
    market.check()
