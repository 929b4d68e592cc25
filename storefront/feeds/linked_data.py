"""Live products as schema.org things: what it is, who made it where, which papers it holds today, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from catalog.queries import parts
from catalog.queries.json_rows import read_rows
from catalog.queries.published import walk_products
from kernel import clock
from kernel.locales import pick
from kernel.walks import Position, Step
from storefront.i18n import current_language
from storefront.schema_org import Json, certification, maker, offer, photo_address
from storefront.templating import current_settings, external, local

#: Products that are fetched together while the document is sent.
AT_ONCE = 200


def stream_products(session: Session) -> Iterator[Json]:
    """Every live product, in the order of its last change."""
    settings = current_settings()
    today, language = clock.today(settings.zone), current_language()
    step: Step | None = Step(AT_ONCE)
    while step is not None:
        rows = walk_products(session, step, today, live_only=True)
        page = rows[:AT_ONCE]
        for row in page:
            if not (settings.is_production and row.Product.is_sample):
                yield _product(row, language)
        step = Step(AT_ONCE, Position(page[-1].Product.updated_at, page[-1].Product.id)) if len(rows) > AT_ONCE else None


def _product(row: Any, language: str) -> Json:
    product, place = row.Product, parts.read_place(row)
    address = external(local(f"/products/{product.slug}"))
    variants = [variant for variant in parts.read_variants(row.variants, language) if variant.price is not None]
    found: Json = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": pick(language, product.name_id, product.name_en),
        "url": address,
        "inLanguage": language,
        "category": pick(language, row.category_id, row.category_en),
        "brand": {"@type": "Brand", "name": row.maker_name},
        "manufacturer": maker(row.maker_name, row.maker_slug),
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "locationCreated": {
            "@type": "Place",
            "name": place.title,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": place.name,
                "addressRegion": place.province_name,
                "addressCountry": "ID",
            },
        },
        "image": [photo_address(each["name"]) for each in read_rows(row.pictures, sort_by="position")],
        "description": pick(language, product.summary_id, product.summary_en)
        or pick(language, product.description_id, product.description_en),
        "hasCertification": [certification(claim) for claim in parts.read_claims(row.claims)],
        "offers": [offer(variant, f"{address}?variant={variant.code}") for variant in variants],
    }
    if place.latitude is not None:
        found["locationCreated"]["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if len(variants) == 1 and variants[0].gtin:
        found["gtin"] = variants[0].gtin
    return {name: value for name, value in found.items() if value}
