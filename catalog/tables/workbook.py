"""XLSX files that people send: which sheet holds the table, its rows as text, merged cells filled; within bounds and never run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from kernel.errors import N_, InvalidInput

#: What a workbook may hold once unpacked, in how many parts, and how many times its packed size.
LARGEST_UNPACKED, MOST_PARTS, LARGEST_RATIO = 160 * 1024 * 1024, 200, 200
MOST_SHEETS, MOST_MERGED = 20, 20_000
#: After so many empty rows the table is over, however far a sheet says it goes.
EMPTY_ROWS = 1_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"")
_READ_AT_ONCE = 1 << 20
_NO_SHEET = N_("This XLSX file cannot be read. Please save it anew, or as CSV.")
_TOO_LARGE = N_("The file is too large. Please send a list with fewer rows.")
#: Stands where a formula was: such a row is refused, because its value may be anything.
FORMULA = "="

Rows = Iterator[list[str]]


def check_workbook(data: bytes, unpacked: int = LARGEST_UNPACKED) -> None:
    """Refuse what unpacks to far more than it weighs, and documents that define entities of their own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > unpacked:
                raise InvalidInput(_TOO_LARGE, field="file")
            if any(part.file_size > 100_000 and part.file_size > LARGEST_RATIO * max(1, part.compress_size) for part in parts):
                raise InvalidInput(_TOO_LARGE, field="file")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(4_096).upper():
                            raise InvalidInput(_NO_SHEET, field="file")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError):
        raise InvalidInput(_NO_SHEET, field="file") from None


def read_workbook(data: bytes, score: Callable[[Sequence[str]], int], columns: int, look: int, *, fills_merged: bool = True) -> Rows:
    """The rows of the visible sheet of which one of the first `look` rows has the best `score`. Hidden sheets are passed over."""
    check_workbook(data)
    from openpyxl import load_workbook  # read only when somebody sends such a file

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # hostile files fail in any way
        raise InvalidInput(_NO_SHEET, field="file") from None
    try:
        sheets = [sheet for sheet in book.worksheets[:MOST_SHEETS] if sheet.sheet_state == "visible"]
        if not sheets:
            raise InvalidInput(_NO_SHEET, field="file")
        best = max(sheets, key=lambda sheet: _best_score(_lines(sheet, columns), score, look))
        yield from _filled(_lines(best, columns), _merged_below(data, best) if fills_merged else {})
    finally:
        book.close()


def _best_score(rows: Rows, score: Callable[[Sequence[str]], int], look: int) -> int:
    return max((score(cells) for _number, cells in zip(range(look), rows, strict=False)), default=0)


def _lines(sheet: Any, columns: int) -> Rows:
    empty = 0
    for values in _guarded(sheet.iter_rows(max_col=columns, values_only=True)):
        cells = [_text(value) for value in values]
        empty = 0 if any(cells) else empty + 1
        if empty > EMPTY_ROWS:
            return
        yield cells


def _guarded(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """`rows`, with a plain refusal when the XML of a hostile sheet fails while it is walked."""
    walk = iter(rows)
    while True:
        try:
            values = next(walk)
        except StopIteration:
            return
        except Exception:
            raise InvalidInput(_NO_SHEET, field="file") from None
        yield values


def _text(value: object) -> str:
    """A cell as its text; days as ISO dates, whole numbers without a point, formulas as a lone equals sign."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.strip()
        return FORMULA if text.startswith("=") else text
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0")
    if isinstance(value, int | time):
        return str(value)
    return FORMULA  # array formulas and data tables come as objects


def _filled(rows: Rows, merged: dict[int, list[tuple[int, int]]]) -> Rows:
    """`rows`, where a cell merged over several rows says the same in each: people merge the maker over its products."""
    running = {column: sorted(spans, reverse=True) for column, spans in merged.items()}
    held: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(rows, 1):
        for column, spans in running.items():
            if column >= len(cells):
                continue
            if spans and spans[-1][0] == number:
                held[column] = (spans.pop()[1], cells[column])
            elif column in held and number <= held[column][0] and not cells[column]:
                cells[column] = held[column][1]
        yield cells


def _merged_below(data: bytes, sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Place of a column -> (first row, last row) of what is merged in it downwards, read from the end of the sheet's part."""
    found: dict[int, list[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(sheet._worksheet_path) as part:
            rest, count = b"", 0
            while chunk := part.read(_READ_AT_ONCE):
                text = rest + chunk
                cut = 0
                for match in _MERGED.finditer(text):
                    cut, count = match.end(), count + 1
                    first, last = int(match[2]), int(match[4])
                    if last > first and count <= MOST_MERGED:
                        found.setdefault(_place(match[1]), []).append((first, last))
                rest = text[max(cut, len(text) - 200) :]
    except (KeyError, AttributeError, zipfile.BadZipFile, OSError):
        return {}
    return found


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
