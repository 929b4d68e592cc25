"""Days of settlement, in the outlet's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from orders.consignment.periods import last_settlement, midnight, months
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


def test_a_day_begins_on_the_outlets_own_wall_clock() -> None:
    assert midnight(date(2026, 11, 21), "WIB") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert midnight(date(2026, 11, 21), "WIT") == datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_months_that_a_span_touches() -> None:
    assert [f"{month:%Y-%m}" for month in months(date(2026, 11, 30), date(2027, 1, 1))] == ["2026-11", "2026-12", "2027-01"]
    assert list(months(date(2026, 12, 1), date(2026, 11, 30))) == []
