"""Rounding of cash: the nearest Rp100, exact halves in the buyer's favour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rounding import round_cash


@pytest.mark.parametrize(
    ("amount", "cash"),
    [
        (0, 0),
        (1, 0),
        (50, 0),
        (51, 100),
        (100, 100),
        (149, 100),
        (150, 100),
        (151, 200),
        (25_000, 25_000),
        (25_049, 25_000),
        (25_050, 25_000),
        (25_051, 25_100),
        (99_950, 99_900),
        (99_951, 100_000),
        (10_000_000_000, 10_000_000_000),
        (-49, 0),
        (-50, -100),
        (-149, -100),
        (-150, -200),
        (-25_050, -25_100),
    ],
)
def test_the_table_of_the_house(amount: int, cash: int) -> None:
    assert round_cash(amount).cash == cash
    assert round_cash(amount).rounding == cash - amount


@given(st.integers(-(10**10), 10**10))
def test_cash_is_a_multiple_of_the_smallest_coin_and_never_further_away_than_half_of_it(amount: int) -> None:
    rounded = round_cash(amount)
    assert rounded.cash % 100 == 0
    assert -50 <= rounded.rounding <= 49


def test_only_whole_rupiah_are_rounded() -> None:
    with pytest.raises(TypeError):
        round_cash(100.5)  # type: ignore[arg-type]
