"""The shelf-life floor at its edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orders.stockroom.shelf_life import Refusal, floor_days, judge

TODAY = date(2026, 11, 21)


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("whole", "floor"),
    [(5, 2), (6, 2), (7, 3), (89, 30), (90, 30), (91, 30), (365, 30), (0, 0), (1, 1)],
)
def test_the_floor_is_a_third_of_the_whole_or_thirty_days(whole: int, floor: int) -> None:
    assert floor_days(TODAY, _in(whole), None) == floor


def test_without_a_production_date_the_product_says_how_long_it_keeps() -> None:
    assert floor_days(None, _in(10), 60) == 20
    assert floor_days(None, _in(10), None) == 0


@pytest.mark.parametrize(
    ("produced", "best_before", "life", "refusal"),
    [
        (-10, 20, None, None),  # 30 days in all, 20 left, 10 are needed
        (-21, 9, None, Refusal.TOO_SHORT),  # one day below a third
        (-20, 10, None, None),  # exactly a third
        (-300, 29, None, Refusal.TOO_SHORT),
        (-300, 30, None, None),
        (-10, -1, None, Refusal.EXPIRED),
        (-10, 0, None, Refusal.TOO_SHORT),
        (None, 0, None, None),  # the day itself still counts, and nobody knows the whole
        (None, 5, 30, Refusal.TOO_SHORT),
        (-5, -6, None, Refusal.DATES_SWAPPED),
        (1, 30, None, Refusal.MADE_IN_FUTURE),
        (None, None, 30, Refusal.NO_DATE),
        (None, None, None, None),  # a basket
    ],
)
def test_dates_are_judged_on_the_day_of_arrival(
    produced: int | None, best_before: int | None, life: int | None, refusal: Refusal | None
) -> None:
    produced_on = None if produced is None else _in(produced)
    best_before_on = None if best_before is None else _in(best_before)
    assert judge(produced_on, best_before_on, life, TODAY) is refusal
