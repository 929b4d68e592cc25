"""When an outlet is open: now, later today, or on which day."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.opening import find_change, find_opening

EVERY_DAY = [("08:00", "20:00")] * 7
WEEKDAYS = [("08:00", "16:00")] * 5 + [None, None]
FRIDAY = datetime(2026, 11, 20, 0, 0)  # noqa: DTZ001 - a wall clock has no zone


def test_open_now_says_until_when() -> None:
    opening = find_opening(EVERY_DAY, FRIDAY.replace(hour=8))
    assert opening is not None
    assert (opening.is_now, opening.closes, opening.days_ahead) == (True, "20:00", 0)


def test_before_opening_it_is_today() -> None:
    opening = find_opening(EVERY_DAY, FRIDAY.replace(hour=7, minute=59))
    assert opening is not None
    assert (opening.is_now, opening.opens, opening.days_ahead) == (False, "08:00", 0)


def test_at_closing_time_it_is_tomorrow() -> None:
    opening = find_opening(EVERY_DAY, FRIDAY.replace(hour=20))
    assert opening is not None
    assert opening.days_ahead == 1


def test_closed_days_are_skipped() -> None:
    opening = find_opening(WEEKDAYS, FRIDAY.replace(hour=17))
    assert opening is not None
    assert (opening.days_ahead, opening.day.isoformat()) == (3, "2026-11-23")


def test_the_same_weekday_next_week_counts() -> None:
    only_friday = [None] * 4 + [("08:00", "09:00"), None, None]
    opening = find_opening(only_friday, FRIDAY.replace(hour=10))
    assert opening is not None
    assert opening.days_ahead == 7


def test_an_outlet_that_never_opens_has_no_opening() -> None:
    assert find_opening([None] * 7, FRIDAY) is None
    assert find_opening([], FRIDAY) is None


def test_what_is_said_changes_when_it_opens_when_it_closes_and_when_the_day_ends() -> None:
    midnight = FRIDAY + timedelta(days=1)
    for clock, change in ((7, FRIDAY.replace(hour=8)), (8, FRIDAY.replace(hour=20)), (19, FRIDAY.replace(hour=20)), (20, midnight)):
        assert find_change(EVERY_DAY, FRIDAY.replace(hour=clock)) == change
    assert find_change([], FRIDAY) == find_change([("00:00", "24:00")] * 7, FRIDAY) == midnight


@given(st.datetimes(min_value=FRIDAY, max_value=FRIDAY + timedelta(days=14)))
def test_nothing_changes_before_it_is_said_to(moment: datetime) -> None:
    change = find_change(WEEKDAYS, moment)
    just_before = max(moment, change - timedelta(minutes=1))
    assert moment < change
    assert find_opening(WEEKDAYS, just_before) == find_opening(WEEKDAYS, moment)


def test_a_day_off_is_skipped_however_long_the_holiday() -> None:
    off = [(FRIDAY.date() + timedelta(days=ahead)).isoformat() for ahead in range(9)]
    opening = find_opening(EVERY_DAY, FRIDAY.replace(hour=9), off)
    assert opening is not None
    assert (opening.days_ahead, opening.is_now) == (9, False)
    forever = [(FRIDAY.date() + timedelta(days=ahead)).isoformat() for ahead in range(60)]
    assert find_opening(EVERY_DAY, FRIDAY, forever) is None
