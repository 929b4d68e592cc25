"""Several people send the same order with real processes, beside a twin that shows what the guard prevents."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel.outbox import OutboxMessage
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.refund import Refund
from orders.models.shipping import Parcel
from orders.states import OrderState
from tests.make_shipping import make_zone, paid_sent
from tests.make_stock import make_goods
from tests.races import acts
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

CLERKS = 8


@pytest.fixture
def paid(shop: Engine) -> Order:
    """One paid order of three units out of ten, to be sent."""
    with writing(shop) as session:
        goods = make_goods(session, 10)
        make_zone(session, goods.outlet)
        return paid_sent(session, goods, quantity=3)


def shelf(engine: Engine) -> tuple[int, int]:
    with Session(engine) as session:
        level = session.scalars(select(StockLevel)).one()
        return level.on_hand, level.held


def numbers(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Parcel.tracking_number)))


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


def test_of_eight_people_who_ship_at_once_one_does(shop: Engine, fresh_database_url: str, paid: Order) -> None:
    answers = race(fresh_database_url, acts.ship, [(paid.id, f"CTH-{number}") for number in range(CLERKS)])
    assert answers.count("WrongState") == CLERKS - 1
    assert numbers(shop) == [answer for answer in answers if answer != "WrongState"]
    assert shelf(shop) == (7, 0)
    with Session(shop) as session:
        told = select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "mail.order_shipped")
        assert session.scalar(told) == 1
    assert breaches(shop) == []


def test_without_the_guard_only_the_database_stands_between(shop: Engine, fresh_database_url: str, paid: Order) -> None:
    """Everybody believes what they saw: nobody is told that somebody was faster, the last wall has to stop them."""
    answers = race(fresh_database_url, acts.ship, [(paid.id, f"CTH-{number}", False) for number in range(CLERKS)])
    assert "WrongState" not in answers, "the control must get past the check, or this race proves nothing"
    assert answers.count("IntegrityError") == CLERKS - 1
    assert len(numbers(shop)) == 1


def test_a_refund_raced_with_the_parcel_keeps_goods_and_money(shop: Engine, fresh_database_url: str, paid: Order) -> None:
    answers = race(fresh_database_url, acts.ship_or_refund, [(paid.id, what) for what in ("refund", "CTH-1", "refund", "CTH-2")])
    with Session(shop) as session:
        state = session.scalars(select(Order.state)).one()
        assert session.scalar(select(func.sum(Refund.amount))) == paid.total
    assert state is (OrderState.SHIPPED if {"CTH-1", "CTH-2"} & set(answers) else OrderState.CANCELLED)
    assert shelf(shop) == (10, 0)
    assert breaches(shop) == []
