"""What the label on a pack has to say, and what of it is missing: read for a choice of variants and lots, ready to be drawn.

Source: BPOM regulation 31/2018 on labels of processed food, amended by 20/2021.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.labels import MOST_LABELS, Wanted
from catalog.models.area import Area
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Ingredient, Product, Unit, Variant
from catalog.models.stock import Batch

#: Papers whose numbers stand on a label.
_PAPERS = (CertificateKind.PIRT, CertificateKind.BPOM, CertificateKind.HALAL)


class Missing(StrEnum):
    """What a food label must say and this one cannot."""

    INGREDIENTS = "ingredients"
    SHARE = "share"
    ORIGIN = "origin"
    LOT = "lot"
    PRODUCED_ON = "produced_on"
    BEST_BEFORE = "best_before"
    PERMIT = "permit"
    HALAL = "halal"


@dataclass(frozen=True, slots=True)
class LabelIngredient:
    """One ingredient with the short name of where it is from."""

    name_id: str
    name_en: str
    origin: str
    share_bps: int | None


@dataclass(frozen=True, slots=True)
class PackLabel:
    """One label for a pack, or one story card beside it, drawn `count` times."""

    code: str
    gtin: str | None
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    net_quantity: int
    unit: Unit
    summary_id: str
    summary_en: str
    story_id: str
    story_en: str
    maker: str
    village: str
    village_code: str
    #: `Desa Karang Agung, Kec. Abab, PALI, Sumatera Selatan`.
    address: str
    ingredients: tuple[LabelIngredient, ...]
    allergens: tuple[str, ...]
    storage_id: str
    storage_en: str
    is_edible: bool
    halal: HalalState
    #: Numbers of papers that are valid on the production day.
    permit: str
    halal_number: str
    lot: str
    produced_on: date | None
    best_before_on: date | None
    #: Name of the product's first photo, or nothing.
    photo: str
    count: int


def read_pack_labels(session: Session, wanted: Sequence[Wanted], today: date) -> list[PackLabel]:
    """The labels in the order asked for; at most MOST_LABELS in all, the rest is left out. The same few statements for any number."""
    variants = _variants(session, {each.variant_id for each in wanted})
    products = {variant.product.id: variant.product for variant in variants.values()}
    lots = _lots(session, products, {each.lot_code for each in wanted if each.lot_code})
    papers = _papers(session, products.values())
    left = MOST_LABELS
    labels = []
    for each in wanted:
        count = min(each.count, left)
        variant = variants.get(each.variant_id)
        if count > 0 and variant is not None:
            labels.append(_label(variant, each, lots.get((variant.product.id, each.lot_code)), papers, count, today))
            left -= count
    return labels


def missing_of(label: PackLabel) -> tuple[Missing, ...]:
    """What the law wants on the label of food and this one lacks, in the order in which it stands there; crafts need none of it."""
    if not label.is_edible:
        return ()
    several = len(label.ingredients) > 1
    lacks = {
        Missing.INGREDIENTS: not label.ingredients,
        Missing.SHARE: several and all(each.share_bps is None for each in label.ingredients),
        Missing.ORIGIN: bool(label.ingredients) and not any(each.origin for each in label.ingredients),
        Missing.LOT: not label.lot,
        Missing.PRODUCED_ON: label.produced_on is None,
        Missing.BEST_BEFORE: label.best_before_on is None,
        Missing.PERMIT: not label.permit,
        Missing.HALAL: not label.halal_number and label.halal is not HalalState.DECLARED_NON_HALAL,
    }
    return tuple(what for what, is_missing in lacks.items() if is_missing)


def _variants(session: Session, ids: set[int]) -> dict[int, Variant]:
    product = joinedload(Variant.product)
    statement = (
        select(Variant)
        .where(Variant.id.in_(ids))
        .options(
            product.joinedload(Product.maker),
            product.joinedload(Product.village).joinedload(Area.parent).joinedload(Area.parent).joinedload(Area.parent),
            product.selectinload(Product.ingredients).joinedload(Ingredient.origin),
            product.selectinload(Product.photos),
        )
    )
    return {variant.id: variant for variant in session.scalars(statement)}


def _lots(session: Session, products: Iterable[int], codes: set[str]) -> dict[tuple[int, str], Batch]:
    found = session.scalars(select(Batch).where(Batch.product_id.in_(list(products)), Batch.lot_code.in_(codes)))
    return {(batch.product_id, batch.lot_code): batch for batch in found}


def _papers(session: Session, products: Iterable[Product]) -> list[Certificate]:
    listed = list(products)
    owners = or_(
        Certificate.product_id.in_([product.id for product in listed]), Certificate.maker_id.in_([product.maker_id for product in listed])
    )
    return list(
        session.scalars(select(Certificate).where(owners, Certificate.kind.in_(_PAPERS)).order_by(Certificate.valid_from_on.desc()))
    )


def _label(variant: Variant, wanted: Wanted, batch: Batch | None, papers: list[Certificate], count: int, today: date) -> PackLabel:
    product = variant.product
    day = (batch.produced_on if batch else None) or today
    valid = [
        paper
        for paper in papers
        if (paper.product_id == product.id or paper.maker_id == product.maker_id)
        and paper.valid_from_on <= day
        and (paper.valid_until_on is None or day <= paper.valid_until_on)
    ]
    halal = next((paper.number for paper in valid if paper.kind is CertificateKind.HALAL), "")
    permit = next((f"P-IRT No. {paper.number}" for paper in valid if paper.kind is CertificateKind.PIRT), "")
    photos: list[Photo] = product.photos
    maker: Maker = product.maker
    return PackLabel(
        code=variant.code,
        gtin=variant.gtin,
        name_id=product.name_id,
        name_en=product.name_en,
        pack_id=variant.name_id,
        pack_en=variant.name_en,
        net_quantity=variant.net_quantity,
        unit=variant.unit,
        summary_id=product.summary_id,
        summary_en=product.summary_en,
        story_id=maker.story_id,
        story_en=maker.story_en,
        maker=maker.name,
        village=_title(product.village),
        village_code=product.village_code,
        address=_address(product.village),
        ingredients=tuple(
            LabelIngredient(each.name_id, each.name_en, each.origin.short_name or each.origin.name if each.origin else "", each.share_bps)
            for each in product.ingredients
        ),
        allergens=tuple(product.allergens),
        storage_id=product.storage_id,
        storage_en=product.storage_en,
        is_edible=product.halal_state is not HalalState.NOT_APPLICABLE,
        halal=product.halal_state,
        permit=permit or next((f"BPOM RI {paper.number}" for paper in valid if paper.kind is CertificateKind.BPOM), ""),
        halal_number=halal,
        lot=wanted.lot_code,
        produced_on=batch.produced_on if batch else None,
        best_before_on=wanted.best_before_on or (batch.best_before_on if batch else None),
        photo=photos[0].name if photos else "",
        count=count,
    )


def _title(village: Area) -> str:
    return f"{(village.kind or '').capitalize()} {village.name}".strip()


def _address(village: Area) -> str:
    district = village.parent
    regency = district.parent if district else None
    province = regency.parent if regency else None
    parts = [
        _title(village),
        f"Kec. {district.name}" if district else "",
        (regency.short_name or regency.name) if regency else "",
        province.name if province else "",
    ]
    return ", ".join(part for part in parts if part)
