"""EAN symbols: the modules of the standard's own example, and every digit in every place."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from catalog import barcodes
from catalog.gtin import check_digit, make_internal_number


def _picture(number: str, dots: int = 2) -> Image.Image:
    """The symbol as a label printer would put its dots."""
    pattern = barcodes.modules(number)
    left, right = barcodes.quiet_zone(number)
    picture = Image.new("L", ((left + len(pattern) + right) * dots, 60), 255)
    draw = ImageDraw.Draw(picture)
    for at, width, _guard in barcodes.bars(number):
        draw.rectangle(((left + at) * dots, 5, (left + at + width) * dots - 1, 55), fill=0)
    return picture


def test_the_symbol_of_a_known_number_is_the_one_of_the_standard() -> None:
    assert barcodes.modules("4006381333931") == (
        "10100011010100111010111101111010001001011001101010100001010000101000010111010010000101100110101"
    )


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_every_number_of_thirteen_digits_is_read_back(sequence: int) -> None:
    digits = f"{sequence:012d}"
    number = f"{digits}{check_digit(digits)}"
    read = zxingcpp.read_barcode(_picture(number), formats=zxingcpp.BarcodeFormat.EAN13)
    assert read is not None
    assert read.text == number


def test_numbers_of_eight_digits_and_our_own_are_read_back() -> None:
    for number in ("96385074", make_internal_number(1), make_internal_number(999_999_999)):
        read = zxingcpp.read_barcode(_picture(number))
        assert read is not None
        assert read.text == number


@pytest.mark.parametrize("text", ["", "4006381333932", "400638133393", "40063813339३1", "14006381333938", "abcdefgh"])
def test_what_has_no_symbol_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        barcodes.modules(text)


def test_a_case_number_gives_way_to_our_own_on_a_label() -> None:
    assert barcodes.printable_number("8991234567891", "2000000000015") == "8991234567891"
    assert barcodes.printable_number("18991234567898", "2000000000015") == "2000000000015"
    assert barcodes.printable_number(None, None) is None
