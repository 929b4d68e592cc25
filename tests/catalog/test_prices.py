"""Prices by date and the unit price, as docs/unit-price.md says."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models.product import Unit
from catalog.prices import UnitPrice, check_amount, current_price, overlaps, unit_price
from kernel.errors import InvalidInput

DAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Dated:
    amount: int
    starts_on: date
    ends_on: date | None = None


def test_both_ends_of_a_price_count() -> None:
    offer = Dated(20_000, DAY, DAY + timedelta(days=2))
    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=2), DAY + timedelta(days=3)]
    assert [current_price([offer], day) for day in days] == [None, 20_000, 20_000, None]


def test_without_a_price_on_the_day_there_is_none() -> None:
    assert current_price([], DAY) is None
    assert current_price([Dated(20_000, DAY + timedelta(days=1))], DAY) is None


def test_the_newest_of_two_prices_counts() -> None:
    assert current_price([Dated(25_000, DAY - timedelta(days=9)), Dated(22_000, DAY)], DAY) == 22_000


def test_prices_that_touch_do_not_overlap() -> None:
    price = Dated(1_000, DAY, DAY + timedelta(days=5))
    assert overlaps(price, DAY + timedelta(days=5), None)
    assert not overlaps(price, DAY + timedelta(days=6), None)
    assert overlaps(price, DAY - timedelta(days=9), DAY)
    assert not overlaps(price, DAY - timedelta(days=9), DAY - timedelta(days=1))


@pytest.mark.parametrize("amount", [0, -1, 99, 100_000_001, 10**9])
def test_an_amount_that_is_a_typing_accident_is_refused(amount: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_amount(amount)
    assert refusal.value.field == "price"


@pytest.mark.parametrize("amount", [1.5, float("nan"), True, "25000"])
def test_an_amount_that_is_no_whole_number_is_refused(amount: object) -> None:
    with pytest.raises(InvalidInput):
        check_amount(amount)  # type: ignore[arg-type]  # what a careless caller might pass


@pytest.mark.parametrize(
    ("price", "net", "unit", "shown"),
    [
        (25_000, 250, Unit.GRAM, UnitPrice(10_000, 100, Unit.GRAM)),
        (20_000, 150, Unit.GRAM, UnitPrice(13_333, 100, Unit.GRAM)),
        (17_500, 375, Unit.MILLILITRE, UnitPrice(4_667, 100, Unit.MILLILITRE)),
        (25_000, 10, Unit.PIECE, UnitPrice(2_500, 1, Unit.PIECE)),
        (1_001, 200, Unit.GRAM, UnitPrice(501, 100, Unit.GRAM)),  # an exact half goes up
        (12_000, 100, Unit.GRAM, None),
        (12_000, 1, Unit.PIECE, None),
        (None, 250, Unit.GRAM, None),
    ],
)
def test_the_unit_price_follows_the_table_in_the_docs(price: int | None, net: int, unit: Unit, shown: UnitPrice | None) -> None:
    assert unit_price(price, net, unit) == shown


@given(st.integers(100, 100_000_000), st.integers(1, 1_000_000))
def test_the_unit_price_is_never_more_than_half_a_rupiah_away(price: int, net: int) -> None:
    shown = unit_price(price, net, Unit.GRAM)
    if shown is not None:
        assert abs(2 * shown.amount * net - 2 * price * 100) <= net
