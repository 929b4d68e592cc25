"""The one clock: aware UTC now, the Indonesian zones in which people read it, and a moment to stand at for sample data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Indonesia's three zones by the abbreviation people write (WIB UTC+7, WITA UTC+8, WIT UTC+9; no summer time).
ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _standing.get() or datetime.now(UTC)


def real_now() -> datetime:
    """The same for what cannot be told after the fact, such as a letter that waits to be sent."""
    return datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) for whoever asks in this context: so the demo's past goes through the verbs of the present.

    Never later than it is: what has not happened cannot be told.
    """
    token = _standing.set(min(moment.astimezone(UTC), datetime.now(UTC)))
    try:
        yield
    finally:
        _standing.reset(token)


def local(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall clock of `zone` (WIB, WITA or WIT)."""
    return moment.astimezone(ZONES[zone])


def today(zone: str = "WIB") -> date:
    """Today's date where the outlet stands: at 23.30 UTC it is already tomorrow in Pendopo."""
    return local(now(), zone).date()
