"""Pickup times in the buyer's words: by day, on the outlet's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from kernel import clock
from orders.pickup_slots import BEFORE_DEPARTURE, Slot
from storefront.contact import weekday
from storefront.hours import between
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import day as day_words


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """One time to choose: what the form sends, how it reads, and the earliest departure that it leaves time for."""

    value: str
    words: str
    #: On the outlet's clock, as a date picker writes it.
    earliest_departure: str


@dataclass(frozen=True, slots=True)
class SlotDay:
    """The times of one day."""

    title: str
    choices: list[SlotChoice] = field(default_factory=list)


def group_by_day(slots: Sequence[Slot], zone: str) -> list[SlotDay]:
    """The slots under the days on which they begin."""
    days: dict[date, SlotDay] = {}
    today, language = clock.today(zone), current_language()
    for slot in slots:
        day, choice = _describe(slot.starts_at, slot.ends_at, zone, language)
        if day not in days:  # a day has a dozen slots, and its name takes longer than all of them
            days[day] = SlotDay(_title(day, today, language))
        days[day].choices.append(choice)
    return list(days.values())


@lru_cache(maxsize=4096)
def _describe(starts_at: datetime, ends_at: datetime, zone: str, _language: str) -> tuple[date, SlotChoice]:
    """A slot never changes, and every checkout page names a hundred of them; in the current language, which is part of the key."""
    starts, ends = clock.local(starts_at, zone), clock.local(ends_at, zone)
    leaves = clock.local(starts_at + BEFORE_DEPARTURE, zone)
    return starts.date(), SlotChoice(starts_at.isoformat(), between(starts, ends), f"{leaves:%Y-%m-%dT%H:%M}")


@lru_cache(maxsize=256)
def _title(day: date, today: date, _language: str) -> str:
    words = f"{weekday(day)}, {day_words(day)}"
    if day == today:
        return _("Today, %(day)s", day=words)
    return _("Tomorrow, %(day)s", day=words) if (day - today).days == 1 else words
