"""About, help, privacy and terms in both languages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from storefront.shop.info import TEXTS
from tests.conftest import StatementCounter
from tests.make import make_outlet


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize(("prefix", "other"), [("", "en"), ("/en", "id")])
def test_every_text_exists_in_both_languages(client: FlaskClient, name: str, prefix: str, other: str) -> None:
    response = client.get(f"{prefix}/{name}")
    assert response.status_code == 200
    assert response.text.count("<h1>") == 1
    assert f'hreflang="{other}"' in response.text


def test_the_seller_and_its_hours_are_named(client: FlaskClient, session: Session) -> None:
    outlet = make_outlet(session, operator_name="Koperasi Maju Bersama")
    html = client.get("/terms").text
    assert "Koperasi Maju Bersama" in html
    assert outlet.address in html
    assert "08.00–20.00" in html


def test_help_has_the_place_the_footer_points_at(client: FlaskClient) -> None:
    assert 'id="find-order"' in client.get("/help").text
    assert 'id="find-order"' in client.get("/en/help").text


def test_what_the_texts_promise_is_what_the_shop_does(client: FlaskClient) -> None:
    """Times and limits in prose must change together with the rules."""
    from orders import holds

    html = client.get("/en/help").text
    assert "35 minutes" in html
    assert holds.__doc__
    assert "three unpaid orders" in html


def test_a_text_is_one_statement(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    make_outlet(session)
    with count_statements() as statements:
        client.get("/privacy")
    assert len(statements) <= 2
