"""Tiers: the group's own list or everybody's, the step a quantity reaches, and margins rounded down."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from orders.wholesale.tiers import Tier, margin_bps, pick_tier, tiers_for


class Row(NamedTuple):
    group_id: int | None
    from_cases: int
    unit_price: int


def test_a_group_with_prices_of_its_own_pays_by_them_alone() -> None:
    rows = [Row(None, 1, 100), Row(None, 10, 90), Row(7, 5, 80)]
    assert tiers_for(rows, 7) == (Tier(5, 80),)
    assert tiers_for(rows, 8) == tiers_for(rows, None) == (Tier(1, 100), Tier(10, 90))


def test_of_two_prices_from_one_quantity_the_later_counts() -> None:
    assert tiers_for([Row(None, 1, 100), Row(None, 1, 95)], None) == (Tier(1, 95),)


def test_a_quantity_reaches_the_last_step_below_it() -> None:
    steps = (Tier(2, 100), Tier(10, 90))
    assert [pick_tier(steps, cases) for cases in (1, 2, 9, 10, 500)] == [None, steps[0], steps[0], steps[1], steps[1]]


def test_margin_is_of_the_suggested_price() -> None:
    assert margin_bps(18_000, 25_000) == 2_800
    assert margin_bps(18_000, None) is None
    assert margin_bps(26_000, 25_000) == -400


@given(price=st.integers(1, 10**9), suggested=st.integers(1, 10**9))
def test_margin_is_never_shown_too_large(price: int, suggested: int) -> None:
    bps = margin_bps(price, suggested)
    assert bps is not None
    assert bps * suggested <= (suggested - price) * 10_000 < (bps + 1) * suggested
