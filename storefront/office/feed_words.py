"""Words about feeds: their receivers, and what to do about a row that cannot go out."""

from __future__ import annotations

from catalog.feeds.rules import Fault, Problem
from catalog.models.feed import FeedKind, StockRule
from kernel.errors import N_
from storefront.i18n import gettext as _

NAMES = {
    FeedKind.GOOGLE: "Google Merchant",
    FeedKind.META: "Facebook & Instagram",
    FeedKind.TOKOPEDIA: "Tokopedia",
    FeedKind.SHOPEE: "Shopee",
}
STOCK_RULES = {StockRule.SHARE: N_("A share of what nobody holds"), StockRule.FIXED: N_("A fixed number, while there are as many")}

#: What is missing in our words, by the receivers' many names for it.
_MISSING = {
    "title": N_("The product has no name."),
    "description": N_("The product has no description."),
    "price": N_("This size has no price today."),
    "image": N_("The product has no photo."),
    "category": N_("Say what the receiver calls this shelf."),
    "brand": N_("The maker has no name."),
}
_TOPICS = {
    "title": ("title", "Nama Produk", "ps_product_name"),
    "description": ("description", "Deskripsi Produk", "ps_product_description"),
    "price": ("price", "Harga (Rp)", "ps_price"),
    "image": ("image_link", "Gambar 1", "ps_item_cover_image"),
    "category": ("google_product_category", "Kategori", "ps_category"),
    "brand": ("brand",),
}
_TOPIC_OF = {field: topic for topic, fields in _TOPICS.items() for field in fields}
_FAULTS = {
    Fault.MISSING: N_("%(field)s is missing."),
    Fault.TOO_LONG: N_("%(field)s is too long for this receiver."),
    Fault.TOO_SHORT: N_("%(field)s is too short for this receiver."),
    Fault.WRONG: N_("%(field)s is not what this receiver expects."),
}


def problem_words(problem: Problem) -> str:
    """What is wrong with a row, and so what to do."""
    topic = _TOPIC_OF.get(problem.field, "")
    if problem.fault is Fault.MISSING and topic in _MISSING:
        return _(_MISSING[topic])
    return _(_FAULTS[problem.fault], field=problem.field)
