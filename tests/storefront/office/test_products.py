"""Curators describe, price and publish the products of their own area."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate
from catalog.models.photo import Photo
from catalog.models.product import Ingredient, ListingState, Product, PublicationDecision, Variant
from kernel import clock
from tests.cast import ADMINISTRATOR, CURATOR, CURATOR_ELSEWHERE, World
from tests.make import TALANG_BULANG, make_category, make_product
from tests.storefront.office.conftest import SignIn


def _product(session: Session, world: World) -> Product:
    session.expire_all()
    return session.scalars(select(Product).where(Product.slug == world.words["product"])).one()


def _texts(session: Session, **changes: str) -> dict[str, str]:
    category = make_category(session)
    session.commit()
    return {
        "category_id": str(category.id),
        "scheme": "ovop",
        "halal_state": "not_yet",
        "travel_limit": "none",
        "name_id": "Keripik baru",
        "village_code": "",
    } | changes


def _picture(size: tuple[int, int] = (400, 500)) -> BytesIO:
    file = BytesIO()
    Image.new("RGB", size, "#a05030").save(file, "JPEG")
    file.seek(0)
    return file


def test_both_languages_are_saved_together(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    form = _texts(session, name_en="New chips", summary_id="Renyah.", material_en="Cassava", shelf_life_days="90", allergens="peanuts")
    assert browser.post(f"/office/products/{world.words['product']}", data=form).status_code == 303
    product = _product(session, world)
    assert (product.name_id, product.name_en, product.material_en, product.shelf_life_days) == ("Keripik baru", "New chips", "Cassava", 90)
    assert product.allergens == ["peanuts"]


@pytest.mark.parametrize("days", ["-1", "0", "1.5", "1e9", "NaN", "９０", "99999"])
def test_a_refused_product_keeps_everything_that_was_typed(sign_in: SignIn, session: Session, world: World, days: str) -> None:
    before = _product(session, world).name_id
    form = _texts(session, name_id="Nama lain", description_id="Baris satu\nBaris dua <b>", shelf_life_days=days)
    answer = sign_in(CURATOR).post(f"/en/office/products/{world.words['product']}", data=form)
    assert answer.status_code == 422
    assert 'value="Nama lain"' in answer.text
    assert "Baris dua &lt;b&gt;" in answer.text
    assert f'value="{days}"' in answer.text
    assert 'href="#shelf_life_days"' in answer.text
    assert _product(session, world).name_id == before, "nothing half-written"


def test_fields_that_are_not_on_the_form_change_nothing(sign_in: SignIn, session: Session, world: World) -> None:
    extra = {"state": "withdrawn", "slug": "mine", "maker_id": "1", "popularity": "9999", "is_sample": "y", "published_at": "2020-01-01"}
    assert sign_in(CURATOR).post(f"/office/products/{world.words['product']}", data=_texts(session) | extra).status_code == 303
    product = _product(session, world)
    assert (product.state, product.slug, product.popularity) == (ListingState.LIVE, world.words["product"], 0)


def test_a_product_cannot_be_moved_out_of_ones_area_nor_a_maker_taken_from_elsewhere(
    sign_in: SignIn, session: Session, world: World
) -> None:
    moved = _texts(session, village_code="16.01.07.2001")
    assert sign_in(CURATOR).post(f"/office/products/{world.words['product']}", data=moved).status_code == 403
    new = _texts(session) | {"maker": world.words["maker"]}
    assert sign_in(CURATOR_ELSEWHERE).post("/office/products/new", data=new).status_code == 422


def test_lists_show_only_what_is_in_reach(sign_in: SignIn, world: World) -> None:
    assert world.words["product"] in sign_in(CURATOR).get("/office/products").text
    elsewhere = sign_in(CURATOR_ELSEWHERE).get("/en/office/products").text
    assert world.words["product"] not in elsewhere
    assert "No products yet" in elsewhere
    assert world.words["maker"] not in sign_in(CURATOR_ELSEWHERE).get("/office/makers").text


def test_the_list_is_narrowed_and_says_when_nothing_is_left(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(ADMINISTRATOR)
    slug, variant = world.words["product"], world.words["variant"]
    for query in (
        f"q={variant}",
        "state=live",
        f"maker={world.words['maker']}",
        f"in_category={world.words['category']}",
        "village=16.12.04",
    ):
        assert f"/office/products/{slug}" in browser.get(f"/office/products?{query}").text, query
    for query in ("q=%25", "state=withdrawn", "state=no-price", "maker=nobody", "in_category=nothing", "village=16.01"):
        answer = browser.get(f"/en/office/products?{query}")
        assert f"/office/products/{slug}" not in answer.text, query
        assert "No product found" in answer.text
    for page in ("0", "-1", "abc", "1.5", "９", "99999999"):
        assert browser.get(f"/office/products?page={page}").status_code == 400, page


def test_what_a_product_lacks_is_found_from_the_first_page_and_changed_together(sign_in: SignIn, session: Session, world: World) -> None:
    without = make_product(session, name_id="Tanpa harga", price=None)
    make_product(session, name_id="Ditarik tanpa harga", price=None, state=ListingState.WITHDRAWN)
    session.commit()
    browser = sign_in(CURATOR)
    first = browser.get("/office/").text
    assert "/office/products?state=no-price" in first
    listed = browser.get("/office/products?state=no-price").text
    assert f"/office/products/{without.slug}" in listed
    assert "Ditarik tanpa harga" not in listed
    assert world.words["product"] not in listed
    act = {"act": "halal", "halal": "certified", "all": "1", "state": "no-price"}
    planned = browser.get("/office/products-together", query_string=act).text
    assert "Tanpa harga" in planned
    assert "Ditarik" not in planned


def test_ingredients_are_read_row_by_row_with_their_places(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CURATOR), f"/office/products/{world.words['product']}/ingredients"
    form = {"row0-name_id": "Singkong", "row0-origin_code": "talang bulang", "row0-share_bps": "82,5", "row2-name_id": "Garam"}
    assert browser.post(address, data=form).status_code == 303
    rows = session.scalars(select(Ingredient).order_by(Ingredient.position)).all()
    assert [(row.name_id, row.origin_code, row.share_bps) for row in rows] == [("Singkong", TALANG_BULANG, 8250), ("Garam", None, None)]
    for bad in ({"row0-share_bps": "101"}, {"row0-share_bps": "x"}, {"row0-origin_code": "Tidak Ada"}, {"row1-share_bps": "5"}):
        answer = browser.post(address, data={"row0-name_id": "Singkong"} | bad)
        assert answer.status_code == 422, bad
        assert "field-error" in answer.text


def test_a_name_that_several_places_have_is_asked_back(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CURATOR), f"/office/products/{world.words['product']}/ingredients"
    answer = browser.post(address, data={"row0-name_id": "Singkong", "row0-origin_code": "Talang"})
    assert answer.status_code == 422
    assert f'name="row0-origin_code_pick" value="{TALANG_BULANG}"' in answer.text
    picked = {"row0-name_id": "Singkong", "row0-origin_code": "Talang", "row0-origin_code_pick": TALANG_BULANG}
    assert browser.post(address, data=picked).status_code == 303


def test_a_pack_gets_a_number_of_its_own_and_a_dated_price(sign_in: SignIn, session: Session, world: World) -> None:
    browser, base = sign_in(CURATOR), f"/office/products/{world.words['product']}/variants"
    form = {
        "name_id": "500 g",
        "net_quantity": "500",
        "unit": "g",
        "shipping_weight_g": "550",
        "gtin": "",
        "is_active": "y",
        "price": "Rp 42.000",
    }
    assert browser.post(f"{base}/new", data=form).status_code == 303
    variant = session.scalars(select(Variant).where(Variant.name_id == "500 g")).one()
    assert variant.internal_number is not None
    assert variant.internal_number.startswith("2")
    for price in ("-1", "0", "1.5", "1e9", "NaN", "２５０００", "25,000", ""):
        answer = browser.post(f"{base}/{variant.code}/price", data={"price": price, "starts_on": clock.today().isoformat()})
        assert answer.status_code == 422, price
    tomorrow = {"price": "45000", "starts_on": "31/12/2026", "ends_on": "2027-01-31"}
    assert browser.post(f"{base}/{variant.code}/price", data=tomorrow).status_code == 303
    page = browser.get(f"{base}/{variant.code}").text
    assert "Rp42.000" in page
    assert "Rp45.000" in page


def test_a_wrong_barcode_number_is_refused_beside_its_field(sign_in: SignIn, world: World) -> None:
    form = {"name_id": "500 g", "net_quantity": "500", "unit": "g", "shipping_weight_g": "550", "gtin": "8999999000012"}
    answer = sign_in(CURATOR).post(f"/office/products/{world.words['product']}/variants/new", data=form)
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text


def test_papers_are_checked_listed_and_removed(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CURATOR), f"/office/products/{world.words['product']}/papers"
    wrong = {"kind": "pirt", "owner": "product", "number": "123", "issuer": "Dinas", "valid_from_on": "2026-01-01"}
    assert browser.post(address, data=wrong).status_code == 422
    halal = {"kind": "halal", "owner": "maker", "number": "ID16110000000000002", "issuer": "BPJPH", "valid_from_on": "01/01/2026"}
    assert browser.post(address, data=halal).status_code == 303
    paper = session.scalars(select(Certificate).where(Certificate.maker_id.is_not(None))).one()
    assert browser.post(f"{address}/remove", data={"paper": str(paper.id)}).status_code == 303
    assert session.scalars(select(Certificate).where(Certificate.maker_id.is_not(None))).all() == []
    assert browser.post(f"{address}/remove", data={"paper": "999999"}).status_code == 404


def test_several_photos_are_added_described_ordered_and_removed(sign_in: SignIn, session: Session, world: World) -> None:
    browser, base = sign_in(CURATOR), f"/office/products/{world.words['product']}/photos"
    own = select(Photo).join(Product, Product.id == Photo.product_id).where(Product.slug == world.words["product"]).order_by(Photo.position)
    files = {"photos": [(_picture(), "a.jpg"), (_picture(), "b.jpg"), (BytesIO(b"<svg onload=alert(1)>"), "c.svg")]}
    answer = browser.post(f"{base}/add", data=files, content_type="multipart/form-data")
    assert answer.status_code == 422, "two went in, the third is named"
    assert "c.svg" in answer.text
    photos = session.scalars(own).all()
    assert len(photos) == 3
    last = photos[2].name
    assert browser.post(f"{base}/{last}", data={"alt_id": "Keripik dalam toples", "alt_en": "Chips in a jar"}).status_code == 303
    assert browser.post(f"{base}/{last}/move", data={"to": "first"}).status_code == 303
    session.expire_all()
    assert session.scalars(own).first().name == last  # type: ignore[union-attr]
    assert "Hapus foto" in browser.get(f"{base}/{last}/remove").text
    assert browser.post(f"{base}/{last}/remove").status_code == 303
    session.expire_all()
    assert session.scalar(select(Photo.id).where(Photo.name == last)) is None
    assert browser.post(f"{base}/{last}/remove").status_code == 404


def test_going_live_and_leaving_need_a_reason_and_leave_a_record(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CURATOR), f"/office/products/{world.words['product']}/publication"
    assert browser.post(address, data={"decision": "withdrawn", "reason": "  "}).status_code == 422
    assert browser.post(address, data={"decision": "withdrawn", "reason": "Label diperbaiki dulu."}).status_code == 303
    assert _product(session, world).state is ListingState.WITHDRAWN
    stale = browser.post(address, data={"decision": "withdrawn", "reason": "Sekali lagi."})
    assert stale.status_code == 422, "a page left open does not turn into the opposite"
    assert _product(session, world).state is ListingState.WITHDRAWN
    assert browser.post(address, data={"decision": "live", "reason": "Label sudah benar."}).status_code == 303
    reasons = session.scalars(select(PublicationDecision.reason).order_by(PublicationDecision.id)).all()
    assert reasons == ["Label diperbaiki dulu.", "Label sudah benar."]
    assert "Label sudah benar." in browser.get(address).text


def test_a_draft_says_what_is_missing(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    answer = browser.post("/office/products/new", data=_texts(session, name_id="Dodol nanas") | {"maker": world.words["maker"]})
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"] + "/publication")
    assert "Belum siap" in page.text
    assert browser.post(answer.headers["Location"] + "/publication", data={"decision": "live", "reason": "Bagus."}).status_code == 422


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "'--"])
def test_what_people_write_is_shown_as_text(sign_in: SignIn, session: Session, world: World, text: str) -> None:
    browser = sign_in(CURATOR)
    assert (
        browser.post(f"/office/products/{world.words['product']}", data=_texts(session, name_id=text, description_id=text)).status_code
        == 303
    )
    for page in ("", f"/{world.words['product']}", f"/{world.words['product']}/publication"):
        shown = browser.get(f"/office/products{page}").text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
