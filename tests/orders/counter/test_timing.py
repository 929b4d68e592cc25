"""When something really happened at a till, from what three clocks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from orders.counter.timing import correct

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAIRED = NOON - timedelta(days=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1_000)


@pytest.mark.parametrize(
    ("made_at", "ahead_ms", "device_now", "happened_at", "skew"),
    [
        (NOON - HOUR, 0, NOON, NOON - HOUR, timedelta()),
        (NOON - HOUR + 3 * DAY, None, NOON + 3 * DAY, NOON - HOUR, 3 * DAY),
        (NOON - HOUR - 365 * DAY, None, NOON - 365 * DAY, NOON - HOUR, -365 * DAY),
        (NOON + 6 * HOUR, None, NOON + 7 * HOUR, NOON - HOUR, 7 * HOUR),
        # It knew better then than what can be measured now: its clock was set in between.
        (NOON - HOUR - 40 * DAY, ms(-40 * DAY), NOON, NOON - HOUR, -40 * DAY),
        (NOON - HOUR, 0, NOON + 3 * DAY, NOON - HOUR, timedelta()),
        # Two opinions that hardly differ: what is measured is newer.
        (NOON - HOUR, ms(timedelta(seconds=100)), NOON, NOON - HOUR, timedelta()),
        # A file carries no clock.
        (NOON - HOUR + DAY, ms(DAY), None, NOON - HOUR, DAY),
        (NOON - HOUR, None, None, NOON - HOUR, timedelta()),
        # Never in the future, never before the device was there.
        (NOON + HOUR, 0, NOON, NOON, timedelta()),
        (NOON - 90 * DAY, None, None, PAIRED, timedelta()),
        # The same moment, told in another zone.
        ((NOON - HOUR).astimezone(timezone(timedelta(hours=9))), None, NOON, NOON - HOUR, timedelta()),
        # The ends of time.
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), None, NOON, PAIRED, timedelta()),
        (datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-9))), None, NOON, NOON, timedelta()),
        (NOON, 10**30, None, PAIRED, timedelta(seconds=2**31 - 1)),
        (NOON, -(10**30), None, NOON, -timedelta(seconds=2**31 - 1)),
    ],
)
def test_the_moment_is_corrected(
    made_at: datetime, ahead_ms: int | None, device_now: datetime | None, happened_at: datetime, skew: timedelta
) -> None:
    timing = correct(made_at, ahead_ms, device_now, NOON, PAIRED)
    assert (timing.happened_at, timing.skew_s) == (happened_at, round(skew.total_seconds()))
    assert timing.happened_at.tzinfo is not None


@pytest.mark.parametrize(("seconds", "is_off"), [(0, False), (120, False), (-120, False), (121, True), (-121, True)])
def test_two_minutes_are_tolerated(seconds: int, is_off: bool) -> None:
    assert correct(NOON, None, NOON + timedelta(seconds=seconds), NOON, PAIRED).is_off is is_off
