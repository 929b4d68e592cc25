"""The shop: its pages, what a scanned code opens, feeds, and what machines ask of the site itself."""

from __future__ import annotations

from tests.house.permission_rows.groups import EVERYBODY, Row

ROWS: dict[str, Row] = {
    # what a scanned code opens: for everybody, signed in or not
    "provenance.description": Row("/.well-known/gs1resolver", EVERYBODY),
    "provenance.resolve": Row("/01/08999999000011", EVERYBODY, answers=frozenset({307, 404})),
    "provenance.scan": Row("/scan", EVERYBODY),
    "provenance.pack": Row("/p/{variant}", EVERYBODY, answers=frozenset({307})),
    "provenance.pack_lot": Row("/p/{variant}/{lot}", EVERYBODY, answers=frozenset({307})),
    "shop.certificate": Row("/certificates/{certificate}", EVERYBODY),
    "shop.batch": Row("/products/{product}/batches/{lot}", EVERYBODY),
    # Flask and health
    "static": Row("/static/base/favicon.svg", EVERYBODY),
    "assets.bundle": Row("/assets/shop.css", EVERYBODY),
    "health.healthz": Row("/healthz", EVERYBODY),
    "health.readyz": Row("/readyz", EVERYBODY),
    # the shop: for everybody
    "shop.home": Row("/", EVERYBODY),
    "shop.collection": Row("/collections/{collection}", EVERYBODY),
    "shop.about": Row("/about", EVERYBODY),
    "shop.help_page": Row("/help", EVERYBODY),
    "shop.privacy": Row("/privacy", EVERYBODY),
    "shop.terms": Row("/terms", EVERYBODY),
    "shop.products": Row("/products", EVERYBODY),
    "shop.product": Row("/products/{product}", EVERYBODY),
    "shop.product_preview": Row("/products/{product}/preview.jpg", EVERYBODY, answers=frozenset({404})),
    "shop.maker": Row("/makers/{maker}", EVERYBODY),
    "shop.media": Row("/media/{photo}-320.jpg", EVERYBODY, answers=frozenset({404})),
    "shop.villages": Row("/villages", EVERYBODY),
    "shop.village": Row("/villages/{village}", EVERYBODY, answers=frozenset({301, 308})),
    "shop.programme": Row("/programme", EVERYBODY),
    "shop.search": Row("/search?q=ubi", EVERYBODY),
    "shop.suggest": Row("/search/suggest?q=ubi", EVERYBODY),
    "shop.robots": Row("/robots.txt", EVERYBODY),
    "shop.sitemap": Row("/sitemap.xml", EVERYBODY),
    "shop.sitemap_part": Row("/sitemaps/products-0.xml", EVERYBODY),
    "shop.styleguide": Row("/styleguide", EVERYBODY, answers=frozenset({404})),
    "feeds.google_xml": Row("/feeds/google.xml", EVERYBODY),
    "feeds.google_tsv": Row("/feeds/google.tsv", EVERYBODY),
    "feeds.meta_csv": Row("/feeds/meta.csv", EVERYBODY),
    "feeds.products_jsonld": Row("/feeds/products.jsonld", EVERYBODY),
    # the demo's mailbox: no such page in any other mode
    "mailbox.mailbox": Row("/mailbox", EVERYBODY, answers=frozenset({404})),
    "mailbox.letter": Row("/mailbox/20261121T070000-made-up", EVERYBODY, answers=frozenset({404})),
}
