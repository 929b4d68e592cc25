"""What search engines and messengers read: JSON-LD as a data block that cannot break out of its script element."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from markupsafe import Markup

from catalog.media import file_name
from catalog.models.certificate import CertificateKind
from catalog.photo_files import WIDTHS
from catalog.provenance.batch_page import BatchPage
from catalog.provenance.digital_link import pack_address
from catalog.queries.views import Claim, OutletView, Picture, ProductPage, VariantView
from config import Settings
from storefront.i18n import current_language
from storefront.templating import external, local
from storefront.words import word

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
    if page.claims:
        found["hasCertification"] = [
            certification(claim, is_valid=True, address=external(local(f"/certificates/{claim.code}"))) for claim in page.claims
        ]
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
            found["hasGS1DigitalLink"] = pack_address(external(""), code=page.variants[0].code, gtin=gtins[0])
    return found


class Certified(Protocol):
    """A paper as its JSON-LD needs it: a claim of today, or the paper of a page."""

    @property
    def kind(self) -> CertificateKind: ...
    @property
    def number(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def valid_from_on(self) -> date: ...
    @property
    def valid_until_on(self) -> date | None: ...


def certification(paper: Certified, *, is_valid: bool, address: str) -> Json:
    """A paper as schema.org says it; `is_valid` on the day of the page."""
    found: Json = {
        "@type": "Certification",
        "name": word(paper.kind),
        "issuedBy": {"@type": "Organization", "name": paper.issuer},
        "validFrom": paper.valid_from_on.isoformat(),
        "certificationStatus": f"https://schema.org/Certification{'Active' if is_valid else 'Inactive'}",
        "url": address,
    }
    if paper.number:
        found["certificationIdentification"] = paper.number
    if paper.valid_until_on:
        found["expires"] = paper.valid_until_on.isoformat()
    return found


def batch(page: BatchPage, address: str, claims: Sequence[Claim], digital_link: str) -> Json:
    """One lot as a product of its own, with who made it and where; of the production day's papers those that count today."""
    certified = [certification(claim, is_valid=True, address=external(local(f"/certificates/{claim.code}"))) for claim in claims]
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
        **({"hasCertification": certified} if certified else {}),
        **({"hasGS1DigitalLink": digital_link} if "/01/" in digital_link else {}),
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
        offer["hasGS1DigitalLink"] = pack_address(external(""), code=variant.code, gtin=variant.gtin)
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
