"""PPN: the right rate on the right day, net and tax always add up, and what is contained grows back to the same price."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import LARGEST_AMOUNT
from orders.tax import BPS, RATES, TaxRate, contained_tax, rate_on

amounts = st.integers(0, LARGEST_AMOUNT)
rates = st.sampled_from(RATES)
ELEVEN_TWELFTHS, ELEVEN_PERCENT = RATES


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2022, 4, 1), ELEVEN_PERCENT),
        (date(2024, 12, 31), ELEVEN_PERCENT),
        (date(2025, 1, 1), ELEVEN_TWELFTHS),
        (date(2026, 11, 21), ELEVEN_TWELFTHS),
    ],
)
def test_a_rate_counts_from_its_first_day_until_the_next(day: date, rate: TaxRate) -> None:
    assert rate_on(day) is rate


def test_days_before_the_first_known_rate_are_refused() -> None:
    with pytest.raises(ValueError, match="no PPN rate"):
        rate_on(date(2022, 3, 31))


@pytest.mark.parametrize(
    ("amount", "tax", "net", "base"),
    [
        (0, 0, 0, 0),
        (1, 0, 1, 1),
        (5, 0, 5, 5),
        (6, 1, 5, 5),
        (111, 11, 100, 92),
        (25_000, 2_477, 22_523, 20_646),
        (111_000, 11_000, 100_000, 91_667),
        (1_110_000, 110_000, 1_000_000, 916_667),
        (1_332_000, 132_000, 1_200_000, 1_100_000),
    ],
)
def test_the_tax_inside_an_amount(amount: int, tax: int, net: int, base: int) -> None:
    contained = contained_tax(amount, ELEVEN_TWELFTHS)
    assert (contained.tax, contained.net, contained.base) == (tax, net, base)


def test_an_exact_half_goes_up() -> None:
    assert contained_tax(5, TaxRate(date(2022, 4, 1), BPS // 9)).tax == 0
    assert contained_tax(1, TaxRate(date(2022, 4, 1), BPS)).tax == 1


@given(amounts, rates)
def test_net_and_tax_add_up_and_are_never_negative(amount: int, rate: TaxRate) -> None:
    contained = contained_tax(amount, rate)
    assert contained.net + contained.tax == amount
    assert 0 <= contained.tax <= contained.net or amount == 0


@given(amounts, rates)
def test_the_tax_is_within_half_a_rupiah_of_the_exact_one(amount: int, rate: TaxRate) -> None:
    effective = Fraction(rate.rate_bps * rate.base_numerator, BPS * rate.base_denominator)
    exact = amount * effective / (1 + effective)
    assert abs(contained_tax(amount, rate).tax - exact) <= Fraction(1, 2)


@given(amounts)
def test_twelve_percent_of_eleven_twelfths_is_eleven_percent(amount: int) -> None:
    assert contained_tax(amount, ELEVEN_TWELFTHS).tax == contained_tax(amount, ELEVEN_PERCENT).tax


@given(st.integers(0, LARGEST_AMOUNT - 1), rates)
def test_a_higher_price_never_contains_less_tax(amount: int, rate: TaxRate) -> None:
    assert contained_tax(amount + 1, rate).tax >= contained_tax(amount, rate).tax


@pytest.mark.parametrize("amount", [-1, 1.5, True, None, "25000"])
def test_an_amount_that_cannot_be_is_a_programmers_mistake(amount: object) -> None:
    with pytest.raises(ValueError, match="whole rupiah"):
        contained_tax(amount, ELEVEN_PERCENT)  # type: ignore[arg-type]
