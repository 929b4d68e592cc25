"""Turns of a quote: who may take them, what is kept of them, and that nobody answers a page that has moved on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM, Role
from orders.models.quote import QuoteTurn
from orders.wholesale import quotes
from orders.wholesale.quotes import OfferTerms, Priced
from orders.wholesale.states import NotYourTurn, QuoteAct, QuoteState, Side
from tests.make import make_actor
from tests.make_trade import key, make_trade, offered, request


def terms(**changes: object) -> OfferTerms:
    return OfferTerms(**({"valid_until_on": clock.today() + timedelta(days=14)} | changes))  # type: ignore[arg-type]


def test_both_sides_read_the_same_turns_in_order(session: Session) -> None:
    trade = make_trade(session)
    quote = offered(session, trade, 20, 16_000, freight=150_000, terms_bps=500)
    quotes.counter(session, trade.buyer, quote.id, quote.turn, {trade.offer.id: Priced(30, 15_000)}, "Bisa lebih murah?")
    quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(30, 15_500)}, terms())
    turns = session.scalars(select(QuoteTurn).where(QuoteTurn.quote_id == quote.id).order_by(QuoteTurn.number)).all()
    assert [(turn.number, turn.side, turn.act) for turn in turns] == [
        (1, Side.PARTNER, QuoteAct.REQUEST),
        (2, Side.OFFICE, QuoteAct.OFFER),
        (3, Side.PARTNER, QuoteAct.COUNTER),
        (4, Side.OFFICE, QuoteAct.OFFER),
    ]
    assert (turns[1].freight, turns[1].terms_bps, turns[1].payment_days) == (150_000, 500, 30)
    assert [(line.cases, line.unit_price) for line in quotes.list_lines(session, turns[2].id)] == [(30, 15_000)]
    assert (quote.state, quote.turn) == (QuoteState.OFFERED, 4)


def test_a_turn_cannot_be_changed_afterwards(session: Session) -> None:
    quote = offered(session, make_trade(session))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("UPDATE quote_lines SET unit_price = 1"))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("DELETE FROM quote_turns WHERE quote_id = :id"), {"id": quote.id})


def test_the_same_form_asks_once(session: Session) -> None:
    trade, form = make_trade(session), key()
    assert request(session, trade, key=form).id == request(session, trade, key=form).id


def test_an_answer_to_an_old_page_is_refused(session: Session) -> None:
    trade = make_trade(session)
    quote = offered(session, trade)
    seen = quote.turn
    quotes.offer(session, SYSTEM, quote.id, seen, {trade.offer.id: Priced(20, 15_900)}, terms())
    with pytest.raises(NotYourTurn):
        quotes.counter(session, trade.buyer, quote.id, seen, {trade.offer.id: Priced(20, 15_000)})


def test_another_company_finds_no_such_quote(session: Session) -> None:
    trade, rival = make_trade(session), make_trade(session)
    quote = offered(session, trade)
    with pytest.raises(NotFound):
        quotes.counter(session, rival.buyer, quote.id, quote.turn, {rival.offer.id: Priced(1, 1)})
    with pytest.raises(NotFound):
        quotes.end(session, rival.buyer, quote.id, quote.turn, Side.PARTNER, QuoteAct.DECLINE)


def test_only_whoever_manages_the_sellers_wholesale_offers(session: Session) -> None:
    trade = make_trade(session)
    quote = request(session, trade)
    cashier = make_actor(session, Role.CASHIER, outlet_id=trade.outlet.id)
    for actor in (cashier, trade.buyer):
        with pytest.raises(NotAllowed):
            quotes.offer(session, actor, quote.id, quote.turn, {trade.offer.id: Priced(20, 16_000)}, terms())


@pytest.mark.parametrize(
    "changes",
    [{"valid_until_on": clock.today() - timedelta(days=1)}, {"valid_until_on": clock.today() + timedelta(days=200)}, {"terms_bps": 1_501}],
)
def test_an_offer_that_cannot_be_kept_is_refused(session: Session, changes: dict[str, object]) -> None:
    trade = make_trade(session)
    quote = request(session, trade)
    with pytest.raises(InvalidInput):
        quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(20, 16_000)}, terms(**changes))


def test_an_offer_names_every_price_and_only_the_sellers_own_goods(session: Session) -> None:
    trade, other = make_trade(session), make_trade(session)
    quote = request(session, trade)
    with pytest.raises(InvalidInput):
        quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(20)}, terms())
    with pytest.raises(NotFound):
        quotes.offer(session, SYSTEM, quote.id, quote.turn, {other.offer.id: Priced(20, 1_000)}, terms())


def test_the_partner_is_written_to_once_for_each_offer(session: Session) -> None:
    trade = make_trade(session)
    quote = offered(session, trade)
    keys = session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == quotes.MAIL_OFFERED)).all()
    assert keys == [f"mail.quote_offered:{quote.code}:2"]


def test_what_was_declined_is_over(session: Session) -> None:
    trade = make_trade(session)
    quote = offered(session, trade)
    quotes.end(session, trade.buyer, quote.id, quote.turn, Side.PARTNER, QuoteAct.DECLINE, "Terlalu mahal")
    assert quote.state is QuoteState.DECLINED
    with pytest.raises(NotYourTurn):
        quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(20, 1_000)}, terms())
