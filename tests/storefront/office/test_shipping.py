"""Zones in the office: looked at, made, changed, refused with what was typed kept, and removed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Product, TravelLimit
from catalog.models.stock import Outlet
from orders.shipping import list_zones
from tests.cast import CASHIER, CURATOR, OUTLET_MANAGER, World
from tests.storefront.office.conftest import SignIn

TYPED = {
    "name_id": "Sumatera Selatan",
    "name_en": "South Sumatra",
    "courier": "Kurir Contoh",
    "days_min": "2",
    "days_max": "4",
    "prefixes": "16, 16.01",
    "kg_1": "1",
    "price_1": "12.000",
    "kg_2": "5",
    "price_2": "30000",
    "extra_kg_price": "",
    "is_active": "y",
}


def _outlet(session: Session, world: World) -> Outlet:
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


def test_the_lead_of_one_outlet_comes_straight_to_its_zones(sign_in: SignIn, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    answer = browser.get("/office/shipping")
    assert answer.headers["Location"] == f"/office/shipping/{world.words['outlet']}"
    page = browser.get(f"/en/office/shipping/{world.words['outlet']}").text
    assert "Within PALI" in page
    assert "up to 3 kg: Rp15.000" in page
    assert "1–2 days" in page


def test_a_zone_is_made_with_its_table_and_its_areas(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), f"/office/shipping/{world.words['outlet']}"
    assert browser.post(f"{address}/new", data=TYPED).status_code == 303
    zone = next(each for each in list_zones(session, _outlet(session, world).id) if each.name_id == "Sumatera Selatan")
    assert (zone.rates, zone.prefixes, zone.extra_kg_price) == (((1, 12_000), (5, 30_000)), ("16", "16.01"), None)
    page = browser.get(f"{address}/{zone.code}").text
    assert 'value="12.000"' in page or 'value="12000"' in page
    assert "16 16.01" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name_id": ""}, "Please fill this in."),
        ({"days_max": "1"}, "The longest duration"),
        ({"prefixes": "16.12"}, "belongs to the zone"),
        ({"prefixes": "99.99"}, "There is no area with the code 99.99"),
        ({"kg_2": ""}, "A row of the table needs a weight and a price."),
        ({"price_2": "1.000"}, "cannot cost less"),
        ({"kg_1": "", "price_1": "", "kg_2": "", "price_2": ""}, "at least one weight"),
        ({"price_1": "<script>"}, "Rp"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(sign_in: SignIn, world: World, changes: dict[str, str], words: str) -> None:
    answer = sign_in(OUTLET_MANAGER).post(f"/en/office/shipping/{world.words['outlet']}/new", data=TYPED | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kurir Contoh" in answer.text
    assert "<script>" not in answer.text.split("</head>")[1].replace("<script src", "")


def test_a_zone_is_changed_and_switched_off(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    address = f"/office/shipping/{world.words['outlet']}/{world.words['zone']}"
    changed = {name: value for name, value in TYPED.items() if name != "is_active"} | {"prefixes": "*"}
    assert browser.post(address, data=changed).status_code == 303
    (zone,) = list_zones(session, _outlet(session, world).id, only_active=False)
    assert (zone.name_id, zone.prefixes, zone.is_active) == ("Sumatera Selatan", ("",), False)
    assert "Switched off" in browser.get(f"/en/office/shipping/{world.words['outlet']}").text


def test_a_zone_is_removed_and_then_gone(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    address = f"/office/shipping/{world.words['outlet']}/{world.words['zone']}"
    assert browser.post(f"{address}/remove").status_code == 303
    assert list_zones(session, _outlet(session, world).id, only_active=False) == []
    assert browser.get(address).status_code == 404
    assert "This outlet sends nothing yet" in browser.get(f"/en/office/shipping/{world.words['outlet']}").text


def test_a_cashier_sees_no_prices_to_change(sign_in: SignIn, world: World) -> None:
    browser = sign_in(CASHIER)
    assert browser.get(f"/office/shipping/{world.words['outlet']}").status_code == 403
    assert "/office/shipping" not in browser.get("/office/orders").text


def test_a_product_says_that_it_cannot_travel(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CURATOR), f"/en/office/products/{world.words['product']}"
    assert "Only for pickup: fragile" in browser.get(address).text
    product = session.scalars(select(Product).where(Product.slug == world.words["product"])).one()
    typed = {"category_id": str(product.category_id), "scheme": product.scheme.value, "halal_state": product.halal_state.value}
    typed |= {"name_id": product.name_id, "summary_id": product.summary_id or "Enak", "travel_limit": "liquid"}
    assert browser.post(address, data=typed).status_code == 303
    session.expire_all()
    assert session.get_one(Product, product.id).travel_limit is TravelLimit.LIQUID
