"""The product page: choosing, buying, provenance, and what machines and messengers read from it."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState, ListingState
from kernel import clock
from tests.conftest import StatementCounter
from tests.make import BETUNG, make_product, make_variant
from tests.make_catalogue import make_certificate, make_ingredient, make_photo
from tests.make_stock import make_goods, stock_up

TODAY = clock.today()


def page_of(client: FlaskClient, slug: str, prefix: str = "") -> str:
    response = client.get(f"{prefix}/products/{slug}")
    assert response.status_code == 200
    return response.text


def data_of(html: str) -> dict[str, dict[str, Any]]:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block
    return {thing["@type"]: thing for thing in json.loads(block[1])["@graph"]}


def test_the_page_says_what_it_is_what_it_costs_and_how_many_there_are(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12, name_id="Keripik ubi kencur")
    html = page_of(client, goods.product.slug)
    assert "Keripik ubi kencur" in html
    assert "Rp25.000" in html
    assert "Rp10.000 per 100 g" in html
    assert "12 tersedia" in html
    assert "Desa Karang Agung, Kec. Abab, PALI" in html


def test_few_are_said_as_few_and_none_as_sold_out(client: FlaskClient, session: Session) -> None:
    few, none = make_goods(session, 3), make_product(session)
    assert "Sisa 3" in page_of(client, few.product.slug)
    html = page_of(client, none.slug)
    assert "Habis" in html
    assert "buy-bar" not in html


def test_english_is_english_with_the_official_place(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12, name_en="Kencur cassava chips")
    html = page_of(client, goods.product.slug, "/en")
    assert "Kencur cassava chips" in html
    assert "12 available" in html
    assert "Desa Karang Agung, Kec. Abab, PALI" in html
    assert "tersedia" not in html


def test_the_form_posts_the_chosen_variant_to_the_cart(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12)
    other = make_variant(session, goods.product, price=12_000, name_id="100 g")
    stock_up_variant = goods.variant
    html = page_of(client, goods.product.slug)
    assert 'action="/cart/lines"' in html
    assert 'name="csrf_token"' in html
    assert re.search(rf'value="{stock_up_variant.code}" checked', html)
    assert re.search(rf'value="{other.code}" disabled', html)


def test_a_link_may_choose_a_variant_and_nonsense_chooses_none(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12)
    second = make_variant(session, goods.product, price=40_000, name_id="500 g")
    session.refresh(goods.product, ["variants"])
    goods.product.variants.reverse()
    stock_up(session, goods.product, goods.outlet, 4)
    assert re.search(rf'value="{second.code}" checked', client.get(f"/products/{goods.product.slug}?variant={second.code}").text)
    for nonsense in ("?variant=%00", "?variant=<b>", "?v=1&variant[]=x", "?v=%ff"):
        response = client.get(f"/products/{goods.product.slug}{nonsense}")
        assert response.status_code == 200
        assert re.search(rf'value="{goods.variant.code}" checked', response.text)


def test_provenance_says_who_where_when_and_which_papers(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12)
    make_certificate(session, product_id=goods.product.id, number="2061612010001-29")
    html = page_of(client, goods.product.slug)
    assert "Dapur Contoh" in html
    assert "Kode wilayah 16.12.04.2003" in html
    assert f"kode produksi {goods.batch.lot_code}" in html
    assert "2061612010001-29" in html
    assert 'role="img" aria-label="Peta: Desa Karang Agung di PALI' in html


def test_an_expired_paper_is_never_shown(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12, halal_state=HalalState.CERTIFIED)
    make_certificate(
        session,
        product_id=goods.product.id,
        kind=CertificateKind.HALAL,
        number="ID16110000123450726",
        valid_until_on=TODAY - timedelta(days=1),
    )
    html = page_of(client, goods.product.slug)
    assert "ID16110000123450726" not in html
    assert "Belum bersertifikat halal" in html


def test_ingredients_allergens_and_halal_are_for_what_is_eaten(client: FlaskClient, session: Session) -> None:
    food = make_goods(session, 12, allergens=["fish"])
    make_ingredient(session, food.product, origin_code=BETUNG, share_bps=8_250)
    html = page_of(client, food.product.slug, "/en")
    assert "82.5%" in html
    assert "from Desa Betung, Kec. Abab" in html
    assert "Fish" in html
    craft = page_of(client, make_goods(session, 12, halal_state=HalalState.NOT_APPLICABLE).product.slug)
    assert "Alergen" not in craft
    assert "alal" not in craft


def test_sample_data_is_marked(client: FlaskClient, session: Session) -> None:
    assert "Data contoh" in page_of(client, make_goods(session, is_sample=True).product.slug)
    assert "Data contoh" not in page_of(client, make_goods(session).product.slug)


def test_questions_and_shares_open_whatsapp_with_the_text_written(client: FlaskClient, session: Session) -> None:
    html = page_of(client, make_goods(session, name_id="Selai & sirup").product.slug)
    assert "https://wa.me/6281200000000?text=Halo%2C%20saya%20ingin%20bertanya%20tentang%20Selai%20%26%20sirup" in html
    assert "https://wa.me/?text=Selai%20%26%20sirup%20%C2%B7%20Rp25.000%0A" in html


def test_only_live_products_have_a_page(client: FlaskClient, session: Session) -> None:
    draft = make_product(session, state=ListingState.DRAFT)
    for slug in (draft.slug, "tidak-ada", "%00", "..%2f..%2fetc"):
        for prefix, words in (("", "tidak ada"), ("/en", "not here")):
            response = client.get(f"{prefix}/products/{slug}")
            assert response.status_code == 404
            if slug != "..%2f..%2fetc":
                assert words in response.text


def test_the_page_needs_few_statements_and_writes_nothing(
    client: FlaskClient, session: Session, count_statements: StatementCounter
) -> None:
    goods = make_goods(session, 12)
    for _ in range(3):
        make_variant(session, goods.product, price=9_000)
        make_photo(session, product_id=goods.product.id)
        make_certificate(session, product_id=goods.product.id)
        make_goods(session, outlet=goods.outlet)
    with count_statements() as statements:
        page_of(client, goods.product.slug)
    assert len(statements) <= 5, "page, photos and packs, more of both, shares, stars"
    assert all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_head_is_answered_without_a_body(client: FlaskClient, session: Session) -> None:
    response = client.head(f"/products/{make_goods(session).product.slug}")
    assert (response.status_code, response.data) == (200, b"")


def test_structured_data_offers_each_variant(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12)
    data = data_of(page_of(client, goods.product.slug))
    offer = data["Product"]["offers"]
    assert (offer["@type"], offer["price"], offer["priceCurrency"]) == ("Offer", 25_000, "IDR")
    assert offer["availability"] == "https://schema.org/InStock"
    make_variant(session, goods.product, price=12_000)
    offers = data_of(page_of(client, goods.product.slug))["Product"]["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("AggregateOffer", 12_000, 25_000, 2)
    assert [item["position"] for item in data["BreadcrumbList"]["itemListElement"]] == [1, 2, 3]


def test_a_name_cannot_break_out_of_the_data_block(client: FlaskClient, session: Session) -> None:
    name = '</script><script>alert("1")</script><!-- \u2028 &'
    goods = make_goods(session, name_id=name)
    html = page_of(client, goods.product.slug)
    assert "<script>alert" not in html
    assert data_of(html)["Product"]["name"] == name


def test_both_languages_point_at_each_other(client: FlaskClient, session: Session) -> None:
    slug = make_goods(session).product.slug
    html = page_of(client, slug, "/en")
    assert f'<link rel="canonical" href="http://localhost/en/products/{slug}">' in html
    assert f'hreflang="id" href="http://localhost/products/{slug}"' in html


@pytest.mark.parametrize("with_photo", [False, True])
def test_the_preview_is_a_small_jpeg_of_the_right_size(client: FlaskClient, session: Session, with_photo: bool) -> None:
    goods = make_goods(session, name_id="Keripik ubi kencur dengan nama yang sangat panjang sekali sampai tiga baris penuh dan lebih")
    if with_photo:
        make_photo(session, product_id=goods.product.id)  # its file is missing: the drawing copes
    html = page_of(client, goods.product.slug)
    address = re.search(r'property="og:image" content="http://localhost([^"]+)"', html)
    assert address
    response = client.get(address[1], buffered=True)
    assert (response.status_code, response.mimetype) == (200, "image/jpeg")
    assert len(response.data) <= 300 * 1024
    with Image.open(io.BytesIO(response.data)) as image:
        assert image.size == (1200, 630)
    assert "max-age" in response.headers["Cache-Control"]


def test_the_preview_changes_its_address_with_the_price(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session)
    first = re.search(r"preview\.jpg\?v=(\w+)", page_of(client, goods.product.slug))
    make_variant(session, goods.product, price=1_000)
    second = re.search(r"preview\.jpg\?v=(\w+)", page_of(client, goods.product.slug))
    assert first
    assert second
    assert first[1] != second[1]
    assert client.get(f"/products/{goods.product.slug}/preview.jpg?v=../../x", buffered=True).status_code == 200
    assert client.get("/products/tidak-ada/preview.jpg").status_code == 404
