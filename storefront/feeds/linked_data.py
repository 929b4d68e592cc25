"""Live products as schema.org things: what it is, who made it where, which papers it holds today, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from catalog.media import file_name
from catalog.photo_files import WIDTHS
from catalog.queries import parts
from catalog.queries.json_rows import read_rows
from catalog.queries.published import walk_products
from catalog.queries.views import Claim, VariantView
from kernel import clock
from kernel.locales import pick
from kernel.walks import Position, Step
from storefront.i18n import current_language
from storefront.templating import current_settings, external, local

Json = dict[str, Any]
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
        "manufacturer": {"@type": "Organization", "name": row.maker_name, "url": external(local(f"/makers/{row.maker_slug}"))},
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
        "image": [external(f"/media/{file_name(each['name'], WIDTHS[-1], 'jpg')}") for each in read_rows(row.pictures, sort_by="position")],
        "description": pick(language, product.summary_id, product.summary_en)
        or pick(language, product.description_id, product.description_en),
        "hasCertification": [_certification(claim) for claim in parts.read_claims(row.claims)],
        "offers": [_offer(variant, address) for variant in variants],
    }
    if place.latitude is not None:
        found["locationCreated"]["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    if len(variants) == 1 and variants[0].gtin:
        found["gtin"] = variants[0].gtin
    return {name: value for name, value in found.items() if value}


def _certification(claim: Claim) -> Json:
    found: Json = {
        "@type": "Certification",
        "name": claim.kind.value,
        "certificationIdentification": claim.number,
        "issuedBy": {"@type": "Organization", "name": claim.issuer},
        "validFrom": claim.valid_from_on.isoformat(),
        "certificationStatus": "https://schema.org/CertificationActive",
    }
    if claim.valid_until_on:
        found["expires"] = claim.valid_until_on.isoformat()
    return found


def _offer(variant: VariantView, address: str) -> Json:
    offer: Json = {
        "@type": "Offer",
        "name": variant.name,
        "sku": variant.code,
        "price": variant.price,
        "priceCurrency": "IDR",
        "itemCondition": "https://schema.org/NewCondition",
        "availability": f"https://schema.org/{'InStock' if variant.available > 0 else 'OutOfStock'}",
        "url": f"{address}?variant={variant.code}",
    }
    if variant.gtin:
        offer["gtin"] = variant.gtin
    return offer
