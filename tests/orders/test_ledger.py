"""The ledger: postings sum to zero, are written once, and are never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from orders import ledger
from orders.ledger import UnbalancedPosting
from orders.models.payment import Account, LedgerEntry
from tests.make_orders import place
from tests.make_stock import make_goods


def test_a_posting_is_written_once(session: Session) -> None:
    order = place(session, make_goods(session))
    entries = {Account.STRIPE: 25_000, Account.RECEIVABLE: -25_000}
    assert ledger.post(session, "payment:x:captured", order.id, entries) is True
    assert ledger.post(session, "payment:x:captured", order.id, entries) is False
    assert ledger.balance(session, order.id)[Account.STRIPE] == 25_000


@pytest.mark.parametrize("entries", [{}, {Account.CASH: 0}, {Account.CASH: 1}, {Account.CASH: 100, Account.SALES: -99}])
def test_a_posting_that_does_not_balance_is_refused(session: Session, entries: dict[Account, int]) -> None:
    order = place(session, make_goods(session))
    with pytest.raises(UnbalancedPosting):
        ledger.post(session, "odd", order.id, entries)


def test_zero_sides_are_left_out(session: Session) -> None:
    order = place(session, make_goods(session))
    ledger.post(session, "even", order.id, {Account.CASH: 100, Account.ROUNDING: 0, Account.RECEIVABLE: -100})
    assert session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.posting == "even")) == 2


def test_the_same_posting_with_other_accounts_is_a_mistake(session: Session) -> None:
    order = place(session, make_goods(session))
    ledger.post(session, "twice", order.id, {Account.CASH: 100, Account.RECEIVABLE: -100})
    with pytest.raises(UnbalancedPosting):
        ledger.post(session, "twice", order.id, {Account.STRIPE: 100, Account.RECEIVABLE: -100})


def test_cash_that_was_rounded_up_is_a_gain_of_ours_and_down_a_loss(session: Session) -> None:
    order = place(session, make_goods(session, price=25_051))
    ledger.post(session, "a", order.id, {Account.CASH: 25_100, Account.ROUNDING: -49, Account.RECEIVABLE: -25_051})
    assert sum(ledger.balance(session, order.id).values()) == 0


@pytest.mark.parametrize("act", ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"])
def test_the_database_itself_refuses_to_change_an_entry(session: Session, act: str) -> None:
    place(session, make_goods(session))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(act))
