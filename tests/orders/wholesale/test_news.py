"""Letters about an order: to approvers while it waits, to its buyer once decided, to the company with day and claims settled."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM
from orders.models.purchase import PurchaseOrder
from orders.wholesale import news, purchasing, receiving
from orders.wholesale.receiving import Claim
from tests.make_trade import dispatched, divided, key, make_trade, offered, places, receive
from tests.make_wholesale import make_buyer


def told(session: Session, kind: str, purchase: PurchaseOrder) -> set[str]:
    """Who gets a letter of this kind about the order."""
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind))
    return {letter.payload["email"] for letter in letters if letter.payload["purchase_id"] == purchase.id}


def test_approvers_hear_of_what_waits_and_its_buyer_what_they_said(session: Session) -> None:
    trade = make_trade(session)
    approvers = {make_buyer(session, trade.partner).email for _each in range(2)}
    junior = make_buyer(session, trade.partner, is_approver=False, order_limit=1)
    quote = offered(session, trade)
    purchase = purchasing.accept_quote(session, accounts.as_actor(junior), quote.id, quote.turn, "PO-1", key())
    asked = told(session, news.MAIL_WAITS, purchase)
    assert approvers < asked
    assert junior.email not in asked
    assert told(session, news.MAIL_DECIDED, purchase) == set()
    purchasing.reject_purchase(session, trade.buyer, purchase.id, "Bulan depan saja")
    assert told(session, news.MAIL_DECIDED, purchase) == {junior.email}


def test_what_binds_at_once_asks_nobody_and_is_confirmed_with_its_day(session: Session) -> None:
    trade = make_trade(session)
    purchase = divided(session, trade)
    assert told(session, news.MAIL_WAITS, purchase) == set()
    assert told(session, news.MAIL_PROMISED, purchase) == {trade.partner.contact_email}


def test_only_an_answer_to_claims_is_written_about(session: Session) -> None:
    trade = make_trade(session)
    whole = dispatched(session, trade, 4)
    receive(session, trade, whole)
    assert told(session, news.MAIL_SETTLED, whole) == set()
    short = dispatched(session, trade, 4, number="PO-2")
    claims = {places(session, short)[0]: Claim(short=1)}
    receive(session, trade, short, claims)
    receiving.settle_claims(session, SYSTEM, short.id, claims)
    assert told(session, news.MAIL_SETTLED, short) == {trade.partner.contact_email}
