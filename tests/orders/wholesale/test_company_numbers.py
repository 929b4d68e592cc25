"""Company numbers: taken as people write them, refused when a digit is wrong."""

from __future__ import annotations

import pytest

from kernel.errors import InvalidInput
from orders.wholesale.company_numbers import parse_nib, parse_npwp


@pytest.mark.parametrize("text", ["01.234.567.4-092.000", "012345674092000", " 0012 3456 7409 2000 "])
def test_a_taxpayer_number_is_taken_as_people_write_it(text: str) -> None:
    assert parse_npwp(text) in {"012345674092000", "0012345674092000"}


def test_a_persons_number_is_that_of_the_identity_card() -> None:
    assert parse_npwp("1612014506900002") == "1612014506900002"


@pytest.mark.parametrize(
    "text", ["", "abc", "01234567409200", "01234567509200", "012345675092000", "0000000000000000", "٠١٢٣٤٥٦٧٤٠٩٢٠٠٠", "0012345675092000"]
)
def test_a_wrong_taxpayer_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_npwp(text)
    assert refusal.value.field == "npwp"


def test_a_business_number_has_thirteen_digits() -> None:
    assert parse_nib("1234 5678 90123") == "1234567890123"
    for wrong in ("123456789012", "12345678901234", "123456789012X"):
        with pytest.raises(InvalidInput):
            parse_nib(wrong)
