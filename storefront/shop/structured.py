"""What search engines and messengers read: JSON-LD as a data block that cannot break out of its script element."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from catalog.provenance.batch_page import BatchPage
from catalog.provenance.digital_link import pack_address
from catalog.queries.views import Claim, OutletView, ProductPage
from config import Settings
from storefront.i18n import current_language
from storefront.schema_org import Json, certification, maker, offer, photo_address
from storefront.templating import external, local

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
        "manufacturer": maker(page.maker.name, page.maker.slug),
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "image": [photo_address(picture.name) for picture in page.pictures] or [external(f"/products/{page.slug}/preview.jpg")],
    }
    if page.summary or page.description:
        found["description"] = page.summary or page.description
    if page.claims:
        found["hasCertification"] = [certification(claim) for claim in page.claims]
    offers = [offer(variant, address) for variant in page.variants if variant.price is not None]
    if offers:
        found["offers"] = offers[0] if len(offers) == 1 else _range(page, offers)
        for each in offers:
            each["seller"] = {"@id": external("/#organization"), "@type": "Organization", "name": settings.shop_name}
    gtins = [variant.gtin for variant in page.variants if variant.gtin]
    if len(page.variants) == 1:
        found["sku"] = page.variants[0].code
        if gtins:
            found["gtin"] = gtins[0]
            found["hasGS1DigitalLink"] = pack_address(external(""), code=page.variants[0].code, gtin=gtins[0])
    return found


def batch(page: BatchPage, address: str, claims: Sequence[Claim], digital_link: str) -> Json:
    """One lot as a product of its own, with who made it and where; of the production day's papers those that count today."""
    certified = [certification(claim) for claim in claims]
    return {
        "@type": "Product",
        "@id": f"{address}#batch",
        "name": page.name,
        "url": address,
        "inLanguage": current_language(),
        "isVariantOf": {"@id": f"{external(local(f'/products/{page.slug}'))}#product", "@type": "ProductModel", "name": page.name},
        "manufacturer": maker(page.maker.name, page.maker.slug),
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "additionalProperty": [{"@type": "PropertyValue", "name": "lot", "value": page.lot}],
        **({"productionDate": page.produced_on.isoformat()} if page.produced_on else {}),
        **({"hasCertification": certified} if certified else {}),
        **({"hasGS1DigitalLink": digital_link} if "/01/" in digital_link else {}),
    }


def _range(page: ProductPage, offers: list[Json]) -> Json:
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": page.prices[0],
        "highPrice": page.prices[-1],
        "offerCount": len(offers),
        "offers": offers,
    }
