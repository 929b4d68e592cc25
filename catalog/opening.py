"""When an outlet is open (pure): from seven weekly entries to "open now until", "opens today at" or the next open day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: Seven entries from Monday, ("08:00", "20:00") or None when closed.
Week = Sequence[Sequence[str] | None]
#: How far ahead an open day is looked for: longer than any holiday.
DAYS_AHEAD = 31


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening that goes on now, or the next one to come."""

    day: date
    opens: str
    closes: str
    is_now: bool
    #: Days from the day that was asked about: 0 is today, 1 tomorrow.
    days_ahead: int


def find_opening(week: Week, moment: datetime, days_off: Collection[str] = ()) -> Opening | None:
    """What matters to someone who wants to come at `moment` (on the outlet's wall clock); None when it does not open for a month.

    `days_off` are ISO dates on which it stays closed whatever the week says.
    """
    if len(week) != 7:
        return None
    clock = f"{moment:%H:%M}"
    for ahead in range(DAYS_AHEAD):
        day = moment.date() + timedelta(days=ahead)
        hours = week[day.weekday()]
        if hours is None or day.isoformat() in days_off or (ahead == 0 and clock >= hours[1]):
            continue
        return Opening(day, hours[0], hours[1], ahead == 0 and clock >= hours[0], ahead)
    return None


def find_change(week: Week, moment: datetime) -> datetime:
    """When `find_opening` may answer differently, at the latest: it opens, it closes, or the day ends."""
    clock = f"{moment:%H:%M}"
    today = week[moment.weekday()] if len(week) == 7 else None
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = sorted(time for time in today or () if time > clock)
    if not ahead:
        return midnight + timedelta(days=1)
    hour, minute = map(int, ahead[0].split(":"))
    return midnight + timedelta(hours=hour, minutes=minute)
