"""What search engines and messengers read: JSON-LD as a data block that cannot break out of its script element."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from catalog.media import file_name
from catalog.photo_files import WIDTHS
from catalog.provenance.batch_page import BatchPage
from catalog.queries.views import OutletView, Picture, ProductPage, VariantView
from config import Settings
from storefront.i18n import current_language
from storefront.templating import external, local

Json = dict[str, Any]
#: Characters that could end the script element or start a comment in it; in JSON strings their escapes mean the same.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def data_block(*things: Json) -> Markup:
    """The things as one JSON-LD text, safe inside `<script type="application/ld+json">`."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return Markup(text)  # noqa: S704 - escaped above


def organization(settings: Settings, outlet: OutletView | None = None) -> Json:
    """The shop and, where known, the outlet behind it."""
    found: Json = {"@type": "Organization", "@id": external("/#organization"), "name": settings.shop_name, "url": external("/")}
    if outlet:
        found["legalName"] = outlet.operator_name
        found["address"] = {"@type": "PostalAddress", "streetAddress": outlet.address, "addressCountry": "ID"}
        if outlet.phone:
            found["telephone"] = outlet.phone
    return found


def breadcrumbs(trail: Sequence[tuple[str, str | None]]) -> Json:
    """The page's place in the shop, from the same pairs the visible trail has (local addresses)."""
    items: list[Json] = []
    for position, (name, url) in enumerate(trail, start=1):
        item: Json = {"@type": "ListItem", "position": position, "name": name}
        if url:
            item["item"] = external(url)
        items.append(item)
    return {"@type": "BreadcrumbList", "itemListElement": items}


def photo_address(picture: Picture) -> str:
    """Absolute address of a photo's largest JPEG, which every reader understands."""
    return external(f"/media/{file_name(picture.name, WIDTHS[-1], 'jpg')}")


def product(page: ProductPage, settings: Settings) -> Json:
    """A product with what it costs today; without a price there is no offer."""
    address = external(local(f"/products/{page.slug}"))
    found: Json = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.name,
        "url": address,
        "inLanguage": current_language(),
        "category": page.category_name,
        "brand": {"@type": "Brand", "name": page.maker.name},
        "manufacturer": {"@type": "Organization", "name": page.maker.name, "url": external(local(f"/makers/{page.maker.slug}"))},
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "image": [photo_address(picture) for picture in page.pictures] or [external(f"/products/{page.slug}/preview.jpg")],
    }
    if page.summary or page.description:
        found["description"] = page.summary or page.description
    offers = [_offer(variant, address) for variant in page.variants if variant.price is not None]
    if offers:
        found["offers"] = offers[0] if len(offers) == 1 else _range(page, offers)
        for offer in offers:
            offer["seller"] = {"@id": external("/#organization"), "@type": "Organization", "name": settings.shop_name}
    gtins = [variant.gtin for variant in page.variants if variant.gtin]
    if len(page.variants) == 1:
        found["sku"] = page.variants[0].code
        if gtins:
            found["gtin"] = gtins[0]
    return found


def batch(page: BatchPage, address: str) -> Json:
    """One lot as a product of its own, with who made it and where; claims are those that count today."""
    return {
        "@type": "Product",
        "@id": f"{address}#batch",
        "name": page.name,
        "url": address,
        "inLanguage": current_language(),
        "isVariantOf": {"@id": f"{external(local(f'/products/{page.slug}'))}#product", "@type": "ProductModel", "name": page.name},
        "manufacturer": {"@type": "Organization", "name": page.maker.name, "url": external(local(f"/makers/{page.maker.slug}"))},
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "additionalProperty": [{"@type": "PropertyValue", "name": "lot", "value": page.lot}],
        **({"productionDate": page.produced_on.isoformat()} if page.produced_on else {}),
    }


def _offer(variant: VariantView, address: str) -> Json:
    offer: Json = {
        "@type": "Offer",
        "name": variant.name,
        "sku": variant.code,
        "price": variant.price,
        "priceCurrency": "IDR",
        "itemCondition": "https://schema.org/NewCondition",
        "availability": f"https://schema.org/{'InStock' if variant.available > 0 else 'OutOfStock'}",
        "url": address,
    }
    if variant.gtin:
        offer["gtin"] = variant.gtin
    return offer


def _range(page: ProductPage, offers: list[Json]) -> Json:
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": page.prices[0],
        "highPrice": page.prices[-1],
        "offerCount": len(offers),
        "offers": offers,
    }
