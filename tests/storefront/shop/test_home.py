"""The home page: shelves, goods, villages, the programme's figures and the souvenir centre."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.programme import ProgrammeStatus
from tests.conftest import StatementCounter
from tests.make import KARANG_AGUNG, make_programme_record
from tests.make_stock import make_goods


def furnish(session: Session) -> None:
    make_goods(session, name_id="Keripik ubi kencur", name_en="Kencur cassava chips")
    make_programme_record(session, KARANG_AGUNG, status=ProgrammeStatus.SELECTED, product_name_id="Keripik ubi kencur")
    session.commit()


def test_an_empty_shop_still_greets(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Rak sedang diisi" in page.text


def test_the_home_page_leads_to_goods_villages_and_the_centre(client: FlaskClient, session: Session) -> None:
    furnish(session)
    page = client.get("/").text
    assert 'href="/products?category=makanan-ringan"' in page
    assert "Keripik ubi kencur" in page
    assert f'href="/villages/{KARANG_AGUNG}"' in page
    assert "Pusat Oleh-oleh Contoh" in page
    assert "Senin–Minggu" in page
    assert "08.00–20.00" in page


def test_the_english_home_page_is_english(client: FlaskClient, session: Session) -> None:
    furnish(session)
    page = client.get("/en/").text
    assert "Kencur cassava chips" in page
    assert "Monday–Sunday" in page
    assert 'href="/en/products"' in page
    assert "Keranjang" not in page


def test_the_home_page_names_its_twin_in_the_other_language(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<link rel="canonical" href="http://localhost/">' in page
    assert 'hreflang="en" href="http://localhost/en/"' in page


def test_the_home_page_needs_few_statements(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    furnish(session)
    with count_statements() as statements:
        client.get("/")
    assert len(statements) <= 6
    assert all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_pages_carry_no_inline_style_or_script(client: FlaskClient, session: Session) -> None:
    furnish(session)
    for address in ("/", "/products", "/styleguide", "/nope"):
        page = client.get(address).text
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count('<script type="module" src="/') + page.count('<script type="application/ld+json">')
