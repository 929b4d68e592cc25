"""The months a dashboard looks at, and those it compares them with (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from orders.reports.period import Period

_DAY = timedelta(days=1)


class SpanChoice(StrEnum):
    """What can be asked for."""

    THIS_MONTH = "month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, and as many in the span before."""

    now: Period
    before: Period


_MONTHS = {
    SpanChoice.THIS_MONTH: 1,
    SpanChoice.LAST_MONTH: 1,
    SpanChoice.THIS_QUARTER: 3,
    SpanChoice.LAST_QUARTER: 3,
    SpanChoice.THIS_YEAR: 12,
}


def choose_span(choice: SpanChoice, today: date) -> Span:
    """The days meant. What is not over yet is compared with the same days of the span before."""
    months = _MONTHS[choice]
    first = date(today.year, 1 + (today.month - 1) // months * months, 1)
    if choice in (SpanChoice.LAST_MONTH, SpanChoice.LAST_QUARTER):
        begins = _months_before(first, months)
        return Span(Period(begins, first - _DAY), Period(_months_before(begins, months), begins - _DAY))
    before = _months_before(first, months)
    return Span(Period(first, today), Period(before, min(before + (today - first), first - _DAY)))


def _months_before(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)
