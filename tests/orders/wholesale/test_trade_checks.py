"""The doctor finds what is wrong with partners' orders: each book is bent once."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from orders.invariants import CHECKS
from orders.wholesale.trade_checks import check_trade
from tests.make_trade import dispatched, invoiced, make_trade, receive


def test_sound_books_have_no_breach(session: Session) -> None:
    trade = make_trade(session)
    invoiced(session, trade, 4)
    receive(session, trade, dispatched(session, trade, 4, number="PO-2"))
    assert list(check_trade(session)) == []
    assert CHECKS["I11"] is check_trade


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE purchase_orders SET owed = owed - 1", "is owed"),
        ("UPDATE purchase_orders SET paid = 1", "was paid"),
        ("UPDATE purchase_orders SET credit_held = credit_held - 1", "credit"),
        ("UPDATE partner_credits SET used = used + 1", "its orders hold"),
        ("UPDATE purchase_shares SET cases = cases + 1", "its makers have"),
        ("UPDATE cartons SET units = units + 1 WHERE number = 1", "were allocated"),
        ("DELETE FROM cartons WHERE number = 1", "allocat"),
        ("UPDATE purchase_orders SET state = 'settled'", "invoice do not fit"),
    ],
)
def test_a_bent_book_is_found(session: Session, statement: str, word: str) -> None:
    invoiced(session, make_trade(session), 4)
    session.execute(text(statement))
    assert any(word in breach for breach in check_trade(session))
