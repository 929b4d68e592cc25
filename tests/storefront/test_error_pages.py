"""Refusals and failures in the house style; the page for our own failures asks the database nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from storefront.shop import home
from tests.conftest import StatementCounter


def test_a_lost_address_offers_a_next_step_in_the_page_s_language(client: FlaskClient) -> None:
    page = client.get("/tidak-ada")
    assert page.status_code == 404
    assert "Halaman ini tidak ada di rak kami" in page.text
    assert 'action="/search"' in page.text
    page = client.get("/en/not-there")
    assert page.status_code == 404
    assert "This page is not on our shelves" in page.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_status_has_words_and_a_way_on(app: Flask, status: int) -> None:
    from flask import render_template

    for prefix in ("/", "/en/"):
        with app.test_request_context(prefix):
            page = render_template("errors/error.html", status=status, message="")
            assert page.count("<h1") == 1
            assert 'class="button"' in page


def test_the_failure_page_works_while_the_database_is_down(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, count_statements: StatementCounter
) -> None:
    def fail(*_arguments: object, **_names: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is down"))

    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a-login"  # whoever is signed in must not be looked up
    monkeypatch.setattr(home, "get_home_page", fail)
    monkeypatch.setattr("storefront.security.accounts.find_user_by_token", fail)
    with count_statements() as statements:
        page = client.get("/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert "Kami perlu jeda sebentar" in page.text
    assert statements == []
