"""Races for makers' money with real processes: one payout at a time, paid once; no sale slips between two statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders import holds
from orders.consignment import ledger, payouts, sales, statements
from orders.models.consignment import ConsignmentEntry, EntryKind, MakerStatement
from orders.models.maker_payout import MakerPayout
from orders.models.order import Order, OrderState
from tests.make_consignment import breaches, make_agreement, make_consigned, sell
from tests.make_orders import pay, place
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

CLERKS = 8
Start = Callable[[], object]


@pytest.fixture
def agreement_id(shop: Engine) -> int:
    """An agreement under which Rp42.500 are owed."""
    with writing(shop) as session:
        agreement = make_agreement(session)
        sell(session, make_consigned(session, agreement), quantity=2)
        return agreement.id


def prepare_all(engine: Engine, start: Start, agreement_id: int) -> str:
    """Pay out everything that is owed, with a form of one's own."""
    with Session(engine) as session:
        from orders.models.agreement import Agreement

        outlet_id = session.get_one(Agreement, agreement_id).outlet_id
    start()
    try:
        with writing(engine) as session:
            outlet = session.get_one(Outlet, outlet_id)
            payouts.prepare_batch(session, SYSTEM, outlet, {agreement_id: 42_500}, uuid4().hex, in_cash=frozenset({agreement_id}))
    except DomainError as refusal:
        return type(refusal).__name__
    return "prepared"


def mark_paid(engine: Engine, start: Start, payout_id: int) -> str:
    """The same payout, marked paid."""
    start()
    try:
        with writing(engine) as session:
            payouts.mark_paid(session, SYSTEM, payout_id, "TRF-1", clock.today("WIB"))
    except DomainError as refusal:
        return type(refusal).__name__
    return "paid"


def sell_what_happened_yesterday(engine: Engine, start: Start, order_ids: list[int]) -> str:
    """An offline till sends its sales of yesterday, one by one."""
    start()
    for order_id in order_ids:
        with writing(engine) as session:
            order = session.get_one(Order, order_id)
            stock.take_held(session, holds.allocations_of(session, [order_id])[order_id], f"order:{order.code}")
            sales.book_sales(session, order_id, f"order:{order.code}", occurred_at=clock.now() - timedelta(days=1))
            order.state, order.hold_until, order.completed_at = OrderState.COMPLETED, None, clock.now()
    return "sold"


def close_yesterday(engine: Engine, start: Start, agreement_id: int) -> str:
    """The manager closes the statement meanwhile."""
    start()
    with writing(engine) as session:
        return statements.close_statement(session, SYSTEM, agreement_id, clock.today() - timedelta(days=1)).code


def open_payouts(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(MakerPayout)) or 0


def test_eight_clerks_prepare_one_payout(shop: Engine, fresh_database_url: str, agreement_id: int) -> None:
    answers = race(fresh_database_url, prepare_all, [(agreement_id,)] * CLERKS)
    assert sorted(map(str, answers)) == ["PayoutOpen"] * (CLERKS - 1) + ["prepared"]
    assert open_payouts(shop) == 1


def test_the_index_is_what_prevents_a_second_payout(shop: Engine, fresh_database_url: str, agreement_id: int) -> None:
    with writing(shop) as session:
        session.execute(text("DROP INDEX uq_maker_payouts_open"))
    race(fresh_database_url, prepare_all, [(agreement_id,)] * CLERKS)
    assert open_payouts(shop) > 1, "the control must promise the money twice, or this race proves nothing"


def test_a_payout_is_paid_once(shop: Engine, fresh_database_url: str, agreement_id: int) -> None:
    assert prepare_all(shop, lambda: None, agreement_id) == "prepared"
    with writing(shop) as session:
        payout = session.scalars(select(MakerPayout)).one()
        payouts.approve_batch(session, SYSTEM, payout.batch_id)
    answers = race(fresh_database_url, mark_paid, [(payout.id,)] * CLERKS)
    assert sorted(map(str, answers)) == ["Conflict"] * (CLERKS - 1) + ["paid"]
    with Session(shop) as session:
        posted = select(func.count(func.distinct(ConsignmentEntry.posting))).where(ConsignmentEntry.kind == EntryKind.PAYOUT)
        assert session.scalar(posted) == 1
        assert ledger.owed(session, [agreement_id])[agreement_id] == 0
        assert breaches(session) == []


def test_no_sale_slips_between_two_statements(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        with time_machine.travel(clock.now() - timedelta(days=2), tick=False):
            agreement = make_agreement(session)
            goods = make_consigned(session, agreement, 40)
        orders = [pay(session, place(session, goods)).id for _order in range(24)]
    acts = [(orders[number::4],) for number in range(4)]
    results = race(fresh_database_url, _either, [("sell", *each) for each in acts] + [("close", agreement.id)])
    assert results.count("sold") == 4
    with Session(shop) as session:
        closed = session.scalars(select(MakerStatement)).one()
        assert ledger.owed(session, [agreement.id], closed.until_at)[agreement.id] == closed.owed
        assert ledger.owed(session, [agreement.id])[agreement.id] == 24 * 21_250
        assert breaches(session) == []


def _either(engine: Engine, start: Start, act: str, what: object) -> str:
    if act == "sell":
        return sell_what_happened_yesterday(engine, start, what)  # type: ignore[arg-type]
    return close_yesterday(engine, start, what)  # type: ignore[arg-type]
