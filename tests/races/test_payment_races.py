"""Races for one payment and for one expired order with real processes (F3, F9, F17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from catalog import stock
from kernel import clock
from kernel.outbox import OutboxMessage
from orders.gateways import ProviderFacts
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry, Payment, ProviderEvent
from orders.states import OrderState, PaymentState
from tests.make_orders import payment_of, place
from tests.make_stock import Goods, make_goods
from tests.races import acts
from tests.races.racing import race, run_to_its_death, writing

pytestmark = pytest.mark.race

ORDERS = 20


@pytest.fixture
def placed(shop: Engine) -> tuple[Goods, list[ProviderFacts]]:
    """Orders that wait for money, and the good news about each."""
    with writing(shop) as session:
        goods = make_goods(session, ORDERS)
        orders = [place(session, goods) for _ in range(ORDERS)]
        return goods, [acts.paid(order.code, payment_of(session, order).id, order.total) for order in orders]


def make_overdue(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(Order).values(hold_until=clock.now() - timedelta(seconds=1)))


def count_by_state(engine: Engine) -> dict[OrderState, int]:
    with Session(engine) as session:
        rows = session.execute(select(Order.state, func.count().label("orders")).group_by(Order.state))
        return {row.state: row.orders for row in rows}


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


def assert_each_paid_once(engine: Engine) -> None:
    with Session(engine) as session:
        assert session.scalars(select(Payment.state).distinct()).all() == [PaymentState.PAID]
        assert session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.account == Account.STRIPE)) == ORDERS
        assert session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "mail.order_paid")) == ORDERS
    assert count_by_state(engine) == {OrderState.CONFIRMED: ORDERS}
    assert breaches(engine) == []


@pytest.mark.parametrize(("messengers", "events"), [(("a", "b"), 2), (("same", "same"), 1), (("a", "a", "b", "c"), 3)])
def test_the_same_money_told_by_several_workers_at_once_has_one_effect(
    shop: Engine,
    fresh_database_url: str,
    placed: tuple[Goods, list[ProviderFacts]],
    messengers: tuple[str, ...],
    events: int,
) -> None:
    _goods, news = placed
    race(fresh_database_url, acts.settle_all, [(news, messenger) for messenger in messengers])
    assert_each_paid_once(shop)
    with Session(shop) as session:
        assert session.scalar(select(func.count(ProviderEvent.id))) == events * ORDERS


@pytest.mark.parametrize("starts", [1, pytest.param(50, marks=pytest.mark.long)])
def test_two_sweepers_at_once_give_each_unit_back_once(
    shop: Engine, fresh_database_url: str, placed: tuple[Goods, list[ProviderFacts]], starts: int
) -> None:
    goods, _news = placed
    for start in range(starts):
        if start:
            with writing(shop) as session:
                session.add_all([goods.product, goods.outlet])
                for _order in range(ORDERS):
                    place(session, goods)
        make_overdue(shop)
        swept = race(fresh_database_url, acts.sweep_until_nothing_is_left, [(3,)] * 3)
        codes = [code for each in swept for code in each]  # type: ignore[attr-defined]
        assert (len(codes), len(set(codes))) == (ORDERS, ORDERS)
        assert count_by_state(shop) == {OrderState.EXPIRED: ORDERS * (start + 1)}
    with Session(shop) as session:
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: ORDERS}
    assert breaches(shop) == []


@pytest.mark.parametrize("after", [7, *(pytest.param(after, marks=pytest.mark.long) for after in (0, 1, 13, ORDERS - 1))])
def test_a_killed_sweeper_leaves_everything_as_it_was_and_the_next_one_finishes(
    shop: Engine, fresh_database_url: str, placed: tuple[Goods, list[ProviderFacts]], after: int
) -> None:
    goods, _news = placed
    make_overdue(shop)
    assert run_to_its_death(fresh_database_url, acts.sweep_and_die, after) == -9
    assert count_by_state(shop) == {OrderState.AWAITING_PAYMENT: ORDERS}
    assert breaches(shop) == []
    race(fresh_database_url, acts.sweep_until_nothing_is_left, [(50,)])
    with Session(shop) as session:
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: ORDERS}
    assert breaches(shop) == []


@pytest.mark.parametrize("_round", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 11))])
def test_money_and_the_sweeper_arriving_together_lose_neither(
    shop: Engine, fresh_database_url: str, placed: tuple[Goods, list[ProviderFacts]], _round: int
) -> None:
    """Whoever comes first: the goods are still held, or they are taken again, because nobody else wants them."""
    _goods, news = placed
    make_overdue(shop)
    race(fresh_database_url, _settle_or_sweep, [(news,), (None,), (None,)])
    assert_each_paid_once(shop)


def _settle_or_sweep(engine: Engine, start: acts.Start, news: list[ProviderFacts] | None) -> object:
    if news is None:
        return acts.sweep_until_nothing_is_left(engine, start, 2)
    return acts.settle_all(engine, start, news, "a")
