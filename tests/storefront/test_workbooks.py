"""Workbooks read back as they were written, and hold no formula."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from storefront.spreadsheets import Cell
from storefront.workbooks import workbook_parts

BAD = ["=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", " =1", "|calc", "%0A", "\n=1"]


def read(sheets: list[tuple[str, list[list[Cell]]]]) -> Workbook:
    """What a spreadsheet program finds."""
    return load_workbook(BytesIO(b"".join(workbook_parts(sheets))))


def test_no_cell_is_a_formula_and_numbers_stay_numbers() -> None:
    first, second = read([("Bad", [BAD, [-5, 0, 10**12, None, "plain"]])])["Bad"].iter_rows()
    assert [cell.data_type for cell in first] == ["s"] * len(BAD)
    assert all(str(cell.value).startswith("'") for cell in first)
    assert [cell.value for cell in second][:5] == [-5, 0, 10**12, None, "plain"]
    assert second[0].data_type == "n"


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb\x1f", "\x1b[1m"])
def test_signs_that_a_workbook_cannot_hold_are_left_out(text: str) -> None:
    kept = "".join(sign for sign in text if sign >= " ")
    assert read([("One", [[text]])])["One"]["A1"].value == kept


def test_sheets_have_names_that_spreadsheets_accept() -> None:
    names = read([("Sebab/akibat: [2026]?", []), ("x" * 60, []), ("x" * 60, []), ("", [])]).sheetnames
    assert names[0] == "Sebabakibat 2026"
    assert len(set(names)) == 4
    assert all(0 < len(name) <= 31 for name in names)


def test_a_large_workbook_comes_in_parts_and_is_whole() -> None:
    rows: list[list[Cell]] = [[number, f"baris <{number}> & «ñ»", None, number * 7] for number in range(20_000)]
    parts = list(workbook_parts([("Satu", rows), ("Dua", [["a"] * 30])]))
    assert len(parts) > 3
    assert max(map(len, parts)) < 200_000
    book = load_workbook(BytesIO(b"".join(parts)), read_only=True)
    assert [list(row) for row in book["Satu"].iter_rows(values_only=True)] == rows
    assert book["Dua"]["AD1"].value == "a"
    book.close()
