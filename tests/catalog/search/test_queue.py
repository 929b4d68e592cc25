"""The queue: marked with the change, drained into the index, and filled by dates that pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import ListingState, Price, Product
from catalog.models.search import SearchMark, SearchQueueEntry
from catalog.search import queue, rebuilding
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine
from kernel import clock
from tests import make


@pytest.fixture
def index(tmp_path: Path) -> WhooshEngine:
    """An empty index."""
    index = WhooshEngine(tmp_path / "index")
    index.rebuild([])
    return index


def waiting(session: Session) -> set[int]:
    return set(session.scalars(select(SearchQueueEntry.product_id)))


def drain(session: Session, index: WhooshEngine, limit: int = queue.BATCH) -> int:
    """Both steps of the worker; how many entries left the queue."""
    done = queue.index_waiting(session, index, limit)
    queue.forget(session, done)
    return len(done)


def test_a_marked_product_is_found_after_the_drain(session: Session, index: WhooshEngine) -> None:
    product = make.make_product(session, name_id="Tikar Purun", name_en="Purun Mat")
    queue.mark_dirty(session, product.id)
    queue.mark_dirty(session, product.id)
    assert drain(session, index) == 2
    assert queue.count_waiting(session) == 0
    assert [hit.product_id for hit in index.search(SearchRequest("tikar")).hits] == [product.id]
    assert drain(session, index) == 0


def test_a_withdrawn_product_leaves_the_index(session: Session, index: WhooshEngine) -> None:
    product = make.make_product(session)
    rebuilding.rebuild(session, index)
    assert index.document_count() == 1
    product = session.get_one(Product, product.id)
    product.state = ListingState.WITHDRAWN
    queue.mark_dirty(session, product.id)
    session.flush()
    drain(session, index)
    assert index.document_count() == 0


def test_a_drain_takes_no_more_than_its_limit_oldest_first(session: Session, index: WhooshEngine) -> None:
    ids = [make.make_product(session).id for _ in range(3)]
    assert queue.mark_many(session, [*ids, ids[0]]) == 3
    assert drain(session, index, limit=2) == 2
    assert waiting(session) == {ids[2]}


def test_a_mark_made_while_indexing_stays(session: Session, index: WhooshEngine) -> None:
    product = make.make_product(session)
    queue.mark_dirty(session, product.id)
    session.flush()
    done = queue.index_waiting(session, index)
    queue.mark_dirty(session, product.id)
    session.flush()
    queue.forget(session, done)
    assert waiting(session) == {product.id}


def test_while_another_process_writes_the_entries_wait(session: Session, index: WhooshEngine, tmp_path: Path) -> None:
    queue.mark_dirty(session, make.make_product(session).id)
    with WhooshEngine(tmp_path / "index").exclusive():
        assert drain(session, index) == 0
    assert drain(session, index) == 1


def test_without_an_index_the_entries_wait_and_a_rebuild_is_wished_for(session: Session, tmp_path: Path) -> None:
    index = WhooshEngine(tmp_path / "nothing")
    queue.mark_dirty(session, make.make_product(session).id)
    assert drain(session, index) == 0
    assert index.rebuild_reason()
    assert rebuilding.rebuild_if_wanted(session, index)
    assert not rebuilding.rebuild_if_wanted(session, index)
    assert drain(session, index) == 1


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


class TestPassingDates:
    """Only products whose price, paper or batch began or ended are marked."""

    @pytest.fixture
    def product(self, session: Session) -> Product:
        """A product on which nothing depends on time yet."""
        make.make_product(session)  # a neighbour that must never be marked
        with time_machine.travel(at(1), tick=False):
            return make.make_product(session)

    def marked(self, session: Session, since: datetime, now: datetime) -> set[int]:
        with time_machine.travel(now, tick=False):
            count = queue.mark_time_dependent(session, since, now)
        session.flush()
        found = waiting(session)
        assert count == len(found)
        return found

    def test_nothing_passes_within_a_day(self, session: Session, product: Product) -> None:
        self.add_price(session, product, date(2026, 11, 11), None)
        assert self.marked(session, at(10, 1), at(10, 16)) == set()

    def add_price(self, session: Session, product: Product, starts: date, ends: date | None) -> None:
        session.add(Price(variant_id=product.variants[0].id, amount=9_000, starts_on=starts, ends_on=ends))
        session.flush()

    def test_a_price_that_begins_or_ended_yesterday(self, session: Session, product: Product) -> None:
        self.add_price(session, product, date(2026, 11, 11), date(2026, 11, 12))
        assert self.marked(session, at(10), at(11)) == {product.id}
        session.query(SearchQueueEntry).delete()
        assert self.marked(session, at(11), at(12)) == set()  # the last day is inclusive
        assert self.marked(session, at(12), at(13)) == {product.id}

    def test_days_begin_at_the_outlets_midnight(self, session: Session, product: Product) -> None:
        self.add_price(session, product, date(2026, 11, 11), None)
        assert self.marked(session, at(10, 16), datetime(2026, 11, 10, 16, 59, tzinfo=UTC)) == set()
        assert self.marked(session, at(10, 16), datetime(2026, 11, 10, 17, 0, tzinfo=UTC)) == {product.id}

    def test_a_paper_of_the_product_or_of_its_maker(self, session: Session, product: Product) -> None:
        for owner in ({"product_id": product.id}, {"maker_id": product.maker_id}):
            session.add(
                Certificate(
                    kind=CertificateKind.HALAL,
                    issuer="Contoh",
                    valid_from_on=date(2026, 10, 1),
                    valid_until_on=date(2026, 11, 15),
                    created_at=clock.now(),
                    **owner,
                )
            )
        session.flush()
        assert self.marked(session, at(14), at(15)) == set()
        assert self.marked(session, at(15), at(16)) == {product.id}

    def test_a_batch_past_its_best(self, session: Session, product: Product) -> None:
        make.make_batch(session, product, produced_on=None, best_before_on=date(2026, 11, 20))
        assert self.marked(session, at(19), at(20)) == set()
        assert self.marked(session, at(20), at(25)) == {product.id}

    def test_the_worker_remembers_until_when_it_looked(self, session: Session, product: Product) -> None:
        self.add_price(session, product, date(2026, 11, 11), None)
        with time_machine.travel(at(10), tick=False):
            assert queue.mark_dates_passed(session) == 0
        with time_machine.travel(at(11), tick=False):
            assert queue.mark_dates_passed(session) == 1
            assert queue.mark_dates_passed(session) == 0
        assert session.get_one(SearchMark, queue.DATES_MARK).at == at(11)
        with time_machine.travel(at(11) + timedelta(days=1), tick=False):
            assert queue.mark_dates_passed(session) == 0
