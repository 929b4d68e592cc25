"""Readiness of many offers at once: as a condition of a query, and as dossiers of the offers in hand. Both say the same.

tests/orders/wholesale/test_ready.py compares the two for every kind of requirement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from catalog.channels import list_papers_of
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Ingredient, Product, Variant
from catalog.models.readiness import RequirementKind
from catalog.readiness.checking import Dossier, Need
from orders.models.offer import Offer, OfferSource, ReturnPolicy
from orders.wholesale.tiers import Tier, margin_bps

MONTHLY = (
    select(func.coalesce(func.sum(OfferSource.monthly_quantity), 0))
    .where(OfferSource.offer_id == Offer.id, OfferSource.is_active)
    .correlate(Offer)
    .scalar_subquery()
)
_IS_FOOD = Product.halal_state != HalalState.NOT_APPLICABLE


def meets(needs: Iterable[Need], day: date, price: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the `Offer` of the surrounding query meets all needs on `day`. `price` is what its partner pays for a unit."""
    return and_(true(), *(_condition(need, day, price) for need in needs))


def has_paper(kinds: Collection[CertificateKind], day: date) -> ColumnElement[bool]:
    """Whether product or maker hold one of these papers on `day`. Sets of ids, read once, not a question for every row."""
    valid = and_(
        Certificate.kind.in_(kinds),
        Certificate.valid_from_on <= day,
        or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= day),
    )
    own = select(Certificate.product_id).where(valid, Certificate.product_id.is_not(None))
    makers = select(Certificate.maker_id).where(valid, Certificate.maker_id.is_not(None))
    return or_(Product.id.in_(own), Product.maker_id.in_(makers))


def keeps_margin(bps: int, price: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the shop keeps at least `bps` of the suggested price; multiplied out, so nothing is rounded."""
    return func.coalesce((Offer.suggested_price - price) * 10_000 >= bps * Offer.suggested_price, False)


def _condition(need: Need, day: date, price: ColumnElement[int]) -> ColumnElement[bool]:
    if need.kind is RequirementKind.PAPER:
        return has_paper(need.papers, day)
    if need.kind is RequirementKind.HALAL:
        exempt = Product.halal_state.in_((HalalState.NOT_APPLICABLE, HalalState.DECLARED_NON_HALAL))
        return or_(exempt, has_paper((CertificateKind.HALAL,), day))
    if need.kind is RequirementKind.INSURANCE:
        return func.coalesce(Offer.insured_until_on >= day, False)
    if need.kind is RequirementKind.MARGIN:
        return keeps_margin(need.amount, price)
    return _fixed(need)


def _fixed(need: Need) -> ColumnElement[bool]:
    """The needs that ask for no day and no price."""
    measured = (Offer.case_length_mm, Offer.case_width_mm, Offer.case_height_mm, Offer.case_weight_g)
    conditions: dict[RequirementKind, ColumnElement[bool]] = {
        RequirementKind.REGISTERED_GTIN: Variant.gtin.is_not(None),
        RequirementKind.CASE_GTIN: Offer.case_gtin.is_not(None),
        RequirementKind.SHELF_LIFE: func.coalesce(Offer.shelf_life_days >= need.amount, ~_IS_FOOD),
        RequirementKind.REMAINING_LIFE: func.coalesce(Offer.remaining_days >= need.amount, ~_IS_FOOD),
        RequirementKind.CARTON_DATA: and_(*(column.is_not(None) for column in measured)),
        RequirementKind.PALLET_DATA: Offer.cases_per_layer.is_not(None),
        RequirementKind.CAPACITY: need.amount <= MONTHLY,
        RequirementKind.LEAD_TIME: Offer.lead_days <= need.amount,
        RequirementKind.LABEL_DATA: or_(~_IS_FOOD, _HAS_LABEL),
        RequirementKind.PHOTOS: Product.id.in_(
            select(Photo.product_id).where(Photo.product_id.is_not(None)).group_by(Photo.product_id).having(func.count() >= need.amount)
        ),
        RequirementKind.RETURNS: Offer.return_policy != ReturnPolicy.NONE,
    }
    return conditions[need.kind]


_HAS_LABEL = and_(Product.storage_id != "", Product.shelf_life_days.is_not(None), Product.id.in_(select(Ingredient.product_id)))


def dossiers(session: Session, offers: Sequence[Offer], day: date, tiers: Mapping[int, Sequence[Tier]]) -> dict[int, Dossier]:
    """What is known of each offer on `day`, by its id. Variants, products and sources are loaded; three statements."""
    products = {offer.variant.product.id: offer.variant.product for offer in offers}
    papers = list_papers_of(session, list(products.values())) if products else {}
    photos = _count_photos(session, products)
    labelled = (
        set(session.scalars(select(Ingredient.product_id).where(Ingredient.product_id.in_(products)).distinct())) if products else set()
    )
    valid = {
        product_id: frozenset(
            paper.kind for paper in found if paper.valid_from_on <= day and (paper.valid_until_on is None or paper.valid_until_on >= day)
        )
        for product_id, found in papers.items()
    }
    return {offer.id: _dossier(offer, day, tiers.get(offer.id, ()), valid, photos, labelled) for offer in offers}


def _dossier(
    offer: Offer,
    day: date,
    tiers: Sequence[Tier],
    valid: Mapping[int, frozenset[CertificateKind]],
    photos: Mapping[int, int],
    labelled: Collection[int],
) -> Dossier:
    product = offer.variant.product
    return Dossier(
        papers=valid.get(product.id, frozenset()),
        halal_state=product.halal_state,
        has_gtin=offer.variant.gtin is not None,
        has_case_gtin=offer.case_gtin is not None,
        shelf_life_days=offer.shelf_life_days,
        remaining_days=offer.remaining_days,
        is_measured=offer.is_measured,
        has_pallet=offer.cases_per_layer is not None,
        monthly_quantity=sum(source.monthly_quantity for source in offer.sources if source.is_active),
        lead_days=offer.lead_days,
        is_insured=offer.insured_until_on is not None and offer.insured_until_on >= day,
        has_label_data=bool(product.storage_id) and product.shelf_life_days is not None and product.id in labelled,
        photo_count=photos.get(product.id, 0),
        takes_back=offer.return_policy is not ReturnPolicy.NONE,
        margin_bps=margin_bps(tiers[0].unit_price, offer.suggested_price) if tiers else None,
    )


def _count_photos(session: Session, product_ids: Collection[int]) -> Mapping[int, int]:
    if not product_ids:
        return {}
    statement = select(Photo.product_id, func.count()).where(Photo.product_id.in_(product_ids)).group_by(Photo.product_id)
    return Counter({number: count for number, count in session.execute(statement) if number is not None})
