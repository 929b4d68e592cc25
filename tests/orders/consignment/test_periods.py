"""Days of settlement, in the outlet's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.consignment.periods import last_settlement, midnight, months, next_settlement
from orders.models.agreement import Rhythm

BEGUN = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("rhythm", "rhythm_day", "today", "found"),
    [
        (Rhythm.MONTHLY, 5, date(2026, 11, 5), date(2026, 11, 5)),
        (Rhythm.MONTHLY, 5, date(2026, 11, 4), date(2026, 10, 5)),
        (Rhythm.MONTHLY, 28, date(2027, 3, 1), date(2027, 2, 28)),
        (Rhythm.MONTHLY, 5, date(2026, 10, 4), None),
        (Rhythm.WEEKLY, 1, date(2026, 11, 21), date(2026, 11, 16)),
        (Rhythm.WEEKLY, 5, date(2026, 11, 2), date(2026, 10, 30)),
        (Rhythm.WEEKLY, 6, date(2026, 11, 21), date(2026, 11, 21)),
        (Rhythm.WEEKLY, 4, date(2026, 10, 1), None),
        (Rhythm.FORTNIGHTLY, 0, date(2026, 10, 14), None),
        (Rhythm.FORTNIGHTLY, 0, date(2026, 10, 15), date(2026, 10, 15)),
        (Rhythm.FORTNIGHTLY, 0, date(2026, 11, 21), date(2026, 11, 12)),
        (Rhythm.ON_CALL, 0, date(2026, 11, 21), None),
    ],
)
def test_the_last_day_of_settlement(rhythm: Rhythm, rhythm_day: int, today: date, found: date | None) -> None:
    assert last_settlement(rhythm, rhythm_day, BEGUN, today) == found


@pytest.mark.parametrize(
    ("rhythm", "rhythm_day", "today", "found"),
    [
        (Rhythm.MONTHLY, 5, date(2026, 11, 5), date(2026, 11, 5)),
        (Rhythm.MONTHLY, 5, date(2026, 11, 6), date(2026, 12, 5)),
        (Rhythm.MONTHLY, 28, date(2027, 1, 29), date(2027, 2, 28)),
        (Rhythm.MONTHLY, 1, date(2026, 9, 1), date(2026, 11, 1)),
        (Rhythm.WEEKLY, 4, date(2026, 10, 1), date(2026, 10, 8)),
        (Rhythm.FORTNIGHTLY, 0, date(2026, 10, 16), date(2026, 10, 29)),
        (Rhythm.MONTHLY, 5, date(2026, 11, 4), date(2026, 11, 5)),
        (Rhythm.WEEKLY, 6, date(2026, 11, 21), date(2026, 11, 21)),
        (Rhythm.FORTNIGHTLY, 0, date(2026, 10, 1), date(2026, 10, 15)),
        (Rhythm.ON_CALL, 0, date(2026, 11, 21), None),
    ],
)
def test_the_next_day_of_settlement(rhythm: Rhythm, rhythm_day: int, today: date, found: date | None) -> None:
    assert next_settlement(rhythm, rhythm_day, BEGUN, today) == found


@given(st.sampled_from([Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY]), st.integers(1, 7), st.integers(-40, 400))
def test_the_next_day_is_the_first_that_will_have_been_the_last(rhythm: Rhythm, rhythm_day: int, later: int) -> None:
    today = BEGUN + timedelta(days=later)
    days = (today + timedelta(days=number) for number in range(90))
    assert next_settlement(rhythm, rhythm_day, BEGUN, today) == next(
        day for day in days if last_settlement(rhythm, rhythm_day, BEGUN, day) == day
    )


def test_a_day_begins_on_the_outlets_own_wall_clock() -> None:
    assert midnight(date(2026, 11, 21), "WIB") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert midnight(date(2026, 11, 21), "WIT") == datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_months_that_a_span_touches() -> None:
    assert list(months(date(2026, 11, 30), date(2027, 1, 1))) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert list(months(date(2026, 12, 1), date(2026, 11, 30))) == []
