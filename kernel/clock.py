"""The one clock: aware UTC now, the Indonesian zones in which people read it, and a moment to stand at for sample data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Indonesia's three zones by the abbreviation people write (WIB UTC+7, WITA UTC+8, WIT UTC+9; no summer time).
ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}

#: Where this installation is at home: the zone in which a day begins when nobody names another. Set once, at start.
_home = {"zone": "WIB"}
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


def live_in(zone: str) -> None:
    """This process belongs to an installation at home in `zone`; the app factory says so from its settings."""
    if zone not in ZONES:
        raise ValueError(zone)
    _home["zone"] = zone


def home() -> str:
    """The zone in which this installation is at home."""
    return _home["zone"]


def today(zone: str = "") -> date:
    """Today's date where the outlet stands, at home unless told: at 23.30 UTC it is already tomorrow in Pendopo."""
    return local(now(), zone or home()).date()
