"""Rebuilds the index from the database: on demand, when somebody wished for it, and when its health check fails."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.search import SearchQueueEntry
from catalog.search.engine import IndexBusy, Progress, SearchEngine
from catalog.search.source import iterate_documents, list_sellable


@dataclass(frozen=True, slots=True)
class Differences:
    """Products that the index should hold and does not, and the other way round; what waits in the queue is left out."""

    missing: frozenset[int]
    surplus: frozenset[int]


def rebuild(session: Session, engine: SearchEngine, progress: Progress | None = None) -> int:
    """Index all live products afresh while the old index answers; how many. Only reads the database. Raises IndexBusy.

    Changes made meanwhile stay in the queue: nobody drains it while the rebuild holds the writer's lock.
    """
    engine.rebuild(iterate_documents(session), progress)
    return engine.document_count()


def rebuild_if_wanted(session: Session, engine: SearchEngine) -> bool:
    """Rebuild if a page or the queue asked for it; whether it was done. For the worker, every few seconds."""
    if engine.rebuild_reason() is None:
        return False
    try:
        rebuild(session, engine)
    except IndexBusy:
        return False
    return True


def find_differences(session: Session, engine: SearchEngine) -> Differences:
    """Compare the index with the live, priced products of the database. Raises SearchUnavailable without an index."""
    indexed = engine.product_ids()
    wanted = list_sellable(session)
    waiting = set(session.scalars(select(SearchQueueEntry.product_id).distinct()))
    return Differences(frozenset(wanted - indexed - waiting), frozenset(indexed - wanted - waiting))


def check_health(engine: SearchEngine) -> bool:
    """Compare checksums, counts and a known query, and ask for a rebuild if they disagree. For the worker, every few minutes."""
    healthy = engine.healthy()
    if not healthy:
        engine.request_rebuild("the health check failed")
    return healthy
