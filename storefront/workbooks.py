"""Tables as a workbook (XLSX) of plain cells: written row by row to a file, so that memory does not grow with it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

from storefront.spreadsheets import Cell, safe_cell

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a sheet's name may not hold, and how long it may be.
_NOT_IN_NAMES, _LONGEST_NAME = str.maketrans("", "", "[]:*?/\\'"), 31


def write_workbook(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> IO[bytes]:
    """A temporary file, at its beginning, with one sheet for each (name, rows); no cell is a formula (A7 of the faults' list).

    Texts get the same apostrophe as in CSV: a workbook may be saved as one later.
    """
    # Loaded with the first workbook: it takes a second and megabytes that other pages do not need.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    names: set[str] = set()
    for name, rows in sheets:
        sheet = book.create_sheet(_sheet_name(name, names))
        for row in rows:
            sheet.append([_cell(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever answers closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(value: Cell) -> Cell:
    safe = safe_cell(value)
    return "".join(sign for sign in safe if sign >= " " or sign in "\t\n\r") if isinstance(safe, str) else safe


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = (name.translate(_NOT_IN_NAMES).strip() or "-")[:_LONGEST_NAME]
    number = 1
    while plain in taken:
        number += 1
        plain = f"{plain[: _LONGEST_NAME - 3]} {number}"
    taken.add(plain)
    return plain
