"""Pickup slots: within opening hours, after packing, before a departure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orders.pickup_slots import SlotGone, check_slot, closing_after, list_pickup_slots


@dataclass(frozen=True)
class Place:
    """Open 08.00 to 16.30 from Monday to Saturday, in Pendopo."""

    opening_hours: list[Any] = field(default_factory=lambda: [["08:00", "16:30"]] * 6 + [None])
    zone: str = "WIB"
    days_off: list[str] = field(default_factory=list)


#: Saturday 21 November 2026, 09.10 WIB.
MOMENT = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall clock in Pendopo, as UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def test_the_first_slot_leaves_an_hour_to_pack() -> None:
    slots = list_pickup_slots(Place(), MOMENT)
    assert slots[0].starts_at == at(21, 11)
    assert list_pickup_slots(Place(), at(21, 10))[0].starts_at == at(21, 11)


def test_the_last_slot_ends_with_the_day_and_closed_days_have_none() -> None:
    slots = list_pickup_slots(Place(), MOMENT)
    today = [slot for slot in slots if slot.starts_at < at(22, 0)]
    assert (today[-1].starts_at, today[-1].ends_at) == (at(21, 16), at(21, 16, 30))
    assert not [slot for slot in slots if at(22, 0) <= slot.starts_at < at(23, 0)]
    assert slots[len(today)].starts_at == at(23, 8)


def test_a_slot_begins_half_an_hour_before_the_departure_at_the_latest() -> None:
    assert [slot.starts_at for slot in list_pickup_slots(Place(), MOMENT, at(21, 13, 30))] == [at(21, 11), at(21, 12), at(21, 13)]
    assert list_pickup_slots(Place(), MOMENT, at(21, 13, 29))[-1].starts_at == at(21, 12)
    assert list_pickup_slots(Place(), MOMENT, at(21, 11, 15)) == []


def test_an_outlet_may_close_after_midnight() -> None:
    night = Place([["18:00", "01:00"]] * 7, "WIT")
    slots = list_pickup_slots(night, datetime(2026, 11, 21, 3, 0, tzinfo=UTC), days=1)
    assert len(slots) == 7
    assert closing_after(night, datetime(2026, 11, 21, 15, 30, tzinfo=UTC)) == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


def test_closing_time_is_asked_for_open_moments_only() -> None:
    assert closing_after(Place(), at(21, 16)) == at(21, 16, 30)
    assert closing_after(Place(), at(21, 17)) is None
    assert closing_after(Place(), at(22, 12)) is None


@pytest.mark.parametrize("moment", [at(21, 10), at(21, 11, 30), at(22, 11), at(30, 11), MOMENT - timedelta(days=1)])
def test_a_slot_that_is_not_offered_is_refused(moment: datetime) -> None:
    with pytest.raises(SlotGone):
        check_slot(Place(), MOMENT, moment)
    assert check_slot(Place(), MOMENT, at(21, 11)).ends_at == at(21, 12)


def test_nothing_is_collected_on_a_day_off_and_after_a_long_holiday_there_is_something_to_choose() -> None:
    days_off = [f"2026-11-{day}" for day in range(22, 31)]
    closed = Place(days_off=days_off)
    days = {(slot.starts_at + timedelta(hours=7)).date().isoformat() for slot in list_pickup_slots(closed, MOMENT)}
    assert days == {"2026-11-21", *(f"2026-12-0{day}" for day in range(1, 6))}, "Sunday the 6th is no working day"
    assert list_pickup_slots(Place(days_off=["2026-11-21"]), MOMENT)[0].starts_at == at(23, 8)
    with pytest.raises(SlotGone):
        check_slot(closed, MOMENT, at(23, 9))
    assert closing_after(closed, at(23, 9)) is None
