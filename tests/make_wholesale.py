"""Partners and offers for tests, made through the verbs that the office uses."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel.ids import make_token
from kernel.people import GUEST, SYSTEM, User
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerGroup, PartnerKind, PartnerState
from orders.wholesale import applications, buyers, groups, offers, partners, price_lists
from orders.wholesale.buyers import BranchFacts
from orders.wholesale.company_facts import PartnerFacts
from orders.wholesale.offers import OfferFacts
from orders.wholesale.partners import PartnerTerms
from orders.wholesale.tiers import Tier
from tests.make import TALANG_BULANG, make_user

NPWP = "0012345674092000"
SECRET = "tests"


def new_partner(**changes: Any) -> PartnerFacts:
    """A minimarket chain that applies."""
    values = {
        "kind": PartnerKind.MINIMARKET,
        "name": "Warung Contoh",
        "legal_name": "PT Warung Contoh Nusantara",
        "npwp": NPWP,
        "nib": "1234567890123",
        "is_pkp": True,
        "address": "Jalan Contoh 1",
        "area_code": TALANG_BULANG,
        "contact_name": "Ibu Contoh",
        "contact_email": "beli@contoh.example.com",
        "contact_phone": "0812 3456 7890",
    } | changes
    return PartnerFacts(**values)


def make_application(session: Session, outlet: Outlet, **changes: Any) -> Partner:
    """A company that waits for the office."""
    return applications.apply(session, GUEST, outlet, new_partner(**changes), token=make_token(), language="id")


def make_group(session: Session, outlet: Outlet, name: str = "Minimarket", *, sees_everything: bool = True) -> PartnerGroup:
    """A group of the seller."""
    return groups.create_group(session, SYSTEM, outlet, name, sees_everything=sees_everything)


def make_partner(session: Session, outlet: Outlet, group: PartnerGroup, *, terms: dict[str, Any] | None = None, **changes: Any) -> Partner:
    """An approved partner with one branch."""
    partner = make_application(session, outlet, **changes)
    wanted = {"credit_limit": 50_000_000, "payment_days": 30} | (terms or {})
    partners.set_terms(session, SYSTEM, partner.id, PartnerTerms(group_code=group.code, **wanted))
    partners.decide(session, SYSTEM, partner.id, PartnerState.APPROVED)
    buyers.save_branch(session, SYSTEM, partner, BranchFacts(name="Gudang", address="Jalan Gudang 2", area_code=TALANG_BULANG))
    return partner


def make_buyer(session: Session, partner: Partner, **changes: Any) -> User:
    """A person who buys for the partner, as its approver."""
    person = make_user(session)
    buyers.attach_buyer(session, SYSTEM, partner, person, **({"is_approver": True} | changes))
    session.refresh(person, ["grants"])
    return person


def new_offer(**changes: Any) -> OfferFacts:
    """Cases of 24, measured, three days of work, half a year on the shelf."""
    values = {
        "units_per_case": 24,
        "case_length_mm": 400,
        "case_width_mm": 300,
        "case_height_mm": 250,
        "case_weight_g": 7_000,
        "cases_per_layer": 8,
        "layers_per_pallet": 5,
        "minimum_cases": 2,
        "lead_days": 3,
        "shelf_life_days": 180,
        "remaining_days": 120,
        "suggested_price": 25_000,
    } | changes
    return OfferFacts(**values)


def make_offer(
    session: Session,
    outlet: Outlet,
    variant: Variant,
    *,
    tiers: tuple[Tier, ...] = (Tier(2, 18_000), Tier(10, 17_000)),
    monthly_quantity: int = 1_000,
    is_open: bool = True,
    **changes: Any,
) -> Offer:
    """An open offer with two price steps and a thousand units a month."""
    offer = offers.create_offer(session, SYSTEM, outlet, variant, new_offer(**changes), monthly_quantity=monthly_quantity)
    price_lists.set_prices(session, SYSTEM, offer, tiers)
    return offers.open_offer(session, SYSTEM, offer) if is_open else offer
