"""The days a report covers, the days it is compared with, and where they begin and end in an outlet's zone (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from kernel.clock import ZONES
from kernel.errors import N_, InvalidInput

#: Beyond this a page adds up months instead of showing days.
MOST_DAYS_SHOWN = 62
LONGEST_DAYS = 5 * 366
_DAY = timedelta(days=1)


class PeriodChoice(StrEnum):
    """What can be asked for."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    @property
    def is_by_month(self) -> bool:
        """Whether it is told month by month."""
        return self.days > MOST_DAYS_SHOWN

    def bucket(self, day: date) -> date:
        """The day itself, or the first of its month when months are told."""
        return day.replace(day=1) if self.is_by_month else day

    def buckets(self) -> list[date]:
        """Every day, or the first of every month, in order."""
        return sorted({self.bucket(self.first + number * _DAY) for number in range(self.days)})

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The moments from which (inclusive) and until which (exclusive) these days last on the clocks of `zone`."""
        begins = datetime.combine(self.first, time(), ZONES[zone])
        ends = datetime.combine(self.last + _DAY, time(), ZONES[zone])
        return begins.astimezone(UTC), ends.astimezone(UTC)


def choose_period(choice: PeriodChoice, today: date, first: date | None = None, last: date | None = None) -> Period:
    """The days meant by `choice`; for DAYS `first` and `last` are what was typed. InvalidInput when they make no sense."""
    this_month = today.replace(day=1)
    if choice is PeriodChoice.TODAY:
        return Period(today, today)
    if choice is PeriodChoice.YESTERDAY:
        return Period(today - _DAY, today - _DAY)
    if choice is PeriodChoice.THIS_MONTH:
        return Period(this_month, today)
    if choice is PeriodChoice.LAST_MONTH:
        return Period((this_month - _DAY).replace(day=1), this_month - _DAY)
    if first is None or last is None:
        raise InvalidInput(N_("Please give the first and the last day."), field="from" if first is None else "to")
    if last < first:
        raise InvalidInput(N_("The last day lies before the first one."), field="to")
    if first.year < 2000 or last.year > 2100 or (last - first).days >= LONGEST_DAYS:
        raise InvalidInput(N_("A report covers five years at most."), field="from")
    return Period(first, last)


def period_before(period: Period, choice: PeriodChoice) -> Period:
    """What it is compared with: the month before up to the same day, or as many days right before."""
    if choice in (PeriodChoice.THIS_MONTH, PeriodChoice.LAST_MONTH):
        end_of_before = period.first - _DAY
        first = end_of_before.replace(day=1)
        if choice is PeriodChoice.LAST_MONTH:
            return Period(first, end_of_before)
        return Period(first, min(end_of_before, first + (period.days - 1) * _DAY))
    return Period(period.first - period.days * _DAY, period.first - _DAY)
