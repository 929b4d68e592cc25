"""Races of staff with real processes: one number for two orders, two cashiers for one payment, one statement imported twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders import manual_payments, settlements
from orders.invariants import check_all
from orders.models.payment import Account, LedgerEntry, Payment
from orders.models.settlement import StatementLine
from orders.states import PaymentState
from tests.make_orders import contact, payment_of
from tests.make_payments import TRANSFER, make_taking_outlet, place_by
from tests.make_stock import make_goods
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

ORDERS, RACERS = 10, 4


@pytest.fixture
def transfers(shop: Engine) -> list[tuple[str, int]]:
    """Codes of open transfers with their payments."""
    with writing(shop) as session:
        goods = make_goods(session, ORDERS * 2, outlet=make_taking_outlet(session))
        orders = [place_by(session, TRANSFER, goods, contact=contact(phone=f"+62812345678{number:02d}")) for number in range(ORDERS)]
        return [(order.code, payment_of(session, order).id) for order in orders]


def confirm_each(engine: Engine, start: Callable[[], object], payments: list[int], proofs: list[str]) -> int:
    """Confirm the payments in turn, each with its number; how many were taken."""
    start()
    taken = 0
    for payment_id, proof in zip(payments, proofs, strict=True):
        try:
            with writing(engine) as session:
                manual_payments.confirm_payment(session, SYSTEM, payment_id, proof)
            taken += 1
        except DomainError:
            continue
    return taken


def post_statement(engine: Engine, start: Callable[[], object], token: str) -> int:
    """Post a statement; how many rows went in."""
    start()
    with writing(engine) as session:
        return sum(settlements.post_certain(session, SYSTEM, token).values())


def assert_each_was_booked_once(engine: Engine, count: int) -> None:
    with Session(engine) as session:
        assert check_all(session) == []
        booked = session.scalars(select(LedgerEntry.amount).where(LedgerEntry.account == Account.BANK)).all()
        paid = session.scalar(select(func.count(Payment.id)).where(Payment.state == PaymentState.PAID))
        assert (len(booked), paid) == (count, count)


def test_cashiers_who_confirm_the_same_payments_book_each_once(shop: Engine, transfers: list[tuple[str, int]]) -> None:
    ids = [payment_id for _code, payment_id in transfers]
    found = race(
        shop.url.render_as_string(hide_password=False), confirm_each, [(ids, [f"R{racer}-{n:04d}" for n in ids]) for racer in range(RACERS)]
    )
    assert sum(found) == ORDERS  # type: ignore[arg-type]
    assert_each_was_booked_once(shop, ORDERS)


def test_one_number_confirms_one_of_many_orders(shop: Engine, transfers: list[tuple[str, int]]) -> None:
    work = [([payment_id], ["RRN-ONLY-ONE"]) for _code, payment_id in transfers[:RACERS]]
    found = race(shop.url.render_as_string(hide_password=False), confirm_each, work)
    assert sorted(found) == [0] * (RACERS - 1) + [1]  # type: ignore[type-var]
    assert_each_was_booked_once(shop, 1)


def test_a_statement_posted_by_several_at_once_is_posted_once(shop: Engine, transfers: list[tuple[str, int]]) -> None:
    text = "Keterangan;Jumlah\n" + "".join(f"TRF {code};25.000\n" for code, _payment in transfers)
    with writing(shop) as session:
        outlet = session.scalars(select(Outlet)).one()
        token = settlements.upload_statement(session, SYSTEM, outlet, TRANSFER, "mutasi.csv", text.encode()).token
    found = race(shop.url.render_as_string(hide_password=False), post_statement, [(token,)] * RACERS)
    assert sum(found) == ORDERS  # type: ignore[arg-type]
    assert_each_was_booked_once(shop, ORDERS)
    with Session(shop) as session:
        assert session.scalar(select(func.count(StatementLine.id))) == ORDERS
        assert session.scalar(select(func.count(Payment.id)).where(Payment.matched_at.is_not(None))) == ORDERS
