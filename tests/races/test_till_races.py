"""Races around tills with real processes (F16, F18, F19): each beside a twin that shows what the guard prevents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel import clock
from orders.counter.leases import renew_leases
from orders.invariants import check_all
from orders.models.order import Channel, Order
from orders.models.shift import CounterIncident, IncidentKind
from orders.models.till import StockLease
from tests.make import make_outlet
from tests.make_counter import Tablet, line_of, make_till, open_till
from tests.make_stock import Goods, make_goods
from tests.races import till_acts
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

PRICE = 25_000
WORKERS = 8


@dataclass
class Counter:
    """Tills at one outlet, and what stands on its shelf."""

    tablets: list[Tablet]
    shelf: list[Goods]

    def sales(self, tablet: Tablet, *shelf: Goods) -> list[list[object]]:
        """A delivery for each: one unit of it."""
        return [[tablet.sign(tablet.sale(lines=[line_of(goods, price=PRICE)]))] for goods in shelf]


def open_counter(engine: Engine, tills: int, *units: int, lease_units: int = 0) -> Counter:
    with writing(engine) as session:
        outlet = make_outlet(session)
        tablets = [open_till(session, make_till(session, outlet, lease_units=lease_units)) for _ in range(tills)]
        return Counter(tablets, [make_goods(session, each, outlet=outlet, price=PRICE) for each in units])


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


def count(engine: Engine, statement: object) -> int:
    with Session(engine) as session:
        return session.scalar(statement) or 0  # type: ignore[call-overload,no-any-return]


ORDERS = select(func.count(Order.id)).where(Order.channel == Channel.COUNTER)
OVERSOLD = select(func.count(CounterIncident.id)).where(CounterIncident.kind == IncidentKind.OVERSOLD)


def test_a_batch_that_eight_workers_take_at_once_has_its_effect_once(shop: Engine, fresh_database_url: str) -> None:
    counter = open_counter(shop, 1, 100)
    (tablet,) = counter.tablets
    batch = [each for (each,) in counter.sales(tablet, *counter.shelf * 10)]
    answers = race(fresh_database_url, till_acts.deliver, [(tablet.device.id, [batch])] * WORKERS)
    assert answers == [["accepted"] * 10] * WORKERS
    assert count(shop, ORDERS) == 10
    assert breaches(shop) == []


def test_without_the_tills_own_id_every_delivery_would_be_a_sale(shop: Engine, fresh_database_url: str) -> None:
    """The control: the same sale under an id that each delivery makes anew."""
    counter = open_counter(shop, 1, 100)
    (tablet,) = counter.tablets
    deliveries = [(tablet.device.id, counter.sales(tablet, *counter.shelf)) for _ in range(WORKERS)]
    race(fresh_database_url, till_acts.deliver, deliveries)
    assert count(shop, ORDERS) == WORKERS


@pytest.mark.parametrize("_round", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 11))])
def test_the_last_piece_on_the_web_and_at_the_counter(shop: Engine, fresh_database_url: str, _round: int) -> None:
    """F16: the sale at the counter always stands; where the web was faster, one incident names the order."""
    counter = open_counter(shop, 1, *[1] * 10)
    (tablet,) = counter.tablets
    variants = [goods.variant.id for goods in counter.shelf]
    from_the_other_end = counter.sales(tablet, *counter.shelf[::-1])
    racers = [(tablet.outlet.id, variants, None, True), (tablet.device.id, None, from_the_other_end, True)]
    answers = race(fresh_database_url, till_acts.buy_or_deliver, racers)
    sold, bought = sorted(answers, key=lambda words: "accepted" not in words)  # type: ignore[operator]
    assert sold == ["accepted"] * 10
    assert count(shop, OVERSOLD) == bought.count("sold")  # type: ignore[attr-defined]
    with Session(shop) as session:
        hit = [incident.detail["orders"] for incident in session.scalars(select(CounterIncident))]
    assert all(len(orders) == 1 for orders in hit)
    assert breaches(shop) == []


def test_without_the_guard_a_sale_would_be_lost_or_an_order_empty(shop: Engine, fresh_database_url: str) -> None:
    """The control: what the web was promised is taken off the shelf and nobody is told."""
    counter = open_counter(shop, 1, *[1] * 10)
    (tablet,) = counter.tablets
    race(fresh_database_url, till_acts.buy_each, [(tablet.outlet.id, [goods.variant.id for goods in counter.shelf])])
    (sold,) = race(fresh_database_url, till_acts.deliver, [(tablet.device.id, counter.sales(tablet, *counter.shelf), False)])
    assert sold != ["accepted"] * 10 or breaches(shop) != []


def test_two_tills_sell_the_last_piece_and_both_stand(shop: Engine, fresh_database_url: str) -> None:
    """F19."""
    counter = open_counter(shop, 2, *[1] * 5)
    racers = [(tablet.device.id, counter.sales(tablet, *counter.shelf)) for tablet in counter.tablets]
    assert race(fresh_database_url, till_acts.deliver, racers) == [["accepted"] * 5] * 2
    with Session(shop) as session:
        levels = session.execute(select(StockLevel.on_hand, StockLevel.oversold)).all()
    assert levels == [(-1, 1)] * 5
    assert count(shop, OVERSOLD) == 5
    assert breaches(shop) == []


@pytest.mark.parametrize("times", [8, pytest.param(60, marks=pytest.mark.long)])
def test_batches_and_carts_in_opposite_order_never_deadlock(shop: Engine, fresh_database_url: str, times: int) -> None:
    counter = open_counter(shop, 2, 10_000, 10_000, 10_000)
    forward, backward = counter.shelf, counter.shelf[::-1]
    variants = [goods.variant.id for goods in counter.shelf]
    racers: list[tuple[object, ...]] = []
    for tablet, order in zip(counter.tablets, (forward, backward), strict=True):
        batches = [[each for (each,) in counter.sales(tablet, *order)] for _ in range(times)]
        racers.append((tablet.device.id, None, batches, True))
    outlet_id = counter.tablets[0].outlet.id
    racers += [(outlet_id, [*each] * times, None, True) for each in (variants, variants[::-1])]
    answers = race(fresh_database_url, till_acts.buy_or_deliver, racers)
    assert {word for answer in answers for word in answer} == {"accepted", "sold"}  # type: ignore[attr-defined]
    assert breaches(shop) == []


@pytest.mark.parametrize("guarded", [True, False])
def test_leases_that_four_workers_end_at_once_come_back_once(shop: Engine, fresh_database_url: str, guarded: bool) -> None:
    counter = open_counter(shop, 1, 6, 6, lease_units=3)
    with writing(shop) as session:
        renew_leases(session, session.merge(counter.tablets[0].device))
        session.execute(update(StockLease).values(expires_at=clock.now() - timedelta(minutes=1)))
    answers = race(fresh_database_url, till_acts.end_leases, [(guarded,)] * 4)
    if guarded:
        assert sorted(answers) == [0, 0, 0, 2]  # type: ignore[type-var]
        assert breaches(shop) == []
    else:
        assert -1 in answers
        assert breaches(shop) != []
