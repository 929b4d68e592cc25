"""Squeezed pages: what a browser unpacks is the page with the visitor's token in it."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from storefront.page_body import MOST_AFTER_TOKEN, squeeze

TOKEN = b"ImNhYzlk.ZzZz.s1gnature"


@given(st.binary(max_size=5_000).filter(lambda text: b"\x01" not in text), st.binary(max_size=MOST_AFTER_TOKEN))
def test_gzip_and_plain_hold_the_page_with_another_token(before: bytes, after: bytes) -> None:
    body = squeeze(before + b"\x01" + after.replace(b"\x01", b""), b"\x01")
    assert body is not None
    wanted = before + TOKEN + after.replace(b"\x01", b"")
    assert gzip.decompress(body.gzipped(TOKEN)) == wanted
    assert body.plain(TOKEN) == wanted


@given(st.binary(max_size=5_000))
def test_a_page_without_a_token_comes_back_as_it_was(page: bytes) -> None:
    body = squeeze(page)
    assert body is not None
    assert (gzip.decompress(body.gzipped(b"")), body.plain(b"")) == (page, page)


def test_a_token_that_stands_early_or_twice_or_nowhere_is_refused() -> None:
    assert squeeze(TOKEN + b"x" * (MOST_AFTER_TOKEN + 1), TOKEN) is None
    assert squeeze(TOKEN + b" and " + TOKEN, TOKEN) is None
    assert squeeze(b"nothing", TOKEN) is None


def test_a_long_page_is_a_fraction_of_itself() -> None:
    page = b"<li>Keripik ubi kencur</li>\n" * 2_000
    body = squeeze(page)
    assert body is not None
    assert body.size < len(page) / 50
