"""Pricing: the printed lines add up to the printed total, whatever is in the cart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from kernel.money import LARGEST_AMOUNT
from orders.pricing import (
    LARGEST_CASE_QUANTITY,
    LARGEST_LINE_QUANTITY,
    MOST_CASE_LINES,
    MOST_LINES,
    AmountTooLarge,
    Totals,
    check_quantity,
    line_total,
    take_off,
    total_of,
)

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


def test_what_an_order_may_hold() -> None:
    assert (LARGEST_LINE_QUANTITY, MOST_LINES) == (99, 50)
    assert (LARGEST_CASE_QUANTITY, MOST_CASE_LINES) == (100_000, 400)
    assert check_quantity(99) == 99


def test_shipping_is_added_and_a_discount_taken_off() -> None:
    expected = Totals(subtotal=15_000, total=20_000, shipping=7_000, discount=2_000)
    assert total_of([10_000, 5_000], shipping=7_000, discount=2_000) == expected
    assert take_off(total_of([10_000, 5_000], shipping=7_000), 2_000) == expected
    assert total_of([500], discount=500).total == 0
    assert Totals(500, 500) == Totals(subtotal=500, total=500, shipping=0, discount=0)


@pytest.mark.parametrize(("shipping", "discount"), [(-1, 0), (0, -1), (0, 501), (-1, 501)])
def test_less_than_free_shipping_and_more_off_than_the_goods_cost_are_a_programmers_mistake(shipping: int, discount: int) -> None:
    with pytest.raises(ValueError, match="do not fit a subtotal of 500"):
        total_of([500], shipping=shipping, discount=discount)


@pytest.mark.parametrize(("goods", "shipping", "discount"), [(LARGEST_AMOUNT, 1, 0), (LARGEST_AMOUNT + 1, 0, 1)])
def test_neither_the_goods_nor_all_together_may_be_too_dear(goods: int, shipping: int, discount: int) -> None:
    with pytest.raises(AmountTooLarge):
        total_of([goods], shipping=shipping, discount=discount)
