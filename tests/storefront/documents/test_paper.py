"""Type and ink: any text can be set, nothing hidden gets onto paper, and the symbol is a real one."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from storefront.documents.paper import Paper, printable, qr_image
from storefront.documents.sheet import npwp_text, share_out
from tests.storefront.documents.reading import page_texts


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("Kopi “Robusta” – 250 g", 'Kopi "Robusta" - 250\u00a0g'),
        ("Oe’Ekam…", "Oe'Ekam..."),
        ("Żółć", "Zó?c"),
        ("café · 2 × 3", "café · 2 × 3"),
        ("竹かご", "???"),
        ("nama\u202egnilap\u200b\x07", "namagnilap"),
        ("dua\nbaris\tsaja", "dua baris saja"),
        ("½ kg ﬁ", "½ kg fi"),
    ],
)
def test_text_is_set_in_the_letters_there_are(typed: str, set_as: str) -> None:
    assert printable(typed) == set_as


@given(st.text())
def test_any_text_can_be_set(typed: str) -> None:
    shown = printable(typed)
    shown.encode("latin-1")
    assert "\n" not in shown
    assert "\x00" not in shown


def test_what_is_set_can_be_read_back() -> None:
    paper = Paper("A4", "Uji", 10)
    paper.add_page()
    paper.face(10)
    paper.say(10, 10, r"Kurung (buka) dan \ garis")
    assert page_texts(bytes(paper.output())) == [[r"Kurung (buka) dan \ garis"]]


@pytest.mark.parametrize("address", ["https://etalase.example/orders/abc", "https://etalase.example/en/orders/" + "x" * 40])
def test_the_symbol_says_the_address(address: str) -> None:
    assert zxingcpp.read_barcodes(qr_image(address))[0].text == address


@given(st.lists(st.floats(5, 40), min_size=1, max_size=60), st.floats(10, 60))
def test_every_row_is_on_one_page_and_no_page_overflows(heights: list[float], closing: float) -> None:
    first, following = 140.0, 220.0
    pages = share_out(heights, first, following, closing)
    assert [row for page in pages for row in page] == list(range(len(heights)))
    for number, page in enumerate(pages):
        used = sum(heights[row] for row in page) + (closing if number == len(pages) - 1 else 0)
        assert used <= (first if number == 0 else following) + 1e-9


def test_an_npwp_is_grouped() -> None:
    assert npwp_text("0012345678901234") == "0012 3456 7890 1234"
    assert npwp_text("01.234.567.8-901") == "01.234.567.8-901"
