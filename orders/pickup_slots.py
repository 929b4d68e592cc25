"""When an order can be collected: hourly slots within opening hours, after packing and before a departure; pure (docs/shipping.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Protocol

from kernel import clock
from kernel.errors import N_, DomainError

#: Packing takes this long; a slot begins this long before the buyer's departure at the latest.
PREPARATION, BEFORE_DEPARTURE = timedelta(hours=1), timedelta(minutes=30)
SLOT = timedelta(hours=1)
#: How many days are offered, today included; unpaid goods are kept for a slot that begins within three days.
DAYS_AHEAD = 7
LONGEST_UNPAID = timedelta(days=3)
#: How far ahead an open day is looked for: longer than any holiday.
LOOKED_AT = 31


class SlotGone(DomainError):
    """The outlet is closed then, it is too soon, or the departure is too near."""

    message = N_("This time is not possible for collecting any more. Please choose another one.")


class SlotTooFar(DomainError):
    """Goods are not kept that long without payment."""

    message = N_("We keep unpaid goods for three days. Please collect earlier, or pay now.")


class OpenPlace(Protocol):
    """An outlet, or a view of one."""

    @property
    def opening_hours(self) -> Sequence[Any]:
        """Seven entries from Monday, each a pair of texts or None."""

    @property
    def days_off(self) -> Sequence[str]:
        """ISO dates on which it stays closed whatever the week says."""

    @property
    def zone(self) -> str:
        """WIB, WITA or WIT."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Between which moments a buyer collects; aware, UTC. A form sends `starts_at.isoformat()`."""

    starts_at: datetime
    ends_at: datetime


def is_off(place: OpenPlace, day: date) -> bool:
    """Whether the outlet said that it stays closed on that day."""
    return day.isoformat() in (place.days_off or ())


def opening_of(place: OpenPlace, day: date) -> tuple[datetime, datetime] | None:
    """When the outlet opens and closes on that day of its own zone; it may close after midnight. None when it stays closed."""
    hours = place.opening_hours[day.weekday()]
    if not hours or is_off(place, day):
        return None
    opens, closes = (_minutes(text) for text in hours)
    midnight = datetime.combine(day, time(), clock.ZONES[place.zone])
    if closes <= opens:
        closes += 24 * 60
    return tuple((midnight + timedelta(minutes=minutes)).astimezone(UTC) for minutes in (opens, closes))  # type: ignore[return-value]


def list_pickup_slots(place: OpenPlace, moment: datetime, departs_at: datetime | None = None, *, days: int = DAYS_AHEAD) -> list[Slot]:
    """Slots a buyer who asks at `moment` may choose, the next first; empty when nothing fits before the departure.

    Days off do not count among the days that are offered: after a long holiday there is something to choose.
    """
    today = clock.local(moment, place.zone).date()
    latest = departs_at - BEFORE_DEPARTURE if departs_at is not None else None
    found = []
    ahead = (today + timedelta(days=number) for number in range(LOOKED_AT))
    for day in list(islice((day for day in ahead if not is_off(place, day)), days)):
        opening = opening_of(place, day)
        start, closes_at = opening or (moment, moment)
        while start < closes_at:
            if start >= moment + PREPARATION and (latest is None or start <= latest):
                found.append(Slot(start, min(start + SLOT, closes_at)))
            start += SLOT
    return found


def check_slot(place: OpenPlace, moment: datetime, pickup_at: datetime, departs_at: datetime | None = None) -> Slot:
    """The slot that begins at `pickup_at`; SlotGone when it cannot be chosen (any more)."""
    for slot in list_pickup_slots(place, moment, departs_at):
        if slot.starts_at == pickup_at:
            return slot
    raise SlotGone(field="pickup_at")


def closing_after(place: OpenPlace, moment: datetime) -> datetime | None:
    """When the outlet closes after having been open at `moment`; None when it is closed then."""
    today = clock.local(moment, place.zone).date()
    for day in (today, today - timedelta(days=1)):
        opening = opening_of(place, day)
        if opening and opening[0] <= moment < opening[1]:
            return opening[1]
    return None


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
