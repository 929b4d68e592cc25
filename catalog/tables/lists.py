"""Short lists that people send (a delivery, an order): rows by what their columns are called, a few thousand at most, without formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.tables.reading import HEADER_WITHIN, check_file, read_rows
from kernel.errors import N_, InvalidInput

#: A list of 1,000 rows is far below either, unpacked or not.
LARGEST_FILE, LARGEST_UNPACKED = 2 * 1024 * 1024, 20 * 1024 * 1024
LONGEST_CELL = 500
_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r")
_SPACES = re.compile(r"\s+")
_FORMULA = N_("This row holds a formula. Please paste the values instead.")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the file, and its cells by what their columns hold. `problem` is an English msgid, or ""."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def read_table(name: str, data: bytes, columns: Mapping[str, frozenset[str]], needed: Sequence[str], *, most: int) -> list[SheetRow]:
    """The rows below the row of column names. Raises InvalidInput for a file that is too large, no table, or lacks a needed column."""
    check_file(name, data, largest=LARGEST_FILE, unpacked=LARGEST_UNPACKED)
    lines = read_rows(data, lambda cells: len(_places(cells, columns)), fills_merged=False)  # a merged quantity was counted once
    rows: list[SheetRow] = []
    places: dict[str, int] = {}
    for number, cells in enumerate(lines, start=1):
        if not places:
            found = _places(cells, columns)
            places = found if all(kind in found for kind in needed) else {}
            if not places and number > HEADER_WITHIN:
                break
            continue
        if any(cells):
            rows.append(_row(number, cells, places))
        if len(rows) > most:
            raise InvalidInput(N_("The file has more than %(most)s rows. Please split it."), field="file", most=most)
    if not places:
        raise InvalidInput(N_("We found no columns for barcode and quantity in this file."), field="file")
    return rows


def _places(cells: Sequence[str], columns: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """What a row of column names says stands where."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = _SPACES.sub(" ", cell.replace("_", " ").replace("-", " ")).strip().lower()
        for kind, names in columns.items():
            if words in names and kind not in found:
                found[kind] = place
    return found


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> SheetRow:
    found = {kind: cells[place][:LONGEST_CELL] if place < len(cells) else "" for kind, place in places.items()}
    problem = _FORMULA if any(value.startswith(_FORMULA_SIGNS) for value in found.values()) else ""
    return SheetRow(number, found, problem)
