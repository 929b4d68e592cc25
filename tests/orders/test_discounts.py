"""Discounts: never more than the goods, and spread so that lines and units add up to the rupiah."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.discounts import LEAST_LEFT, Terms, discount_of, largest_discount, share_of_units, shares_of
from orders.pricing import take_off, total_of

amounts = st.integers(1, 100_000_000)
carts = st.lists(st.tuples(amounts, st.integers(1, 99)), min_size=1, max_size=20)
rates = st.builds(lambda bps, most: Terms(bps, None, 0, most), st.integers(1, 10_000), amounts)
sums = st.builds(lambda amount: Terms(None, amount), amounts)


@pytest.mark.parametrize(
    ("terms", "subtotal", "discount"),
    [
        (Terms(1_000, None, 0, 50_000), 25_000, 2_500),
        (Terms(1_000, None, 0, 2_000), 25_000, 2_000),
        (Terms(None, 10_000), 25_000, 10_000),
        (Terms(None, 10_000, 25_001), 25_000, 0),
        (Terms(None, 10_000, 25_000), 25_000, 10_000),
        (Terms(None, 25_000), 25_000, 25_000 - LEAST_LEFT),
        (Terms(10_000, None, 0, 1_000_000), 25_000, 25_000 - LEAST_LEFT),
        (Terms(None, 10_000), LEAST_LEFT, 0),
        (Terms(333, None, 0, 50_000), 10_015, 333),  # 333.4995 is rounded once
        (Terms(5_000, None, 0, 50_000), 12_345, 6_173),  # 6172.5: half away from zero
    ],
)
def test_what_a_voucher_takes_off(terms: Terms, subtotal: int, discount: int) -> None:
    assert discount_of(terms, subtotal) == discount


@given(rates | sums, st.integers(0, 10_000_000_000))
def test_goods_never_cost_less_than_the_least_and_never_more_than_before(terms: Terms, subtotal: int) -> None:
    discount = discount_of(terms, subtotal)
    assert 0 <= discount <= min(largest_discount(terms), max(0, subtotal - LEAST_LEFT))


@given(carts, rates | sums)
def test_the_shares_of_the_lines_are_the_discount_to_the_rupiah(cart: list[tuple[int, int]], terms: Terms) -> None:
    totals = [price * quantity for price, quantity in cart]
    discount = discount_of(terms, sum(totals))
    shares = shares_of(totals, discount)
    assert sum(shares) == discount
    assert all(0 <= share <= total for share, total in zip(shares, totals, strict=True))


@given(carts, rates | sums, st.data())
def test_giving_units_back_bit_by_bit_gives_back_exactly_what_was_paid(
    cart: list[tuple[int, int]], terms: Terms, data: st.DataObject
) -> None:
    totals = [price * quantity for price, quantity in cart]
    paid = sum(totals) - discount_of(terms, sum(totals))
    given_back = 0
    for (price, quantity), share in zip(cart, shares_of(totals, sum(totals) - paid), strict=True):
        gone = 0
        while gone < quantity:
            units = data.draw(st.integers(1, quantity - gone))
            amount = price * units - share_of_units(share, quantity, gone, units)
            assert amount >= 0
            given_back += amount
            gone += units
    assert given_back == paid


def test_equal_lines_share_equally() -> None:
    assert shares_of([25_000, 25_000], 10_000) == [5_000, 5_000]
    assert shares_of([10_000, 10_000, 10_000], 10_000) == [3_333, 3_333, 3_334]


@pytest.mark.parametrize("discount", [-1, 101])
def test_a_discount_that_cannot_be_is_a_programmers_mistake(discount: int) -> None:
    with pytest.raises(ValueError, match="cannot be taken off"):
        shares_of([100], discount)
    with pytest.raises(ValueError, match="do not fit"):
        take_off(total_of([100]), discount)


def test_more_units_than_there_are_is_a_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="units"):
        share_of_units(10, 2, 1, 2)


def test_a_rate_without_a_ceiling_has_no_largest_discount() -> None:
    with pytest.raises(ValueError, match="ceiling"):
        largest_discount(Terms(1_000, None))


def test_the_discount_is_taken_off_the_goods_and_not_off_shipping() -> None:
    totals = take_off(total_of([50_000], shipping=20_000), 10_000)
    assert (totals.subtotal, totals.shipping, totals.discount, totals.total) == (50_000, 20_000, 10_000, 60_000)


def test_terms_that_promise_nothing_take_nothing_off() -> None:
    assert discount_of(Terms(None, None), 25_000) == 0
    assert Terms(None, 5_000) == Terms(percent_bps=None, amount=5_000, least_subtotal=0, most_discount=None)


def test_the_lower_of_two_ceilings_counts() -> None:
    assert largest_discount(Terms(None, 5_000, 0, 3_000)) == 3_000
    assert largest_discount(Terms(None, 2_000, 0, 3_000)) == 2_000


def test_a_discount_may_be_all_of_the_goods_and_free_goods_have_none() -> None:
    assert shares_of([300, 700], 1_000) == [300, 700]
    assert shares_of([0, 0], 0) == [0, 0]
    assert share_of_units(1_000, 3, 2, 0) == 0
