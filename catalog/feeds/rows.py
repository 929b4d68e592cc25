"""An item as each receiver wants to read it: field -> value, in the receiver's own names and order (docs/feeds.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from catalog.feeds.arithmetic import cut, fill_template, marked_up, promised_units
from catalog.feeds.items import FeedItem
from catalog.gtin import is_restricted
from catalog.models.feed import Feed, FeedKind
from catalog.models.product import Unit
from catalog.photo_files import WIDTHS

Row = dict[str, str | int]
#: Photos beside the first one that a receiver takes.
MORE_PHOTOS = 8
#: What a marketplace calls the choice between our pack sizes.
_SIZE = "Ukuran"


def make_row(feed: Feed, item: FeedItem, base: str) -> Row:
    """The row of one item for this feed; `base` is the shop's public address. Nothing is checked here: see catalog.feeds.rules."""
    return _MAKERS[feed.kind](feed, item, base)


def title_of(feed: Feed, item: FeedItem, longest: int, *, with_size: bool = True) -> str:
    """What the receiver shows first, by the office's template."""
    filled = fill_template(
        feed.title_template,
        name=item.product_name,
        size=item.size if with_size else "",
        maker=item.maker,
        village=item.village,
        district=item.district,
        category=item.category,
    )
    return cut(filled, longest)


def _google(feed: Feed, item: FeedItem, base: str) -> Row:
    photos = _photos(item, base)
    gtin = _gtin(item)
    row: Row = {
        "id": item.variant_code,
        "title": title_of(feed, item, 150),
        "description": _description(item, 5_000),
        "link": _link(item, base),
        "image_link": photos[0] if photos else "",
        "additional_image_link": ",".join(photos[1 : MORE_PHOTOS + 1]),
        "availability": "in_stock" if _units(feed, item) else "out_of_stock",
        "price": f"{item.price}.00 IDR" if item.price else "",
        "brand": cut(item.maker, 70),
        "gtin": gtin,
        "identifier_exists": "yes" if gtin else "no",
        "condition": "new",
        "google_product_category": item.receiver_category,
        "product_type": cut(item.category, 750),
        "item_group_id": _group(item) if item.variant_count > 1 else "",
        "shipping_weight": f"{item.weight_g} g",
    }
    if item.unit is not Unit.PIECE:
        row["unit_pricing_measure"] = f"{item.net_quantity}{item.unit.value}"
        row["unit_pricing_base_measure"] = f"100{item.unit.value}"
    else:
        row["unit_pricing_measure"] = row["unit_pricing_base_measure"] = ""
    return row


def _meta(feed: Feed, item: FeedItem, base: str) -> Row:
    photos = _photos(item, base)
    units = _units(feed, item)
    return {
        "id": item.variant_code,
        "title": title_of(feed, item, 200),
        "description": _description(item, 9_999),
        "availability": "in stock" if units else "out of stock",
        "condition": "new",
        "price": f"{item.price} IDR" if item.price else "",
        "link": _link(item, base),
        "image_link": photos[0] if photos else "",
        "additional_image_link": ",".join(photos[1 : MORE_PHOTOS + 1]),
        "brand": cut(item.maker, 100),
        "google_product_category": item.receiver_category,
        "product_type": cut(item.category, 750),
        "quantity_to_sell_on_facebook": units,
        "item_group_id": _group(item) if item.variant_count > 1 else "",
        "gtin": _gtin(item),
        "origin_country": "ID",
    }


def _tokopedia(feed: Feed, item: FeedItem, base: str) -> Row:
    photos = _photos(item, base)
    units = _units(feed, item)
    row: Row = {
        "Nama Produk": title_of(feed, item, 70),
        "Deskripsi Produk": _description(item, 2_000),
        "Kategori": item.receiver_category,
        "Berat (Gram)": item.weight_g,
        "Minimum Pemesanan": 1,
        "Kondisi": "Baru",
    }
    for number in range(5):
        row[f"Gambar {number + 1}"] = photos[number] if number < len(photos) else ""
    return row | {
        "SKU": item.variant_code,
        "Status": "Aktif" if units else "Nonaktif",
        "Jumlah Stok": units,
        "Harga (Rp)": marked_up(item.price, feed.markup_bps) if item.price else "",
    }


def _shopee(feed: Feed, item: FeedItem, base: str) -> Row:
    photos = _photos(item, base)
    has_sizes = item.variant_count > 1
    row: Row = {
        "ps_category": item.receiver_category,
        "ps_product_name": title_of(feed, item, 255, with_size=not has_sizes),
        "ps_product_description": _description(item, 3_000),
        "ps_sku_parent_short": _group(item),
        "et_title_variation_integration_no": _group(item) if has_sizes else "",
        "et_title_variation_1": _SIZE if has_sizes else "",
        "et_title_option_for_variation_1": item.size if has_sizes else "",
        "ps_price": marked_up(item.price, feed.markup_bps) if item.price else "",
        "ps_stock": _units(feed, item),
        "ps_sku_short": item.variant_code,
        "ps_gtin_code": _gtin(item),
        "ps_item_cover_image": photos[0] if photos else "",
    }
    for number in range(1, MORE_PHOTOS + 1):
        row[f"ps_item_image_{number}"] = photos[number] if number < len(photos) else ""
    # Kilograms with two decimals, rounded up: nobody pays for a parcel that weighs nothing.
    hundredths = -(-item.weight_g // 10)
    return row | {"ps_weight": f"{hundredths // 100}.{hundredths % 100:02}"}


_MAKERS: dict[FeedKind, Callable[[Feed, FeedItem, str], Row]] = {
    FeedKind.GOOGLE: _google,
    FeedKind.META: _meta,
    FeedKind.TOKOPEDIA: _tokopedia,
    FeedKind.SHOPEE: _shopee,
}


def _units(feed: Feed, item: FeedItem) -> int:
    free = item.available if item.price else 0
    return promised_units(feed.stock_rule, share_bps=feed.stock_share_bps, units=feed.stock_units, available=free)


def _link(item: FeedItem, base: str) -> str:
    return f"{base}/products/{item.product_slug}?variant={item.variant_code}"


def _photos(item: FeedItem, base: str) -> list[str]:
    root = base.removesuffix("/en")
    return [f"{root}/media/{name}-{WIDTHS[-1]}.jpg" for name in item.pictures]


def _gtin(item: FeedItem) -> str:
    """A registered number only: our own 2xx numbers never leave the house as GTINs."""
    return item.gtin if item.gtin and not is_restricted(item.gtin) else ""


def _group(item: FeedItem) -> str:
    """What the sizes of one product have in common, within 50 signs."""
    slug = item.product_slug
    return slug if len(slug) <= 50 else f"{slug[:41]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


def _description(item: FeedItem, longest: int) -> str:
    return cut(item.description or f"{item.product_name}, {item.maker}, {item.village}", longest)
