"""Zones as staff edit them: what is kept, what is refused, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from orders import zones
from orders.models.shipping import OrderAddress, ShippingZone
from orders.shipping import list_zones
from orders.zones import PrefixTaken, parse_prefixes
from tests.make import make_actor, make_areas, make_outlet
from tests.make_shipping import facts, make_zone, place_sent
from tests.make_stock import make_goods


@pytest.fixture
def outlet(session: Session) -> Outlet:
    make_areas(session)
    return make_outlet(session)


def test_codes_are_read_as_people_type_them() -> None:
    assert parse_prefixes(" 16.12, 16.05;\n31\t* 31 ") == ("16.12", "16.05", "31", "")
    assert parse_prefixes("  ") == ()


def test_a_zone_is_made_changed_and_listed(session: Session, outlet: Outlet) -> None:
    zone = make_zone(session, outlet)
    zones.save_zone(session, SYSTEM, outlet.id, facts(name_id="PALI", rates=((5, 9_000), (1, 7_000)), prefixes=("16.12", "1")), zone.id)
    (view,) = list_zones(session, outlet.id)
    assert (view.name_id, view.rates, view.prefixes) == ("PALI", ((1, 7_000), (5, 9_000)), ("1", "16.12"))
    assert zones.get_zone(session, outlet.id, zone.code) == view
    assert [entry.action for entry in audit.list_for(session, f"outlet:{outlet.code}")][:2] == ["shipping.zone", "shipping.zone"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_id": " "}, "name_id"),
        ({"courier": ""}, "courier"),
        ({"days_min": 3, "days_max": 2}, "days_max"),
        ({"days_max": 91}, "days_max"),
        ({"prefixes": ()}, "prefixes"),
        ({"prefixes": ("99.99",)}, "prefixes"),
        ({"prefixes": ("16.1",)}, "prefixes"),
        ({"prefixes": ("0",)}, "prefixes"),
        ({"prefixes": ("'; DROP",)}, "prefixes"),
        ({"rates": ()}, "rates"),
        ({"rates": ((0, 1_000),)}, "rates"),
        ({"rates": ((1, 1_000), (1, 2_000))}, "rates"),
        ({"rates": ((1, 2_000), (2, 1_000))}, "rates"),
        ({"rates": ((1, -1),)}, "rates"),
        ({"extra_kg_price": -1}, "extra_kg_price"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(session: Session, outlet: Outlet, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_zone(session, outlet, **changes)
    assert refusal.value.field == field


def test_an_area_is_in_one_zone_of_an_outlet_only(session: Session, outlet: Outlet) -> None:
    zone = make_zone(session, outlet, name_id="Pertama")
    with pytest.raises(PrefixTaken, match="Pertama"):
        make_zone(session, outlet, name_id="Kedua", prefixes=("16", "16.12"))
    make_zone(session, outlet, name_id="Kedua", prefixes=("16", "16.12.01"))
    make_zone(session, make_outlet(session))
    zones.save_zone(session, SYSTEM, outlet.id, facts(), zone.id)


def test_an_unused_zone_goes_and_a_used_one_is_switched_off_and_frees_its_areas(session: Session) -> None:
    goods = make_goods(session)
    used = make_zone(session, goods.outlet)
    order = place_sent(session, goods)
    zones.remove_zone(session, SYSTEM, goods.outlet.id, used.id)
    unused = make_zone(session, goods.outlet)
    zones.remove_zone(session, SYSTEM, goods.outlet.id, unused.id)
    assert list_zones(session, goods.outlet.id) == []
    assert [zone.id for zone in session.scalars(select(ShippingZone))] == [used.id]
    assert session.scalars(select(OrderAddress.zone_name_id).where(OrderAddress.order_id == order.id)).one() == "Dalam PALI"


def test_only_the_lead_of_the_outlet_may(session: Session, outlet: Outlet) -> None:
    zone = make_zone(session, outlet)
    other = make_outlet(session)
    for actor in (
        make_actor(session, Role.CASHIER, outlet_id=outlet.id),
        make_actor(session, Role.OUTLET_MANAGER, outlet_id=other.id),
        make_actor(session, Role.CURATOR),
    ):
        with pytest.raises(NotAllowed):
            zones.save_zone(session, actor, outlet.id, facts(), zone.id)
        with pytest.raises(NotAllowed):
            zones.remove_zone(session, actor, outlet.id, zone.id)
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    zones.save_zone(session, lead, outlet.id, facts(name_id="Baru"), zone.id)
    with pytest.raises(NotFound):
        zones.save_zone(session, SYSTEM, other.id, facts(), zone.id)
    with pytest.raises(NotFound):
        zones.get_zone(session, other.id, zone.code)
