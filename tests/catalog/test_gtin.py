"""Barcode numbers: check digits against published examples, ranges that are no GTIN, and our own numbers."""

import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from catalog.gtin import LARGEST_SEQUENCE, check_digit, is_internal_number, make_internal_number, parse_gtin
from kernel.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8999999000011", "8999999000011"),  # the fictional Indonesian number of our domain notes
        ("08999999000011", "8999999000011"),
        ("18999999000018", "18999999000018"),  # a case of them
        ("614141000036", "0614141000036"),  # GS1's example of a GTIN-12
        ("96385074", "96385074"),
        ("00000096385074", "96385074"),
        (" 8999999000011 ", "8999999000011"),
    ],
)
def test_a_number_is_kept_in_one_canonical_form(typed: str, stored: str) -> None:
    assert parse_gtin(typed) == stored


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_wrong_last_digit_is_always_found(digits: str) -> None:
    right = check_digit(digits)
    for last in range(10):
        if last != right:
            with pytest.raises(InvalidInput):
                parse_gtin(f"{digits}{last}")


@given(st.integers(min_value=10**11, max_value=10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(number: int, place: int, change: int) -> None:
    digits = f"{number}{check_digit(str(number))}"
    mistyped = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    with pytest.raises(InvalidInput):
        parse_gtin(mistyped)


@given(st.integers(min_value=10**10, max_value=10**12 - 1))
def test_our_arithmetic_agrees_with_an_independent_library(number: int) -> None:
    digits = f"{number:012d}"
    assert gs1_standard_check_digit(digits) == check_digit(digits)


@pytest.mark.parametrize("prefix", ["020", "029", "040", "049", "200", "299"])
@pytest.mark.parametrize("length", [13, 14])
def test_a_number_for_use_inside_one_shop_is_refused(prefix: str, length: int) -> None:
    body = ("1" if length == 14 else "") + f"{prefix}123456789"
    with pytest.raises(InvalidInput, match="inside one shop"):
        parse_gtin(f"{body}{check_digit(body)}")


@pytest.mark.parametrize("body", ["21234567890", "41234567890"])
def test_a_twelve_digit_number_for_use_inside_one_shop_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput, match="inside one shop"):
        parse_gtin(f"{body}{check_digit(body)}")


@pytest.mark.parametrize(
    "text", ["", "８９９９９９９００００１１", "8 999999 000011", "899999900001A", "-8999999000011", "89999990000", "0" * 15, "1e12", "NaN"]
)
def test_what_is_no_barcode_number_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_gtin(text)
    assert refusal.value.field == "gtin"


@given(st.integers(min_value=1, max_value=LARGEST_SEQUENCE))
def test_our_own_number_is_right_and_never_passes_as_a_gtin(sequence: int) -> None:
    number = make_internal_number(sequence)
    assert len(number) == 13
    assert number.startswith("2")
    assert is_internal_number(number)
    with pytest.raises(InvalidInput):
        parse_gtin(number)


@pytest.mark.parametrize("sequence", [0, -1, LARGEST_SEQUENCE + 1])
def test_our_range_does_not_overflow(sequence: int) -> None:
    with pytest.raises(ValueError, match="no internal number"):
        make_internal_number(sequence)


@pytest.mark.parametrize("body", ["0123456", "0234567", "2345678"])
def test_an_eight_digit_number_for_use_inside_one_shop_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput, match="inside one shop"):
        parse_gtin(f"{body}{check_digit(body)}")


def test_another_eight_digit_number_is_kept_as_it_is() -> None:
    number = f"1234567{check_digit('1234567')}"
    assert parse_gtin(number) == number


@pytest.mark.parametrize("change", ["", "1", "letter", "foreign digits", "prefix", "check digit"])
def test_what_is_almost_our_own_number_is_not(change: str) -> None:
    number = make_internal_number(1)
    other = {
        "": "",
        "1": number + "1",
        "letter": number[:-2] + "A" + number[-1],
        "foreign digits": number.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
        "prefix": f"8{number[1:-1]}{check_digit('8' + number[1:-1])}",
        "check digit": number[:-1] + str((int(number[-1]) + 1) % 10),
    }
    assert is_internal_number(number)
    assert not is_internal_number(other[change])
