"""Turns of a quote: a partner asks, the office offers, either counters or ends it; each turn is kept (docs/quotes.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock, outbox
from kernel.errors import N_, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new, insert_rows
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import check_range, parse_text
from kernel.people import Actor
from orders.models.offer import Offer
from orders.models.partner import Partner
from orders.models.quote import Quote, QuoteLine, QuoteTurn
from orders.wholesale import goods as goods_room
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.billing import check_terms
from orders.wholesale.buyers import Buyer, get_branch, get_buyer
from orders.wholesale.partners import LONGEST_TERM_DAYS
from orders.wholesale.states import NotYourTurn, QuoteAct, QuoteState, Side, next_state

#: How long an offer may hold, and for how long the form proposes.
LONGEST_OFFER, USUAL_OFFER = timedelta(days=180), timedelta(days=14)
LONGEST_MESSAGE = 2_000
MAIL_OFFERED = "mail.quote_offered"
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Priced:
    """Cases of one offer, and what one unit costs; None leaves the price to the other side."""

    cases: int
    unit_price: int | None = None


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What an offer says beside its lines. Whole rupiah, basis points, days; `valid_until_on` still counts."""

    valid_until_on: date
    freight: int = 0
    terms_bps: int = 0
    payment_days: int = 0


def check_key(key: str) -> str:
    """A form's own token; InvalidInput for anything else."""
    if not _KEY.fullmatch(key):
        raise InvalidInput(field="key")
    return key


def request_quote(
    session: Session,
    actor: Actor,
    lines: Mapping[int, Priced],
    *,
    branch_code: str,
    key: str,
    wanted_on: date | None = None,
    message: str = "",
) -> Quote:
    """Ask for a quote for `lines` (by offer id). The same `key` always answers with the same quote.

    Raises NotAllowed, NotFound and InvalidInput.
    """
    buyer = get_buyer(session, actor)
    if (known := find_by_key(session, key)) is not None:
        return _own(known, buyer)
    branch = get_branch(session, buyer.audience.partner_id, branch_code)
    known_goods = goods_room.get_all(session, buyer.audience, lines.keys())
    goods_room.check_delivery(known_goods, branch)
    moment = clock.now()
    if wanted_on is not None and wanted_on < clock.today():
        raise InvalidInput(N_("This day is over. Please choose a later one."), field="wanted_on")
    row = {
        "code": make_code(),
        "form_key": check_key(key),
        "partner_id": buyer.audience.partner_id,
        "outlet_id": buyer.audience.outlet_id,
        "branch_id": branch.id,
        "asked_by_id": actor.user_id,
        "state": QuoteState.REQUESTED,
        "turn": 1,
        "wanted_on": wanted_on,
        "valid_until_on": None,
        "created_at": moment,
        "changed_at": moment,
    }
    ids = insert_new(session, Quote, [row])
    quote = find_by_key(session, key)
    if quote is None:
        raise InvalidInput(field="key")
    if ids:
        _write_turn(session, actor, quote, Side.PARTNER, QuoteAct.REQUEST, lines, message)
        audit.record(session, actor, "quote.requested", subject_of(quote), {"items": len(lines)})
    return _own(quote, buyer)


def offer(
    session: Session, actor: Actor, quote_id: int, seen: int, lines: Mapping[int, Priced], terms: OfferTerms, message: str = ""
) -> Quote:
    """The office names its prices and terms, or better ones. `seen` is the turn that the page showed.

    Raises NotAllowed, NotYourTurn and InvalidInput.
    """
    quote = _get(session, quote_id)
    outlet = ensure_may_manage(session, actor, quote.outlet_id)
    _check_offer(outlet, lines, terms)
    _check_offers(session, quote, lines)
    _move(session, quote, seen, Side.OFFICE, QuoteAct.OFFER, valid_until_on=terms.valid_until_on)
    _write_turn(session, actor, quote, Side.OFFICE, QuoteAct.OFFER, lines, message, terms)
    audit.record(session, actor, "quote.offered", subject_of(quote), {"turn": quote.turn, "until": terms.valid_until_on.isoformat()})
    partner = session.get_one(Partner, quote.partner_id)
    payload = {"quote_id": quote.id, "email": partner.contact_email, "language": partner.language}
    outbox.enqueue(session, MAIL_OFFERED, f"{MAIL_OFFERED}:{quote.code}:{quote.turn}", payload)
    return quote


def counter(session: Session, actor: Actor, quote_id: int, seen: int, lines: Mapping[int, Priced], message: str = "") -> Quote:
    """The partner answers an offer, one that has run out too, with other prices or quantities."""
    quote, buyer = _get_own(session, actor, quote_id)
    _check_lines(lines)
    goods_room.get_all(session, buyer.audience, lines.keys())
    _move(session, quote, seen, Side.PARTNER, QuoteAct.COUNTER, valid_until_on=None)
    _write_turn(session, actor, quote, Side.PARTNER, QuoteAct.COUNTER, lines, message)
    audit.record(session, actor, "quote.countered", subject_of(quote), {"turn": quote.turn})
    return quote


def end(session: Session, actor: Actor, quote_id: int, seen: int, side: Side, act: QuoteAct, message: str = "") -> Quote:
    """Either side declines, or the partner withdraws what it asked for. A reason is for the other side to read."""
    if side is Side.PARTNER:
        quote, _buyer = _get_own(session, actor, quote_id)
    else:
        quote = _get(session, quote_id)
        ensure_may_manage(session, actor, quote.outlet_id)
    if act not in (QuoteAct.DECLINE, QuoteAct.WITHDRAW):
        raise NotYourTurn
    _move(session, quote, seen, side, act, valid_until_on=None)
    _write_turn(session, actor, quote, side, act, {}, message)
    audit.record(session, actor, f"quote.{quote.state.value}", subject_of(quote), {"turn": quote.turn, "side": side.value})
    return quote


def take_accepted(session: Session, actor: Actor, quote: Quote, seen: int, today: date) -> None:
    """The partner accepts the offer it saw, while it holds: one guarded statement, so that only one of several gets it."""
    statement = (
        update(Quote)
        .where(Quote.id == quote.id, Quote.turn == seen, Quote.state == QuoteState.OFFERED, Quote.valid_until_on >= today)
        .values(state=QuoteState.ACCEPTED, turn=seen + 1, changed_at=clock.now())
        .returning(Quote.id)
    )
    taken = session.execute(statement, execution_options={"synchronize_session": False}).scalar()
    session.refresh(quote)
    if taken is None:
        raise NotYourTurn
    _write_turn(session, actor, quote, Side.PARTNER, QuoteAct.ACCEPT, {}, "")


def read_turn(session: Session, quote: Quote, number: int) -> QuoteTurn:
    """One turn of a quote; NotFound otherwise."""
    turn = session.scalar(select(QuoteTurn).where(QuoteTurn.quote_id == quote.id, QuoteTurn.number == number))
    if turn is None:
        raise NotFound
    return turn


def list_lines(session: Session, turn_id: int) -> list[QuoteLine]:
    """The lines of a turn, in their order."""
    return list(session.scalars(select(QuoteLine).where(QuoteLine.turn_id == turn_id).order_by(QuoteLine.position)))


def find_by_key(session: Session, key: str) -> Quote | None:
    """The quote that was asked for with this form, if any."""
    return session.scalar(select(Quote).where(Quote.form_key == key))


def subject_of(quote: Quote) -> str:
    """How the audit names a quote."""
    return f"quote:{quote.code}"


def _get(session: Session, quote_id: int) -> Quote:
    quote = session.get(Quote, quote_id, populate_existing=True)
    if quote is None:
        raise NotFound
    return quote


def _get_own(session: Session, actor: Actor, quote_id: int) -> tuple[Quote, Buyer]:
    buyer = get_buyer(session, actor)
    return _own(_get(session, quote_id), buyer), buyer


def _own(quote: Quote, buyer: Buyer) -> Quote:
    if quote.partner_id != buyer.audience.partner_id:
        raise NotFound
    return quote


def _move(session: Session, quote: Quote, seen: int, side: Side, act: QuoteAct, *, valid_until_on: date | None) -> None:
    """Take the turn, unless somebody has since the page was shown."""
    state = next_state(quote.state, side, act)
    values: dict[str, Any] = {"state": state, "turn": seen + 1, "changed_at": clock.now(), "valid_until_on": valid_until_on}
    statement = update(Quote).where(Quote.id == quote.id, Quote.turn == seen, Quote.state == quote.state).values(**values)
    moved = session.execute(statement.returning(Quote.id), execution_options={"synchronize_session": False}).scalar()
    session.refresh(quote)
    if moved is None:
        raise NotYourTurn


def _write_turn(
    session: Session,
    actor: Actor,
    quote: Quote,
    side: Side,
    act: QuoteAct,
    lines: Mapping[int, Priced],
    message: str,
    terms: OfferTerms | None = None,
) -> None:
    row = {
        "quote_id": quote.id,
        "number": quote.turn,
        "side": side,
        "act": act,
        "actor_id": actor.user_id,
        "actor_name": actor.name[:120],
        "message": parse_text(message, field="message", maximum=LONGEST_MESSAGE),
        "freight": terms.freight if terms else 0,
        "terms_bps": terms.terms_bps if terms else 0,
        "payment_days": terms.payment_days if terms else 0,
        "valid_until_on": terms.valid_until_on if terms else None,
        "at": clock.now(),
    }
    _check_lines(lines, may_be_empty=act not in (QuoteAct.REQUEST, QuoteAct.OFFER, QuoteAct.COUNTER))
    ids = insert_new(session, QuoteTurn, [row])
    if not ids:
        raise NotYourTurn
    if lines:
        sizes = {row.id: row.units_per_case for row in session.execute(select(Offer.id, Offer.units_per_case).where(Offer.id.in_(lines)))}
        rows = [
            {
                "turn_id": ids[0],
                "position": position,
                "offer_id": offer_id,
                "cases": line.cases,
                "units_per_case": sizes[offer_id],
                "unit_price": line.unit_price,
            }
            for position, (offer_id, line) in enumerate(lines.items(), start=1)
        ]
        insert_rows(session, QuoteLine, rows)


def _check_lines(lines: Mapping[int, Priced], *, may_be_empty: bool = False) -> None:
    if lines or not may_be_empty:
        goods_room.check_cases({offer_id: line.cases for offer_id, line in lines.items()})
    for line in lines.values():
        if line.unit_price is not None:
            check_range(line.unit_price, 1, LARGEST_AMOUNT, "unit_price")


def _check_offer(outlet: Outlet, lines: Mapping[int, Priced], terms: OfferTerms) -> None:
    _check_lines(lines)
    if any(line.unit_price is None for line in lines.values()):
        raise InvalidInput(N_("Give a price for every item."), field="unit_price")
    today = clock.today(outlet.zone)
    if not today <= terms.valid_until_on <= today + LONGEST_OFFER:
        raise InvalidInput(N_("An offer holds from today for at most 180 days."), field="valid_until_on")
    check_range(terms.freight, 0, LARGEST_AMOUNT, "freight")
    check_range(terms.payment_days, 0, LONGEST_TERM_DAYS, "payment_days")
    check_terms(terms.terms_bps)


def _check_offers(session: Session, quote: Quote, lines: Mapping[int, Priced]) -> None:
    """The office offers what is its own to sell."""
    own = set(session.scalars(select(Offer.id).where(Offer.id.in_(lines), Offer.outlet_id == quote.outlet_id)))
    if own != set(lines):
        raise NotFound
