"""Tables that people send, as rows of text: CSV in any usual writing, or XLSX; and the row that holds the headings."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence

from catalog.tables.workbook import LARGEST_UNPACKED, check_workbook, read_workbook
from kernel.errors import N_, InvalidInput

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 100_000, 60, 5_200
#: Headings stand within the first rows: above them are titles, letterheads, dates.
HEADER_WITHIN = 25
_PACKED = b"PK\x03\x04"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: What a spreadsheet in Indonesia saves when it does not save UTF-8.
_USUAL = "cp1252"
_SAMPLE = 100_000
_NOT_OURS = (".xls", ".ods", ".pdf", ".doc", ".docx", ".numbers")

Score = Callable[[Sequence[str]], int]


def check_file(name: str, data: bytes, *, largest: int = LARGEST_FILE, unpacked: int = LARGEST_UNPACKED) -> None:
    """Refuse at once what is no table of ours; the rest shows while it is read. Both limits in bytes."""
    if not data:
        raise InvalidInput(N_("The file is empty."), field="file")
    if len(data) > largest:
        raise InvalidInput(N_("The file is too large. Please send a list with fewer rows."), field="file")
    if data[:4] == _PACKED:
        check_workbook(data, unpacked)
    elif name.lower().endswith(_NOT_OURS) or data[:4] in (b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file")


def read_rows(data: bytes, score: Score, *, fills_merged: bool = True) -> Iterator[list[str]]:
    """Every row of the table from the first line on, trimmed; raises InvalidInput when there are too many or it is no table.

    `fills_merged`: a cell merged over several rows says the same in each.
    """
    is_packed = data[:4] == _PACKED
    lines = read_workbook(data, score, MOST_COLUMNS, HEADER_WITHIN, fills_merged=fills_merged) if is_packed else _csv_rows(data)
    for number, cells in enumerate(lines, 1):
        if number > MOST_ROWS + HEADER_WITHIN:
            raise InvalidInput(N_("The file has more than %(most)s rows. Please split it."), field="file", most=MOST_ROWS)
        trimmed = [_cell(cell) for cell in cells[:MOST_COLUMNS]]
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        yield trimmed


def find_header(rows: Sequence[Sequence[str]], score: Score) -> int:
    """The number (from 1) of the row among the first ones that knows most headings; 1 when none knows any."""
    best, known = 1, 0
    for number, cells in enumerate(rows[:HEADER_WITHIN], 1):
        if (found := score(cells)) > known:
            best, known = number, found
    return best


def decode(data: bytes) -> str:
    """The text of a CSV file: by its mark, as UTF-16 without one, as UTF-8, or by what its letters look like."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    start = data[:2_000]
    if start.count(0) > len(start) // 4:
        return _decoded(data, "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be")
    if b"\x00" in data[:_SAMPLE]:
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    """Not UTF-8. Where the letters fit the usual Windows code page it is that one; else whatever they look like most."""
    try:
        return data.decode(_USUAL)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # rarely needed, and slow to load

        best = from_bytes(data[:_SAMPLE]).best()
        return data.decode(best.encoding if best else _USUAL, errors="replace")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file") from None


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = decode(data)
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    delimiter = ""
    if told.startswith("sep=") and len(told) == 5:  # what Excel writes and no table holds
        text, delimiter = rest, told[4]
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or find_delimiter(text))
    except csv.Error:
        raise InvalidInput(N_("Please send a CSV or XLSX file."), field="file") from None


def find_delimiter(text: str) -> str:
    """The sign that parts the cells: the one by which most of the first rows have the same, largest number of cells."""
    beginning = text[:20_000]

    def regular(delimiter: str) -> tuple[int, int]:
        try:
            widths = [
                len(row)
                for _number, row in zip(
                    range(HEADER_WITHIN), csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter), strict=False
                )
                if any(row)
            ]
        except csv.Error:
            return (0, 0)
        wide = [width for width in widths if width > 1]
        if not wide:
            return (0, 0)
        usual = max(set(wide), key=wide.count)
        return (wide.count(usual), usual)

    return max(",;\t|", key=regular)


def _cell(text: str) -> str:
    """A cell without the spaces around it, and without the apostrophe that our own exports put before what would begin a formula."""
    cleaned = text.replace("\N{NO-BREAK SPACE}", " ").strip()[:LONGEST_CELL]
    if len(cleaned) > 1 and cleaned[0] == "'" and cleaned[1] in "=+-@|%＝＋－＠":
        return cleaned[1:]
    return cleaned
