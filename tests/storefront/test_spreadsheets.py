"""Exports that a spreadsheet reads as what they say, and nothing as a formula (A7)."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from storefront.spreadsheets import csv_rows, safe_cell

BAD = ["=1+1", "+62812", "-5 tahun", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠x", "|x", "%x"]


@pytest.mark.parametrize("text", BAD)
def test_what_would_begin_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_plain_text_stays_as_it_is() -> None:
    assert [safe_cell(value) for value in (-5, 0, 25_000, None, "Keripik ubi", "0001112223", "a=b")] == [
        -5,
        0,
        25_000,
        None,
        "Keripik ubi",
        "0001112223",
        "a=b",
    ]


def test_rows_are_read_back_as_they_were_written() -> None:
    rows = [['Nama, dan "kutip"', "baris\nbaru", -3], *([f"baris {number}", "x", number] for number in range(450))]
    parts = list(csv_rows(rows))
    assert len(parts) == 3
    text = "".join(parts)
    assert text.startswith("\ufeff")
    back = list(csv.reader(StringIO(text[1:], newline="")))
    assert back == [[str(cell) for cell in row] for row in rows]


def test_every_cell_read_back_begins_no_formula() -> None:
    text = "".join(csv_rows([BAD]))[1:]
    (row,) = csv.reader(StringIO(text, newline=""))
    assert all(cell.startswith("'") for cell in row)
