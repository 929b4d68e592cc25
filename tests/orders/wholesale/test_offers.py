"""Offers: what a case is, whose number it may carry, who fills it, and price lists that leave the past alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import SYSTEM, Actor, Grant, Role
from orders.models.offer import OfferState
from orders.wholesale import offers, price_lists
from orders.wholesale.tiers import Tier
from tests.make import make_outlet, make_product, make_variant
from tests.make_wholesale import make_group, make_offer, new_offer

DAY = timedelta(days=1)
GTIN, CASE_GTIN = "8999999000011", "18999999000018"


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


def test_a_case_number_needs_a_registered_unit(session: Session, outlet: Outlet) -> None:
    product = make_product(session)
    with pytest.raises(InvalidInput) as refusal:
        make_offer(session, outlet, product.variants[0], case_gtin=CASE_GTIN)
    assert refusal.value.field == "case_gtin"
    registered = make_variant(session, product, gtin=GTIN)
    with pytest.raises(InvalidInput):
        make_offer(session, outlet, registered, case_gtin=GTIN.zfill(14))
    assert make_offer(session, outlet, registered, case_gtin=CASE_GTIN).case_gtin == CASE_GTIN


@pytest.mark.parametrize("number", ["2000000000015", "12000000000012", "02000000000015"])
def test_our_own_numbers_never_become_case_numbers(session: Session, outlet: Outlet, number: str) -> None:
    registered = make_variant(session, make_product(session), gtin=GTIN)
    with pytest.raises(InvalidInput):
        make_offer(session, outlet, registered, case_gtin=number)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("units_per_case", {"units_per_case": 0}),
        ("remaining_days", {"remaining_days": 200}),
        ("layers_per_pallet", {"layers_per_pallet": None}),
        ("case_weight_g", {"case_weight_g": 0}),
        ("delivery_prefixes", {"delivery_prefixes": ("x",)}),
    ],
)
def test_an_impossible_case_is_refused_beside_its_field(session: Session, outlet: Outlet, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_offer(session, outlet, make_product(session).variants[0], **changes)
    assert refusal.value.field == field


def test_an_offer_opens_with_a_price_and_a_maker(session: Session, outlet: Outlet) -> None:
    variant = make_product(session).variants[0]
    offer = offers.create_offer(session, SYSTEM, outlet, variant, new_offer(), monthly_quantity=100)
    with pytest.raises(InvalidInput):
        offers.open_offer(session, SYSTEM, offer)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 18_000)])
    assert offers.open_offer(session, SYSTEM, offer).state is OfferState.OPEN
    with pytest.raises(Conflict), session.begin_nested():
        offers.set_source(session, SYSTEM, offer, variant, 100, is_active=False)
    with pytest.raises(InvalidInput):
        make_offer(session, outlet, variant)


def test_several_makers_fill_an_offer_with_the_same_pack(session: Session, outlet: Outlet) -> None:
    offer = make_offer(session, outlet, make_product(session).variants[0])
    other = make_product(session)
    offers.set_source(session, SYSTEM, offer, other.variants[0], 400)
    session.refresh(offer, ["sources"])
    assert [source.monthly_quantity for source in offer.sources] == [1_000, 400]
    with pytest.raises(InvalidInput):
        offers.set_source(session, SYSTEM, offer, make_variant(session, other, net_quantity=500), 10)


def test_a_new_list_leaves_the_past_alone(session: Session, outlet: Outlet) -> None:
    offer = make_offer(session, outlet, make_product(session).variants[0])
    today = clock.today(outlet.zone)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(2, 19_000)], starts_on=today + 10 * DAY)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(2, 20_000)], starts_on=today + 5 * DAY, ends_on=today + 7 * DAY)

    def on(days: int) -> tuple[Tier, ...]:
        return price_lists.map_tiers(session, [offer.id], None, today + days * DAY).get(offer.id, ())

    assert on(0) == on(4) == (Tier(2, 18_000), Tier(10, 17_000))
    assert on(5) == on(7) == (Tier(2, 20_000),)
    assert on(8) == ()
    with pytest.raises(InvalidInput):
        price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 1)], starts_on=today - DAY)


def test_a_group_may_have_a_list_of_its_own(session: Session, outlet: Outlet) -> None:
    offer = make_offer(session, outlet, make_product(session).variants[0])
    group, rival = make_group(session, outlet), make_group(session, outlet, "Hotel")
    today = clock.today(outlet.zone)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 16_500)], group=group)
    assert price_lists.map_tiers(session, [offer.id], group.id, today)[offer.id] == (Tier(1, 16_500),)
    assert price_lists.map_tiers(session, [offer.id], rival.id, today)[offer.id] == (Tier(2, 18_000), Tier(10, 17_000))
    price_lists.set_prices(session, SYSTEM, offer, [], group=group)
    assert price_lists.map_tiers(session, [offer.id], group.id, today)[offer.id] == (Tier(2, 18_000), Tier(10, 17_000))


@pytest.mark.parametrize("tiers", [[Tier(1, 10), Tier(1, 9)], [Tier(1, 10), Tier(5, 11)], [Tier(0, 10)], [Tier(1, 0)]])
def test_a_list_that_makes_no_sense_is_refused(session: Session, outlet: Outlet, tiers: list[Tier]) -> None:
    offer = make_offer(session, outlet, make_product(session).variants[0])
    with pytest.raises(InvalidInput) as refusal:
        price_lists.set_prices(session, SYSTEM, offer, tiers)
    assert refusal.value.field == "tiers"


def test_another_outlets_lead_may_not_touch_it(session: Session, outlet: Outlet) -> None:
    offer = make_offer(session, outlet, make_product(session).variants[0])
    rival = Actor(None, "Lain", (Grant(Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id),))
    for act in (
        lambda: offers.close_offer(session, rival, offer),
        lambda: offers.update_offer(session, rival, offer, new_offer()),
        lambda: price_lists.set_prices(session, rival, offer, [Tier(1, 1)]),
    ):
        with pytest.raises(NotAllowed):
            act()
