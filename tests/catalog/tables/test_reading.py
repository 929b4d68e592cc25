"""Files as people really send them."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import pytest
from openpyxl import Workbook

from catalog.importing.columns import count_known
from catalog.models.importing import ImportKind
from catalog.tables.reading import MOST_ROWS, check_file, decode, find_delimiter, find_header, read_rows
from catalog.tables.workbook import check_workbook
from kernel.errors import InvalidInput

SCORE = partial(count_known, ImportKind.MAKERS)
HEADINGS = ["Nama Usaha", "Desa", "No. HP"]


def sheet(*rows: list[object], **more: object) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for merged in more.get("merged", ()):  # type: ignore[attr-defined]
        page.merge_cells(merged)
    if more.get("hidden"):
        secret = book.create_sheet("Rahasia", 0)
        secret.append(HEADINGS)
        secret.append(["Dapur Rahasia", "Karang Agung", ""])
        secret.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_in_whatever_a_spreadsheet_saved_it(encoding: str) -> None:
    text = "Nama Usaha;Desa\r\nCafé Béta “Ros”;Karang Agung\r\n"
    assert list(read_rows(text.encode(encoding), SCORE))[1] == ["Café Béta “Ros”", "Karang Agung"]


def test_no_bytes_without_zero_stop_a_csv() -> None:
    assert decode(bytes(range(1, 256)) * 3).count(";") == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found_though_others_stand_in_the_text(delimiter: str) -> None:
    rows = [["Nama", "Desa", "Cerita"], ["Bu Ros", "Betung", '"Asin, manis; dan | pedas"'], ["Pak Jaya", "Betung", "Garing"]]
    assert find_delimiter("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_excels_own_line_about_the_separator_is_heard() -> None:
    assert list(read_rows(b"sep=;\r\nNama;Desa\r\nA;B\r\n", SCORE)) == [["Nama", "Desa"], ["A", "B"]]


def test_the_headings_are_found_below_titles_and_letterheads() -> None:
    rows = [["DINAS KOPERASI DAN UKM"], ["Daftar UMKM tahun 2026"], [], ["No", *HEADINGS], ["1", "Dapur A", "Betung", "0812"]]
    assert find_header(rows, SCORE) == 4


def test_our_own_apostrophe_before_a_formula_sign_goes_again() -> None:
    assert list(read_rows(b"Nama;HP\r\n'+62812;'=1+1\r\n", SCORE))[1] == ["+62812", "=1+1"]


def test_a_workbook_gives_its_visible_table_with_merged_cells_filled() -> None:
    data = sheet(
        ["Daftar", None, None],
        HEADINGS,
        ["Dapur A", "Betung", 81234567890],
        [None, "Karang Agung", "0812"],
        merged=("A1:C1", "A3:A4"),
        hidden=True,
    )
    rows = list(read_rows(data, SCORE))
    assert rows[2] == ["Dapur A", "Betung", "81234567890"]
    assert rows[3] == ["Dapur A", "Karang Agung", "0812"]
    assert not any("Rahasia" in cell for row in rows for cell in row)


def test_a_formula_in_a_workbook_is_never_its_value() -> None:
    assert list(read_rows(sheet(HEADINGS, ['=HYPERLINK("http://x","A")', "Betung", "1"]), SCORE))[1][0] == "="


def test_a_thousand_empty_rows_end_a_table_however_far_it_says_it_goes() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(HEADINGS)
    page.append(["Dapur A", "Betung", "1"])
    page.cell(row=1_048_576, column=1, value="jauh")
    out = io.BytesIO()
    book.save(out)
    assert sum(1 for cells in read_rows(out.getvalue(), SCORE) if any(cells)) == 2


def test_more_rows_than_one_import_may_have_are_refused() -> None:
    with pytest.raises(InvalidInput, match="more than"):
        for _cells in read_rows(b"a;b\n" * (MOST_ROWS + 30), SCORE):
            pass


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("kosong.csv", b""),
        ("tua.xls", b"\xd0\xcf\x11\xe0xxxx"),
        ("surat.pdf", b"%PDF-1.4"),
        ("rusak.xlsx", b"PK\x03\x04rusak"),
        ("besar.csv", b"a" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_table_is_refused_at_once(name: str, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        check_file(name, data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 5_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(InvalidInput, match="too large"):
        check_workbook(out.getvalue())


def test_a_document_type_in_a_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with pytest.raises(InvalidInput):
        check_workbook(out.getvalue())
