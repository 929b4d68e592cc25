"""The split of a price is exact to the rupiah for every model, and parts of it always add up to the whole."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.consignment.shares import part_of, split_price, without_markup
from orders.models.agreement import TermsModel

PRICES = st.integers(1, 100_000_000)


def terms(model: TermsModel, rate_bps: int = 0) -> SimpleNamespace:
    return SimpleNamespace(model=model, rate_bps=rate_bps)


@pytest.mark.parametrize(
    ("rate_bps", "price", "quantity", "share"),
    [
        (1_500, 25_000, 1, 21_250),
        (1_500, 8_333, 3, 21_249),  # 15 % of 24.999 is 3.749,85: the outlet gets 3.750
        (5_000, 1, 1, 0),  # exact halves go to the outlet
        (0, 8_333, 2, 16_666),
        (10_000, 8_333, 2, 0),
    ],
)
def test_a_commission_is_rounded_once_and_the_maker_gets_the_rest(rate_bps: int, price: int, quantity: int, share: int) -> None:
    split = split_price(terms(TermsModel.COMMISSION, rate_bps), price, quantity)
    assert (split.share, split.share + split.commission) == (share, price * quantity)


def test_a_mark_up_owes_the_makers_price_even_below_it() -> None:
    split = split_price(terms(TermsModel.MARKUP, 2_500), 9_000, 2, 10_000)
    assert (split.share, split.commission) == (20_000, -2_000)


@given(price=PRICES, quantity=st.integers(1, 99), rate=st.integers(0, 10_000), model=st.sampled_from(TermsModel))
def test_share_and_commission_are_the_price(price: int, quantity: int, rate: int, model: TermsModel) -> None:
    split = split_price(terms(model, rate), price, quantity)
    assert split.share + split.commission == split.gross == price * quantity
    assert 0 <= split.share <= split.gross


@given(maker_price=PRICES, rate=st.integers(0, 30_000))
def test_taking_a_mark_up_off_gives_the_makers_price_back(maker_price: int, rate: int) -> None:
    shelf_price = maker_price + (maker_price * rate + 5_000) // 10_000
    assert abs(without_markup(shelf_price, rate) - maker_price) <= 1


@pytest.mark.parametrize(
    ("gross", "rate_bps", "before"),
    [(12_500, 2_500, 10_000), (9_999, 0, 9_999), (5_001, 1, 5_000), (3, 10_000, 2), (4, 10_000, 2), (100, 500, 95), (101, 500, 96)],
)
def test_what_a_price_was_before_its_mark_up_is_rounded_once_halves_up(gross: int, rate_bps: int, before: int) -> None:
    assert without_markup(gross, rate_bps) == before


@pytest.mark.parametrize(("amount", "part"), [(5, 3), (-5, -3), (4, 2), (0, 0), (1, 1), (-1, -1)])
def test_half_of_an_amount_is_rounded_away_from_zero(amount: int, part: int) -> None:
    assert part_of(amount, 1, 2) == part


@given(amount=st.integers(-(10**9), 10**9), parts=st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_units_that_come_back_one_after_the_other_take_exactly_what_was_given(amount: int, parts: list[int]) -> None:
    whole, done, taken = sum(parts), 0, 0
    for units in parts:
        taken += part_of(amount, done + units, whole) - part_of(amount, done, whole)
        done += units
    assert taken == amount
