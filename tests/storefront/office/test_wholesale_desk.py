"""Offers and readiness in the office: drafted, priced line by line, opened, filled by makers, and profiles in versions."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.readiness import profiles
from orders.models.offer import Offer, OfferMix, OfferState
from orders.wholesale.price_lists import list_price_rows
from tests.cast import CURATOR, OUTLET_MANAGER, World
from tests.make import make_product
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def form(world: World, **changes: str) -> dict[str, str]:
    values = {
        "outlet": world.words["outlet"],
        "units_per_case": "24",
        "minimum_cases": "2",
        "lead_days": "5",
        "monthly_quantity": "800",
        "return_policy": "damaged",
        "delivery": "16, 18.71",
    }
    return values | changes


def test_an_offer_is_drafted_priced_and_opened(sign_in: SignIn, session: Session, world: World) -> None:
    lead, pack = sign_in(OUTLET_MANAGER), world.words["variant"]
    assert pack in lead.get("/office/offers/new").text
    wrong = lead.post(f"/office/offers/new/{pack}", data=form(world, delivery="Palembang", units_per_case="0"))
    assert wrong.status_code == 422
    assert "Palembang" in wrong.text
    answer = lead.post(f"/office/offers/new/{pack}", data=form(world))
    offer = session.scalars(select(Offer).order_by(Offer.id.desc()).limit(1)).one()
    page = f"/office/offers/{offer.code}"
    assert answer.location == page
    assert (offer.state, offer.delivery_prefixes) == (OfferState.DRAFT, ["16", "18.71"])
    assert lead.post(f"{page}/state", data={"state": "open"}).status_code == 409
    prices = {"starts_on": "2099-01-01", "tiers": "2 = 18.000\n10 - 17.000"}
    assert "Baris 2" in lead.post(f"{page}/prices", data=prices).text
    today = lead.get(page).text.split('name="starts_on" value="')[1][:10]
    assert lead.post(f"{page}/prices", data={"starts_on": today, "tiers": "2 = 18.000\n10 = Rp17.000"}).status_code == 303
    assert [(row.from_cases, row.unit_price) for row in list_price_rows(session, offer.id)] == [(2, 18_000), (10, 17_000)]
    assert lead.post(f"{page}/state", data={"state": "open"}).status_code == 303
    assert lead.post(f"{page}/edit", data=form(world, lead_days="9")).status_code == 303
    session.expire_all()
    assert (offer.state, offer.lead_days) == (OfferState.OPEN, 9)
    for prefix in ("", "/en"):
        assert "Rp18.000" in lead.get(prefix + page).text


def test_makers_and_their_months_are_kept(sign_in: SignIn, session: Session, world: World) -> None:
    lead, page = sign_in(OUTLET_MANAGER), f"/office/offers/{world.words['offer']}"
    other = make_product(session).variants[0]
    session.commit()
    assert lead.post(f"{page}/makers", data={"variant": "TIDAKADA", "quantity": "5"}).status_code == 422
    assert lead.post(f"{page}/makers", data={"variant": other.code, "quantity": "4321"}).status_code == 303
    month = lead.get(page).text.split('<option value="20')[1][:8]
    capacity = {"month": f"20{month}", "quantity": "55"}
    assert lead.post(f"{page}/makers/{world.words['offered']}", data=capacity).status_code == 303
    shown = lead.get(page).text
    assert "4.321" in shown
    assert ">55<" in shown
    assert session.scalar(select(Variant.id).where(Variant.code == other.code)) is not None


def test_the_office_changes_what_a_kind_of_shop_asks_for(sign_in: SignIn, session: Session, world: World) -> None:
    office = sign_in(CURATOR)
    assert "Minimarket" in office.get("/office/readiness/?profile=minimarket").text
    assert world.words["offer"] in office.get("/office/readiness/").text
    change = {"version": "0", "name_id": "Minimarket", "name_en": "Minimarket", "kinds": ["halal", "shelf_life"], "note": "Uji"}
    assert office.post("/office/readiness/minimarket", data=change).status_code == 422
    assert office.post("/office/readiness/minimarket", data=change | {"amount_shelf_life": "45"}).status_code == 303
    needs = profiles.get_profile(session, "minimarket").needs
    assert [(need.kind.value, need.amount) for need in needs] == [("halal", 0), ("shelf_life", 45)]
    stale = change | {"amount_shelf_life": "60", "version": "1"}
    assert "baru saja diubah" in office.post("/office/readiness/minimarket", data=stale).text


def test_a_groups_assortment_decides_what_is_seen(sign_in: SignIn, session: Session, world: World) -> None:
    office = sign_in(CURATOR)
    new = {"outlet": world.words["outlet"], "name": "Koperasi", "sees_everything": ""}
    answer = office.post("/office/partners/groups/new", data=new)
    assert answer.status_code == 303
    assert office.post("/office/partners/groups/new", data=new).status_code == 422
    assert office.post(answer.location, data={"name": "Koperasi", "offers": [world.words["offer"]]}).status_code == 303
    assert "checked" in office.get(answer.location).text


def test_flavours_are_put_into_a_mix_that_was_made_on_its_page(sign_in: SignIn, session: Session, world: World) -> None:
    lead, page = sign_in(OUTLET_MANAGER), f"/office/offers/mixes/{world.words['outlet']}"
    assert page in lead.get("/office/offers/").text
    wrong = lead.post(page, data={"name_id": "Keripik aneka rasa", "minimum_cases": "0"})
    assert wrong.status_code == 422
    assert "Keripik aneka rasa" in wrong.text
    assert lead.post(page, data={"name_id": "Keripik aneka rasa", "name_en": "Chips", "minimum_cases": "6"}).status_code == 303
    mix = session.scalars(select(OfferMix)).one()
    assert lead.post(f"/office/offers/{world.words['offer']}/edit", data=form(world, mix=mix.code)).status_code == 303
    assert "Keripik aneka rasa" in lead.get(page).text
    changed = {"name_id": "Keripik", "name_en": "Chips", "minimum_cases": "4"}
    assert lead.post(f"{page}/{mix.code}", data=changed).status_code == 303
    session.expire_all()
    offer = session.scalars(select(Offer).where(Offer.code == world.words["offer"])).one()
    assert (offer.mix_id, mix.minimum_cases) == (mix.id, 4)
    assert lead.get(f"{page}/{mix.code}").status_code == 200
