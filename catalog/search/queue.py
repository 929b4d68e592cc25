"""Products whose document is out of date: marked in the transaction that changed them, indexed in batches by one drainer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models.certificate import Certificate
from catalog.models.channel import Channel, ChannelRequirement
from catalog.models.product import ListingState, Price, Product, Variant
from catalog.models.search import SearchMark, SearchQueueEntry
from catalog.models.stock import Batch
from catalog.search.engine import IndexBusy, SearchEngine, SearchUnavailable
from catalog.search.source import load_documents
from catalog.search.validity import HORIZON
from kernel import clock

#: Entries indexed in one commit of the index.
BATCH = 200
#: A paper's change is looked at when it comes, and when it comes into sight: the document then holds its day (catalog.search.validity).
AHEAD = (timedelta(0), HORIZON)
#: The mark that remembers until when beginnings and ends of validity were looked at.
DATES_MARK = "dates"


def mark_dirty(session: Session, product_id: int) -> None:
    """Note that the product's document is out of date, in the caller's transaction. Cheap; repeat at will."""
    session.add(SearchQueueEntry(product_id=product_id, marked_at=clock.now()))


def mark_many(session: Session, product_ids: Iterable[int]) -> int:
    """The same for many products in one statement, such as all of a maker that was renamed."""
    moment = clock.now()
    rows = [{"product_id": product_id, "marked_at": moment} for product_id in dict.fromkeys(product_ids)]
    if rows:
        session.execute(insert(SearchQueueEntry), rows)
    return len(rows)


def count_waiting(session: Session) -> int:
    """Entries that wait for the drainer."""
    return session.scalar(select(func.count()).select_from(SearchQueueEntry)) or 0


def index_waiting(session: Session, engine: SearchEngine, limit: int = BATCH) -> list[int]:
    """Bring the index up to date with up to `limit` entries; their ids. Only reads the database.

    The lock is taken before the first read: whoever reads later indexes later, so that no old document ever
    overwrites a newer one. Call it with a session that has no transaction open.
    """
    try:
        with engine.exclusive():
            entries = session.execute(
                select(SearchQueueEntry.id, SearchQueueEntry.product_id).order_by(SearchQueueEntry.id).limit(limit)
            ).all()
            if not entries:
                return []
            wanted = {product_id for _, product_id in entries}
            documents = load_documents(session, sorted(wanted))
            gone = wanted - {document.product_id for document in documents}
            engine.apply(documents, sorted(gone))
            return [entry_id for entry_id, _ in entries]
    except IndexBusy:
        return []
    except SearchUnavailable as error:
        if error.damaged:
            engine.request_rebuild(str(error))
        return []


def forget(session: Session, entry_ids: Sequence[int]) -> None:
    """Take indexed entries from the queue; marks made meanwhile stay."""
    if entry_ids:
        session.execute(delete(SearchQueueEntry).where(SearchQueueEntry.id.in_(entry_ids)))


def mark_time_dependent(session: Session, since: datetime, now: datetime, zone: str = "") -> int:
    """Mark live products of which a price, a paper or a batch began or ended being valid between the two moments; how many.

    Dates are the outlet's; both ends of a validity are inclusive, so something ends on the day after its last.
    """
    before, today = (clock.local(moment, zone or clock.home()).date() for moment in (since, now))
    if today <= before:
        return 0
    price = or_(_began(Price.starts_on, before, today), _ended(Price.ends_on, before, today))
    paper = or_(*(_changed(Certificate.valid_from_on, Certificate.valid_until_on, before + ahead, today + ahead) for ahead in AHEAD))
    rule = _changed(ChannelRequirement.starts_on, ChannelRequirement.ends_on, before, today)
    if session.scalar(select(ChannelRequirement.id).where(ChannelRequirement.channel == Channel.WEB, rule).limit(1)):
        return mark_many(session, session.scalars(select(Product.id).where(Product.state == ListingState.LIVE).order_by(Product.id)))
    sources = (
        select(Variant.product_id).join(Price, Price.variant_id == Variant.id).where(price),
        select(Certificate.product_id).where(paper, Certificate.product_id.is_not(None)),
        select(Product.id).join(Certificate, Certificate.maker_id == Product.maker_id).where(paper),
        select(Batch.product_id).where(_ended(Batch.best_before_on, before, today)),
    )
    changed = or_(*(Product.id.in_(source) for source in sources))
    return mark_many(session, session.scalars(select(Product.id).where(Product.state == ListingState.LIVE, changed).order_by(Product.id)))


def has_new_day(session: Session, zone: str = "") -> bool:
    """Whether a day began since `mark_dates_passed` last ran; only reads, so that the worker need not write every second."""
    mark = session.get(SearchMark, DATES_MARK)
    return mark is None or clock.local(mark.at, zone or clock.home()).date() < clock.today(zone)


def mark_dates_passed(session: Session, zone: str = "") -> int:
    """`mark_time_dependent` since it last ran, remembered in the database; for the worker, as often as it likes."""
    now = clock.now()
    mark = session.get(SearchMark, DATES_MARK)
    if mark is None:
        session.add(SearchMark(name=DATES_MARK, at=now))
        return 0
    marked = mark_time_dependent(session, mark.at, now, zone)
    mark.at = now
    return marked


def leave_mark(session: Session, name: str) -> None:
    """Remember that it is now, under `name`."""
    mark = session.get(SearchMark, name)
    if mark is None:
        session.add(SearchMark(name=name, at=clock.now()))
    else:
        mark.at = clock.now()


def _began(column: InstrumentedAttribute[date], before: date, today: date) -> ColumnElement[bool]:
    return and_(column > before, column <= today)


def _changed(
    starts: InstrumentedAttribute[date], ends: InstrumentedAttribute[date | None], before: date, today: date
) -> ColumnElement[bool]:
    return or_(_began(starts, before, today), _ended(ends, before, today))


def _ended(column: InstrumentedAttribute[date | None], before: date, today: date) -> ColumnElement[bool]:
    day = timedelta(days=1)
    return and_(column > before - day, column <= today - day)
