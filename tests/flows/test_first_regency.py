"""Tapin (63.05, WITA) set up from nothing, page by page as docs/first-regency.md says, until it sells on the web and at the till."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.curation import Gate, Submission
from catalog.models.product import Category, Product
from catalog.models.programme import ProgrammeRecord
from kernel import accounts
from orders.models.order import Order, OrderState
from tests.flows.test_curation_pages import check_all, photo, score, step

pytestmark = pytest.mark.one_database
PASSWORD = "rahasia-tapin-2026"
AREAS = (
    ("63", None, AreaLevel.PROVINCE, None, "Kalimantan Selatan"),
    ("63.05", "63", AreaLevel.REGENCY, None, "Kabupaten Tapin"),
    ("63.05.03", "63.05", AreaLevel.DISTRICT, None, "Tapin Utara"),
    ("63.05.03.1004", "63.05.03", AreaLevel.VILLAGE, VillageKind.KELURAHAN, "Rantau Kanan"),
    ("63.05.03.2010", "63.05.03", AreaLevel.VILLAGE, VillageKind.DESA, "Banua Halat Kiri"),
    ("62.09", None, AreaLevel.REGENCY, None, "Kabupaten Lamandau"),
    ("62.09.01", "62.09", AreaLevel.DISTRICT, None, "Lamandau"),
    ("62.09.01.1001", "62.09.01", AreaLevel.VILLAGE, VillageKind.KELURAHAN, "Tapin Bini"),
)
VILLAGE = "63.05.03.2010"
COLLEAGUES = (
    ("kurator@tapin.example", "curator", {"area": "63.05"}),
    ("penilai1@tapin.example", "assessor", {"area": "63.05"}),
    ("penilai2@tapin.example", "assessor", {"area": "63.05"}),
    ("desa@tapin.example", "village_officer", {"area": VILLAGE}),
    ("manajer@tapin.example", "outlet_manager", {"outlet": "RANTAU"}),
    ("kasir@tapin.example", "cashier", {"outlet": "RANTAU"}),
)
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00.00–00.00")
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def tapin(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The program as its settings make it for Tapin, over a database that knows areas and nothing else."""
    for code, parent, level, kind, name in AREAS:
        folded = "".join(sign for sign in name.lower() if sign.isalnum())
        session.add(Area(code=code, parent_code=parent, level=level, kind=kind, name=name, folded_name=folded, zone="WITA"))
        session.flush()
    session.commit()
    settings = replace(app.extensions["etalase.settings"], area_prefix="63.05", shop_name="Etalase Tapin", zone="WITA", whatsapp="")
    monkeypatch.setitem(app.extensions, "etalase.settings", settings)
    return app


@pytest.fixture
def enter(tapin: Flask, session: Session) -> Enter:
    """A browser of whoever has this address; choosing a password from the invitation has tests of its own."""

    def browser(email: str) -> FlaskClient:
        person = accounts.find_user_by_email(session, email)
        assert person is not None
        token = accounts.open_session(session, person, "tests")
        session.commit()
        client = tapin.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client

    return browser


def send(browser: FlaskClient, path: str, **typed: object) -> str:
    """Fill in a form; the address it leads to."""
    answer = browser.post(path, data=typed, content_type="multipart/form-data")
    assert answer.status_code == 303, (path, re.findall(r'field-error"[^>]*>([^<]*)', answer.text), answer.text[-600:])
    return answer.headers["Location"]


def test_a_regency_begins_with_nothing_and_sells(tapin: Flask, enter: Enter, session: Session) -> None:
    admin = _sign_in_first(tapin)
    assert "Langkah pertama" in admin.get("/office/").text
    shop = tapin.test_client()
    assert shop.get("/").status_code == shop.get("/products").status_code == shop.get("/villages/" + VILLAGE).status_code == 200
    _make_offices(admin)
    _invite(admin, session)
    curator = enter("kurator@tapin.example")
    assert send(curator, "/office/mapping/open?area=63.05", year="2026").startswith("/office/mapping/")
    assert session.scalars(select(ProgrammeRecord.village_code)).all() == [VILLAGE]
    send(curator, f"/office/mapping/villages/{VILLAGE}/page", intro_id="Masjid tua dan kebun di tepi sungai.")
    assert "Masjid tua" in shop.get(f"/villages/{VILLAGE}").text

    product = _from_village_to_shop(enter, session)
    manager = enter("manajer@tapin.example")
    variant = re.findall(r"/office/stock/RANTAU/receive/([A-Z0-9]+)", _found(manager, "Dodol"))[0]
    send(manager, f"/office/stock/RANTAU/receive/{variant}", lot="new", quantity="10", best_before_on="2030-01-31")
    assert "Langkah pertama" not in admin.get("/office/").text, "the shop can sell"

    _sell_on_the_web(shop, product, variant, session)
    _sell_at_the_till(manager, enter("kasir@tapin.example"), variant)
    orders = session.scalars(select(Order).order_by(Order.id)).all()
    assert [(order.channel.value, order.total) for order in orders] == [("web", 25_000), ("counter", 25_000)]
    assert orders[1].state is OrderState.COMPLETED


def _sign_in_first(tapin: Flask) -> FlaskClient:
    typed = ["people", "create-administrator", "--email", "siti@tapin.example", "--name", "Bu Siti", "--password", PASSWORD]
    assert tapin.test_cli_runner().invoke(args=typed).exit_code == 0
    admin = tapin.test_client()
    assert send(admin, "/account/sign-in", email="siti@tapin.example", password=PASSWORD, next="/office/") == "/office/"
    return admin


def _make_offices(admin: FlaskClient) -> None:
    """Office in charge, outlet with its hours and ways to pay, shipping, categories."""
    head = {"head_name": "Contoh", "head_title_id": "Kepala Dinas", "schemes": ["ovop", "ocop"]}
    send(admin, "/office/programme-offices/new", area_code="Tapin", name_id="Dinas Koperasi Kabupaten Tapin", **head)
    place = {"name": "Pusat Oleh-oleh Rantau", "operator_name": "Koperasi Contoh", "area_code": "Rantau Kanan", "zone": "WITA"}
    outlet = send(admin, "/office/outlets/new", code="rantau", address="Jalan Contoh 1", phone="0812 3456 7890", **place, **WEEK)
    assert outlet == "/office/outlets/RANTAU"
    bank = {"bank_name": "Bank Contoh", "bank_account_number": "0001112223", "bank_account_name": "Koperasi Contoh"}
    send(admin, outlet, qris_payload="", **bank)
    zone = {"name_id": "Dalam Tapin", "name_en": "Within Tapin", "courier": "Kurir", "days_min": "1", "days_max": "2", "is_active": "y"}
    send(admin, "/office/shipping/RANTAU/new", prefixes="63.05", kg_1="5", price_1="10.000", **zone)
    for position, (name_id, name_en) in enumerate((("Makanan ringan", "Snacks"), ("Anyaman", "Woven goods")), start=1):
        send(admin, "/office/categories", name_id=name_id, name_en=name_en, position=str(position))


def _invite(admin: FlaskClient, session: Session) -> None:
    for email, role, scope in COLLEAGUES:
        roles = send(admin, "/office/people/new", name=email.partition("@")[0], email=email, language="id")
        send(admin, roles, role=role, **scope)


def _from_village_to_shop(enter: Enter, session: Session) -> Product:
    """What the village proposes, two assessors score and the office decides; live with its first price."""
    village, curator = enter("desa@tapin.example"), enter("kurator@tapin.example")
    category = session.scalars(select(Category.id).where(Category.slug == "makanan-ringan")).one()
    begun = {"name_id": "Dodol kandangan", "category_id": str(category), "maker": "+", "maker_name": "Dapur Contoh", "kind": "household"}
    address = send(village, "/office/proposals/new", **begun).removesuffix("/edit")
    send(village, f"{address}/photos", photos=photo())
    texts = {"summary_id": "Legit dan lembut.", "description_id": "Ketan dari sawah sendiri.", "contents": "250 g", "price": "25.000"}
    kinds = {"halal_state": "certified", "travel_limit": "none", "scheme": "ovop"}
    send(village, f"{address}/edit", name_id="Dodol kandangan", category_id=str(category), send="1", **texts, **kinds)
    code = address.rpartition("/")[2]
    step(curator, code, "take_up")
    check_all(curator, code)
    step(curator, code, "open_assessment")
    for assessor in ("penilai1@tapin.example", "penilai2@tapin.example"):
        score(session, enter(assessor), code, 80)
    send(curator, f"/office/curation/{code}/decision", ready="good", summary_id="Dodol pertama Tapin.")
    session.expire_all()
    submission = session.scalars(select(Submission).where(Submission.code == code)).one()
    assert len(Gate) == 6
    return session.get_one(Product, submission.product_id)


def _found(manager: FlaskClient, text: str) -> str:
    answer = manager.get("/office/stock/RANTAU/receive", query_string={"q": text})
    return answer.headers.get("Location", "") or answer.text


def _sell_on_the_web(shop: FlaskClient, product: Product, variant: str, session: Session) -> None:
    assert "25.000" in shop.get(f"/products/{product.slug}").text
    send(shop, "/cart/lines", variant=variant, quantity="1")
    page = shop.get("/checkout").text
    assert "Pusat Oleh-oleh Rantau" in page
    fields = dict(re.findall(r'<input type="hidden" name="(checkout_key|seen_total|outlet|fulfilment)" value="([^"]*)">', page))
    order = send(shop, "/checkout", name="Rina", phone="0812 9876 5432", payment_method="pay_at_pickup", **fields)
    assert "WITA" in shop.get(order).text


def _sell_at_the_till(manager: FlaskClient, cashier: FlaskClient, variant: str) -> None:
    till = send(manager, "/office/tills/RANTAU/new", name="Kasir depan")
    assert till.startswith("/office/tills/RANTAU")
    page = cashier.get("/counter/plain").headers["Location"]
    send(cashier, f"{page}/shift", opening_float="200.000")
    key = re.findall(r'name="key"[^>]* value="([^"]*)"', cashier.get(page).text)[-1]
    sold = {"code-1": variant, "quantity-1": "1", "method": "cash", "given": "50.000", "language": "id", "key": key}
    assert "sold=RANTAU-1A-" in send(cashier, page, **sold)
