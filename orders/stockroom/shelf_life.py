"""How fresh a batch must be when it arrives: expired is refused, and so is what is below the shelf-life floor. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

#: The floor is a third of the whole shelf life, and never more than this (docs/receiving.md).
LARGEST_FLOOR_DAYS = 30


class Refusal(StrEnum):
    """Why a batch may not be taken in."""

    DATES_SWAPPED = "dates_swapped"
    MADE_IN_FUTURE = "made_in_future"
    NO_DATE = "no_date"
    EXPIRED = "expired"
    TOO_SHORT = "too_short"


def floor_days(produced_on: date | None, best_before_on: date, shelf_life_days: int | None) -> int:
    """Days that must be left on arrival: a third of the whole shelf life, rounded up, or 30, the smaller.

    The whole is what the pack says; without a production date, what the product says; 0 when neither is known.
    """
    whole = (best_before_on - produced_on).days if produced_on is not None else shelf_life_days
    return 0 if whole is None else min(-(-whole // 3), LARGEST_FLOOR_DAYS)


def judge(produced_on: date | None, best_before_on: date | None, shelf_life_days: int | None, today: date) -> Refusal | None:
    """The first thing that is wrong with a batch's dates on the day of its arrival, or None."""
    if produced_on is not None and produced_on > today:
        return Refusal.MADE_IN_FUTURE
    if best_before_on is None:
        return Refusal.NO_DATE if shelf_life_days is not None else None
    if produced_on is not None and best_before_on < produced_on:
        return Refusal.DATES_SWAPPED
    if best_before_on < today:
        return Refusal.EXPIRED
    if (best_before_on - today).days < floor_days(produced_on, best_before_on, shelf_life_days):
        return Refusal.TOO_SHORT
    return None
