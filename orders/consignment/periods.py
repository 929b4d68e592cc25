"""When statements are due: pure calendar arithmetic in the outlet's zone (docs/consignment.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from kernel import clock
from orders.models.agreement import Rhythm


def midnight(day: date, zone: str) -> datetime:
    """The moment at which `day` begins on the wall clock of `zone`, in UTC."""
    return datetime.combine(day, time(), clock.ZONES[zone]).astimezone(UTC)


def last_settlement(rhythm: Rhythm, rhythm_day: int, starts_on: date, today: date) -> date | None:
    """The latest day of settlement that is not after `today`; its statement covers everything up to the evening before.

    Fortnights are counted from the day the terms began. None on call, and before the first such day.
    """
    if rhythm is Rhythm.ON_CALL:
        return None
    if rhythm is Rhythm.WEEKLY:
        found = today - timedelta(days=(today.isoweekday() - rhythm_day) % 7)
    elif rhythm is Rhythm.FORTNIGHTLY:
        found = today - timedelta(days=(today - starts_on).days % 14)
    else:
        found = today.replace(day=rhythm_day)
        if found > today:
            found = (today.replace(day=1) - timedelta(days=1)).replace(day=rhythm_day)
    return found if found > starts_on else None


def next_settlement(rhythm: Rhythm, rhythm_day: int, starts_on: date, today: date) -> date | None:
    """The first day of settlement that is not before `today`; None on call."""
    if rhythm is Rhythm.ON_CALL:
        return None
    first = max(today, starts_on + timedelta(days=1))
    if rhythm is Rhythm.WEEKLY:
        return first + timedelta(days=(rhythm_day - first.isoweekday()) % 7)
    if rhythm is Rhythm.FORTNIGHTLY:
        return first + timedelta(days=(starts_on - first).days % 14)
    found = first.replace(day=rhythm_day)
    return found if found >= first else (first.replace(day=1) + timedelta(days=32)).replace(day=rhythm_day)


def months(first: date, last: date) -> Iterator[date]:
    """The first day of each calendar month that `first` to `last` touches."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
