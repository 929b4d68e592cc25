"""Races for the money of a paid order with real processes (F10), beside a twin that shows what the guard prevents."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel.outbox import OutboxMessage
from orders import ledger, payouts
from orders.gateways import ProviderRefundState, RefundFacts
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.refund import Refund
from orders.states import OrderState
from tests.make_orders import pay, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import refund
from tests.races import acts
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

CLERKS = 20


@pytest.fixture
def paid(shop: Engine) -> Order:
    """One paid order of three units out of ten."""
    with writing(shop) as session:
        return pay(session, place(session, make_goods(session, 10), quantity=3))


def promised(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.coalesce(func.sum(Refund.amount), 0))) or 0


def shelf(engine: Engine) -> tuple[int, int]:
    with Session(engine) as session:
        level = session.scalars(select(StockLevel)).one()
        return level.on_hand, level.held


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


@pytest.mark.parametrize("_round", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 51))])
def test_twenty_full_refunds_at_once_are_one(shop: Engine, fresh_database_url: str, paid: Order, _round: int) -> None:
    answers = race(fresh_database_url, acts.refund_all, [(paid.id,)] * CLERKS)
    assert sorted(map(str, answers)).count("NothingToRefund") == CLERKS - 1
    assert f"{paid.code}-R1" in answers
    assert promised(shop) == paid.total
    assert shelf(shop) == (10, 0)
    assert breaches(shop) == []


def test_the_guard_is_what_prevents_refunding_too_much(shop: Engine, fresh_database_url: str, paid: Order) -> None:
    """Every clerk believes what they saw before the first one asked, and nobody waits for the order's row."""
    race(fresh_database_url, acts.refund_all, [(paid.id, False)] * 8)
    assert promised(shop) > paid.total, "the control must refund too much, or this race proves nothing"
    assert any(breach.startswith("I2") for breach in breaches(shop))


@pytest.mark.parametrize("rivals", [("refund", "cancel"), ("refund", "hand over"), ("refund", "cancel", "hand over")])
def test_a_refund_raced_with_cancellation_and_hand_over_keeps_goods_and_money(
    shop: Engine, fresh_database_url: str, paid: Order, rivals: tuple[str, ...]
) -> None:
    answers = race(fresh_database_url, acts.refund_or_cancel, [(paid.id, paid.code, what) for what in rivals * 4])
    assert "cancel" not in answers, "a paid order ends only by its refund"
    assert promised(shop) == paid.total
    assert shelf(shop) == (10, 0)
    with Session(shop) as session:
        state = session.scalars(select(Order.state)).one()
    assert state is (OrderState.COMPLETED if "hand over" in answers else OrderState.CANCELLED)
    assert breaches(shop) == []


def test_the_same_refund_told_by_several_workers_at_once_is_posted_once(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        goods = make_goods(session, 10)
        wanted = [refund(session, pay(session, place(session, goods))) for _ in range(5)]
        for each in wanted:
            payouts.record_sent(session, each.id)
        news = [(each.id, RefundFacts(f"re_{each.id}", ProviderRefundState.SUCCEEDED, each.amount, "idr")) for each in wanted]
    race(fresh_database_url, acts.settle_refunds, [(news, messenger) for messenger in "aabc"])
    with Session(shop) as session:
        assert sum(ledger.refunded(session, each.order_id) for each in wanted) == sum(each.amount for each in wanted)
        assert session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "mail.order_refunded")) == 5
    assert breaches(shop) == []
