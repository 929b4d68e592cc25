"""Bars have the height of their amounts, and their words fit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.charts import LEFT, NARROW, WIDE, Value, draw_columns, draw_rows, find_steps


def values(*amounts: int) -> list[Value]:
    """Bars with short names."""
    return [Value(f"{number} Nov", amount, f"{number} Nov: {amount}") for number, amount in enumerate(amounts, 1)]


@given(st.integers(-(10**12), 0), st.integers(0, 10**12))
def test_the_scale_holds_everything_in_few_round_steps(low: int, high: int) -> None:
    steps = find_steps(low, high)
    assert steps[0] <= low
    assert steps[-1] >= high
    assert 0 in steps
    assert 2 <= len(steps) <= 6
    gaps = {after - before for before, after in pairwise(steps)}
    assert len(gaps) == 1
    assert str(gaps.pop()).rstrip("0") in ("1", "2", "5")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_columns_stand_on_the_line_at_zero_and_grow_with_their_amounts(width: int) -> None:
    chart = draw_columns(values(100, 50, 0, -50), str, width)
    high, half, below = chart.bars
    assert high.height == pytest.approx(2 * half.height, abs=0.2)
    assert high.y + high.height == pytest.approx(chart.base, abs=0.2)
    assert below.y == pytest.approx(chart.base, abs=0.2)
    assert all(bar.x >= LEFT and bar.x + bar.width <= width for bar in chart.bars)
    assert high.said == "1 Nov: 100"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_names_below_many_columns_do_not_touch(width: int) -> None:
    chart = draw_columns(values(*range(1, 63)), str, width)
    assert len(chart.bars) == 62
    places = [name.x for name in chart.names]
    assert max(places) + 3 * 7 <= width
    assert all(after - before > 6 * 7 for before, after in pairwise(places))


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw_columns(values(0, 0), str, WIDE).bars == ()
    assert draw_columns([], str, WIDE).bars == ()
    assert draw_rows([], str, NARROW).bars == ()


def test_rows_are_as_long_as_their_amounts_and_long_names_are_shortened() -> None:
    chart = draw_rows([Value("K" * 90, 200, "all"), Value("Half", 100, "half"), Value("Back", -5, "back")], str, NARROW)
    assert [bar.width for bar in chart.bars] == [NARROW, NARROW / 2]
    assert chart.names[0].text.endswith("…")
    assert len(chart.names[0].text) < 50
    assert chart.names[1].text == "Half"
    assert chart.height >= chart.bars[1].y + chart.bars[1].height
