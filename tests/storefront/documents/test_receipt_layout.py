from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from storefront.documents.columns import WIDTHS, Row, Style, clean, large_pair, pair, stamp, width_of, wrap
from storefront.documents.receipt_layout import Receipt, lay_out
from storefront.documents.receipt_words import all_receipt_words
from storefront.documents.report_layout import lay_out_report
from tests.storefront.documents.receipt_examples import CASES, EXAMPLES, REPORT, full_sale, goods_back, sale

WORDS = {key: key for key in (
    "phone", "return", "copy", "cashier", "original", "unsynced", "subtotal", "discount", "voucher", "total", "net", "base", "rounding",
    "cash", "qris", "card", "transfer", "change", "paid_back", "back_cash", "back_transfer", "reason", "signature", "scan", "thanks",
)}  # fmt: skip


def texts(receipt: Receipt, columns: int = 32) -> list[str]:
    return [row.text for row in lay_out(receipt, columns, WORDS)]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_row_is_wider_than_the_paper(name: str, columns: int) -> None:
    for row in lay_out(EXAMPLES[name](), columns, WORDS):
        if row.style is not Style.QR:
            assert width_of(row.text) <= (columns // 2 if row.style is Style.DOUBLE else columns), row


def test_amounts_stand_at_the_right_edge() -> None:
    rows = texts(sale())
    assert "  2 x 12.475              24.950" in rows
    assert f"cash{'50.000':>28}" in rows
    assert f"change{'25.100':>26}" in rows


def test_rounding_of_cash_is_a_line_of_its_own() -> None:
    assert f"rounding{'-50':>24}" in texts(sale())


def test_the_total_is_printed_large_where_it_fits() -> None:
    assert Row(Style.DOUBLE, "total   Rp24.950") in lay_out(sale(), 32, WORDS)
    assert large_pair("TOTAL", "Rp9.900.000.901", 32) == [Row(Style.STRONG, "TOTAL            Rp9.900.000.901")]


def test_ppn_is_printed_only_where_there_is_some() -> None:
    assert not [row for row in texts(sale()) if "PPN" in row]
    rows = texts(full_sale(), 48)
    assert f"net{'3.400.879':>45}" in rows
    assert f"base 11/12{'3.117.472':>38}" in rows
    assert f"PPN 12%{'374.096':>41}" in rows


def test_discounts_and_every_tender_are_printed() -> None:
    rows = "\n".join(texts(full_sale(), 42))
    for part in ("discount", "-100.000", "voucher HEMAT-LEBARAN", "-25.025", "qris", "QR-123456", "card", "4711 / trace 000123", "800.000"):
        assert part in rows


def test_maker_and_village_stand_below_the_goods_where_they_fit_on_one_line() -> None:
    assert "  Dapur Ibu Contoh" in texts(sale(), 32)
    assert "  Dapur Ibu Contoh, Desa Harapan Jaya" in texts(sale(), 48)
    assert "  Tempirai" in texts(full_sale(), 32), "the maker's name is too long for the narrow paper"


def test_the_moment_is_on_the_clock_of_the_outlet() -> None:
    assert "22/11/2026 09.05 WIB" in texts(sale())
    assert "22/11/2026 11:05 WIT" in texts(full_sale() | {"language": "en"})  # type: ignore[operator]
    assert stamp("2026-11-22T23:30:00+08:00", "WITA", "id") == "22/11/2026 23.30 WITA"


def test_a_copy_and_an_unsynced_receipt_say_so() -> None:
    rows = [row.text.strip() for row in lay_out(full_sale(), 32, WORDS)]
    assert "copy" in rows
    assert "* unsynced" in rows
    assert not {"copy", "* unsynced"} & {row.strip() for row in texts(sale())}


def test_goods_that_came_back_name_their_receipt_and_have_a_place_to_sign() -> None:
    rows = texts(goods_back())
    assert "original PDP-1-20261122-0001" in rows
    assert f"back_cash{'12.500':>23}" in rows
    assert rows[rows.index("signature:") + 2] == "_" * 32
    assert not [row for row in lay_out(goods_back(), 32, WORDS) if row.style is Style.QR]


def test_a_text_is_made_plain_and_measured() -> None:
    assert clean(" a\u200b–b\u00a0\u202ec… ×") == "a-b c... x"
    assert width_of("麻花x") == 5
    assert wrap("satu dua tiga", 8) == ["satu dua", "tiga"]
    assert wrap("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert wrap("", 4) == []


def test_an_amount_that_does_not_fit_beside_its_words_gets_room() -> None:
    assert pair("aaaa bbbb", "1.000", 12) == [Row(Style.PLAIN, "aaaa"), Row(Style.PLAIN, "bbbb   1.000")]
    assert pair("", "1.000", 8) == [Row(Style.PLAIN, "   1.000")]


def test_both_languages_have_every_text(app: Flask) -> None:
    with app.app_context():
        words = all_receipt_words()
    assert set(words["id"]) == set(words["en"]) == {*WORDS, "share"}
    assert words["id"]["copy"] == "SALINAN"
    assert "%(address)s" in words["id"]["share"]


def test_the_file_of_cases_says_what_the_layout_says(app: Flask) -> None:
    """The browser's layout is held to the same file: tests/browser/test_receipts.py. Delete it and run this to write it anew."""
    with app.app_context():
        words = all_receipt_words()
    rows: dict[str, Any] = {
        f"{name} {columns} {language}": lay_out(EXAMPLES[name]() | {"language": language}, columns, words[language])  # type: ignore[arg-type,operator]
        for name in EXAMPLES
        for columns in WIDTHS
        for language in ("id", "en")
    }
    cases = {
        "words": words,
        "receipts": {name: make() for name, make in EXAMPLES.items()},
        "rows": rows,
        "report": REPORT,
        "report_rows": {str(columns): lay_out_report(REPORT, columns) for columns in WIDTHS},  # type: ignore[arg-type]
    }
    text = json.dumps(cases, ensure_ascii=True, indent=1) + "\n"
    if not CASES.exists():
        CASES.write_text(text)
    assert json.loads(CASES.read_text()) == json.loads(text)
