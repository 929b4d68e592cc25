"""The product list and the search: addresses read, wrong ones explained, filters as plain links, one answer per page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from storefront.shop.facets import price_band, read_question
from tests.conftest import StatementCounter
from tests.make import BETUNG, make_category, make_maker
from tests.make_stock import make_goods

WRONG = [
    "page=0",
    "page=-1",
    "page=1.5",
    "page=abc",
    "page=1e9",
    "page=99999999999999999999",
    "page=１",
    "min_price=NaN",
    "min_price=-1",
    "min_price=1e9",
    "max_price=１２０００",
    "max_price=25,000",
    "min_price=90000&max_price=10000",
    "category=tidak-ada",
    "category=<b>",
    "district=16",
    "district=99.99.99",
    "village=16.12.01.9999",
    "scheme=x",
    "certificate=x",
    "in_stock=maybe",
    "sort=x",
    "near=x",
]


@pytest.fixture
def shelf(session: Session) -> list[str]:
    """Three products of two shelves and two villages; their names."""
    drinks = make_category(session, "minuman", name_id="Minuman", name_en="Drinks", position=2)
    maker = make_maker(session, village_code=BETUNG)
    goods = [
        make_goods(session, price=12_000, name_id="Keripik ubi kencur", name_en="Kencur cassava chips"),
        make_goods(session, price=60_000, name_id="Sirup nanas", name_en="Pineapple syrup", category=drinks, maker=maker),
        make_goods(session, quantity=3, price=30_000, name_id="Dodol durian", name_en="Durian dodol"),
    ]
    session.commit()
    return [one.product.name_id for one in goods]


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_list_shows_every_live_product_with_place_and_price(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/products")
    assert all(name in page for name in shelf)
    assert "Karang Agung, Abab" in page
    assert "Rp12.000" in page
    assert "Sisa 3" in page


def test_a_category_narrows_the_list_and_can_be_taken_back(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/products?category=minuman")
    assert "Sirup nanas" in page
    assert "Dodol durian" not in page
    assert 'class="chip" href="/products"' in page


def test_filters_combine_and_keep_each_other(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/products?scheme=ovop&max_price=40000&in_stock=1")
    assert "Dodol durian" in page
    assert "Sirup nanas" not in page
    assert "/products?scheme=ovop&amp;in_stock=1" in page  # the price chip's link


def test_english_pages_stay_english(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/en/products?category=minuman")
    assert "Pineapple syrup" in page
    assert '<html lang="en">' in page
    assert 'href="/products?category=minuman" lang="id"' in page


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_wrong_parameter_is_explained_and_left_out(client: FlaskClient, shelf: list[str], query: str, prefix: str) -> None:
    page = text_of(client, f"{prefix}/products?{quote(query, safe='=&')}", 400)
    assert "notice-error" in page
    assert all(word in page for word in (("Sebagian alamat",) if not prefix else ("Part of the address",)))
    assert "Rp60.000" in page  # everything is shown, nothing is filtered
    assert "<b>" not in page


def test_what_was_typed_as_a_price_stays_in_the_form(client: FlaskClient, shelf: list[str]) -> None:
    assert 'value="dua puluh"' in text_of(client, "/products?min_price=dua+puluh", 400)


def test_a_page_beyond_the_end_leads_back(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/products?page=7", 404)
    assert "Daftarnya tidak sepanjang itu" in page
    assert 'href="/products"' in page


def test_prices_are_read_as_people_write_them() -> None:
    question = read_question({"min_price": "Rp 25.000"}, "/products", "id")
    assert question.request.min_price == 25_000
    assert question.problems == []


def test_a_new_filter_starts_at_the_first_page() -> None:
    question = read_question({"scheme": "ovop", "page": "3"}, "/products", "id")
    assert question.url(category="kue") == "/products?category=kue&scheme=ovop"
    assert question.page_url(4) == "/products?scheme=ovop&page=4"


def test_price_bands_are_said_in_words(client: FlaskClient) -> None:
    with client.application.test_request_context("/"):
        assert price_band("", "24999") == "sampai Rp24.999"
        assert price_band("500000", "") == "Rp500.000 ke atas"


def test_search_finds_and_says_so(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/search?q=nanas")
    assert "Hasil untuk “nanas”" in page
    assert "Sirup" in page
    assert "Dodol durian" not in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_a_search_that_finds_nothing_offers_shelves_and_a_person(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/search?q=zzqqxx")
    assert "Tidak ada yang cocok" in page
    assert "/products?category=minuman" in page
    assert "https://wa.me/6281200000000?text=" in page


@pytest.mark.parametrize("text", ['"', "* OR", "(((", "a:b", "%00", "%ff%fe", "<script>", "-" * 300, "১২"])
def test_any_search_text_is_answered(client: FlaskClient, shelf: list[str], text: str) -> None:
    page = client.get("/search?q=" + (text if text.startswith("%") else quote(text)))
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_suggestions_lead_somewhere(client: FlaskClient, shelf: list[str]) -> None:
    lines = client.get("/search/suggest?q=nan").get_json()
    assert {"label", "kind", "url"} == set(lines[0])
    assert any(line["url"].startswith("/products/") for line in lines)
    assert client.get("/en/search/suggest?q=pine").get_json()[0]["url"].startswith("/en/")
    assert client.get("/search/suggest?q=").get_json() == []
    assert client.get("/search/suggest").get_json() == []


def test_the_list_needs_few_statements_and_writes_nothing(
    client: FlaskClient, shelf: list[str], count_statements: StatementCounter
) -> None:
    client.get("/products")
    with count_statements() as statements:
        client.get("/products?category=minuman&sort=price")
    assert all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)
    assert len([s for s in statements if "areas" in s or "products" in s or "categories" in s]) <= 6


def test_products_are_listed_nearest_first_from_a_district(client: FlaskClient, shelf: list[str]) -> None:
    page = text_of(client, "/products?sort=distance&near=16.12.04.2001")
    assert "Terdekat dari Betung" in page
