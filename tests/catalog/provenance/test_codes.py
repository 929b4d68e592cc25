"""Codes as scanners send them and people type them: the number and the lot, or the text itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.provenance.codes import Scanned, read_code

NUMBER, GTIN = "8999999000011", "08999999000011"
READ = [
    (NUMBER, Scanned(NUMBER)),
    (f"]E0{NUMBER}", Scanned(NUMBER)),
    ("ab23cd45", Scanned("ab23cd45")),
    (f"https://etalase.example/01/{GTIN}/10/A%2FB?15=261231", Scanned(NUMBER, "A/B")),
    (f"https://id.gs1.org/x/01/{GTIN}", Scanned(NUMBER)),
    (f"HTTPS://ETALASE.EXAMPLE/01/{GTIN}/10/L1", Scanned(NUMBER, "L1")),
    ("https://etalase.example/p/AB23CD45/A%2FB", Scanned("AB23CD45", "A/B")),
    ("https://etalase.example/en/p/AB23CD45", Scanned("AB23CD45")),
    (f"]C101{GTIN}1526123110LOT-1\x1d21XYZ", Scanned(NUMBER, "LOT-1")),
    (f"\x1d01{GTIN}10LOT", Scanned(NUMBER, "LOT")),
    (f"(01){GTIN}(15)261231(10)LOT-1", Scanned(NUMBER, "LOT-1")),
    (f"(02)1{GTIN[1:]}(37)12", Scanned(f"1{GTIN[1:]}")),
    ("https://elsewhere.example/news", Scanned("https://elsewhere.example/news")),
    ("https://[::1", Scanned("https://[::1")),
    ("(01)123", Scanned("(01)123")),
]


@pytest.mark.parametrize(("text", "scanned"), READ)
def test_codes_are_taken_apart(text: str, scanned: Scanned) -> None:
    assert read_code(text) == scanned


@given(st.text(max_size=80), st.sampled_from(["", "https://x/01/", "https://x/p/", "]C101", f"01{GTIN}", "(01)"]))
def test_reading_never_fails(text: str, beginning: str) -> None:
    assert isinstance(read_code(beginning + text), Scanned)
