"""Changing many products together, on the office's pages."""

from __future__ import annotations

from urllib.parse import urlencode

from sqlalchemy.orm import Session

from catalog.categories import create_category
from catalog.models.product import HalalState, Product
from kernel.people import SYSTEM
from tests.cast import CURATOR, CURATOR_ELSEWHERE
from tests.make import make_product
from tests.storefront.office.conftest import SignIn

PAGE = "/office/products-together"


def test_chosen_products_are_looked_at_changed_and_put_back(sign_in: SignIn, session: Session) -> None:
    products = [make_product(session, name_id=f"Sambal {number}", name_en=f"Sambal {number}") for number in range(3)]
    before = products[0].halal_state
    session.commit()
    browser = sign_in(CURATOR)
    assert 'form="together"' in browser.get("/office/products").text
    wanted = [("product", product.slug) for product in products]
    assert "Ubah 3 produk bersama" in browser.get(f"{PAGE}?{urlencode(wanted)}").text
    preview = browser.get(f"{PAGE}?{urlencode([*wanted, ('act', 'halal'), ('halal', 'declared_non_halal')])}").text
    assert "3 produk akan berubah" in preview
    session.expire_all()
    assert session.get_one(Product, products[0].id).halal_state is before
    answer = browser.post(PAGE, data={"product": [product.slug for product in products], "act": "halal", "halal": "declared_non_halal"})
    assert answer.status_code == 303
    session.expire_all()
    assert {session.get_one(Product, product.id).halal_state for product in products} == {HalalState.DECLARED_NON_HALAL}
    for prefix in ("", "/en"):
        assert "Sambal 2" in browser.get(prefix + answer.location).text
    assert sign_in(CURATOR_ELSEWHERE).get(answer.location).status_code == 404
    browser.post(f"{answer.location}/undo")
    session.expire_all()
    assert session.get_one(Product, products[0].id).halal_state is before


def test_all_a_search_finds_is_repriced_and_a_half_form_keeps_what_was_typed(sign_in: SignIn, session: Session) -> None:
    for number in range(3):
        make_product(session, name_id=f"Sambal {number}", name_en=f"Sambal {number}")
    session.commit()
    browser = sign_in(CURATOR)
    half = {"all": "1", "q": "sambal", "act": "price", "percent_bps": "tujuh", "rounding": "500"}
    refused = browser.get(f"{PAGE}?{urlencode(half)}")
    assert refused.status_code == 422
    assert 'value="tujuh"' in refused.text
    found = {"all": "1", "q": "sambal", "act": "price", "percent_bps": "-10", "rounding": "500"}
    page = browser.get(f"{PAGE}?{urlencode(found)}").text
    assert "Rp25.000" in page
    assert "Rp22.500" in page
    answer = browser.post(PAGE, data=found)
    assert "3 produk diubah." in browser.get(answer.location).text


def test_all_of_a_category_go_to_another_one_and_nothing_else_does(sign_in: SignIn, session: Session) -> None:
    inside, outside = make_product(session, name_id="Bolu"), make_product(session, name_id="Lampu")
    browser = sign_in(CURATOR)
    cakes, crafts = (create_category(session, SYSTEM, name_id=name, name_en=name) for name in ("Kue", "Kerajinan"))
    inside.category_id = cakes.id
    session.commit()
    listed = browser.get("/office/products?in_category=kue").text
    assert "all=1&amp;in_category=kue" in listed
    wanted = {"all": "1", "in_category": "kue", "act": "category", "category": str(crafts.id)}
    preview = browser.get(f"{PAGE}?{urlencode(wanted)}").text
    assert "1 produk akan berubah" in preview
    assert '<input type="hidden" name="in_category" value="kue">' in preview
    assert browser.post(PAGE, data=wanted).status_code == 303
    session.expire_all()
    assert session.get_one(Product, inside.id).category_id == crafts.id
    assert session.get_one(Product, outside.id).category_id not in (cakes.id, crafts.id)
