"""Tables as a workbook (XLSX) of plain cells, written row by row while it is sent: memory does not grow with it.

Only what a spreadsheet program needs (ECMA-376, part 1): texts stand in their cells, without styles. openpyxl takes four
times as long and a file of its own, too long for a worker that answers within half a minute (docs/reports.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from storefront.spreadsheets import Cell, safe_cell

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a sheet's name may not hold, and how long it may be.
_NOT_IN_NAMES, _LONGEST_NAME = str.maketrans("", "", "[]:*?/\\'"), 31
#: Signs that XML cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Rows that are compressed together, and bytes that are sent together.
_ROWS_AT_ONCE, _BYTES_AT_ONCE = 200, 65_536
#: Speed before size: the worker is somebody's shop.
_LEVEL = 1

#: The folder of the book inside the zip.
_BOOK = "xl"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook_parts(sheets: Sequence[tuple[str, Iterable[Sequence[Cell]]]]) -> Iterator[bytes]:
    """The file in parts, with one sheet for each (name, rows); no cell is a formula (A7 of the faults' list).

    Texts get the same apostrophe as in CSV: a workbook may be saved as one later.
    """
    sent = _Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for name, text in _frame([name for name, _rows in sheets]).items():
            book.writestr(name, _XML + text)
        for number, (_name, rows) in enumerate(sheets, 1):
            with book.open(f"{_BOOK}/worksheets/sheet{number}.xml", "w") as sheet:
                for text in _sheet(rows):
                    sheet.write(text.encode())
                    if sent.size >= _BYTES_AT_ONCE:
                        yield sent.take()
    yield sent.take()


class _Sent(RawIOBase):
    """What was written and not taken yet; a zip that is written here never goes back."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        self.size += len(part)
        return len(part)

    def take(self) -> bytes:
        """Everything so far, to be sent."""
        taken = b"".join(self.parts)
        self.parts, self.size = [], 0
        return taken


def _sheet(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    written = [f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>']
    columns: list[str] = []
    for number, row in enumerate(rows, 1):
        columns += [_column(at) for at in range(len(columns), len(row))]
        written.append(f'<row r="{number}">')
        written += [_cell(f"{column}{number}", value) for column, value in zip(columns, row, strict=False) if value is not None]
        written.append("</row>")
        if number % _ROWS_AT_ONCE == 0:
            yield "".join(written)
            written = []
    yield "".join([*written, "</sheetData></worksheet>"])


def _cell(place: str, value: str | int) -> str:
    safe = safe_cell(value)
    if isinstance(safe, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(_NOT_IN_XML.sub("", safe))}</t></is></c>'
    return f'<c r="{place}"><v>{safe}</v></c>'


def _column(at: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    return (_column(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def _frame(names: Sequence[str]) -> dict[str, str]:
    """Path -> text of the parts around the sheets."""
    taken: set[str] = set()
    numbered = [(number, quoteattr(_sheet_name(name, taken))) for number, name in enumerate(names, 1)]
    sheets = "".join(f'<sheet name={name} sheetId="{number}" r:id="rId{number}"/>' for number, name in numbered)
    parts = "".join(
        f'<Override PartName="/{_BOOK}/worksheets/sheet{number}.xml" ContentType="{_CONTENT}.worksheet+xml"/>' for number, _ in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{number}.xml"/>' for number, _ in numbered
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{_BOOK}/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="{_BOOK}/workbook.xml"/></Relationships>',
        f"{_BOOK}/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{sheets}</sheets></workbook>',
        f"{_BOOK}/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = (_NOT_IN_XML.sub("", name).translate(_NOT_IN_NAMES).strip() or "-")[:_LONGEST_NAME]
    number = 1
    while plain in taken:
        number += 1
        plain = f"{plain[: _LONGEST_NAME - 3]} {number}"
    taken.add(plain)
    return plain
