"""Setting up a shop in the office: an outlet with its hours, categories, and what a village tells visitors."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO

from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import outlets as verbs
from catalog.models.photo import Photo
from catalog.models.product import Category
from catalog.models.stock import Outlet
from catalog.queries.home import list_outlets
from catalog.villages import find_profile
from kernel import clock
from orders.models.order import Order
from storefront.hours import opening_lines
from tests.cast import ADMINISTRATOR, CURATOR, OUTLET_MANAGER, World
from tests.make import KARANG_AGUNG
from tests.storefront.office.conftest import SignIn

TYPED = {
    "code": "rantau",
    "name": "Pusat Oleh-oleh Rantau",
    "operator_name": "Koperasi Contoh",
    "area_code": "16.12.01.1003",
    "zone": "WITA",
    "address": "Jalan Contoh 1",
    "phone": "0812 3456 7890",
    "position": "-2.9311, 115.1604",
    "monday": "8-20",
    "friday": "08.00–11.30",
}


def _outlet(session: Session, code: str) -> Outlet:
    return session.scalars(select(Outlet).where(Outlet.code == code)).one()


def test_an_outlet_is_opened_with_its_hours_and_comes_to_its_ways_to_pay(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(ADMINISTRATOR)
    assert "/office/outlets/new" in browser.get("/office/outlets").text
    answer = browser.post("/office/outlets/new", data=TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/outlets/RANTAU")
    outlet = _outlet(session, "RANTAU")
    assert (outlet.zone, outlet.latitude, outlet.opening_hours[0], outlet.opening_hours[1]) == ("WITA", -2.9311, ["08:00", "20:00"], None)
    page = browser.get("/office/outlets/RANTAU/place").text
    assert 'value="08.00–11.30"' in page
    assert 'value="-2.9311, 115.1604"' in page


def test_a_new_outlet_begins_with_usual_hours_and_an_emptied_day_stays_closed(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(ADMINISTRATOR)
    assert browser.get("/office/outlets/new").text.count('value="08.00–17.00"') == 7
    assert browser.post("/office/outlets/new", data=TYPED | {"sunday": ""}).status_code == 303
    assert _outlet(session, "RANTAU").opening_hours[5:] == [None, None]


def test_what_is_refused_keeps_what_was_typed(sign_in: SignIn) -> None:
    answer = sign_in(ADMINISTRATOR).post("/en/office/outlets/new", data=TYPED | {"friday": "kadang-kadang", "position": "Rantau"})
    assert answer.status_code == 422
    for words in ("Type hours such as 08.00–20.00", 'value="kadang-kadang"', "Copy both numbers from a map", "Koperasi Contoh"):
        assert words in answer.text


def test_a_lead_changes_hours_and_nothing_that_is_the_administrators(sign_in: SignIn, session: Session, world: World) -> None:
    code = world.words["outlet"]
    page = sign_in(OUTLET_MANAGER).get(f"/office/outlets/{code}/place").text
    assert 'name="monday"' in page
    assert 'name="operator_name"' not in page
    kept = _outlet(session, code).operator_name
    typed = {"address": "Jalan Baru 2", "sunday": "10-14", "operator_name": "Orang Lain"}
    assert sign_in(OUTLET_MANAGER).post(f"/office/outlets/{code}/place", data=typed).status_code == 303
    session.expire_all()
    outlet = _outlet(session, code)
    assert (outlet.address, outlet.opening_hours[6], outlet.operator_name) == ("Jalan Baru 2", ["10:00", "14:00"], kept)


def test_a_lead_tells_days_off_and_buyers_read_them(app: Flask, sign_in: SignIn, session: Session, world: World) -> None:
    code, browser = world.words["outlet"], sign_in(OUTLET_MANAGER)
    known = verbs.facts_of(_outlet(session, code))
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "8-20")
    coming = clock.today() + timedelta(days=1)
    typed = {"address": known.address} | week
    answer = browser.post(f"/en/office/outlets/{code}/place", data=typed | {"days_off": "besok"})
    assert answer.status_code == 422
    assert ">besok</textarea>" in answer.text
    days = f"{coming + timedelta(days=1):%d/%m/%Y}\n{coming:%d/%m/%Y}, {coming:%d/%m/%Y}"
    assert browser.post(f"/office/outlets/{code}/place", data=typed | {"days_off": days}).status_code == 303
    assert "to be collected on a day off" not in browser.get(f"/en/office/outlets/{code}").text
    order = session.scalars(select(Order).where(Order.code == world.words["order"])).one()
    order.pickup_at = datetime.combine(coming, time(9), clock.ZONES[_outlet(session, code).zone])
    session.commit()
    browser.post(f"/en/office/outlets/{code}/place", data=typed | {"days_off": days})
    assert "1 order is to be collected on a day off" in browser.get(f"/en/office/outlets/{code}").text
    session.expire_all()
    outlet = _outlet(session, code)
    assert outlet.days_off == [coming.isoformat(), (coming + timedelta(days=1)).isoformat()]
    assert f"{coming:%d/%m/%Y}" in browser.get(f"/office/outlets/{code}/place").text
    view = next(view for view in list_outlets(session) if view.code == code)
    assert view.days_off == tuple(outlet.days_off)
    with app.test_request_context("/"):
        assert [line.hours for line in opening_lines(view, clock.today())][-2:] == ["tutup", "tutup"]


def test_a_category_is_added_and_renamed(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(CURATOR)
    assert browser.post("/office/categories", data={"name_id": "Minuman", "name_en": "Drinks", "position": "2"}).status_code == 303
    assert browser.post("/en/office/categories", data={"name_id": "Kain", "name_en": "", "position": "x"}).status_code == 422
    assert (
        browser.post("/office/categories/minuman", data={"name_id": "Minuman segar", "name_en": "Drinks", "position": "2"}).status_code
        == 303
    )
    assert session.scalars(select(Category.name_id).where(Category.slug == "minuman")).one() == "Minuman segar"
    assert browser.get("/office/categories/tidak-ada").status_code == 404


def test_a_category_is_removed_and_its_products_go_where_the_curator_says(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    page = f"/office/categories/{world.words['category']}/remove"
    assert page in browser.get(page.removesuffix("/remove")).text
    assert "Ini satu-satunya kategori" in browser.get(page).text
    browser.post("/office/categories", data={"name_id": "Minuman", "name_en": "Drinks", "position": "2"})
    refused = browser.post(page, data={"into": ""})
    assert refused.status_code == 422
    assert "Isinya, yang pindah ke kategori lain" in refused.text
    done = browser.post(page, data={"into": "minuman"})
    assert (done.status_code, done.headers["Location"]) == (303, "/office/categories")
    assert "produk pindah" in browser.get("/office/categories").text
    assert session.scalars(select(Category.slug)).all() == ["minuman"]
    assert browser.post("/office/categories/minuman/remove").status_code == 422, "products stand in the last one"


def test_a_village_gets_its_texts_and_its_photos(sign_in: SignIn, session: Session) -> None:
    browser, page = sign_in(CURATOR), f"/office/mapping/villages/{KARANG_AGUNG}"
    assert f"{page}/page" in browser.get(page).text
    assert browser.post(f"{page}/page", data={"intro_id": "Kebun nanas.", "contact_phone": "0812 3456 7890"}).status_code == 303
    profile = find_profile(session, KARANG_AGUNG)
    assert profile is not None
    assert profile.intro_id == "Kebun nanas."
    refused = browser.post(f"{page}/page", data={"intro_id": "Sungai.", "contact_phone": "12"})
    assert refused.status_code == 422
    assert "Sungai." in refused.text
    file = BytesIO()
    Image.new("RGB", (900, 1200), "#b8923f").save(file, "JPEG")
    photos = {"photos": (BytesIO(file.getvalue()), "IMG_0001.jpg")}
    assert browser.post(f"{page}/photos/add", data=photos, content_type="multipart/form-data").status_code == 303
    photo = session.scalars(select(Photo).where(Photo.area_code == KARANG_AGUNG)).one()
    described = browser.post(f"/office/villages/{KARANG_AGUNG}/photos/{photo.name}", data={"alt_id": "Sungai", "alt_en": "River"})
    assert described.headers["Location"] == f"{page}/photos"
    assert browser.post(f"/office/villages/{KARANG_AGUNG}/photos/{photo.name}/remove").status_code == 303
    assert browser.get("/office/mapping/villages/16.01.07.2001/photos").status_code == 404
