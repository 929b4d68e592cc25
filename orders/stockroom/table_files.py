"""Tables that people send: CSV in any usual writing, or the first sheet of an XLSX file, within bounds and without formulas."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kernel.errors import N_, InvalidInput

LARGEST_FILE = 2 * 1024 * 1024
#: What an XLSX file may hold once unpacked, and how much larger than its packed size: a table of 1,000 rows is far below.
LARGEST_UNPACKED, MOST_PARTS, LARGEST_RATIO = 20 * 1024 * 1024, 200, 200
MOST_COLUMNS, LONGEST_CELL = 60, 500
_HEADER_WITHIN = 15
_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r")
_SPACES = re.compile(r"\s+")
_NO_SHEET = N_("This XLSX file cannot be read. Please save it anew, or as CSV.")
_TOO_LARGE = N_("The file is too large. Please send a list with fewer rows.")
_FORMULA = N_("This row holds a formula. Please paste the values instead.")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the file, and its cells by what their columns hold. `problem` is an English msgid, or ""."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def read_table(name: str, data: bytes, columns: Mapping[str, frozenset[str]], needed: Sequence[str], *, most: int) -> list[SheetRow]:
    """The rows below the row of column names. Raises InvalidInput for a file that is too large, no table, or lacks a needed column."""
    if not data:
        raise InvalidInput(N_("The file is empty."), field="file")
    if len(data) > LARGEST_FILE:
        raise InvalidInput(_TOO_LARGE, field="file")
    lines = _xlsx_lines(data) if data[:4] == b"PK\x03\x04" else _csv_lines(name, data)
    rows: list[SheetRow] = []
    places: dict[str, int] = {}
    for number, cells in enumerate(lines, start=1):
        if not places:
            places = _header(cells, columns, needed)
            if not places and number > _HEADER_WITHIN:
                break
            continue
        if any(cell.strip() for cell in cells):
            rows.append(_row(number, cells, places))
        if len(rows) > most:
            raise InvalidInput(N_("The file has more than %(most)s rows. Please split it."), field="file", most=most)
    if not places:
        raise InvalidInput(N_("We found no columns for barcode and quantity in this file."), field="file")
    return rows


def _header(cells: Sequence[str], columns: Mapping[str, frozenset[str]], needed: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = _SPACES.sub(" ", cell.replace("_", " ").replace("-", " ")).strip().lower()
        for kind, names in columns.items():
            if words in names and kind not in found:
                found[kind] = place
    return found if all(kind in found for kind in needed) else {}


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> SheetRow:
    found = {kind: cells[place].strip()[:LONGEST_CELL] if place < len(cells) else "" for kind, place in places.items()}
    problem = _FORMULA if any(value.startswith(_FORMULA_SIGNS) for value in found.values()) else ""
    return SheetRow(number, found, problem)


def _csv_lines(name: str, data: bytes) -> Iterator[list[str]]:
    if b"\x00" in data or name.lower().endswith((".xls", ".ods", ".pdf")):
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    beginning = "\n".join(text.splitlines()[:_HEADER_WITHIN])
    delimiter = max(",;\t|", key=beginning.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield cells[:MOST_COLUMNS]
    except csv.Error:
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file") from None


def _xlsx_lines(data: bytes) -> Iterator[list[str]]:
    """The first sheet, read as a stream. Formulas stay text that begins with `=`."""
    _check_zip(data)
    from openpyxl import load_workbook  # read only when somebody sends such a file

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # hostile files fail in any way
        raise InvalidInput(_NO_SHEET, field="file") from None
    try:
        sheet = book.worksheets[0]
        for values in _guarded(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
            yield [_text(value) for value in values]
    except IndexError:
        raise InvalidInput(_NO_SHEET, field="file") from None
    finally:
        book.close()


def _guarded(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    walk = iter(rows)
    while True:
        try:
            values = next(walk)
        except StopIteration:
            return
        except Exception:  # the XML of a hostile sheet fails while it is walked
            raise InvalidInput(_NO_SHEET, field="file") from None
        yield values


def _check_zip(data: bytes) -> None:
    """Refuse what unpacks to far more than it weighs, and documents that define entities of their own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
                raise InvalidInput(_TOO_LARGE, field="file")
            if any(part.file_size > 100_000 and part.file_size > LARGEST_RATIO * max(1, part.compress_size) for part in parts):
                raise InvalidInput(_TOO_LARGE, field="file")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(4_096).upper():
                            raise InvalidInput(_NO_SHEET, field="file")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise InvalidInput(_NO_SHEET, field="file") from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if type(value).__module__.startswith("openpyxl."):
        return "="  # array formulas and data tables come as objects
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
