"""Readiness said twice and meant once: the condition of lists and the dossier in hand agree for every kind and either answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Ingredient, Product
from catalog.models.readiness import RequirementKind
from catalog.readiness.checking import Need, find_gaps
from kernel import clock
from orders.models.offer import Offer, ReturnPolicy
from orders.wholesale import buyers
from orders.wholesale.ready import dossiers, meets
from orders.wholesale.visible import first_price, over_offers
from tests.make import make_outlet, make_product, make_variant
from tests.make_wholesale import make_group, make_offer, make_partner

DAY = timedelta(days=1)
GTIN, CASE_GTIN = "8999999000011", "18999999000018"
KIND = RequirementKind

NEEDS = [
    Need(KIND.PAPER, papers=(CertificateKind.PIRT, CertificateKind.BPOM)),
    Need(KIND.HALAL),
    Need(KIND.REGISTERED_GTIN),
    Need(KIND.CASE_GTIN),
    Need(KIND.SHELF_LIFE, 90),
    Need(KIND.REMAINING_LIFE, 60),
    Need(KIND.CARTON_DATA),
    Need(KIND.PALLET_DATA),
    Need(KIND.CAPACITY, 500),
    Need(KIND.LEAD_TIME, 7),
    Need(KIND.INSURANCE),
    Need(KIND.LABEL_DATA),
    Need(KIND.PHOTOS, 2),
    Need(KIND.RETURNS),
    Need(KIND.MARGIN, 2_000),
]


def _complete(session: Session, **changes: Any) -> Offer:
    """An offer that has everything, or, by `changes`, lacks something."""
    outlet = make_outlet(session)
    today = clock.today()
    product = make_product(session, storage_id="Sejuk", shelf_life_days=180, halal_state=changes.pop("halal_state", HalalState.CERTIFIED))
    session.add(Ingredient(product_id=product.id, position=0, name_id="Ubi"))
    for place in range(2):
        name = f"{product.id:016d}{place:016d}"
        session.add(Photo(name=name, product_id=product.id, position=place, width=1080, height=1350, created_at=clock.now()))
    for kind, owner in ((CertificateKind.BPOM, {"maker_id": product.maker_id}), (CertificateKind.HALAL, {"product_id": product.id})):
        until = today - DAY if changes.pop(f"no_{kind.value}", False) else today
        session.add(
            Certificate(
                **owner, kind=kind, number="1", issuer="I", valid_from_on=today - 9 * DAY, valid_until_on=until, created_at=clock.now()
            )
        )
    session.flush()
    variant = make_variant(session, product, gtin=changes.pop("gtin", GTIN))
    values = {"case_gtin": CASE_GTIN, "insured_until_on": today, "return_policy": ReturnPolicy.DAMAGED} | changes
    return make_offer(session, outlet, variant, **values)


#: What takes each need away; today is the last day of every paper and of the insurance.
LACKING: dict[RequirementKind, dict[str, Any]] = {
    KIND.PAPER: {"no_bpom": True},
    KIND.HALAL: {"no_halal": True, "halal_state": HalalState.NOT_YET},
    KIND.REGISTERED_GTIN: {"gtin": None, "case_gtin": None},
    KIND.CASE_GTIN: {"case_gtin": None},
    KIND.SHELF_LIFE: {"shelf_life_days": 89, "remaining_days": 60},
    KIND.REMAINING_LIFE: {"remaining_days": 59},
    KIND.CARTON_DATA: {"case_height_mm": None},
    KIND.PALLET_DATA: {"cases_per_layer": None, "layers_per_pallet": None},
    KIND.CAPACITY: {"monthly_quantity": 499},
    KIND.LEAD_TIME: {"lead_days": 8},
    KIND.INSURANCE: {"insured_until_on": None},
    KIND.LABEL_DATA: {},
    KIND.PHOTOS: {},
    KIND.RETURNS: {"return_policy": ReturnPolicy.NONE},
    KIND.MARGIN: {"suggested_price": 22_499},
}


def both(session: Session, offer: Offer, need: Need) -> tuple[bool, bool]:
    """What the lists say, and what the dossier says."""
    today = clock.today()
    partner = make_partner(session, offer.outlet or make_outlet(session), make_group(session, offer.outlet, f"G{need.kind}"))
    who = buyers.get_audience(session, partner.id)
    statement = over_offers(Offer.id).where(Offer.id == offer.id, meets([need], today, first_price(who, today)))
    dossier = dossiers(session, [offer.id], who.group_id, today)[offer.id]
    return session.scalar(statement) is not None, find_gaps([need], dossier) == ()


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.kind.value)
def test_what_is_there_is_seen_by_both(session: Session, need: Need) -> None:
    offer = _complete(session)
    session.refresh(offer, ["outlet"])
    assert both(session, offer, need) == (True, True)


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.kind.value)
def test_what_is_missing_is_missed_by_both(session: Session, need: Need) -> None:
    offer = _complete(session, **LACKING[need.kind])
    session.refresh(offer, ["outlet", "variant"])
    product = session.get_one(Product, offer.variant.product_id)
    if need.kind is KIND.LABEL_DATA:
        product.storage_id = ""
    if need.kind is KIND.PHOTOS:
        session.delete(session.scalars(select(Photo).where(Photo.product_id == product.id).limit(1)).one())
    session.flush()
    assert both(session, offer, need) == (False, False)


@pytest.mark.parametrize("kind", [KIND.HALAL, KIND.SHELF_LIFE, KIND.REMAINING_LIFE, KIND.LABEL_DATA])
def test_a_basket_needs_neither_halal_nor_best_before(session: Session, kind: RequirementKind) -> None:
    offer = _complete(session, no_halal=True, halal_state=HalalState.NOT_APPLICABLE, shelf_life_days=None, remaining_days=None)
    session.refresh(offer, ["outlet"])
    assert both(session, offer, Need(kind, 30 if kind in (KIND.SHELF_LIFE, KIND.REMAINING_LIFE) else 0)) == (True, True)


def test_declared_non_halal_goods_are_not_asked_for_the_paper(session: Session) -> None:
    offer = _complete(session, no_halal=True, halal_state=HalalState.DECLARED_NON_HALAL)
    session.refresh(offer, ["outlet"])
    assert both(session, offer, Need(KIND.HALAL)) == (True, True)


def test_every_kind_is_tried() -> None:
    assert {need.kind for need in NEEDS} == set(KIND) == set(LACKING)
