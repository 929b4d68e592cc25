"""Races in a partner's trade with real processes (F45, credit, capacity), beside a twin that shows what the guard prevents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from kernel.engines import make_engine
from orders.invariants import check_all
from orders.models.offer import CapacityMonth
from orders.models.order import Order
from orders.models.purchase import PartnerCredit, PurchaseLine, PurchaseOrder
from orders.wholesale import credit
from tests.make_trade import Trade, bought, invoiced, make_trade, offered, stock_cases
from tests.races import trade_acts
from tests.races.racing import race, writing

pytestmark = pytest.mark.race


@pytest.fixture
def market(fresh_database_url: str) -> Iterator[Engine]:
    engine = make_engine(fresh_database_url)
    yield engine
    engine.dispose()


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


STEPS = ("accept", "revise", "accept", "reprice", "accept")


@pytest.mark.parametrize("interleaving", [1, 2, *(pytest.param(number, marks=pytest.mark.long) for number in range(3, 21))])
def test_a_quote_accepted_by_several_while_it_is_revised_and_repriced_is_one_order(
    market: Engine, fresh_database_url: str, interleaving: int
) -> None:
    with writing(market) as session:
        trade = make_trade(session)
        quote = offered(session, trade, 20, 16_000)
        words = (trade.buyer.user_id, quote.id, quote.turn, trade.offer.id)
    steps = list(islice(cycle(STEPS[interleaving % 5 :] + STEPS[: interleaving % 5]), 6 + interleaving % 3))
    answers = race(fresh_database_url, trade_acts.trade_step, [(step, *words) for step in steps])
    codes = {answer for answer in answers if str(answer).startswith("bought")}
    with Session(market) as session:
        prices = session.scalars(select(PurchaseLine.unit_price)).all()
    assert len(codes) == len(prices) <= 1, "one order, or none when the office was faster"
    assert set(prices) <= {16_000}, "at the price that was seen"
    if not codes:
        assert "revise" in answers
    assert breaches(market) == []


def open_credit(engine: Engine, quotes: int) -> tuple[Trade, list[tuple[int, int]]]:
    """A partner that may owe two orders, and more quotes than that."""
    with writing(engine) as session:
        trade = make_trade(session, terms={"credit_limit": 16_000_000})
        found = [offered(session, trade, 20, 16_000) for _number in range(quotes)]
        with_row = bought(session, trade, 1, number="PO-0")
        assert with_row.credit_held
        return trade, [(quote.id, quote.turn) for quote in found]


def test_a_partner_that_buys_in_six_places_at_once_stays_within_its_credit(market: Engine, fresh_database_url: str) -> None:
    trade, quotes = open_credit(market, 6)
    arguments = [(trade.buyer.user_id, quote_id, turn, f"PO-{quote_id}") for quote_id, turn in quotes]
    answers = race(fresh_database_url, trade_acts.accept, arguments)
    assert answers.count("CreditUsedUp") == 4
    with Session(market) as session:
        assert credit.used(session, trade.partner.id) <= 16_000_000
    assert breaches(market) == []


def test_the_guard_is_what_holds_the_credit(market: Engine, fresh_database_url: str) -> None:
    """Everybody believes what they saw before the first one bought."""
    trade, quotes = open_credit(market, 4)
    race(
        fresh_database_url, trade_acts.accept, [(trade.buyer.user_id, quote_id, turn, f"PO-{quote_id}", False) for quote_id, turn in quotes]
    )
    with Session(market) as session:
        owed = session.scalar(select(func.sum(PurchaseOrder.owed)))
        assert (owed or 0) > 16_000_000 > (session.scalar(select(PartnerCredit.used)) or 0), "the control must owe too much"
    assert any("credit" in breach for breach in breaches(market))


def test_an_order_divided_by_four_people_is_placed_once(market: Engine, fresh_database_url: str) -> None:
    with writing(market) as session:
        trade = make_trade(session)
        stock_cases(session, trade, trade.first, 6)
        purchase_id = bought(session, trade, 20).id
    answers = race(fresh_database_url, trade_acts.divide, [(purchase_id,)] * 4)
    assert answers.count("WrongStage") == 3
    with Session(market) as session:
        assert session.scalar(select(func.count(Order.id))) == 1
    assert breaches(market) == []


def test_orders_divided_at_once_never_promise_more_than_shelf_and_calendar_have(market: Engine, fresh_database_url: str) -> None:
    """Ten cases stand on the shelf and thirty can be made: five orders of twelve are three."""
    with writing(market) as session:
        trade = make_trade(session, monthly=(240, 480))
        stock_cases(session, trade, trade.first, 10)
        ids = [bought(session, trade, 12, number=f"PO-{number}").id for number in range(5)]
    answers = race(fresh_database_url, trade_acts.divide, [(purchase_id,) for purchase_id in ids])
    assert answers.count("NotEnoughCases") == 2
    with Session(market) as session:
        assert session.scalar(select(func.count(Order.id))) == 3
        assert all(month.taken <= month.quantity for month in session.scalars(select(CapacityMonth)))
    assert breaches(market) == []


def test_money_recorded_by_four_people_is_never_more_than_is_owed(market: Engine, fresh_database_url: str) -> None:
    with writing(market) as session:
        invoice = invoiced(session, make_trade(session), 4)
        words = [(invoice.purchase_id, invoice.total, f"TRX-000{number}") for number in range(4)]
    answers = race(fresh_database_url, trade_acts.transfer, words)
    assert (answers.count("paid"), answers.count("NothingOutstanding")) == (1, 3)
    assert breaches(market) == []
