"""Tables for spreadsheets as CSV that no program takes for formulas, row by row (A7 of the faults' list)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

#: Signs with which a cell becomes a formula, in their full-width forms too, which spreadsheets fold.
_STARTS = tuple("=+-@|%\t\r\n＝＋－＠")
#: Rows that are written together.
_AT_ONCE = 200

Cell = str | int | None


def safe_cell(value: Cell) -> Cell:
    """`value`, as text that stays text: what would begin a formula gets an apostrophe. Numbers stay numbers."""
    if not isinstance(value, str):
        return value
    if value.startswith(_STARTS) or value.lstrip().startswith(_STARTS):
        return f"'{value}"
    return value


def csv_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows as text, a few hundred at a time; begins with the mark by which spreadsheets know UTF-8."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    written.write("\ufeff")
    for count, row in enumerate(rows, 1):
        writer.writerow([safe_cell(cell) for cell in row])
        if count % _AT_ONCE == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()
