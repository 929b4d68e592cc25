"""Which days are meant, which they are compared with, and when they begin."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kernel.errors import InvalidInput
from orders.reports.period import Period, PeriodChoice, choose_period, period_before

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("choice", "first", "last", "before"),
    [
        (PeriodChoice.TODAY, date(2026, 3, 31), date(2026, 3, 31), Period(date(2026, 3, 30), date(2026, 3, 30))),
        (PeriodChoice.YESTERDAY, date(2026, 3, 30), date(2026, 3, 30), Period(date(2026, 3, 29), date(2026, 3, 29))),
        (PeriodChoice.THIS_MONTH, date(2026, 3, 1), date(2026, 3, 31), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (PeriodChoice.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28), Period(date(2026, 1, 1), date(2026, 1, 31))),
    ],
)
def test_a_choice_means_days_and_those_before(choice: PeriodChoice, first: date, last: date, before: Period) -> None:
    period = choose_period(choice, TODAY)
    assert period == Period(first, last)
    assert period_before(period, choice) == before


def test_days_are_compared_with_as_many_right_before() -> None:
    period = choose_period(PeriodChoice.DAYS, TODAY, date(2026, 3, 10), date(2026, 3, 12))
    assert period_before(period, PeriodChoice.DAYS) == Period(date(2026, 3, 7), date(2026, 3, 9))


def test_a_month_begun_is_compared_with_the_same_days_of_the_month_before() -> None:
    period = choose_period(PeriodChoice.THIS_MONTH, date(2026, 3, 5))
    assert period_before(period, PeriodChoice.THIS_MONTH) == Period(date(2026, 2, 1), date(2026, 2, 5))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, date(2026, 1, 1), "from"),
        (date(2026, 1, 1), None, "to"),
        (date(2026, 1, 2), date(2026, 1, 1), "to"),
        (date(2020, 1, 1), date(2026, 1, 1), "from"),
        (date(1990, 1, 1), date(1990, 2, 1), "from"),
    ],
)
def test_days_without_sense_are_refused(first: date | None, last: date | None, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        choose_period(PeriodChoice.DAYS, TODAY, first, last)
    assert refused.value.field == field


def test_a_day_begins_at_the_midnight_of_its_zone() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 1))
    assert period.bounds("WIB") == (datetime(2025, 12, 31, 17, tzinfo=UTC), datetime(2026, 1, 1, 17, tzinfo=UTC))
    assert period.bounds("WIT")[0] == datetime(2025, 12, 31, 15, tzinfo=UTC)


def test_a_long_period_is_told_by_month() -> None:
    period = Period(date(2025, 12, 15), date(2026, 3, 2))
    assert period.buckets() == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert len(Period(date(2026, 1, 1), date(2026, 1, 31)).buckets()) == 31
