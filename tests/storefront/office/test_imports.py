"""Imports in the office: a messy table from the file to the rows that wait to be corrected, page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.importing import ImportKind, ImportRun, ImportState
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product
from storefront import importing
from tests.cast import ADMINISTRATOR, CASHIER, CURATOR, CURATOR_ELSEWHERE, World
from tests.make import make_category
from tests.storefront.office.conftest import SignIn

Work = Callable[[], None]


def messy_workbook(makers: list[str]) -> bytes:
    """Two hundred rows as an office keeps them: a hidden sheet, titles, merged makers, 3 % bad, two doubles, a formula."""
    book = Workbook()
    notes = book.active
    assert notes is not None
    notes.title = "catatan"
    notes.append(["Catatan rapat"])
    sheet = book.create_sheet("Produk")
    sheet.append(["DINAS KOPERASI DAN UKM KABUPATEN PALI"])
    sheet.append(["Daftar produk, per 21 November 2026"])
    sheet.append([])
    sheet.append(["No", "Nama UMKM", "Nama Produk", "Kategori", "Masa Simpan", "Status Halal", "Uraian"])
    for number in range(1, 201):
        category = "Rak yang tidak ada" if number % 34 == 0 else "Makanan ringan"
        halal = "mungkin" if number == 50 else "Belum"
        maker = makers[number % len(makers)] if number not in (11, 12) else (makers[0] if number == 11 else None)
        name = "=1+1" if number == 60 else f"Keripik ke-{number}"
        sheet.append([number, maker, name, category, "3 bulan", halal, f"Renyah, “gurih”; nomor {number}"])
    sheet.merge_cells("B15:B16")  # rows of number 11 and 12
    sheet.append([201, makers[1], "Keripik ke-1", "Makanan ringan", "3 bulan", "Belum", "Renyah, “gurih”; nomor 1"])
    sheet.append([202, makers[2 % len(makers)], "Keripik ke-2", "Makanan ringan", "1 bulan", "Sudah", "lain"])
    hidden = book.create_sheet("lama")
    hidden.append(["Nama UMKM", "Nama Produk", "Kategori"])
    hidden.append([makers[0], "Produk Rahasia", "Makanan ringan"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(browser: FlaskClient, data: bytes, name: str, kind: str) -> str:
    answer = browser.post("/office/imports", data={"kind": kind, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.fixture
def work(app: Flask) -> Work:
    """A long turn of the worker."""

    def turn() -> None:
        with app.app_context():
            importing.work_imports(20)

    return turn


def columns_of(run: ImportRun) -> dict[str, str]:
    return {"header_row": str(run.header_row)} | {f"at-{place}": name for name, place in run.mapping.items()}


def newest(session: Session) -> ImportRun:
    session.expire_all()
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


@pytest.fixture
def makers(session: Session, world: World) -> list[str]:
    return list(session.scalars(select(Maker.name).where(Maker.village_code.startswith("16.12")).order_by(Maker.id)))


def test_a_messy_workbook_comes_in_and_its_bad_rows_come_back(
    sign_in: SignIn, session: Session, world: World, makers: list[str], work: Work
) -> None:
    make_category(session, name_id="Makanan ringan", slug="ringan")
    session.commit()
    before = session.scalar(select(func.count()).select_from(Product)) or 0
    browser = sign_in(CURATOR)
    address = send(browser, messy_workbook(makers), "produk.xlsx", "products")
    page = browser.get(address).text
    assert "Berkas sedang dibaca" in page
    assert '<meta http-equiv="refresh" content="2">' in page
    work()
    page = browser.get(address).text
    assert "Kolom-kolomnya kami kenali" in page
    assert "Produk Rahasia" not in page
    run = newest(session)
    assert (run.header_row, run.rows_total) == (4, 202)
    assert browser.post(f"{address}/columns", data=columns_of(run)).status_code == 303
    assert "Setiap baris sedang diperiksa" in browser.get(address).text
    work()
    run = newest(session)
    # 34, 68 … 170 have no shelf; 50 no halal state; 60 is a formula; 202 says something else about what row 2 said.
    assert run.planned == {"new": 193, "changed": 0, "unchanged": 1, "bad": 8}
    assert session.scalar(select(func.count()).select_from(Product)) == before
    page = browser.get(address).text
    assert "Masukkan 193 baris" in page
    assert "Tidak ada kategori “Rak yang tidak ada”." in page
    assert browser.post(f"{address}/run").status_code == 303
    assert 'max="202"' in browser.get(address).text
    work()
    run = newest(session)
    assert (run.state, run.counts) == (ImportState.DONE, run.planned)
    assert "Hasilnya" in browser.get(address).text
    assert "/office/products" in browser.get(address).text, "and leads to what came in"
    made = session.scalars(select(Product).where(Product.name_id.startswith("Keripik ke-"))).all()
    assert len(made) == 193
    assert {product.state for product in made} == {ListingState.DRAFT}
    rows = list(csv.reader(io.StringIO(browser.get(f"{address}/bad-rows.csv").text.removeprefix("\ufeff"))))
    assert rows[0] == ["No", "Nama UMKM", "Nama Produk", "Kategori", "Masa Simpan", "Status Halal", "Uraian", "Baris", "Sebab"]
    assert len(rows) == 9
    assert "Kategori: Tidak ada kategori" in rows[1][-1]
    assert rows[3][2] == "'="
    english = browser.get(f"/en{address}/bad-rows.xlsx")
    sheet = load_workbook(io.BytesIO(english.data)).active
    assert sheet is not None
    assert sheet.cell(1, 9).value == "Why"
    _correct_and_send_again(browser, session, rows, work)


def _correct_and_send_again(browser: FlaskClient, session: Session, rows: list[list[str]], work: Work) -> None:
    for row in rows[1:]:
        row[3], row[5] = "Makanan ringan", "belum"
    rows[3][2] = "Keripik ke-60"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    address = send(browser, out.getvalue().encode("utf-16"), "diperbaiki.csv", "products")
    work()
    browser.post(f"{address}/columns", data=columns_of(newest(session)))
    work()
    run = newest(session)
    assert (run.planned["new"], run.planned["bad"]) == (7, 0)
    assert run.planned["changed"] == 1  # the row that contradicted an earlier one is a correction now


def test_a_file_that_is_no_table_is_refused_with_a_reason(sign_in: SignIn, session: Session, work: Work) -> None:
    browser = sign_in(CURATOR)
    files = (("surat.pdf", b"%PDF-1.7", "CSV atau XLSX"), ("rusak.xlsx", b"PK\x03\x04xx", "XLSX"), ("kosong.csv", b"", "kosong"))
    for name, data, words in files:
        form = {"kind": "makers", "file": (io.BytesIO(data), name)}
        answer = browser.post("/office/imports", data=form, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert words in answer.text
    address = send(browser, b"Nama;Desa\r\n", "tanpa-baris.csv", "makers")
    work()
    assert "Tidak ada baris di bawah judul kolom." in browser.get(address).text


def test_it_is_stopped_resumed_and_removed(sign_in: SignIn, session: Session, work: Work) -> None:
    browser = sign_in(CURATOR)
    rows = "\n".join(["Nama;Desa", *(f"Dapur {number};Karang Agung" for number in range(60))])
    address = send(browser, rows.encode(), "pembuat.csv", "makers")
    work()
    browser.post(f"{address}/columns", data=columns_of(newest(session)))
    work()
    browser.post(f"{address}/run")
    assert browser.post(f"{address}/remove").status_code == 422
    browser.post(f"{address}/stop")
    work()
    assert newest(session).state is ImportState.STOPPED
    assert "Lanjutkan" in browser.get(address).text
    browser.post(f"{address}/run")
    work()
    assert newest(session).counts["new"] == 60
    assert browser.post(f"{address}/remove").status_code == 303
    assert browser.get(address).status_code == 404


def test_an_import_is_seen_by_who_sent_it_and_an_administrator(sign_in: SignIn, session: Session, world: World) -> None:
    address = f"/office/imports/{world.words['import']}"
    assert sign_in(CURATOR).get(address).status_code == 200
    assert sign_in(ADMINISTRATOR).get(address).status_code == 200
    assert sign_in(CURATOR_ELSEWHERE).get(address).status_code == 404
    assert sign_in(CASHIER).get(address).status_code == 403


@pytest.mark.parametrize("kind", list(ImportKind))
def test_templates_and_exports_are_tables_we_read_again(sign_in: SignIn, kind: ImportKind) -> None:
    browser = sign_in(CURATOR)
    for what in ("template", "all"):
        for ending in ("csv", "xlsx"):
            answer = browser.get(f"/en/office/tables/{kind.value}/{what}.{ending}")
            assert (answer.status_code, len(answer.data) > 20) == (200, True)
            assert "attachment" in answer.headers["Content-Disposition"]
    assert browser.get(f"/office/tables/{kind.value}/all.pdf").status_code == 404
    assert browser.get("/office/tables/users/all.csv").status_code == 404


@pytest.mark.one_database
def test_scripts_in_a_table_are_text_everywhere(sign_in: SignIn, session: Session, makers: list[str], work: Work) -> None:
    make_category(session, name_id="Makanan ringan", slug="ringan")
    session.commit()
    browser = sign_in(CURATOR)
    payloads = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:alert(1)")
    rows = [["Nama UMKM", "Nama Produk", "Kategori", "Uraian", "<b>Foto</b>"]]
    rows += [[makers[0], f"{text} {number}", "Makanan ringan", text, f"http://127.0.0.1/{text}"] for number, text in enumerate(payloads)]
    rows += [[text, "Produk", text, text, text] for text in payloads]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    address = send(browser, out.getvalue().encode(), "<script>alert(1)</script>.csv", "products")
    work()
    pages = [browser.get(address).text]
    browser.post(f"{address}/columns", data=columns_of(newest(session)))
    work()
    pages += [browser.get(f"{address}?show={show}").text for show in ("bad", "new")]
    browser.post(f"{address}/run")
    work()
    assert newest(session).counts["new"] == len(payloads)
    made = session.scalars(select(Product).where(Product.name_id.contains("alert(1)"))).all()
    pages += [browser.get(f"/office/products/{product.slug}").text for product in made]
    pages += [browser.get(each).text for each in ("/office/imports", "/office/products", "/office/translations")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
