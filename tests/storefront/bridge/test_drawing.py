from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from storefront.bridge.drawing import PROFILES, Job, dots_of, draw_bars, in_ascii
from storefront.documents.columns import WIDTHS, Row, Style, width_of
from storefront.documents.receipt_layout import lay_out
from tests.storefront.bridge.decoding import Paper, decode
from tests.storefront.documents.receipt_examples import ADDRESS, EXAMPLES, read_cases

WORDS = read_cases()["words"]


def printed(name: str, columns: int, language: str = "id", *, cut: bool = True, drawer: bool = False) -> Paper:
    rows = lay_out(EXAMPLES[name](), columns, WORDS[language])
    return decode(Job(PROFILES[columns]).bytes_of(rows, cut=cut, drawer=drawer))


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_line_fits_the_paper_and_says_what_the_layout_says(name: str, columns: int) -> None:
    paper = printed(name, columns)
    assert paper.widest <= columns
    rows = [row for row in lay_out(EXAMPLES[name](), columns, WORDS["id"]) if row.style is not Style.QR]
    assert paper.lines == [
        (in_ascii(row.text), row.style is not Style.PLAIN, 2 if row.style is Style.DOUBLE else 1) for row in rows
    ]  # fmt: skip
    assert {len(line) * times for line, _strong, times in paper.lines} & {columns}, "amounts reach the right edge"


@pytest.mark.parametrize("columns", WIDTHS)
def test_the_qr_symbol_is_a_picture_as_wide_as_the_paper_and_opens_the_receipt(columns: int) -> None:
    (picture,) = printed("full", columns).pictures
    assert picture.width == dots_of(PROFILES[columns]) == {32: 384, 42: 512, 48: 576}[columns]
    assert read(picture) == [ADDRESS]


def test_bar_codes_are_pictures_with_their_digits_below() -> None:
    paper = decode(Job("POS-5890").bytes_of([Row(Style.BARS, "2000001000014")], cut=True, drawer=False))
    assert read(paper.pictures[0]) == ["2000001000014"]
    assert paper.text == "2000001000014"
    short = draw_bars("96385074")
    assert read(short) == ["96385074"]


@pytest.mark.parametrize(("columns", "cuts"), [(32, 0), (42, 1), (48, 1)])
def test_the_paper_is_cut_only_where_there_is_a_cutter(columns: int, cuts: int) -> None:
    paper = printed("plain", columns)
    assert (paper.cuts, paper.fed > 0) == (cuts, True)
    assert printed("plain", columns, cut=False).cuts == 0


def test_the_drawer_opens_once_and_only_when_it_should() -> None:
    assert printed("plain", 32).pulses == 0
    assert printed("plain", 32, drawer=True).pulses == 1
    alone = decode(Job("POS-5890").bytes_of([], cut=True, drawer=True))
    assert (alone.pulses, alone.lines, alone.fed, alone.cuts) == (1, [], 0, 0)


def test_copies_are_cut_apart() -> None:
    rows = [Row(Style.PLAIN, "Halo")]
    paper = decode(Job("TM-T20II").bytes_of(rows, cut=True, drawer=True, copies=3))
    assert (paper.text, paper.cuts, paper.pulses) == ("Halo\nHalo\nHalo", 3, 1)


@pytest.mark.parametrize("text", ["Café", "麻花", "½ kg ß", "œufs", "Rp25.000", "Ａ１"])
def test_letters_that_no_printer_has_keep_their_width(text: str) -> None:
    plain = in_ascii(text)
    assert plain.isascii()
    assert len(plain) == width_of(text)


def test_letters_with_accents_become_plain_ones() -> None:
    assert in_ascii("Café é") == "Cafe e"
