"""Races for a voucher with real processes (F14), beside a twin that shows what the guard prevents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from kernel import clock
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.voucher import Voucher, VoucherUse
from orders.states import OrderState
from tests.make_orders import PICKUP, place
from tests.make_stock import Goods, make_goods
from tests.make_vouchers import make_voucher
from tests.races import acts
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

BUYERS = 30


def open_shop(engine: Engine, **changes: object) -> tuple[Goods, Voucher]:
    """More goods than buyers, and a voucher with one use left."""
    with writing(engine) as session:
        goods = make_goods(session, 100)
        return goods, make_voucher(session, goods.outlet, **({"use_limit": 1} | changes))


def count_uses(engine: Engine) -> tuple[int, int]:
    """What the voucher counts, and how many orders really use it."""
    with Session(engine) as session:
        live = select(func.count(VoucherUse.id)).where(VoucherUse.given_back_at.is_(None))
        return session.scalars(select(Voucher.uses)).one(), session.scalar(live) or 0


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


@pytest.mark.parametrize("_round", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 21))])
def test_thirty_buyers_with_a_voucher_for_one_are_one_order(shop: Engine, fresh_database_url: str, _round: int) -> None:
    goods, voucher = open_shop(shop)
    answers = race(fresh_database_url, acts.use_voucher, [(goods.outlet.id, goods.variant.id, voucher.code, True)] * BUYERS)
    assert answers.count("VoucherUsedUp") == BUYERS - 1
    assert count_uses(shop) == (1, 1)
    with Session(shop) as session:
        assert session.scalars(select(Order.discount_total)).all() == [10_000]
    assert breaches(shop) == []


def test_the_guard_is_what_holds_the_limit(shop: Engine, fresh_database_url: str) -> None:
    """Everybody believes what they saw before the first one bought."""
    goods, voucher = open_shop(shop)
    race(fresh_database_url, acts.use_voucher, [(goods.outlet.id, goods.variant.id, voucher.code, False)] * 8)
    counted, used = count_uses(shop)
    assert used > counted == 1, "the control must give too much away, or this race proves nothing"
    assert any("voucher" in breach for breach in breaches(shop))


def test_one_phone_that_orders_from_twelve_browsers_has_its_discount_once(shop: Engine, fresh_database_url: str) -> None:
    goods, voucher = open_shop(shop, use_limit=12, once_per_phone=True)
    answers = race(fresh_database_url, acts.use_voucher, [(goods.outlet.id, goods.variant.id, voucher.code, True)] * 12)
    assert answers.count("VoucherUsedByPhone") == 11
    assert count_uses(shop) == (1, 1)
    assert breaches(shop) == []


@pytest.mark.parametrize("how", [("cancel",) * 4, ("sweep",) * 4, ("cancel", "sweep") * 3])
def test_an_order_that_is_ended_by_several_at_once_gives_its_use_back_once(
    shop: Engine, fresh_database_url: str, how: tuple[str, ...]
) -> None:
    goods, voucher = open_shop(shop, use_limit=3)
    with writing(shop) as session:
        order = place(session, goods, voucher_code=voucher.code, payment_method=PICKUP)
        place(session, goods, voucher_code=voucher.code)
        if "sweep" in how:
            session.execute(update(Order).where(Order.id == order.id).values(hold_until=clock.now() - timedelta(seconds=1)))
    answers = race(fresh_database_url, acts.end_order, [(order.id, each) for each in how])
    assert len([answer for answer in answers if answer in ("cancel", "swept")]) == 1
    assert count_uses(shop) == (1, 1)
    with Session(shop) as session:
        assert session.scalars(select(Order.state).where(Order.id == order.id)).one() in (OrderState.CANCELLED, OrderState.EXPIRED)
    assert breaches(shop) == []
