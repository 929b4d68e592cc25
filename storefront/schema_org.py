"""Our things in the words of schema.org, the same on pages and in files: papers, offers, who made it, where its pictures are."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from catalog.media import file_name
from catalog.models.certificate import CertificateKind
from catalog.photo_files import WIDTHS
from catalog.provenance.digital_link import pack_address
from catalog.queries.views import VariantView
from storefront.templating import external, local
from storefront.words import word

Json = dict[str, Any]


class Certified(Protocol):
    """A paper as its JSON-LD needs it: a claim of today, or the paper of a page."""

    @property
    def code(self) -> str: ...
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


def photo_address(name: str) -> str:
    """Absolute address of a stored photo's largest JPEG, which every reader understands."""
    return external(f"/media/{file_name(name, WIDTHS[-1], 'jpg')}")


def maker(name: str, slug: str) -> Json:
    """Who made it."""
    return {"@type": "Organization", "name": name, "url": external(local(f"/makers/{slug}"))}


def certification(paper: Certified, *, is_valid: bool = True) -> Json:
    """A paper with the address of its page; `is_valid` on the day of the page."""
    found: Json = {
        "@type": "Certification",
        "name": word(paper.kind),
        "issuedBy": {"@type": "Organization", "name": paper.issuer},
        "validFrom": paper.valid_from_on.isoformat(),
        "certificationStatus": f"https://schema.org/Certification{'Active' if is_valid else 'Inactive'}",
        "url": external(local(f"/certificates/{paper.code}")),
    }
    if paper.number:
        found["certificationIdentification"] = paper.number
    if paper.valid_until_on:
        found["expires"] = paper.valid_until_on.isoformat()
    return found


def offer(variant: VariantView, address: str) -> Json:
    """A pack at its price of today, to be bought at `address`."""
    found: Json = {
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
        found["gtin"] = variant.gtin
        found["hasGS1DigitalLink"] = pack_address(external(""), code=variant.code, gtin=variant.gtin)
    return found
