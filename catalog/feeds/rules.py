"""What the receivers publish about their rows, as a table that every row is checked against before it leaves (docs/feeds.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalog.feeds.rows import Row
from catalog.gtin import parse_gtin
from catalog.models.feed import FeedKind
from kernel.errors import InvalidInput


class Fault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a receiver publishes its rules."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One field: whether it must be there, how long it may be, and what it looks like. Whole numbers are checked by `least`, `most`."""

    field: str
    is_required: bool = False
    shortest: int = 0
    longest: int | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    is_gtin: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot go out as it is."""

    field: str
    fault: Fault


_ADDRESS = r"https?://[^\s/]+/\S*"
_PHOTOS = rf"({_ADDRESS}(,{_ADDRESS})*)?"
_CATEGORY = r"[0-9]{1,8}|[^>]+( > [^>]+)*"

SOURCES = {
    FeedKind.GOOGLE: Source("Google Merchant Center, product data specification", "https://support.google.com/merchants/answer/7052112"),
    FeedKind.META: Source(
        "Meta, catalog reference: supported fields", "https://developers.facebook.com/docs/marketing-api/catalog/reference"
    ),
    FeedKind.TOKOPEDIA: Source("Tokopedia Seller, template for adding many products", "https://seller.tokopedia.com/edu/"),
    FeedKind.SHOPEE: Source("Shopee Seller Centre, basic template of the mass upload (August 2026)", "https://seller.shopee.co.id/edu/"),
}

RULES: dict[FeedKind, tuple[Rule, ...]] = {
    FeedKind.GOOGLE: (
        Rule(field="id", is_required=True, longest=50, pattern=r"[!-~]+"),
        Rule(field="title", is_required=True, longest=150),
        Rule(field="description", is_required=True, longest=5_000),
        Rule(field="link", is_required=True, longest=2_000, pattern=_ADDRESS),
        Rule(field="image_link", is_required=True, longest=2_000, pattern=_ADDRESS),
        Rule(field="additional_image_link", pattern=_PHOTOS),
        Rule(field="availability", is_required=True, choices=("in_stock", "out_of_stock", "preorder", "backorder")),
        Rule(field="price", is_required=True, pattern=r"[1-9][0-9]*(\.[0-9]{2})? IDR"),
        Rule(field="brand", is_required=True, longest=70),
        Rule(field="gtin", is_gtin=True),
        Rule(field="identifier_exists", choices=("yes", "no")),
        Rule(field="condition", is_required=True, choices=("new", "refurbished", "used")),
        Rule(field="google_product_category", longest=750, pattern=_CATEGORY),
        Rule(field="product_type", longest=750),
        Rule(field="item_group_id", longest=50),
        Rule(field="shipping_weight", pattern=r"[1-9][0-9]* g"),
        Rule(field="unit_pricing_measure", pattern=r"[1-9][0-9]*(g|ml)"),
        Rule(field="unit_pricing_base_measure", choices=("100g", "100ml")),
    ),
    FeedKind.META: (
        Rule(field="id", is_required=True, longest=100),
        Rule(field="title", is_required=True, longest=200),
        Rule(field="description", is_required=True, longest=9_999),
        Rule(field="availability", is_required=True, choices=("in stock", "out of stock", "available for order", "discontinued")),
        Rule(field="condition", is_required=True, choices=("new", "refurbished", "used")),
        Rule(field="price", is_required=True, pattern=r"[1-9][0-9]*(\.[0-9]{2})? IDR"),
        Rule(field="link", is_required=True, longest=2_000, pattern=_ADDRESS),
        Rule(field="image_link", is_required=True, longest=2_000, pattern=_ADDRESS),
        Rule(field="additional_image_link", longest=2_000, pattern=_PHOTOS),
        Rule(field="brand", is_required=True, longest=100),
        Rule(field="google_product_category", longest=750, pattern=_CATEGORY),
        Rule(field="product_type", longest=750),
        Rule(field="quantity_to_sell_on_facebook", least=0),
        Rule(field="item_group_id", longest=100),
        Rule(field="gtin", is_gtin=True),
        Rule(field="origin_country", choices=("ID",)),
    ),
    FeedKind.TOKOPEDIA: (
        Rule(field="Nama Produk", is_required=True, longest=70),
        Rule(field="Deskripsi Produk", longest=2_000),
        Rule(field="Kategori", is_required=True, pattern=r"[0-9]{1,8}"),
        Rule(field="Berat (Gram)", is_required=True, least=1, most=500_000),
        Rule(field="Minimum Pemesanan", is_required=True, least=1, most=10_000),
        Rule(field="Kondisi", is_required=True, choices=("Baru", "Bekas")),
        Rule(field="Gambar 1", is_required=True, pattern=_ADDRESS),
        *(Rule(field=f"Gambar {number}", pattern=_ADDRESS) for number in range(2, 6)),
        Rule(field="SKU", longest=50),
        Rule(field="Status", is_required=True, choices=("Aktif", "Nonaktif")),
        Rule(field="Jumlah Stok", is_required=True, least=0, most=999_999),
        Rule(field="Harga (Rp)", is_required=True, least=100, most=100_000_000),
    ),
    FeedKind.SHOPEE: (
        Rule(field="ps_category", is_required=True, pattern=r"[0-9]{1,8}"),
        Rule(field="ps_product_name", is_required=True, shortest=5, longest=255),
        Rule(field="ps_product_description", is_required=True, shortest=20, longest=3_000),
        Rule(field="ps_sku_parent_short", longest=100),
        Rule(field="et_title_variation_integration_no", longest=100),
        Rule(field="et_title_variation_1", longest=14),
        Rule(field="et_title_option_for_variation_1", longest=20),
        Rule(field="ps_price", is_required=True, least=99, most=150_000_000),
        Rule(field="ps_stock", is_required=True, least=0, most=10_000_000),
        Rule(field="ps_sku_short", longest=100),
        Rule(field="ps_gtin_code", is_gtin=True),
        Rule(field="ps_item_cover_image", is_required=True, pattern=_ADDRESS),
        *(Rule(field=f"ps_item_image_{number}", pattern=_ADDRESS) for number in range(1, 9)),
        Rule(field="ps_weight", is_required=True, pattern=r"(0\.0[1-9]|0\.[1-9][0-9]|[1-9][0-9]{0,2}\.[0-9]{2})"),
    ),
}


def check_row(kind: FeedKind, row: Row) -> list[Problem]:
    """What keeps a row from going out; empty: nothing. A field without a rule is a fault of ours, and raises."""
    rules = {rule.field: rule for rule in RULES[kind]}
    if unknown := set(row) - set(rules):
        raise ValueError(f"no rule for {sorted(unknown)}")
    return [Problem(rule.field, fault) for rule in RULES[kind] for fault in _faults(rule, row.get(rule.field, ""))]


def _faults(rule: Rule, value: str | int) -> Iterable[Fault]:
    if value == "":
        return [Fault.MISSING] if rule.is_required else []
    if rule.least is not None:
        is_within = isinstance(value, int) and rule.least <= value and (rule.most is None or value <= rule.most)
        return [] if is_within else [Fault.WRONG]
    text = str(value)
    if rule.longest is not None and len(text) > rule.longest:
        return [Fault.TOO_LONG]
    if len(text) < rule.shortest:
        return [Fault.TOO_SHORT]
    return [] if _looks_right(rule, text) else [Fault.WRONG]


def _looks_right(rule: Rule, text: str) -> bool:
    if rule.choices:
        return text in rule.choices
    if rule.is_gtin:
        try:
            return parse_gtin(text) == text
        except InvalidInput:
            return False
    return not rule.pattern or re.fullmatch(rule.pattern, text) is not None
