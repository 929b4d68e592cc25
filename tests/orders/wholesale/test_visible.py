"""Who sees which offer: seller, group, price and papers of the day all have to agree; the first second of a day counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import HalalState, ListingState, Product
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import NotFound
from kernel.people import SYSTEM
from orders.models.offer import Offer
from orders.wholesale import buyers, groups, offers, price_lists
from orders.wholesale.buyers import Audience
from orders.wholesale.tiers import Tier
from orders.wholesale.visible import first_price, get_visible_id, is_visible, over_offers
from tests.make import make_outlet, make_product
from tests.make_wholesale import make_group, make_offer, make_partner

DAY = timedelta(days=1)


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


@pytest.fixture
def offer(session: Session, outlet: Outlet) -> Offer:
    return make_offer(session, outlet, basket(session).variants[0])


def basket(session: Session, **changes: Any) -> Product:
    """Goods the channel asks no paper of."""
    return make_product(session, **({"halal_state": HalalState.NOT_APPLICABLE} | changes))


def audience(session: Session, outlet: Outlet, name: str = "Minimarket", *, sees_everything: bool = True) -> Audience:
    group = make_group(session, outlet, name, sees_everything=sees_everything)
    return buyers.get_audience(session, make_partner(session, outlet, group).id)


def seen(session: Session, who: Audience, day: date | None = None) -> set[str]:
    return set(session.scalars(over_offers(Offer.code).where(*is_visible(who, day or clock.today()))))


def test_a_partner_sees_its_own_seller(session: Session, outlet: Outlet, offer: Offer) -> None:
    assert seen(session, audience(session, outlet)) == {offer.code}
    assert seen(session, audience(session, make_outlet(session))) == set()


def test_a_group_sees_its_assortment(session: Session, outlet: Outlet, offer: Offer) -> None:
    who = audience(session, outlet, sees_everything=False)
    assert seen(session, who) == set()
    with pytest.raises(NotFound):
        get_visible_id(session, who, offer.code, clock.today())
    group = session.get_one(type(make_group(session, outlet, "x")), who.group_id)
    groups.set_assortment(session, SYSTEM, group, name=group.name, sees_everything=False, offer_codes=[offer.code])
    assert seen(session, who) == {offer.code}
    assert get_visible_id(session, who, offer.code.lower(), clock.today()) == offer.id


def test_what_is_closed_withdrawn_or_unpriced_is_not_seen(session: Session, outlet: Outlet, offer: Offer) -> None:
    who = audience(session, outlet)
    make_offer(session, outlet, basket(session, state=ListingState.WITHDRAWN).variants[0])
    make_offer(session, outlet, basket(session).variants[0], is_open=False)
    other = make_group(session, outlet, "Hotel")
    for_hotels = make_offer(session, outlet, basket(session).variants[0])
    price_lists.set_prices(session, SYSTEM, for_hotels, [Tier(1, 9_000)], group=other)
    price_lists.set_prices(session, SYSTEM, for_hotels, [])
    assert seen(session, who) == {offer.code}
    offers.close_offer(session, SYSTEM, offer)
    assert seen(session, who) == set()


def test_the_gate_falls_with_the_paper(session: Session, outlet: Outlet) -> None:
    who, today = audience(session, outlet), clock.today()
    food = make_product(session, halal_state=HalalState.DECLARED_NON_HALAL)
    offer = make_offer(session, outlet, food.variants[0])
    assert seen(session, who, today) == set()
    paper = Certificate(
        product_id=food.id,
        kind=CertificateKind.PIRT,
        number="2061612010001-29",
        issuer="Dinas",
        valid_from_on=today,
        valid_until_on=today + 3 * DAY,
        created_at=clock.now(),
    )
    session.add(paper)
    session.flush()
    assert seen(session, who, today + 3 * DAY) == {offer.code}
    assert seen(session, who, today + 4 * DAY) == set()


def test_the_price_is_that_of_the_group(session: Session, outlet: Outlet, offer: Offer) -> None:
    mine, rival = audience(session, outlet), audience(session, outlet, "Hotel")
    group = session.get_one(type(make_group(session, outlet, "x")), rival.group_id)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 16_000), Tier(50, 15_000)], group=group)

    def price(who: Audience) -> object:
        return session.scalar(over_offers(first_price(who, clock.today())).where(Offer.id == offer.id))

    assert (price(mine), price(rival)) == (18_000, 16_000)
