"""Rows as receivers read them, checked against what the receivers publish: complete ones go out, the others say what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.feeds.items import FeedItem
from catalog.feeds.rows import make_row
from catalog.feeds.rules import RULES, Fault, Problem, check_row
from catalog.models.feed import Feed, FeedKind, StockRule
from catalog.models.product import Unit

BASE = "https://etalase.example"
ITEM = FeedItem(
    product_id=1,
    product_slug="keripik-ubi-kencur",
    product_name="Keripik ubi kencur",
    description="Renyah dan wangi kencur, dari Karang Agung.",
    variant_code="V000001",
    size="250 g",
    variant_count=2,
    price=25_000,
    available=7,
    gtin="8991234567891",
    net_quantity=250,
    unit=Unit.GRAM,
    weight_g=305,
    maker="Dapur Bu Ros",
    village="Karang Agung",
    district="Abab",
    category="Makanan ringan",
    receiver_category="5747",
    pictures=("a" * 32, "b" * 32),
    is_sample=False,
)


def feed_of(kind: FeedKind, **changes: object) -> Feed:
    values: dict[str, object] = {
        "kind": kind,
        "title_template": "{name} {size} – {maker}",
        "markup_bps": 0,
        "stock_rule": StockRule.SHARE,
        "stock_share_bps": 10_000,
        "stock_units": 0,
    }
    return Feed(**(values | changes))


@pytest.mark.parametrize("kind", FeedKind)
def test_a_complete_item_satisfies_every_rule(kind: FeedKind) -> None:
    row = make_row(feed_of(kind), ITEM, BASE)
    assert check_row(kind, row) == []
    assert set(row) == {rule.field for rule in RULES[kind]}


def test_google_reads_price_unit_price_and_group() -> None:
    row = make_row(feed_of(FeedKind.GOOGLE), ITEM, BASE)
    assert row["price"] == "25000.00 IDR"
    assert (row["unit_pricing_measure"], row["unit_pricing_base_measure"]) == ("250g", "100g")
    assert row["item_group_id"] == "keripik-ubi-kencur"
    assert row["link"] == "https://etalase.example/products/keripik-ubi-kencur?variant=V000001"
    assert row["image_link"] == f"https://etalase.example/media/{'a' * 32}-1080.jpg"
    assert (row["gtin"], row["identifier_exists"]) == ("8991234567891", "yes")


@pytest.mark.parametrize("number", ["2000000000015", "0212345678901"])
@pytest.mark.parametrize("kind", FeedKind)
def test_a_number_for_use_inside_never_leaves(kind: FeedKind, number: str) -> None:
    row = make_row(feed_of(kind), replace(ITEM, gtin=number), BASE)
    assert number not in row.values()


def test_a_marketplace_gets_its_own_price_and_share() -> None:
    row = make_row(feed_of(FeedKind.TOKOPEDIA, markup_bps=850, stock_share_bps=5_000), ITEM, BASE)
    assert (row["Harga (Rp)"], row["Jumlah Stok"], row["Status"]) == (27_200, 3, "Aktif")


def test_what_is_sold_out_is_said_to_be() -> None:
    gone = replace(ITEM, available=0)
    assert make_row(feed_of(FeedKind.GOOGLE), gone, BASE)["availability"] == "out_of_stock"
    assert make_row(feed_of(FeedKind.META), gone, BASE)["availability"] == "out of stock"
    assert make_row(feed_of(FeedKind.TOKOPEDIA), gone, BASE)["Status"] == "Nonaktif"


@pytest.mark.parametrize(
    ("kind", "field", "changes"),
    [
        (FeedKind.GOOGLE, "price", {"price": None}),
        (FeedKind.GOOGLE, "image_link", {"pictures": ()}),
        (FeedKind.META, "image_link", {"pictures": ()}),
        (FeedKind.TOKOPEDIA, "Kategori", {"receiver_category": ""}),
        (FeedKind.TOKOPEDIA, "Harga (Rp)", {"price": None}),
        (FeedKind.SHOPEE, "ps_category", {"receiver_category": ""}),
        (FeedKind.SHOPEE, "ps_item_cover_image", {"pictures": ()}),
    ],
)
def test_what_is_missing_is_named(kind: FeedKind, field: str, changes: dict[str, object]) -> None:
    row = make_row(feed_of(kind), replace(ITEM, **changes), BASE)  # type: ignore[arg-type]
    assert Problem(field, Fault.MISSING) in check_row(kind, row)


@given(st.sampled_from(FeedKind), st.text(min_size=1, max_size=300), st.text(max_size=12_000), st.text(max_size=200))
def test_no_text_is_too_long_for_its_receiver(kind: FeedKind, name: str, description: str, maker: str) -> None:
    item = replace(ITEM, product_name=name, description=description, maker=maker)
    assert Fault.TOO_LONG not in {problem.fault for problem in check_row(kind, make_row(feed_of(kind), item, BASE))}


def test_a_field_without_a_rule_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no rule"):
        check_row(FeedKind.GOOGLE, {"colour": "red"})
