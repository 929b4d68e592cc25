"""Feeds in the office: what goes out and what is missing, settings that are kept, and sheets for marketplaces."""

from __future__ import annotations

import io

import openpyxl
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.feeds.settings import find_feed
from catalog.models.product import Product
from tests.cast import CURATOR, World
from tests.make_catalogue import make_certificate
from tests.storefront.office.conftest import SignIn

SETTINGS = {
    "is_active": "y",
    "takes_everything": "y",
    "title_template": "{name} {size} Khas {district}",
    "markup": "10",
    "stock_rule": "fixed",
    "stock_share": "50",
    "stock_units": "3",
}


def _product(session: Session, world: World) -> Product:
    product = session.scalars(select(Product).where(Product.slug == world.words["product"])).one()
    make_certificate(session, product_id=product.id)
    session.commit()
    return product


def test_each_row_says_what_is_missing(sign_in: SignIn, session: Session, world: World) -> None:
    product = _product(session, world)
    browser = sign_in(CURATOR)
    page = browser.get("/office/feeds/tokopedia").text
    assert product.name_id in page
    assert "Isi nama kategori ini menurut penerima." in page
    assert "Say what the receiver calls this shelf." in browser.get("/en/office/feeds/tokopedia").text


def test_a_named_shelf_completes_the_row_and_the_sheet_holds_it(sign_in: SignIn, session: Session, world: World) -> None:
    product = _product(session, world)
    browser = sign_in(CURATOR)
    assert browser.post("/office/feeds/tokopedia/categories", data={"category-makanan-ringan": "1234"}).status_code == 303
    assert browser.post("/office/feeds/tokopedia/settings", data=SETTINGS).status_code == 303
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/office/feeds/tokopedia/sheet.xlsx").data)).active
    assert sheet is not None
    header, row = list(sheet.iter_rows(values_only=True))
    found = dict(zip(header, row, strict=True))
    assert found["Nama Produk"] == f"{product.name_id} 250 g Khas Abab"
    assert (found["Harga (Rp)"], found["Jumlah Stok"], found["Kategori"]) == (27_500, 3, "1234")


def test_bad_settings_keep_what_was_typed(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    answer = browser.post("/office/feeds/shopee/settings", data=SETTINGS | {"title_template": "{colour}"})
    assert answer.status_code == 422
    assert "{colour}" in answer.text
    assert find_feed(session, "shopee").title_template != "{colour}"


def test_a_left_out_product_can_come_back(sign_in: SignIn, session: Session, world: World) -> None:
    product = _product(session, world)
    browser = sign_in(CURATOR)
    address = f"/office/feeds/meta/products/{product.slug}"
    for goes_out, action in (("no", "Ikutkan"), ("yes", "Kecualikan")):
        assert browser.post(address, data={"goes_out": goes_out}).status_code == 303
        assert action in browser.get("/office/feeds/meta").text


def test_search_engines_have_no_sheet(sign_in: SignIn, world: World) -> None:
    assert sign_in(CURATOR).get("/office/feeds/google/sheet.xlsx").status_code == 404
