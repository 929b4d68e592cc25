"""Lists that people send: every usual writing is read, hostile files are refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from catalog.tables.lists import read_table
from kernel.errors import InvalidInput

COLUMNS = {"number": frozenset({"kode", "barcode"}), "quantity": frozenset({"jumlah", "qty"}), "day": frozenset({"best before"})}
NEEDED = ("number", "quantity")


def _read(data: bytes, name: str = "titipan.csv", most: int = 100) -> list[tuple[int, dict[str, str], str]]:
    return [(row.number, row.cells, row.problem) for row in read_table(name, data, COLUMNS, NEEDED, most=most)]


def _xlsx(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"Kode,Jumlah,Best before\nV1,5,2027-01-02\n",
        b"Kode;Jumlah;Best before\r\nV1;5;2027-01-02\r\n",
        b"\xef\xbb\xbfKode\tJumlah\tBest_before\nV1\t5\t2027-01-02\n",
        "Titipan Ibu Contoh – November\n\nKODE | JUMLAH | BEST-BEFORE".replace(" | ", ";").encode("utf-8") + b"\nV1;5;2027-01-02\n",
        _xlsx(("Kode", "Jumlah", "Best before"), ("V1", 5.0, datetime(2027, 1, 2))),  # noqa: DTZ001 - a sheet knows no zone
        _xlsx(("Titipan",), ("Kode", "Jumlah", "Best before"), ("V1", 5, date(2027, 1, 2))),
    ],
)
def test_a_list_is_read_in_every_usual_writing(data: bytes) -> None:
    ((_number, cells, problem),) = _read(data)
    assert cells == {"number": "V1", "quantity": "5", "day": "2027-01-02"}
    assert problem == ""


def test_empty_rows_are_skipped_and_numbers_stay_those_of_the_file() -> None:
    assert [number for number, _cells, _problem in _read(b"Kode,Jumlah\n\nV1,5\n,\nV2,6\n")] == [3, 5]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1", '=HYPERLINK("http://contoh")'])
def test_a_formula_stops_its_row_only(cell: str) -> None:
    rows = _read(f'Kode,Jumlah\nV1,"{cell.replace(chr(34), chr(34) * 2)}"\nV2,5\n'.encode())
    assert [bool(problem) for _number, _cells, problem in rows] == [True, False]
    sheet = _read(_xlsx(("Kode", "Jumlah"), ("V1", "=1+1"), ("V2", 5)))
    assert [bool(problem) for _number, _cells, problem in sheet] == [True, False]


def test_a_quantity_merged_over_rows_counts_once() -> None:
    book, out = Workbook(), io.BytesIO()
    for row in (("Kode", "Jumlah"), ("V1", 5), ("V2", None)):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.save(out)
    assert [cells["quantity"] for _number, cells, _problem in _read(out.getvalue())] == ["5", ""]


def _bomb() -> bytes:
    """An XLSX of a few kilobytes that unpacks to 40 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return out.getvalue()


def _entities() -> bytes:
    good, out = io.BytesIO(_xlsx(("Kode", "Jumlah"), ("V1", 5))), io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            target.writestr(part.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Kode,Catatan\nV1,5\n",
        b"\x00\x01\x02",
        b"PK\x03\x04 no archive at all",
        b"x" * (2 * 1024 * 1024 + 1),
        _bomb(),
        _entities(),
        _xlsx(("Kode", "Jumlah"), ("V1", 5))[:-200],
    ],
    ids=["empty", "columns", "binary", "zip", "large", "bomb", "entities", "cut"],
)
def test_a_file_that_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        _read(data)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(InvalidInput, match="more than"):
        _read(b"Kode,Jumlah\n" + b"V1,5\n" * 101)
    with pytest.raises(InvalidInput):
        _read(b"%PDF-1.7", name="surat.pdf")
