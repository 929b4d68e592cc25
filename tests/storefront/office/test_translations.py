"""Translations in the office, page by page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog.models.product import Product
from tests.cast import CURATOR
from tests.make import make_product
from tests.storefront.office.conftest import SignIn


def test_a_missing_text_is_found_written_and_marked_as_compared(sign_in: SignIn, session: Session) -> None:
    product = make_product(session, name_id="Sagon bakar", name_en="Sagon biscuits", summary_id="Manis gurih.", summary_en="")
    session.commit()
    browser = sign_in(CURATOR)
    page = browser.get("/office/translations").text
    assert "Sagon bakar" in page
    assert "Satu kalimat: belum ada Inggris" in page
    address = f"/office/translations/product/{product.slug}"
    assert "Baru dalam satu bahasa" in browser.get(address).text
    form = {"name_id": "Sagon bakar", "name_en": "Sagon biscuits", "summary_id": "Manis gurih.", "summary_en": "Sweet and savoury."}
    refused = browser.post(address, data=form | {"summary_en": "x" * 300})
    assert refused.status_code == 422
    assert browser.post(address, data=form | {"compared": "summary"}).status_code == 303
    session.expire_all()
    assert session.get_one(Product, product.id).summary_en == "Sweet and savoury."
    assert "Compared" in browser.get(f"/en{address}").text
    assert browser.get("/office/translations?kind=village&show=stale").status_code == 200
    assert browser.get("/office/translations/user/x").status_code == 404
