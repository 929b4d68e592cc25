"""What people search for: a line in a spool file per search, moved to the database by the worker, and the reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from catalog.models.search import SearchQuery
from catalog.search.analysis import fold
from kernel import clock, spool

SPOOL = "searches.jsonl"
MAX_TEXT = 100
#: Questions are kept this long.
KEPT_DAYS = 365
_SPOOL = spool.Spool(SPOOL)


@dataclass(frozen=True, slots=True)
class AskedOften:
    """A question that found nothing, how often it was asked and when last."""

    text: str
    language: str
    times: int
    last_at: datetime


def record(folder: Path, text: str, language: str, total: int) -> None:
    """Note one search, without anything about the visitor. Never raises and never touches the database: a GET may call it."""
    text = " ".join("".join(char if char.isprintable() else " " for char in fold(text[:MAX_TEXT])).split())[:MAX_TEXT]
    if not text or "@" in text:  # an address typed by mistake is personal
        return
    _SPOOL.note(folder, {"at": clock.now().timestamp(), "text": text, "language": language[:2], "total": max(0, total)})


def set_aside(folder: Path) -> None:
    """Begin a new spool file, so that the old one can be collected in peace."""
    _SPOOL.set_aside(folder)


def has_settled(folder: Path, settle_seconds: float = spool.SETTLE_SECONDS) -> bool:
    """Whether there is a file to collect."""
    return bool(_SPOOL.settled(folder, settle_seconds))


def collect(session: Session, folder: Path, settle_seconds: float = spool.SETTLE_SECONDS) -> list[Path]:
    """Copy settled spool files into the table; the files to delete once the caller has committed (`discard`)."""
    done = []
    for path in _SPOOL.settled(folder, settle_seconds):
        rows = list(_rows(path))
        if rows:
            session.execute(insert(SearchQuery), rows)
        done.append(path)
    return done


def discard(files: list[Path]) -> None:
    """Delete collected files, after the commit."""
    spool.discard(files)


def found_nothing(session: Session, days: int = 90, limit: int = 50) -> list[AskedOften]:
    """Questions of the last `days` that found nothing, the most frequent first: what to stock, or which synonym to add."""
    times = func.count().label("times")
    statement = (
        select(SearchQuery.text, SearchQuery.language, times, func.max(SearchQuery.at))
        .where(SearchQuery.total == 0, SearchQuery.at >= clock.now() - timedelta(days=days))
        .group_by(SearchQuery.text, SearchQuery.language)
        .order_by(times.desc(), SearchQuery.text, SearchQuery.language)
        .limit(limit)
    )
    return [AskedOften(text, language, count, _aware(last)) for text, language, count, last in session.execute(statement)]


def forget_old(session: Session) -> None:
    """Delete questions older than KEPT_DAYS."""
    session.execute(delete(SearchQuery).where(SearchQuery.at < clock.now() - timedelta(days=KEPT_DAYS)))


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for data in spool.read_lines(path):
        try:
            yield {
                "at": datetime.fromtimestamp(float(data["at"]), UTC),
                "text": str(data["text"])[:MAX_TEXT],
                "language": str(data["language"])[:2],
                "total": int(data["total"]),
            }
        except (ValueError, KeyError, TypeError, OverflowError):
            continue


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
