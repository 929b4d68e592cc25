"""When something happened at a till whose clock may be wrong; pure arithmetic, explained in docs/tills.md (F25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: A clock that is off by more than this is reported, and two opinions about it differ when they are this far apart.
TOLERANCE = timedelta(minutes=2)
#: What the column holds.
_MOST_SECONDS = 2**31 - 1
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """What a device's clock said, when it really was, and by how many seconds the device was ahead."""

    made_at: datetime
    happened_at: datetime
    skew_s: int

    @property
    def is_off(self) -> bool:
        """Whether somebody should set the device's clock."""
        return abs(self.skew_s) > TOLERANCE.total_seconds()


def correct(
    made_at: datetime,
    ahead_ms: int | None,
    device_now: datetime | None,
    received_at: datetime,
    not_before: datetime,
) -> Timing:
    """The real moment of something that a device saw at `made_at` by its own clock.

    `device_now` is that clock at `received_at`. `ahead_ms` is what the device knew about its clock when it happened: it wins
    when both are known and differ by more than TOLERANCE, because then the clock was set in between. Nothing happened later
    than it was received or before the device was paired (`not_before`).
    """
    made_at = _bounded(made_at)
    measured = None if device_now is None else _bounded(device_now) - received_at
    told = None if ahead_ms is None else timedelta(milliseconds=max(-(10**14), min(10**14, ahead_ms)))
    skew = _choose(measured, told)
    happened_at = max(min(_bounded(_minus(made_at, skew)), received_at), min(not_before, received_at))
    return Timing(made_at, happened_at, max(-_MOST_SECONDS, min(_MOST_SECONDS, round(skew.total_seconds()))))


def _choose(measured: timedelta | None, told: timedelta | None) -> timedelta:
    if measured is None:
        return told or timedelta()
    return told if told is not None and abs(told - measured) > TOLERANCE else measured


def _bounded(moment: datetime) -> datetime:
    """A moment that every database can keep."""
    try:
        return max(_EARLIEST, min(_LATEST, moment.astimezone(UTC)))
    except OverflowError:
        return _EARLIEST if moment.year < _EARLIEST.year else _LATEST


def _minus(moment: datetime, skew: timedelta) -> datetime:
    try:
        return moment - skew
    except OverflowError:
        return _LATEST if skew < timedelta() else _EARLIEST
