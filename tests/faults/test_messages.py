"""F3–F7: messages that come three times, early, late, in any order, never, or from somebody else."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.outbox import OutboxMessage
from orders.models.order import Order
from orders.models.payment import Payment, ProviderEvent
from orders.states import OrderState, PaymentState, ReviewReason
from storefront import payment_upkeep
from storefront.database import db
from tests.faults.market import Market, Placed, sign

pytestmark = pytest.mark.race

COMPLETED = "checkout.session.completed"


def short_or_long(short: int, long: int) -> Any:
    return pytest.mark.parametrize("count", [short, pytest.param(long, marks=pytest.mark.long)])


def assert_each_paid_once(market: Market, count: int) -> None:
    assert market.ask(select(func.count(Order.id)).where(Order.state == OrderState.CONFIRMED)) == count
    assert market.ask(select(func.count(Payment.id)).where(Payment.state == PaymentState.PAID)) == count
    assert market.ask(select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "mail.order_paid")) == count
    market.check()


@short_or_long(24, 1_000)
def test_f3_each_message_three_times_eight_at_once_has_one_effect(market: Market, count: int) -> None:
    for _order in range(count):
        market.pay(market.place())
    messages = [event for event in market.events(COMPLETED) for _ in range(3)]

    def deliver(event: dict[str, Any]) -> tuple[int, float]:
        began = time.perf_counter()
        return market.deliver(event).status_code, time.perf_counter() - began

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(deliver, messages))
    assert {status for status, _seconds in answers} == {200}
    assert len(answers) == 3 * count
    assert market.ask(select(func.count(ProviderEvent.id))) == count
    assert sorted(seconds for _status, seconds in answers)[int(len(answers) * 0.95)] < 2, "eight threads of one process share one core"
    assert_each_paid_once(market, count)


@pytest.mark.parametrize("ordering", ["message first", "return first", "together"])
@short_or_long(5, 100)
def test_f4_message_and_return_end_the_same_way(market: Market, ordering: str, count: int) -> None:
    placed = [market.place() for _ in range(count)]
    for each in placed:
        market.pay(each)
    events = {event["data"]["object"]["id"]: event for event in market.events(COMPLETED)}

    def message(each: Placed) -> None:
        assert market.deliver(events[each.reference]).status_code == 200

    def come_back(each: Placed) -> None:
        assert market.app.test_client().post(f"/orders/{each.order.token}/check", data={"ask": "1"}).status_code == 303

    for each in placed:
        if ordering == "together":
            with ThreadPoolExecutor(2) as pool:
                for act in [pool.submit(message, each), pool.submit(come_back, each)]:
                    act.result()
        else:
            for act in (message, come_back) if ordering == "message first" else (come_back, message):
                act(each)
    assert_each_paid_once(market, count)


@short_or_long(24, 2_000)
def test_f5_a_shuffled_history_ends_as_the_facts_are(market: Market, count: int) -> None:
    """Orders that were paid, promised and paid, promised in vain, declined, or ran out; all their messages in any order, with repeats."""
    dice = random.Random(5)
    wanted: dict[int, PaymentState] = {}
    for number in range(count):
        market.stand_in.bank.store.clear(keep_endpoints=False) if number % 50 == 0 else None
        before = len(market.events())
        placed = market.place()
        wanted[placed.payment_id] = _live_through(market, placed, dice)
        news = market.events()[before:]
        news += dice.choices(news, k=3)
        news += [_about(event, "charge.dispute.created") for event in news[:1]]
        dice.shuffle(news)
        for event in news:
            assert market.deliver(event).status_code == 200
    with market.app.app_context():
        rows = db.session.execute(select(Payment.id, Payment.state)).all()
        db.session.remove()
    assert {row.id: row.state for row in rows} == wanted


def _live_through(market: Market, placed: Placed, dice: random.Random) -> PaymentState:
    bank = market.stand_in.bank
    end = dice.choice([PaymentState.PAID, PaymentState.PROCESSING, PaymentState.FAILED, PaymentState.EXPIRED])
    late = dice.random() < 0.5
    with bank.changing():
        session = bank.sessions.get(placed.reference)
        if end is PaymentState.EXPIRED:
            bank.sessions.expire(placed.reference)
        elif end is PaymentState.PROCESSING or end is PaymentState.FAILED or late:
            bank.sessions.promise(session, "qris", "pembeli@contoh.example")
            if end is not PaymentState.PROCESSING:
                bank.sessions.settle(session, arrived=end is PaymentState.PAID)
        else:
            market.pay(placed)
    return end


def _about(event: dict[str, Any], kind: str) -> dict[str, Any]:
    return event | {"id": f"{event['id']}_{kind}", "type": kind}


@short_or_long(30, 500)
def test_f6_one_round_finds_what_an_endpoint_missed_and_a_replay_adds_nothing(market: Market, count: int) -> None:
    market.stand_in.bank.chaos.set(drop={"rate": 1.0})
    for _order in range(count):
        market.pay(market.place())
    with market.app.app_context():
        asked = payment_upkeep.ask_undecided()
        db.session.remove()
    assert (asked.total, asked.silent, len(asked.found)) == (count, 0, count)
    assert_each_paid_once(market, count)
    before = market.count()
    for event in market.events("checkout.session."):
        assert market.deliver(event).status_code == 200
    assert market.count() == before


def test_f6_a_whole_day_is_compared_and_a_difference_is_listed(market: Market) -> None:
    market.stand_in.bank.chaos.set(drop={"rate": 1.0})
    placed = [market.place() for _ in range(3)]
    for each in placed:
        market.pay(each)
    runner = market.app.test_cli_runner()
    result = runner.invoke(args=["payments", "reconcile"])
    assert result.exit_code == 0, result.output
    assert "No difference." in result.output
    with market.stand_in.bank.changing():
        market.stand_in.bank.store.objects[placed[0].reference]["payment_status"] = "unpaid"
    result = runner.invoke(args=["payments", "reconcile"])
    assert result.exit_code == 1
    assert f"Order {placed[0].order.code}: we booked 25000" in result.output
    assert placed[1].order.code not in result.output


FORGERIES = [
    "another secret",
    "no signature",
    "an empty signature",
    "a signature of other words",
    "a stamp that was moved",
    "an older scheme",
    "301 seconds old",
    "302 seconds ahead",
    "another account",
    "another mode",
    "another amount",
    "another currency",
    "a session that nobody opened",
    "no event at all",
]


def test_f7_what_cannot_be_trusted_is_refused_and_changes_nothing(market: Market) -> None:
    placed = market.place()
    market.pay(placed)
    (event,) = market.events(COMPLETED)
    before = market.count()
    answers = {}
    for forgery in FORGERIES:
        body, signature = _forge(event, forgery)
        headers = {} if signature is None else {"Stripe-Signature": signature}
        answers[forgery] = market.app.test_client().post("/webhooks/stripe", data=body, headers=headers).status_code
        assert market.count() == before, forgery
        assert market.ask(select(Payment.state)) is PaymentState.OPEN, forgery
    assert answers == dict.fromkeys(FORGERIES, 400)
    assert market.ask(select(func.count(ProviderEvent.id))) == 0
    assert market.deliver(event).status_code == 200, "the genuine message still has its effect"
    assert_each_paid_once(market, 1)


def _forge(event: dict[str, Any], forgery: str) -> tuple[bytes, str | None]:
    lie = deepcopy(event)
    changed: dict[str, dict[str, Any]] = {
        "another account": {"account": "acct_1Other"},
        "another mode": {"livemode": True},
        "no event at all": {"object": "list"},
    }
    lie |= changed.get(forgery, {})
    lie["data"]["object"] |= {
        "another amount": {"amount_total": 100},
        "another currency": {"currency": "usd"},
        "a session that nobody opened": {"id": "cs_test_nobody"},
    }.get(forgery, {})
    body = json.dumps(lie).encode()
    good = sign(body)
    signatures: dict[str, str | None] = {
        "another secret": sign(body, "whsec_other"),
        "no signature": None,
        "an empty signature": "",
        "a signature of other words": sign(body + b" "),
        "a stamp that was moved": good.replace("t=", "t=1"),
        "an older scheme": good.replace("v1=", "v0="),
        "301 seconds old": sign(body, ago=302),
        "302 seconds ahead": sign(body, ago=-303),
    }
    return body, signatures.get(forgery, good)


@pytest.mark.parametrize(
    "wrong", [{"amount_received": 100}, {"currency": "usd"}, {"metadata": {"order_code": "AAAAAAAA", "payment_id": "1"}}]
)
def test_f7_money_that_does_not_fit_waits_for_a_person_and_is_not_paid(market: Market, wrong: dict[str, Any]) -> None:
    """The message is genuine, and the provider itself holds something else than we asked for."""
    placed = market.place()
    market.pay(placed)
    with market.stand_in.bank.changing():
        objects = market.stand_in.bank.store.objects
        session = objects[placed.reference]
        objects[session["payment_intent"]].update({name: value for name, value in wrong.items() if name == "amount_received"})
        session.update({name: value for name, value in wrong.items() if name != "amount_received"})
    with market.app.app_context():
        payment_upkeep.ask_undecided()
        db.session.remove()
    assert market.ask(select(Payment.state)) is PaymentState.REVIEW
    assert market.ask(select(Payment.review_reason)) is ReviewReason.MISMATCH
    assert market.ask(select(Order.state)) is OrderState.AWAITING_PAYMENT
