"""Readiness of many offers at once: as a condition of a query, and as dossiers of the offers in hand. Both say the same.

tests/orders/wholesale/test_ready.py compares the two for every kind of requirement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Ingredient, Product, Variant
from catalog.models.readiness import RequirementKind
from catalog.queries import parts
from catalog.queries.cards import certificates_of_product
from catalog.queries.json_rows import read_rows, rows_of
from catalog.readiness.checking import Dossier, Need
from orders.models.offer import Offer, OfferSource, ReturnPolicy
from orders.wholesale.capacity import sources_subquery
from orders.wholesale.price_lists import prices_subquery, read_tiers
from orders.wholesale.tiers import Tier, margin_bps
from orders.wholesale.visible import over_offers

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


def facts(group_id: int | None, day: date) -> tuple[Any, ...]:
    """Columns of an offer from which `read_dossier` tells how ready it is, and prices from which `read_tiers` tells what a group pays."""
    return (
        Offer.id,
        *_OWN,
        Variant.gtin,
        Product.halal_state,
        Product.storage_id,
        Product.shelf_life_days.label("product_life"),
        parts.claims_subquery(certificates_of_product(), day).label("claims"),
        prices_subquery(group_id, day).label("prices"),
        sources_subquery(day).label("sources"),
        _INGREDIENTS.label("ingredients"),
        select(func.count(Photo.id)).where(Photo.product_id == Product.id).correlate(Product).scalar_subquery().label("photos"),
    )


_OWN = (
    Offer.case_length_mm,
    Offer.case_width_mm,
    Offer.case_height_mm,
    Offer.case_weight_g,
    Offer.case_gtin,
    Offer.cases_per_layer,
    Offer.shelf_life_days,
    Offer.remaining_days,
    Offer.lead_days,
    Offer.return_policy,
    Offer.suggested_price,
    Offer.insured_until_on,
)
_INGREDIENTS = (
    rows_of(id=Ingredient.id, position=Ingredient.position, name_id=Ingredient.name_id, name_en=Ingredient.name_en)
    .where(Ingredient.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)


def read_dossier(row: Any, tiers: Sequence[Tier], papers: frozenset[CertificateKind], day: date) -> Dossier:
    """What is known of an offer on `day`, from a row of `facts`; `tiers` and `papers` are those of that day."""
    return Dossier(
        papers=papers,
        halal_state=row.halal_state,
        has_gtin=row.gtin is not None,
        has_case_gtin=row.case_gtin is not None,
        shelf_life_days=row.shelf_life_days,
        remaining_days=row.remaining_days,
        is_measured=None not in (row.case_length_mm, row.case_width_mm, row.case_height_mm, row.case_weight_g),
        has_pallet=row.cases_per_layer is not None,
        monthly_quantity=sum(source["usual"] for source in read_rows(row.sources)),
        lead_days=row.lead_days,
        is_insured=row.insured_until_on is not None and row.insured_until_on >= day,
        has_label_data=bool(row.storage_id) and row.product_life is not None and bool(read_rows(row.ingredients)),
        photo_count=row.photos,
        takes_back=row.return_policy is not ReturnPolicy.NONE,
        margin_bps=margin_bps(tiers[0].unit_price, row.suggested_price) if tiers else None,
    )


def dossiers(session: Session, offer_ids: Collection[int], group_id: int | None, day: date) -> dict[int, Dossier]:
    """What is known of these offers on `day`, by id, whoever may see them. One statement."""
    found = {}
    for row in session.execute(over_offers(*facts(group_id, day)).where(Offer.id.in_(offer_ids))) if offer_ids else ():
        papers = frozenset(claim.kind for claim in parts.read_claims(row.claims))
        found[row.id] = read_dossier(row, read_tiers(row.prices, group_id), papers, day)
    return found
