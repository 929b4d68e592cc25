"""Pack labels, story cards and signs: every code is read back from its dots, the law's list, both languages, and SVG."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.models.product import HalalState, Unit
from catalog.provenance.pack_labels import LabelIngredient, Missing, PackLabel, missing_of
from storefront.documents.label_stock import FITTING, LabelKind, PackKind
from storefront.documents.labels import set_labels
from storefront.documents.pack_labels import draw_packs
from storefront.documents.svg_paper import SvgPaper
from storefront.i18n import speaking
from tests.storefront.documents.reading import page_texts
from tests.storefront.documents.test_labels import FINER, _label

ROOT = "https://etalase.palikab.example"
ADDRESS = f"{ROOT}/01/08999999000011/10/261121-1"
PAPERS = [(kind, stock) for kind in PackKind for stock in FITTING[kind]]


def pack(**changes: Any) -> PackLabel:
    values = {
        "code": "AB23CD45",
        "gtin": "8999999000011",
        "name_id": "Keripik ubi kencur",
        "name_en": "Kencur cassava chips",
        "pack_id": "250 g",
        "pack_en": "250 g",
        "net_quantity": 250,
        "unit": Unit.GRAM,
        "summary_id": "Renyah dan wangi kencur.",
        "summary_en": "Crisp and fragrant.",
        "story_id": "Dimulai dari satu wajan. Kini enam ibu bekerja bergiliran.",
        "story_en": "It began with one wok. Now six women take turns.",
        "maker": "Dapur Kencur",
        "village": "Desa Karang Agung",
        "village_code": "16.12.04.2003",
        "address": "Desa Karang Agung, Kec. Abab, PALI, Sumatera Selatan",
        "ingredients": (LabelIngredient("Singkong", "Cassava", "Karang Agung", 8_200), LabelIngredient("Garam", "Salt", "", None)),
        "allergens": ("peanut",),
        "storage_id": "Simpan di tempat kering",
        "storage_en": "Keep dry",
        "is_edible": True,
        "halal": HalalState.CERTIFIED,
        "permit": "P-IRT No. 2151612010001-31",
        "halal_number": "ID16110000000000001",
        "lot": "261121-1",
        "produced_on": date(2026, 11, 21),
        "best_before_on": date(2027, 5, 20),
        "photo": "",
        "count": 1,
    } | changes
    return PackLabel(**values)


def dots(drawn: bytes, dpi: int) -> list[Image.Image]:
    """The pages as a printer with `dpi` puts its dots: black or white, no grey."""
    import pypdfium2

    document = pypdfium2.PdfDocument(drawn)
    try:
        fine = [page.render(scale=FINER * dpi / 72, grayscale=True).to_pil() for page in document]
        pages = [page.resize((page.width // FINER, page.height // FINER), Image.Resampling.BOX) for page in fine]
        return [page.point(lambda grey: 255 if grey > 127 else 0) for page in pages]
    finally:
        document.close()


@pytest.mark.parametrize(
    ("kind", "stock", "dpi"),
    [*((kind, stock, 203) for kind, stock in PAPERS), (PackKind.PACK, "58x60", 300), (PackKind.PACK, "40x30", 300)],
)
def test_every_code_is_read_back_from_its_dots(app: Flask, kind: PackKind, stock: str, dpi: int) -> None:
    with app.test_request_context():
        drawn = bytes(draw_packs([pack(), pack(gtin=None, lot="A/B")], stock, kind, ROOT, dpi=dpi).output())
    found = [each.text for page in dots(drawn, dpi) for each in zxingcpp.read_barcodes(page)]
    wanted = {
        PackKind.PACK: [ADDRESS, f"{ROOT}/p/AB23CD45/A%2FB"],
        PackKind.CARD: [f"{ROOT}/01/08999999000011", f"{ROOT}/p/AB23CD45"],
        PackKind.SIGN: [f"{ROOT}/villages/16.12.04.2003"] * 2,
    }
    assert sorted(found) == sorted(wanted[kind])


@pytest.mark.parametrize("stock", ["58x60", "a4-8"])
def test_the_whole_label_says_what_the_law_wants_in_either_language(app: Flask, stock: str) -> None:
    said = {
        "id": (
            "Komposisi: singkong 82% (Karang Agung), garam",
            "Berat bersih: 250 g",
            "Kode 261121-1",
            "Baik digunakan sebelum 20 Mei 2027",
        ),
        "en": ("Ingredients: cassava 82% (Karang Agung), salt", "Net: 250 g", "Code 261121-1", "Best before 20 May 2027"),
    }
    for language, texts in said.items():
        with app.test_request_context(), speaking(language):
            (page,) = page_texts(bytes(draw_packs([pack()], stock, PackKind.PACK, ROOT).output()))
        plain = " ".join(" ".join(page).split())
        for text in (*texts, "P-IRT No. 2151612010001-31", "ID16110000000000001", "Dapur Kencur"):
            assert text in plain, (language, text)


def test_a_story_is_never_cut_within_a_sentence(app: Flask) -> None:
    long = pack(story_id=" ".join(f"Kalimat nomor {number} tentang wajan di teras belakang rumah." for number in range(40)))
    with app.test_request_context(), speaking("id"):
        (page,) = page_texts(bytes(draw_packs([long], "a4-4", PackKind.CARD, ROOT).output()))
    told = " ".join(" ".join(page).split()).partition("Pindai untuk")[0].strip()
    assert told.endswith("rumah.")


@given(
    name=st.text(max_size=120),
    ingredients=st.lists(st.text(min_size=1, max_size=80), max_size=20),
    lot=st.text("ABCXYZ0123456789./-", max_size=20),
)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_printed(app: Flask, name: str, ingredients: list[str], lot: str) -> None:
    label = pack(name_id=name, lot=lot, ingredients=tuple(LabelIngredient(each, "", each, 100) for each in ingredients))
    with app.test_request_context():
        for kind, stock in PAPERS:
            assert bytes(draw_packs([label], stock, kind, ROOT).output()).startswith(b"%PDF")


def test_the_laws_list_names_what_is_missing() -> None:
    assert missing_of(pack()) == ()
    bare = pack(ingredients=(), permit="", halal_number="", lot="", produced_on=None, best_before_on=None)
    lacking = (Missing.INGREDIENTS, Missing.LOT, Missing.PRODUCED_ON, Missing.BEST_BEFORE, Missing.PERMIT, Missing.HALAL)
    assert missing_of(bare) == lacking
    unknown = (LabelIngredient("Ubi", "", "", None), LabelIngredient("Garam", "", "", None))
    assert missing_of(pack(ingredients=unknown)) == (Missing.SHARE, Missing.ORIGIN)
    assert missing_of(pack(halal_number="", halal=HalalState.DECLARED_NON_HALAL)) == ()
    assert missing_of(pack(is_edible=False, permit="", ingredients=())) == ()


def test_a_drawing_holds_the_same_code_and_words(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        paper = draw_packs([pack(name_en="<Chips> & more")], "58x60", PackKind.PACK, ROOT, paper_class=SvgPaper)
    assert isinstance(paper, SvgPaper)
    (drawing,) = paper.svgs()
    assert 'width="58mm" height="60mm"' in drawing
    assert "&lt;Chips&gt; &amp; more" in drawing
    assert [each.text for each in zxingcpp.read_barcodes(_raster(drawing))] == [ADDRESS]


def test_price_tags_can_be_drawings_and_suit_a_finer_printer(app: Flask) -> None:
    with app.test_request_context():
        paper = set_labels([_label(count=2)], "40x30", LabelKind.TAG, paper_class=SvgPaper)
        fine = bytes(set_labels([_label()], "40x30", LabelKind.TAG, dpi=300).output())
    assert isinstance(paper, SvgPaper)
    assert len(paper.svgs()) == 2
    assert paper.as_zip().startswith(b"PK")
    assert [each.text for each in zxingcpp.read_barcodes(dots(fine, 300)[0])] == [_label().number]


def _raster(drawing: str) -> Image.Image:
    """The squares of an SVG as pixels: our drawings hold nothing else that is dark but text and rules."""
    import re

    scale = 20
    picture = Image.new("L", (58 * scale, 60 * scale), 255)
    for left, top, width, height in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-", drawing):
        box = [round(float(value) * scale) for value in (left, top, width, height)]
        picture.paste(0, (box[0], box[1], box[0] + box[2], box[1] + box[3]))
    return picture
