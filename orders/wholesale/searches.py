"""Saved searches: a buyer's question with a name, looked at again by the worker, with a letter when something new answers it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from kernel import audit, clock, outbox
from kernel.errors import N_, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor, User
from orders.models.sample import SavedSearch, SavedSearchHit
from orders.wholesale.buyers import Buyer

MOST_SAVED = 20
LONGEST_QUERY = 500
#: How long after a look the next one is due.
EVERY = timedelta(hours=6)
MAIL_FOUND = "mail.search_found"


def save_search(session: Session, actor: Actor, buyer: Buyer, *, name: str, query: str, offer_ids: Collection[int]) -> SavedSearch:
    """Keep a question; what answers it now is known already. The same name again replaces the question.

    Raises InvalidInput.
    """
    name = parse_text(name, field="name", maximum=80, required=True)
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(N_("This search is too long to be saved."), field="name")
    # One at a time for each person: a double click waits here.
    session.scalars(select(User.id).where(User.id == buyer.user_id).with_for_update()).one()
    row = session.scalar(select(SavedSearch).where(SavedSearch.user_id == buyer.user_id, SavedSearch.name == name))
    if row is None:
        count = session.scalar(select(func.count()).where(SavedSearch.user_id == buyer.user_id)) or 0
        if count >= MOST_SAVED:
            raise InvalidInput(N_("You have %(most)s saved searches. Remove one first."), field="name", most=MOST_SAVED)
        row = SavedSearch(code=make_code(), user_id=buyer.user_id, name=name, is_notified=True, created_at=clock.now())
        session.add(row)
    row.query, row.looked_at = query, clock.now()
    session.flush()
    session.execute(delete(SavedSearchHit).where(SavedSearchHit.search_id == row.id))
    _note_hits(session, row.id, offer_ids)
    audit.record(session, actor, "search.saved", f"search:{row.code}", {"name": name})
    return row


def remove_search(session: Session, buyer: Buyer, code: str) -> None:
    """Forget one of the buyer's searches; NotFound for anybody else's."""
    row = _own(session, buyer, code)
    session.execute(delete(SavedSearchHit).where(SavedSearchHit.search_id == row.id))
    session.delete(row)
    session.flush()


def set_notice(session: Session, buyer: Buyer, code: str, *, is_notified: bool) -> SavedSearch:
    """Whether a letter comes when something new is found."""
    row = _own(session, buyer, code)
    row.is_notified, row.looked_at = is_notified, clock.now()
    session.flush()
    return row


def list_searches(session: Session, user_id: int) -> list[SavedSearch]:
    """A person's saved searches by name."""
    return list(session.scalars(select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.name, SavedSearch.id)))


def list_due(session: Session, limit: int = 50) -> Sequence[SavedSearch]:
    """Searches that want a notice and were looked at longest ago, the person and their roles loaded."""
    statement = (
        select(SavedSearch)
        .where(SavedSearch.is_notified, SavedSearch.looked_at <= clock.now() - EVERY)
        .options(joinedload(SavedSearch.user).selectinload(User.grants))
        .order_by(SavedSearch.looked_at, SavedSearch.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def note_look(session: Session, search_id: int, offer_ids: Collection[int]) -> int:
    """The worker has looked: how many offers are new since the last time. A letter goes out for them, once."""
    row = session.scalar(select(SavedSearch).where(SavedSearch.id == search_id).with_for_update().options(joinedload(SavedSearch.user)))
    if row is None:
        return 0
    row.looked_at = clock.now()
    new = _note_hits(session, row.id, offer_ids)
    if new and row.is_notified and row.user.is_active:
        payload = {
            "email": row.user.email,
            "language": row.user.language,
            "name": row.user.name,
            "search": row.name,
            "query": row.query,
            "count": len(new),
        }
        outbox.enqueue(session, MAIL_FOUND, f"{MAIL_FOUND}:{row.code}:{max(new)}", payload)
    session.flush()
    return len(new)


def _note_hits(session: Session, search_id: int, offer_ids: Collection[int]) -> list[int]:
    """Remember what answered; the ids of those that had not before."""
    moment = clock.now()
    known = set(session.scalars(select(SavedSearchHit.offer_id).where(SavedSearchHit.search_id == search_id)))
    fresh = sorted(set(offer_ids) - known)
    return insert_new(session, SavedSearchHit, [{"search_id": search_id, "offer_id": number, "first_at": moment} for number in fresh])


def _own(session: Session, buyer: Buyer, code: str) -> SavedSearch:
    row = session.scalar(
        select(SavedSearch).where(SavedSearch.user_id == buyer.user_id, SavedSearch.code == code.upper()).with_for_update()
    )
    if row is None:
        raise NotFound
    return row
