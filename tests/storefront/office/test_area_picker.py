"""The picker of areas: any place by the beginning of its name, in the page's language, for people of the office."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import CURATOR
from tests.make import BETUNG
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def test_a_village_is_found_by_the_beginning_of_its_name_or_its_code(sign_in: SignIn) -> None:
    browser = sign_in(CURATOR)
    for typed in ("betu", "Betung, Abab", BETUNG):
        assert BETUNG in [each["code"] for each in browser.get("/office/areas.json", query_string={"q": typed}).json]
    assert browser.get("/office/areas.json?q=zzzz").json == []
    assert browser.get("/office/areas.json").json == []


def test_a_field_for_any_area_gets_districts_and_regencies_first(sign_in: SignIn) -> None:
    browser = sign_in(CURATOR)
    found = browser.get("/en/office/areas.json?q=abab&level=any").json
    assert found[0] == {"code": "16.12.04", "text": "Abab district, PALI, Sumatera Selatan"}
    assert "16.12.04" not in [each["code"] for each in browser.get("/office/areas.json?q=abab").json]


def test_place_fields_ask_the_picker(sign_in: SignIn) -> None:
    assert 'data-areas="village"' in sign_in(CURATOR).get("/office/makers/new").text


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/office/areas.json?q=betung").status_code == 303
