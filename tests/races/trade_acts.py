"""What racers do in a partner's trade: accept, revise, reprice, divide, pay; each a plain function that a fresh process can import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine, bindparam, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kernel import accounts, clock
from kernel.errors import DomainError
from kernel.people import SYSTEM, Actor, User
from orders.models.offer import Offer
from orders.models.purchase import PartnerCredit
from orders.wholesale import credit, dividing, price_lists, purchasing, quotes, receivables
from orders.wholesale.quotes import OfferTerms, Priced
from orders.wholesale.tiers import Tier
from tests.races.racing import writing

Start = Callable[[], object]


def accept(engine: Engine, start: Start, user_id: int, quote_id: int, seen: int, number: str, guarded: bool = True) -> str:
    """A buyer accepts what they saw: the order's code, or why not. Without the guard the credit is believed as it was read before."""
    if not guarded:
        with Session(engine) as session:
            seen_used = credit.used(session, _buyer_partner(session, user_id))
        credit._CLAIM = (  # type: ignore[assignment]
            update(PartnerCredit)
            .where(PartnerCredit.partner_id == bindparam("partner"))
            .values(used=seen_used + bindparam("amount"))
            .returning(PartnerCredit.used)
        )
    start()
    try:
        with writing(engine) as session:
            return purchasing.accept_quote(session, _actor(session, user_id), quote_id, seen, number, uuid4().hex).code
    except DomainError as refusal:
        return type(refusal).__name__


def trade_step(engine: Engine, start: Start, step: str, user_id: int, quote_id: int, seen: int, offer_id: int) -> str:
    """One of those who meddle with the same quote at the same time."""
    start()
    try:
        with writing(engine) as session:
            if step == "accept":
                actor = _actor(session, user_id)
                return "bought " + purchasing.accept_quote(session, actor, quote_id, seen, "PO-1", uuid4().hex).code
            if step == "revise":
                terms = OfferTerms(valid_until_on=clock.today() + timedelta(days=3))
                quotes.offer(session, SYSTEM, quote_id, seen, {offer_id: Priced(20, 15_000)}, terms)
            elif step == "reprice":
                price_lists.set_prices(session, SYSTEM, session.get_one(Offer, offer_id), (Tier(1, 99_000),))
            return step
    except DomainError as refusal:
        return type(refusal).__name__


def divide(engine: Engine, start: Start, purchase_id: int) -> str:
    """Two people in the office divide; a lost race for shelf or calendar is tried again, as a person would."""
    start()
    for _try in range(4):
        try:
            with writing(engine) as session:
                return dividing.divide(session, SYSTEM, purchase_id, clock.today()).code
        except DomainError as refusal:
            answer = type(refusal).__name__
            if answer not in ("CapacityTaken", "NotOnShelf", "Conflict"):
                return answer
        except DBAPIError as failure:
            answer = type(failure).__name__
    return answer


def transfer(engine: Engine, start: Start, purchase_id: int, amount: int, proof: str) -> str:
    """Staff record money."""
    start()
    try:
        with writing(engine) as session:
            receivables.record_transfer(session, SYSTEM, purchase_id, amount, proof)
            return "paid"
    except DomainError as refusal:
        return type(refusal).__name__


def _actor(session: Session, user_id: int) -> Actor:
    from sqlalchemy.orm import selectinload

    return accounts.as_actor(session.get_one(User, user_id, options=[selectinload(User.grants)]))


def _buyer_partner(session: Session, user_id: int) -> int:
    from orders.wholesale.buyers import get_buyer

    return get_buyer(session, _actor(session, user_id)).audience.partner_id
