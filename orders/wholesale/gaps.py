"""What offers still lack for each kind of retailer, for the office and for their makers; on the list that every partner pays by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.readiness.checking import Gap, find_gaps
from catalog.readiness.profiles import Profile
from catalog.shelves import reach_of
from kernel import clock
from kernel.people import Actor, Permission
from orders.models.offer import Offer, OfferSource, OfferState
from orders.wholesale.ready import dossiers

#: Offers of one page of the office's list of gaps.
MOST = 200

_LOADED = (
    joinedload(Offer.variant).joinedload(Variant.product).joinedload(Product.maker),
    joinedload(Offer.outlet),
    selectinload(Offer.sources),
)


@dataclass(frozen=True, slots=True)
class OfferGaps:
    """One offer with what it lacks of one profile."""

    offer: Offer
    gaps: tuple[Gap, ...]


def list_gaps_of(session: Session, offer: Offer, profiles: Sequence[Profile]) -> list[tuple[Profile, tuple[Gap, ...]]]:
    """What one offer lacks of each profile today. One statement."""
    day = clock.today(offer.outlet.zone)
    dossier = dossiers(session, [offer.id], None, day)[offer.id]
    return [(profile, find_gaps(profile.needs, dossier)) for profile in profiles]


def list_in_reach(session: Session, actor: Actor, profile: Profile) -> list[OfferGaps]:
    """Offers of the sellers in reach that are not closed, those that lack least first: what to work on next. Three statements."""
    statement = (
        select(Offer)
        .join(Outlet, Outlet.id == Offer.outlet_id)
        .where(Offer.state != OfferState.CLOSED, *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(*_LOADED)
        .order_by(Offer.id)
        .limit(MOST)
    )
    found = _gaps(session, session.scalars(statement).all(), profile)
    return sorted(found, key=lambda each: (not each.gaps, len(each.gaps), each.offer.id))


def list_of_maker(session: Session, maker_id: int, profile: Profile) -> list[OfferGaps]:
    """Offers that a maker fills, alone or with others, with what they lack."""
    filled = (
        select(OfferSource.offer_id)
        .join(Variant, Variant.id == OfferSource.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.maker_id == maker_id, OfferSource.is_active)
    )
    statement = select(Offer).where(Offer.state != OfferState.CLOSED, Offer.id.in_(filled)).options(*_LOADED).order_by(Offer.id)
    return _gaps(session, session.scalars(statement).all(), profile)


def _gaps(session: Session, offers: Sequence[Offer], profile: Profile) -> list[OfferGaps]:
    day = max((clock.today(offer.outlet.zone) for offer in offers), default=clock.today())
    known = dossiers(session, [offer.id for offer in offers], None, day)
    return [OfferGaps(offer, find_gaps(profile.needs, known[offer.id])) for offer in offers]
