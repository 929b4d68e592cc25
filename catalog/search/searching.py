"""The one caller for pages: asks the engine, and when it cannot answer asks the database and wishes for a rebuild."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from catalog.search.database_engine import DatabaseEngine
from catalog.search.engine import SearchEngine, SearchUnavailable
from catalog.search.request import SearchRequest, SearchResult, Suggestion

_log = logging.getLogger(__name__)


def search(engine: SearchEngine, session: Session, request: SearchRequest) -> SearchResult:
    """Answer a buyer's question, whatever was typed and however the index is. `session` is only used without an index."""
    try:
        return engine.search(request)
    except SearchUnavailable as error:
        _note(engine, error)
        return DatabaseEngine(session).search(request)


def rank(engine: SearchEngine, session: Session, text: str) -> dict[int, float]:
    """Product id -> how well it answers the words. Lists of other audiences put their own filters and figures beside it."""
    try:
        return engine.rank(text)
    except SearchUnavailable as error:
        _note(engine, error)
        return DatabaseEngine(session).rank(text)


def suggest(engine: SearchEngine, session: Session, text: str, language: str, limit: int = 8) -> list[Suggestion]:
    """What the person typing `text` may want to write."""
    try:
        return engine.suggest(text, language, limit)
    except SearchUnavailable as error:
        _note(engine, error)
        return DatabaseEngine(session).suggest(text, language, limit)


def _note(engine: SearchEngine, error: SearchUnavailable) -> None:
    _log.warning("search answers from the database: %s", error)
    if error.damaged:
        engine.request_rebuild(str(error))
