"""Village list and village page: place before product, by official code."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.programme import ProgrammeStatus
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_areas, make_maker, make_product, make_programme_record
from tests.make_catalogue import make_photo, make_profile


def test_the_list_shows_every_village_under_its_district(client: FlaskClient, session: Session) -> None:
    make_product(session)
    make_programme_record(session, TALANG_BULANG, status=ProgrammeStatus.SELECTED, product_name_id="Olahan nanas")
    html = client.get("/villages").text
    assert "3 desa" in html  # the kelurahan takes no part
    for name in ("Talang Bulang", "Betung", "Karang Agung", "Kec. Abab", "Olahan nanas", "1 produk"):
        assert name in html
    assert f'href="/villages/{KARANG_AGUNG}"' in html


def test_the_village_page_opens_with_the_place(client: FlaskClient, session: Session) -> None:
    product = make_product(session, maker=make_maker(session, village_code=TALANG_BULANG, name="Rumah Nanas"), name_id="Selai nanas")
    make_profile(session, TALANG_BULANG)
    html = client.get(f"/villages/{TALANG_BULANG}").text
    assert "Desa Talang Bulang" in html
    assert "Kebun buka Sabtu." in html
    assert "Juni–Agustus" in html
    assert html.index("Desa nanas.") < html.index("Selai nanas")
    assert f'href="/products/{product.slug}"' in html
    assert "Rumah Nanas" in html
    assert "Betung" in html  # nearby
    assert "query=-3.3834,103.9472" in html


def test_the_english_page_speaks_english(client: FlaskClient, session: Session) -> None:
    make_areas(session)
    make_profile(session, KARANG_AGUNG)
    html = client.get(f"/en/villages/{KARANG_AGUNG}").text
    assert "The gardens are open on Saturdays." in html
    assert "Nothing from here in the shop yet" in html


def test_a_name_after_the_code_leads_to_the_code(client: FlaskClient, session: Session) -> None:
    make_areas(session)
    for prefix in ("", "/en"):
        response = client.get(f"{prefix}/villages/{TALANG_BULANG}-talang-bulang")
        assert response.status_code == 301
        assert response.location == f"{prefix}/villages/{TALANG_BULANG}"


@pytest.mark.parametrize(
    "code", ["99.99.99.9999", "16.12", "16.12.01", "talang-bulang", "１６.12.01.2001", "16.12.01.2001x", "%00", "-", "16.12.01.20011"]
)
def test_a_wrong_code_is_a_helpful_404(client: FlaskClient, session: Session, code: str) -> None:
    make_areas(session)
    response = client.get(f"/villages/{code}")
    assert response.status_code == 404
    assert "daftar desa" in response.text


def test_a_village_without_anything_still_has_its_place(client: FlaskClient, session: Session) -> None:
    make_areas(session)
    response = client.get(f"/villages/{BETUNG}")
    assert response.status_code == 200
    assert "Desa Betung" in response.text
    assert "31214" in response.text


def test_pages_need_few_statements(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    for _ in range(3):
        product = make_product(session)
        make_photo(session, product_id=product.id)
    for address in ("/villages", f"/villages/{KARANG_AGUNG}"):
        with count_statements() as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= 4
        assert all(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_an_empty_table_of_areas_breaks_nothing(client: FlaskClient) -> None:
    assert client.get("/villages").status_code == 200
