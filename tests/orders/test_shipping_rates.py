"""The rules of shipping: which zone, which weight, which price."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.shipping_rates import charged_kg, prefixes_of, price_of

TABLE = ((1, 10_000), (3, 15_000), (10, 40_000))


@pytest.mark.parametrize(("weight", "kilograms"), [(1, 1), (999, 1), (1_000, 1), (1_001, 2), (2_000, 2), (2_001, 3)])
def test_every_begun_kilogram_counts(weight: int, kilograms: int) -> None:
    assert charged_kg(weight) == kilograms


@pytest.mark.parametrize("weight", [0, -1, 1.5, True])
def test_what_is_no_weight_is_a_mistake(weight: int) -> None:
    with pytest.raises(ValueError, match="grams"):
        charged_kg(weight)


def test_prefixes_go_from_the_village_to_everywhere() -> None:
    assert prefixes_of("16.12.01.2001") == ("16.12.01.2001", "16.12.01", "16.12", "16", "1", "")
    assert prefixes_of("16") == ("16", "1", "")
    assert prefixes_of("") == ("",)


@pytest.mark.parametrize(("kilograms", "price"), [(1, 10_000), (2, 15_000), (3, 15_000), (4, 40_000), (10, 40_000), (12, 48_000)])
def test_the_table_covers_up_to_its_weight_and_then_by_kilogram(kilograms: int, price: int) -> None:
    assert price_of(kilograms, TABLE, 4_000) == price


def test_without_a_price_for_further_kilograms_the_table_is_the_limit() -> None:
    assert price_of(10, TABLE, None) == 40_000
    assert price_of(11, TABLE, None) is None
    assert price_of(1, (), 4_000) is None


@given(st.integers(1, 200_000), st.integers(1, 200_000))
def test_a_heavier_cart_never_costs_less(one: int, other: int) -> None:
    light, heavy = sorted((one, other))
    assert (price_of(charged_kg(light), TABLE, 4_000) or 0) <= (price_of(charged_kg(heavy), TABLE, 4_000) or 0)
