"""What stands on a shelf label or price tag: read for a choice of variants and lots, ready to be drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.barcodes import printable_number
from catalog.certificates import halal_claim, list_claims_of
from catalog.models.area import Area
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import HalalState, Product, Variant
from catalog.prices import UnitPrice, current_price, unit_price

#: More labels than this in one go are two jobs for the printer.
MOST_LABELS = 2_000
#: Permits and what stands before their number; a BPOM number begins with its own letters.
_PERMITS = {CertificateKind.PIRT: "P-IRT ", CertificateKind.BPOM: "BPOM "}


@dataclass(frozen=True, slots=True)
class Label:
    """One label, drawn `count` times."""

    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    village: str
    code: str
    #: 8 or 13 digits, or None when the variant has only a case number.
    number: str | None
    price: int | None
    unit_price: UnitPrice | None
    lot_code: str
    best_before_on: date | None
    count: int
    #: Number of the permit that is valid on the day, with its kind: "P-IRT 2061612010001-29"; empty without one.
    permit: str = ""
    is_halal: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many labels of a variant's lot."""

    variant_id: int
    lot_code: str
    best_before_on: date | None
    count: int


def read_labels(session: Session, wanted: Sequence[Wanted], today: date) -> list[Label]:
    """The labels in the order asked for, with the prices of `today`; at most MOST_LABELS in all, the rest is left out."""
    ids = {each.variant_id for each in wanted}
    statement = (
        select(Variant)
        .where(Variant.id.in_(ids))
        .options(selectinload(Variant.prices), joinedload(Variant.product).joinedload(Product.village))
    )
    variants = {variant.id: variant for variant in session.scalars(statement)}
    products = {variant.product_id: variant.product for variant in variants.values()}
    claims = list_claims_of(session, list(products.values()), today)
    left = MOST_LABELS
    labels = []
    for each in wanted:
        count = min(each.count, left)
        if count > 0 and each.variant_id in variants:
            variant = variants[each.variant_id]
            labels.append(_label(variant, each, count, claims[variant.product_id], today))
            left -= count
    return labels


def ids_by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Variant ids by their codes."""
    rows = session.execute(select(Variant.code, Variant.id).where(Variant.code.in_(codes)))
    return {code: variant_id for code, variant_id in rows}  # noqa: C416 - a Row is no pair to dict()


def _label(variant: Variant, wanted: Wanted, count: int, claims: Sequence[Certificate], today: date) -> Label:
    product, village = variant.product, variant.product.village
    price = current_price(variant.prices, today)
    return Label(
        name_id=product.name_id,
        name_en=product.name_en,
        pack_id=variant.name_id,
        pack_en=variant.name_en,
        village=_place(village),
        code=variant.code,
        number=printable_number(variant.gtin, variant.internal_number),
        price=price,
        unit_price=unit_price(price, variant.net_quantity, variant.unit),
        lot_code=wanted.lot_code,
        best_before_on=wanted.best_before_on,
        count=count,
        permit=next((f"{_PERMITS[claim.kind]}{claim.number}" for claim in claims if claim.kind in _PERMITS), ""),
        is_halal=halal_claim(product.halal_state, claims) is HalalState.CERTIFIED,
    )


def _place(village: Area) -> str:
    return f"{(village.kind or '').capitalize()} {village.name}".strip()
