"""The clock can stand at a moment for sample data, never ahead of now, and goes on afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock


def test_inside_it_is_that_moment_and_afterwards_it_goes_on() -> None:
    past = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    with clock.at(past):
        assert clock.now() == past
        assert clock.today("WIB").day == 6
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)


def test_what_has_not_happened_cannot_be_told() -> None:
    with clock.at(datetime.now(UTC) + timedelta(days=3)):
        assert clock.now() <= datetime.now(UTC)


def test_a_refusal_inside_does_not_stop_the_clock() -> None:
    past = datetime(2026, 1, 5, tzinfo=UTC)
    with pytest.raises(LookupError), clock.at(past):
        raise LookupError
    assert clock.now() > past + timedelta(days=1)


def test_a_day_begins_where_the_installation_is_at_home() -> None:
    """At 16.30 UTC it is tomorrow in Tapin (WITA) and still today in Pendopo (WIB)."""
    with clock.at(datetime(2026, 1, 5, 16, 30, tzinfo=UTC)):
        assert (clock.home(), clock.today().day) == ("WIB", 5)
        clock.live_in("WITA")
        try:
            assert (clock.today().day, clock.today("WIB").day) == (6, 5)
        finally:
            clock.live_in("WIB")
    with pytest.raises(ValueError, match="GMT"):
        clock.live_in("GMT")
