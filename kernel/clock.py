"""The one clock: aware UTC now, and the Indonesian zones in which people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Indonesia's three zones by the abbreviation people write (WIB UTC+7, WITA UTC+8, WIT UTC+9; no summer time).
ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall clock of `zone` (WIB, WITA or WIT)."""
    return moment.astimezone(ZONES[zone])


def today(zone: str = "WIB") -> date:
    """Today's date where the outlet stands: at 23.30 UTC it is already tomorrow in Pendopo."""
    return local(now(), zone).date()
