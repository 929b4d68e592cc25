"""The app's search engine: one per app, as SEARCH_ENGINE says; and the worker's share of its upkeep."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flask import current_app

from catalog.search import query_log, queue, rebuilding
from catalog.search.engine import SearchEngine, SearchUnavailable
from catalog.search.whoosh_engine import WhooshEngine
from storefront.database import db, end_reading, reading, transaction
from storefront.replicas import search_connection
from storefront.templating import current_settings

_KEY = "etalase.search_engine"


def get_engine() -> SearchEngine:
    """The engine of the current app; made at the first call, opened at the first question."""
    engine: SearchEngine | None = current_app.extensions.get(_KEY)
    if engine is None:
        engine = current_app.extensions[_KEY] = _make_engine()
    return engine


def _make_engine() -> SearchEngine:
    if current_settings().search_engine == "whoosh":
        return WhooshEngine(Path(current_app.config["SEARCH_FOLDER"]))
    from catalog.search.postgres_engine import PostgresEngine  # a process needs one engine

    return PostgresEngine(db.engine, search_connection)


def spool_folder() -> Path:
    """Where pages note searches until the worker moves them to the database."""
    return Path(current_app.config["SEARCH_FOLDER"]).with_name("spool")


def keep_index() -> int:
    """One round of the worker: validity that began or ended, a rebuild if wanted, the queue; how many products were indexed.

    The database is read and written in short transactions of their own; no lock of it is held while Whoosh writes.
    """
    engine = get_engine()
    if queue.has_new_day(reading()):
        with transaction() as session:
            queue.mark_dates_passed(session)
    session = reading()
    if rebuilding.rebuild_if_wanted(session, engine):
        end_reading()
    indexed = 0
    while True:
        done = queue.index_waiting(session, engine)
        end_reading()
        if not done:
            if not indexed:
                tidy(engine)
            return indexed
        with transaction() as session:
            queue.forget(session, done)
        indexed += len(done)
        session = reading()


def tidy(engine: SearchEngine) -> None:
    """Use a round in which nothing waited; a missing or damaged index is somebody else's to notice."""
    with suppress(SearchUnavailable):
        engine.tidy()


def check_index() -> bool:
    """The worker's health check, every few minutes; a rebuild is asked for when it fails."""
    return rebuilding.check_health(get_engine())


def keep_query_log() -> None:
    """Move noted searches to the database and forget those older than a year."""
    folder = spool_folder()
    query_log.set_aside(folder)
    if not query_log.has_settled(folder):
        return
    with transaction() as session:
        files = query_log.collect(session, folder)
        query_log.forget_old(session)
    query_log.discard(files)
