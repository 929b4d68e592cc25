"""Who of equals comes next: over time everybody has the same share."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import count as count_from

from hypothesis import given
from hypothesis import strategies as st

from catalog.rotation import choose_next, rotated

DAY = date(2026, 11, 21)


@given(st.integers(1, 60), st.integers(1, 12), st.integers(1, 90))
def test_nobody_is_ever_chosen_more_than_once_ahead(size: int, count: int, days: int) -> None:
    last: dict[int, int | None] = dict.fromkeys(range(size))
    chosen_times: Counter[int] = Counter(dict.fromkeys(range(size), 0))
    numbers = count_from(1)
    for _day in range(days):
        chosen = choose_next(last.items(), count)
        assert len(set(chosen)) == min(count, size)
        for product_id in chosen:
            last[product_id] = next(numbers)
            chosen_times[product_id] += 1
        assert max(chosen_times.values()) - min(chosen_times.values()) <= 1


@given(st.integers(2, 40), st.integers(1, 10))
def test_a_newcomer_does_not_wait_longer_than_a_round(size: int, count: int) -> None:
    last: dict[int, int | None] = {product_id: product_id + 1 for product_id in range(size)}
    last[999] = None
    assert 999 in choose_next(last.items(), count)


@given(st.integers(0, 50), st.integers(1, 40), st.integers(1, 30), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_equals_in_a_list_stand_everywhere_equally_often_within_a_cycle(first: int, length: int, step: int, day: date) -> None:
    on_first_page: Counter[int] = Counter()
    for number in range(length):
        order = [rotated(place, first, length, day + timedelta(days=number), step) for place in range(first, first + length)]
        assert sorted(order) == list(range(first, first + length))
        on_first_page.update(order[:step])
    assert len(set(on_first_page.values())) == 1
    assert len(on_first_page) == length


def test_everybody_sees_the_same_on_one_day() -> None:
    assert [rotated(place, 0, 7, DAY, 3) for place in range(7)] == [rotated(place, 0, 7, DAY, 3) for place in range(7)]
    assert rotated(0, 0, 7, DAY, 3) != rotated(0, 0, 7, DAY + timedelta(days=1), 3)
