"""Phone numbers are written in many ways and kept in one (U13)."""

from __future__ import annotations

import pytest

from kernel.errors import InvalidInput
from kernel.phones import normalise_phone


@pytest.mark.parametrize(
    "written",
    [
        "081234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        "+6281234567890",
        "+62 812 3456 7890",
        "6281234567890",
        "62 812-3456-7890",
        "(0812) 34567890",
    ],
)
def test_every_usual_way_of_writing_is_kept_as_one(written: str) -> None:
    assert normalise_phone(written) == "+6281234567890"


def test_a_foreign_number_keeps_its_country() -> None:
    assert normalise_phone("+65 9123 4567") == "+6591234567"


def test_nothing_stays_nothing() -> None:
    assert normalise_phone("  ") == ""


@pytest.mark.parametrize("written", ["12", "abc", "0812", "+", "０８１２３４５６７８９０", "0812345678901234567", "1e9", "-1"])
def test_what_cannot_be_a_number_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        normalise_phone(written)
