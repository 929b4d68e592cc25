"""Pricing: the printed lines add up to the printed total, whatever is in the cart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from kernel.money import LARGEST_AMOUNT
from orders.pricing import LARGEST_LINE_QUANTITY, AmountTooLarge, check_quantity, line_total, total_of

prices = st.integers(1, 100_000_000)
quantities = st.integers(1, LARGEST_LINE_QUANTITY)


@given(st.lists(st.tuples(prices, quantities), max_size=50))
def test_the_lines_add_up_to_the_total(lines: list[tuple[int, int]]) -> None:
    totals = [line_total(price, quantity) for price, quantity in lines]
    if sum(totals) > LARGEST_AMOUNT:
        with pytest.raises(AmountTooLarge):
            total_of(totals)
    else:
        assert total_of(totals).total == total_of(totals).subtotal == sum(price * quantity for price, quantity in lines)


@given(prices, quantities)
def test_a_line_is_exactly_as_dear_as_its_units_bought_one_by_one(price: int, quantity: int) -> None:
    assert line_total(price, quantity) == sum(line_total(price, 1) for _ in range(quantity))


@given(prices, st.integers(1, LARGEST_LINE_QUANTITY - 1))
def test_one_more_unit_never_costs_less(price: int, quantity: int) -> None:
    assert line_total(price, quantity + 1) > line_total(price, quantity)


def test_nothing_costs_nothing() -> None:
    assert total_of([]).total == 0


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9, 1.5, float("nan"), True, None, "1", "１", [1]])
def test_a_quantity_that_cannot_be_is_refused(quantity: object) -> None:
    with pytest.raises(InvalidInput):
        check_quantity(quantity)  # type: ignore[arg-type]


@pytest.mark.parametrize("price", [0, -1, 1.5, True, None])
def test_a_price_that_cannot_be_is_a_programmers_mistake(price: object) -> None:
    with pytest.raises(ValueError, match="unit price"):
        line_total(price, 1)  # type: ignore[arg-type]


def test_the_largest_total_is_allowed_and_one_rupiah_more_is_not() -> None:
    assert total_of([LARGEST_AMOUNT]).total == LARGEST_AMOUNT
    with pytest.raises(AmountTooLarge):
        total_of([LARGEST_AMOUNT, 1])
