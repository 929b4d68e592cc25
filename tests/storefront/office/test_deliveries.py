"""Goods in, through the office's pages: scanned, counted, confirmed by the maker, labelled, imported."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import MovementKind, Outlet, StockLevel, StockMovement
from kernel import clock
from orders.models.delivery import Delivery, DeliveryState
from orders.stockroom.deliveries import maker_code
from storefront.delivery_links import address_of
from tests.cast import ADMINISTRATOR, CASHIER, GUEST, OUTLET_MANAGER, World, browser_of
from tests.make import make_product
from tests.make_stockroom import SIGNATURE
from tests.storefront.documents.reading import page_sizes, text_of
from tests.storefront.office.conftest import SignIn

SECRET = "a-secret-for-tests-only-0123456789"
GOOD = (clock.today() + timedelta(days=120)).isoformat()


def _delivery(session: Session, world: World) -> Delivery:
    session.expire_all()
    return session.scalars(select(Delivery).where(Delivery.code == world.words["delivery"])).one()


def _received(session: Session) -> int:
    session.expire_all()
    moved = select(StockMovement.on_hand_change).where(
        StockMovement.kind == MovementKind.RECEIVED,
        StockMovement.reference.startswith("delivery:"),
        StockMovement.reference != "delivery:test",
    )
    return sum(session.scalars(moved))


@pytest.fixture
def counted(session: Session, sign_in: SignIn, world: World) -> FlaskClient:
    """The manager's browser after the count was confirmed."""
    browser = sign_in(OUTLET_MANAGER)
    assert browser.post(world.address("/office/deliveries/{delivery}/step"), data={"step": "count"}).status_code == 303
    return browser


def test_a_delivery_from_the_first_scan_to_the_shelf(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    choice = re.search(r'<option value="([A-Z0-9]{8})"', browser.get("/office/deliveries/new").text)
    assert choice
    begun = browser.post("/office/deliveries/new", data={"agreement": choice[1], "brought_by": "Pak Sopir", "note": "", "expected_on": ""})
    page = begun.headers["Location"]
    assert world.words["variant"] in browser.get(f"{page}?scan={world.words['variant'].lower()}").text
    line = {"quantity": "6", "lot_code": "b-2", "best_before_on": GOOD, "condition": "good"}
    assert browser.post(f"{page}/lines/add/{world.words['variant']}", data=line).status_code == 303
    assert "B-2" in browser.get(page).text
    assert browser.post(f"{page}/step", data={"step": "count"}).status_code == 303
    assert browser.post(f"{page}/maker", data={"way": "signature", "name": "Ibu Contoh", "signature": SIGNATURE}).status_code == 303
    shown = browser.get(page).text
    assert f'd="{SIGNATURE}"' in shown
    assert _received(session) == 6
    assert browser.post(f"{page}/maker", data={"way": "signature", "name": "Ibu Contoh", "signature": SIGNATURE}).status_code == 303
    assert _received(session) == 6, "a second confirmation changes nothing"


def test_what_the_maker_makes_can_be_chosen_without_typing(sign_in: SignIn, session: Session, world: World) -> None:
    maker_id = _delivery(session, world).maker_id
    other = make_product(session, name_id="Keripik Orang Lain")
    own = [make_product(session, maker=session.get_one(Maker, maker_id), name_id=f"Keripik Sendiri {number}") for number in (1, 2)]
    for number in range(20):  # more than one search shows: another maker's goods must not crowd out this one's
        make_product(session, name_id=f"Keripik A{number}")
    session.commit()
    page = world.address("/en/office/deliveries/{delivery}")
    for address in (page, f"{page}?scan=keripik"):
        shown = sign_in(OUTLET_MANAGER).get(address).text
        assert all(f"scan={product.variants[0].code}" in shown for product in own)
        assert other.variants[0].code not in shown
    assert "curator" in sign_in(OUTLET_MANAGER).get(f"{page}?scan={other.variants[0].code}").text


def test_a_refused_line_says_why_and_keeps_what_was_typed(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), world.address("/en/office/deliveries/{delivery}/lines/add/{variant}?scan={variant}")
    past = (clock.today() - timedelta(days=1)).isoformat()
    answer = browser.post(address, data={"quantity": "5", "lot_code": "TUA", "best_before_on": past, "condition": "good"})
    assert answer.status_code == 422
    assert "past its best-before date" in answer.text
    assert 'value="TUA"' in answer.text
    answer = browser.post(address, data={"quantity": "0", "lot_code": "TUA", "best_before_on": GOOD, "condition": "good"})
    assert answer.status_code == 422
    gone = {
        "quantity": "5",
        "accepted": "0",
        "lot_code": "TUA",
        "best_before_on": past,
        "condition": "short_dated",
        "refusal_reason": "Lewat.",
    }
    assert browser.post(address, data=gone).status_code == 303


def test_a_line_is_corrected_with_a_photo_and_taken_off(sign_in: SignIn, session: Session, world: World) -> None:
    browser, page = sign_in(OUTLET_MANAGER), world.address("/office/deliveries/{delivery}")
    photo = io.BytesIO()
    Image.new("RGB", (900, 700), "brown").save(photo, "JPEG")
    photo.seek(0)
    changed = {
        "quantity": "3",
        "accepted": "1",
        "lot_code": "SURAT",
        "produced_on": (clock.today() - timedelta(days=7)).isoformat(),
        "best_before_on": (clock.today() + timedelta(days=180)).isoformat(),
        "condition": "damaged",
        "refusal_reason": "Dua sobek.",
        "photos": (photo, "rusak.jpg"),
    }
    assert browser.post(f"{page}/lines/1", data=changed, content_type="multipart/form-data").status_code == 303
    picture = re.search(rf"{page}/photos/[0-9a-f]+\.jpg", browser.get(page).text)
    assert picture
    assert sign_in(CASHIER).get(picture[0]).mimetype == "image/jpeg"
    assert sign_in(GUEST).get(picture[0]).status_code == 303
    wrong = changed | {"photos": (io.BytesIO(b"no picture"), "x.jpg")}
    assert browser.post(f"{page}/lines/1", data=wrong, content_type="multipart/form-data").status_code == 422
    assert browser.post(f"{page}/lines/1/remove").status_code == 303
    assert "SURAT" not in browser.get(page).text


def test_the_maker_agrees_by_the_link_once(app: Flask, counted: FlaskClient, session: Session, world: World) -> None:
    page = world.address("/office/deliveries/{delivery}")
    link = re.search(r'href="http://localhost(/deliveries/[^"]+)"', counted.get(page).text)
    assert link
    maker = browser_of(app, session, world, GUEST)
    seen = maker.get(link[1])
    assert "SURAT" in seen.text
    assert maker.post(link[1], data={"name": ""}).status_code == 422
    for _again in range(2):
        assert maker.post(link[1], data={"name": "Ibu Contoh"}).status_code == 303
    assert _received(session) == 3
    assert "Ibu Contoh" in counted.get(page).text
    assert _delivery(session, world).state is DeliveryState.RECEIVED


def test_a_link_dies_when_the_outlet_counts_anew_and_opens_no_other_delivery(
    app: Flask, counted: FlaskClient, session: Session, world: World
) -> None:
    with app.test_request_context():
        link = address_of(_delivery(session, world)).removeprefix("http://localhost")
    maker = browser_of(app, session, world, GUEST)
    assert maker.get(link).status_code == 200
    subject, rest = link.removeprefix("/deliveries/").split(".", 1)
    for broken in (f"{subject[:-2]}xx.{rest}", f"{subject}.{rest[:-3]}abc", "made-up", "x" * 500):
        assert maker.get(f"/deliveries/{broken}").status_code == 410, broken
    counted.post(world.address("/office/deliveries/{delivery}/step"), data={"step": "reopen"})
    assert maker.get(link).status_code == 410
    assert maker.post(link, data={"name": "Ibu"}).status_code == 410
    assert _received(session) == 0


def test_the_code_is_taken_once_and_guessing_is_slowed_down(counted: FlaskClient, session: Session, world: World) -> None:
    address = world.address("/en/office/deliveries/{delivery}/maker")
    for _try in range(5):
        refused = counted.post(address, data={"way": "code", "name": "Ibu", "code": "AAAAAA"})
        assert refused.status_code == 422
        assert "not the code" in refused.text
    right = maker_code(SECRET, _delivery(session, world))
    assert "Too many tries" in counted.post(address, data={"way": "code", "name": "Ibu", "code": right}).text
    assert _received(session) == 0
    unsigned = counted.post(address, data={"way": "signature", "name": "Ibu", "signature": ""}).text
    assert re.search(r">\s*Please sign inside the box", unsigned), "a field without a name has no colon before its refusal"


def test_the_right_code_books(counted: FlaskClient, session: Session, world: World) -> None:
    right = maker_code(SECRET, _delivery(session, world))
    address = world.address("/office/deliveries/{delivery}/maker")
    assert counted.post(address, data={"way": "code", "name": "Ibu", "code": f"{right[:3]} {right[3:].lower()}"}).status_code == 303
    assert _received(session) == 3


def test_a_list_is_looked_at_and_then_imported(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), world.address("/en/office/deliveries/{delivery}/import")
    book, sent = Workbook(), io.BytesIO()
    for row in (("Kode", "Jumlah", "Lot", "Exp"), (world.words["variant"], 4, "X-1", GOOD), ("TIDAKADA", 1, "X-2", GOOD)):
        book.active.append(row)
    book.save(sent)
    sent.seek(0)
    looked = browser.post(address, data={"step": "look", "file": (sent, "titipan.xlsx")}, content_type="multipart/form-data")
    assert looked.status_code == 200
    assert "No product of this maker has the code or barcode TIDAKADA." in looked.text
    assert "X-1" not in browser.get(world.address("/office/deliveries/{delivery}")).text, "looking changes nothing"
    carried = re.search(r'name="carried" value="([^"]+)"', looked.text)
    assert carried
    done = browser.post(address, data={"step": "import", "carried": carried[1], "file_name": "titipan.xlsx"})
    assert done.status_code == 303
    page = browser.get(world.address("/en/office/deliveries/{delivery}")).text
    assert "X-1" in page
    assert "1 row was refused." in page
    for bad in ({"step": "look"}, {"step": "import", "carried": "%%%"}, {"step": "look", "file": (io.BytesIO(b"PK\x03\x04x"), "a.xlsx")}):
        assert browser.post(address, data=bad, content_type="multipart/form-data").status_code == 422


def test_labels_come_as_a_pdf_with_as_many_as_were_asked_for(sign_in: SignIn, world: World) -> None:
    browser = sign_in(CASHIER)
    chosen = {"stock": "50x30", "kind": "tag", "language": "id", "dpi": "203", "file": "pdf", "first": ""}
    for address, key in (
        (world.address("/office/deliveries/{delivery}/labels"), "count-1"),
        (world.address("/office/stock/{outlet}/labels"), "count-1"),
    ):
        assert browser.get(address).status_code == 200
        printed = browser.post(address, data=chosen | {key: "2"})
        assert printed.mimetype == "application/pdf", printed.text
        assert printed.data.count(b"/Type /Page\n") == 2
        for bad in ({key: "0"}, {key: "2001"}, {key: "x"}, {key: "1", "stock": "a3"}, {key: "1", "stock": "a4-4"}):
            data = chosen | bad
            assert browser.post(address, data=data).status_code == 422, bad


def test_the_note_on_paper_says_what_the_page_says(counted: FlaskClient, world: World) -> None:
    address = world.address("/en/office/deliveries/{delivery}/note.pdf")
    counted.post(
        world.address("/office/deliveries/{delivery}/maker"), data={"way": "signature", "name": "Ibu Contoh", "signature": SIGNATURE}
    )
    drawn = counted.get(address)
    assert drawn.mimetype == "application/pdf"
    assert page_sizes(drawn.data)[0] == (210.0, 297.0)
    text = text_of(drawn.data)
    for said in (world.words["delivery"], "SURAT", "Ibu Contoh", "Delivery note", world.people[OUTLET_MANAGER].name):
        assert said in text, said


def test_a_cashier_looks_but_does_not_receive(sign_in: SignIn, world: World) -> None:
    page = sign_in(CASHIER).get(world.address("/en/office/deliveries/{delivery}")).text
    assert "SURAT" in page
    assert "Add goods" not in page
    assert "Confirm this count" not in page


def test_the_shelf_of_ten_thousand_variants_takes_few_statements(sign_in: SignIn, session: Session, world: World, count_statements) -> None:  # type: ignore[no-untyped-def]
    from kernel.inserts import insert_rows

    level = session.scalars(select(StockLevel)).first()
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    assert level is not None
    from catalog.models.product import Unit, Variant

    rows = [
        {
            "product_id": session.get_one(Variant, level.variant_id).product_id,
            "code": f"B{number}",
            "name_id": "1",
            "name_en": "",
            "net_quantity": 1,
        }
        | {"unit": Unit.PIECE, "shipping_weight_g": 1, "position": 1, "is_active": True}
        for number in range(10_000)
    ]
    insert_rows(session, Variant, rows)
    ids = session.scalars(select(Variant.id).where(Variant.code.startswith("B"))).all()
    insert_rows(
        session,
        StockLevel,
        [{"outlet_id": outlet.id, "variant_id": each, "batch_id": level.batch_id, "on_hand": 0, "held": 0} for each in ids],
    )
    session.commit()
    browser = sign_in(ADMINISTRATOR)
    for path in ("", "/low", "/ageing", "/pull-outs", "/labels"):
        with count_statements() as statements:
            assert browser.get(world.address("/office/stock/{outlet}") + path).status_code == 200
        assert len(statements) <= 10, statements
