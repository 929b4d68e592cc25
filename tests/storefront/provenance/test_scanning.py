"""The scan page without its camera: whatever is typed leads to the page of the pack, in the page's language."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.gtin import make_internal_number
from catalog.models.product import Product
from tests.make import make_batch, make_product

pytestmark = pytest.mark.one_database
NUMBER, GTIN = "8999999000011", "08999999000011"


@pytest.fixture
def product(session: Session) -> Product:
    made = make_product(session, slug="keripik-ubi")
    made.variants[0].gtin, made.variants[0].internal_number = NUMBER, make_internal_number(7)
    make_batch(session, made, lot_code="A/B")
    session.commit()
    return made


def test_every_kind_of_code_leads_to_the_page(client: FlaskClient, product: Product) -> None:
    code = product.variants[0].code
    pack, lot = f"/products/keripik-ubi?variant={code}", f"/products/keripik-ubi/batches/A%2FB?variant={code}"
    leads = {
        NUMBER: pack,
        make_internal_number(7): pack,
        code.lower(): pack,
        f"https://etalase.example/p/{code}/A%2FB": lot,
        f"https://etalase.example/01/{GTIN}/10/A%2FB": lot,
        f"(01){GTIN}(10)A/B": lot,
        f"01{GTIN}10A/B": lot,
        f"01{GTIN}10UNKNOWN": pack,
    }
    for text, target in leads.items():
        for prefix in ("", "/en"):
            answer = client.get(f"{prefix}/scan", query_string={"code": text})
            assert (answer.status_code, answer.headers.get("Location")) == (303, prefix + target), text


def test_an_unknown_code_stays_in_the_box_with_a_way_on(client: FlaskClient, product: Product) -> None:
    for text in ("8999999000028", "<script>alert(1)</script>", "https://elsewhere.example/", "x" * 900, "\x00\x1d"):
        answer = client.get("/scan", query_string={"code": text})
        assert answer.status_code in (200, 404)
        assert "<script>alert" not in answer.text
    assert "Kami tidak mengenal kode ini" in client.get("/scan?code=8999999000028").text


def test_only_this_page_may_use_the_camera(client: FlaskClient) -> None:
    answer = client.get("/scan")
    assert "wasm-unsafe-eval" in answer.headers["Content-Security-Policy"]
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "wasm-unsafe-eval" not in client.get("/products").headers["Content-Security-Policy"]
