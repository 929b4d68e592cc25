"""What people type: numbers, rupiah and dates are read as meant or refused, never guessed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from kernel.parsing import parse_choice, parse_date, parse_rupiah, parse_text, parse_whole_number
from kernel.people import Role

WRONG_NUMBERS = [
    "",
    " ",
    "-1",
    "−1",
    "1.5",
    "1,5",
    "1e9",
    "NaN",
    "inf",
    "１２",
    "٣",
    "0x10",
    "1 000",
    "1_000",
    "+1",
    "1000000001",
    "9" * 5000,
]


@pytest.mark.parametrize("text", WRONG_NUMBERS)
def test_what_is_no_plain_whole_number_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_whole_number(text, 0, 1_000_000_000, "quantity")
    assert refusal.value.field == "quantity"


def test_zero_is_refused_where_at_least_one_is_needed() -> None:
    with pytest.raises(InvalidInput, match="at least 1"):
        parse_whole_number("0", 1, 99, "quantity")


@given(st.integers(min_value=0, max_value=10**9))
def test_every_whole_number_in_the_range_comes_back(value: int) -> None:
    assert parse_whole_number(f" {value} ", 0, 10**9, "quantity") == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_range_or_a_refusal(text: str) -> None:
    with suppress(InvalidInput):
        assert 1 <= parse_whole_number(text, 1, 99, "quantity") <= 99


@pytest.mark.parametrize(
    "text", ["25000", "25.000", "Rp25.000", "Rp 25.000", "rp. 25.000", "Rp\N{NO-BREAK SPACE}25.000", "25.000,00", "25.000,-"]
)
def test_an_amount_is_read_the_way_people_write_it(text: str) -> None:
    assert parse_rupiah(text) == 25_000


@pytest.mark.parametrize(
    "text", ["", "25,000", "25.00", "2.5000", "1.5", "1e9", "NaN", "-1", "-25.000", "２５０００", "$5", "Rp", "10.000.000.001", "25.000,50"]
)
def test_an_amount_that_could_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_rupiah(text, field="price")
    assert refusal.value.field == "price"


@given(st.integers(min_value=0, max_value=10**10))
def test_an_amount_with_thousands_marks_comes_back(amount: int) -> None:
    assert parse_rupiah(f"Rp {amount:,}".replace(",", ".")) == amount


@pytest.mark.parametrize("text", ["2026-11-21", "21/11/2026", "21-11-2026", "21.11.2026", " 2026-11-21 "])
def test_a_date_is_read_from_a_date_field_and_from_habit(text: str) -> None:
    assert parse_date(text, field="produced_on") == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["", "2026-02-30", "21/13/2026", "yesterday", "２０２６-11-21", "21/11/26", "9999-01-01", "0001-01-01"])
def test_a_date_that_is_none_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_date(text, field="produced_on")
    assert refusal.value.field == "produced_on"


def test_text_loses_control_characters_and_keeps_its_lines() -> None:
    assert parse_text("  Renyah\x00\x08\nwangi\u202e ", field="summary", maximum=50) == "Renyah\nwangi"


def test_text_that_is_too_long_or_missing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at most 5"):
        parse_text("abcdef", field="name", maximum=5)
    with pytest.raises(InvalidInput, match="fill this in"):
        parse_text(" \x00 ", field="name", maximum=5, required=True)


def test_only_one_of_the_options_can_be_chosen() -> None:
    assert parse_choice(Role, "maker", field="role") is Role.MAKER
    with pytest.raises(InvalidInput) as refusal:
        parse_choice(Role, "emperor", field="role")
    assert refusal.value.field == "role"
