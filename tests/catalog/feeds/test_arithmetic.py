"""Units, prices and titles of feeds: never more than there is, never less than the price, and no title with holes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.feeds.arithmetic import check_template, cut, fill_template, marked_up, promised_units
from catalog.models.feed import StockRule
from kernel.errors import InvalidInput

UNITS, RATES = st.integers(0, 1_000_000), st.integers(0, 10_000)


@given(st.sampled_from(StockRule), RATES, UNITS, st.integers(-10, 1_000_000))
def test_a_feed_never_promises_more_than_there_is(rule: StockRule, share_bps: int, units: int, available: int) -> None:
    assert 0 <= promised_units(rule, share_bps=share_bps, units=units, available=available) <= max(0, available)


@pytest.mark.parametrize(
    ("rule", "share", "units", "available", "promised"),
    [
        (StockRule.SHARE, 10_000, 0, 7, 7),
        (StockRule.SHARE, 5_000, 0, 7, 3),
        (StockRule.SHARE, 5_000, 0, 1, 0),
        (StockRule.SHARE, 0, 9, 7, 0),
        (StockRule.FIXED, 10_000, 3, 7, 3),
        (StockRule.FIXED, 10_000, 9, 7, 7),
    ],
)
def test_units_by_rule(rule: StockRule, share: int, units: int, available: int, promised: int) -> None:
    assert promised_units(rule, share_bps=share, units=units, available=available) == promised


@given(st.integers(100, 100_000_000), st.integers(1, 10_000))
def test_a_marked_up_price_covers_the_mark_up_and_ends_in_full_hundreds(price: int, bps: int) -> None:
    found = marked_up(price, bps)
    assert found % 100 == 0
    assert price * (10_000 + bps) <= found * 10_000 < price * (10_000 + bps) + 1_000_000


def test_without_a_mark_up_the_price_is_ours_to_the_rupiah() -> None:
    assert marked_up(12_345, 0) == 12_345


@pytest.mark.parametrize("template", ["{maker}", "{name} {colour}", "{name", "name}", "{name} {}", "{name} {name.__class__}"])
def test_a_template_we_cannot_fill_is_refused(template: str) -> None:
    with pytest.raises(InvalidInput):
        check_template(template)


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("{name} {size} – {maker}", "Kopi 100 g – Bu Ros"),
        ("{name} – {village} – {maker}", "Kopi – Bu Ros"),
        ("{village} - {name}", "Kopi"),
        ("{name}, {village}", "Kopi"),
    ],
)
def test_an_empty_place_takes_its_separator_with_it(template: str, title: str) -> None:
    assert fill_template(template, name="Kopi", size="100 g", maker="Bu Ros", village="") == title


@given(st.text(max_size=400), st.integers(5, 150))
def test_a_cut_text_fits(text: str, longest: int) -> None:
    assert len(cut(text, longest)) <= longest
