"""Labels: sizes, what is printed on them, and bar codes that a 203 dpi print gives back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from catalog.gtin import make_internal_number
from catalog.labels import Label
from catalog.models.product import Unit
from catalog.prices import UnitPrice
from storefront.documents.label_stock import STOCKS, LabelKind
from storefront.documents.labels import set_labels
from tests.storefront.documents.reading import page_sizes, page_texts, text_of

DPI = 203
#: A dot is black when most of what it covers is: looked at this many times finer.
FINER = 4
NUMBERS = (make_internal_number(1), make_internal_number(999_999_999), "8991234567891", "96385074", "4006381333931")


def _label(number: str | None = NUMBERS[0], **changes: Any) -> Label:
    values = {
        "name_id": "Keripik ubi kencur",
        "name_en": "Kencur cassava chips",
        "pack_id": "250 g",
        "pack_en": "250 g",
        "village": "Desa Karang Agung",
        "code": "V000001",
        "number": number,
        "price": 25_000,
        "unit_price": UnitPrice(10_000, 100, Unit.GRAM),
        "lot_code": "261121-1",
        "best_before_on": date(2027, 5, 20),
        "count": 1,
    } | changes
    return Label(**values)


def _pages(drawn: bytes) -> list[Image.Image]:
    """The pages as a 203 dpi label printer puts its dots: black or white, no grey."""
    document = pypdfium2.PdfDocument(drawn)
    try:
        fine = [page.render(scale=FINER * DPI / 72, grayscale=True).to_pil() for page in document]
        dots = [page.resize((page.width // FINER, page.height // FINER), Image.Resampling.BOX) for page in fine]
        return [page.point(lambda grey: 255 if grey > 127 else 0) for page in dots]
    finally:
        document.close()


def _drawn(labels: Sequence[Label], stock: str, kind: LabelKind, first: int = 1) -> bytes:
    return bytes(set_labels(labels, stock, kind, first).output())


def _codes(picture: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(picture))


@pytest.mark.parametrize("kind", list(LabelKind))
@pytest.mark.parametrize("stock", ["40x30", "50x30"])
def test_a_roll_has_one_label_on_each_page_and_every_code_is_read_back(app: Flask, stock: str, kind: LabelKind) -> None:
    with app.test_request_context():
        drawn = _drawn([_label(number, count=2) for number in NUMBERS], stock, kind)
    width, height = (float(part) for part in stock.split("x"))
    assert set(page_sizes(drawn)) == {(width, height)}
    assert [_codes(page) for page in _pages(drawn)] == [[number] for number in NUMBERS for _twice in range(2)]


@pytest.mark.parametrize("kind", list(LabelKind))
@pytest.mark.parametrize("stock", ["a4-24", "a4-65"])
def test_a_sheet_is_full_and_every_code_is_read_back(app: Flask, stock: str, kind: LabelKind) -> None:
    room = STOCKS[stock].columns * STOCKS[stock].rows
    with app.test_request_context():
        drawn = _drawn([_label(count=room), _label(NUMBERS[2])], stock, kind)
    assert set(page_sizes(drawn)) == {(210.0, 297.0)}
    full, begun = _pages(drawn)
    assert _codes(begun) == [NUMBERS[2]]
    assert [code for cell in _cells(full, stock) for code in _codes(cell)] == [NUMBERS[0]] * room


def _cells(page: Image.Image, name: str) -> list[Image.Image]:
    """The single labels of a sheet, as somebody would cut or peel them."""
    stock, dots = STOCKS[name], DPI / 25.4
    found = []
    for place in range(stock.rows * stock.columns):
        row, column = divmod(place, stock.columns)
        x, y = stock.left + column * stock.across, stock.top + row * stock.down
        found.append(page.crop((int(x * dots), int(y * dots), int((x + stock.width) * dots), int((y + stock.height) * dots))))
    return found


def test_a_sheet_that_was_begun_goes_on_at_its_first_free_label(app: Flask) -> None:
    with app.test_request_context():
        drawn = _drawn([_label(count=2)], "a4-24", LabelKind.TAG, first=24)
    first, second = _pages(drawn)
    assert [bool(_codes(cell)) for cell in _cells(first, "a4-24")] == [False] * 23 + [True]
    assert _codes(second) == [NUMBERS[0]]


def test_a_tag_names_the_lot_and_a_shelf_label_the_unit_price(app: Flask) -> None:
    with app.test_request_context():
        tag, shelf = (text_of(_drawn([_label()], "50x30", kind)) for kind in (LabelKind.TAG, LabelKind.SHELF))
    for text in ("Keripik ubi kencur, 250 g", "Rp25.000", "261121-1", "20/05/2027", "2 000000 000015"):
        assert text in tag, text
    for text in ("Keripik ubi kencur, 250 g", "Rp25.000", "Rp10.000 per 100 g", "Desa Karang Agung"):
        assert text in shelf, text
    assert "261121-1" not in shelf


def test_long_names_are_cut_and_missing_facts_left_out(app: Flask) -> None:
    with app.test_request_context():
        long = _label(name_id="Keripik singkong kencur pedas manis gurih renyah istimewa dari Karang Agung", number=None)
        bare = _label(price=None, unit_price=None, lot_code="", best_before_on=None)
        pages = page_texts(_drawn([long, bare], "40x30", LabelKind.TAG))
    assert pages[0][0].endswith("..., 250\u00a0g")
    assert "V000001" in pages[0]
    assert "None" not in " ".join(pages[1])
