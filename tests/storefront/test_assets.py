"""The joined stylesheets and scripts: light enough, cached for good, and unharmed by the lightening."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from storefront.assets import lighten, lighten_script

#: ux.md U4, in compressed bytes.
LIMITS = {"shop.css": 20_000, "shop.js": 15_000, "office.css": 25_000, "makers.css": 20_000}


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_a_bundle_stays_light(client: FlaskClient, name: str, limit: int) -> None:
    body = client.get(f"/assets/{name}").data
    assert 500 < len(gzip.compress(body, 6)) <= limit


def test_a_bundle_is_cached_for_good_under_its_hash(client: FlaskClient) -> None:
    answer = client.get("/assets/shop.css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/css"
    assert "/assets/shop.css?v=" in client.get("/styleguide").text


def test_an_unknown_bundle_is_not_found(client: FlaskClient) -> None:
    assert client.get("/assets/other.css").status_code == 404


def test_pictures_in_the_stylesheet_exist_and_carry_their_hash(client: FlaskClient) -> None:
    css = client.get("/assets/shop.css").text
    assert "/static/base/ornaments/band.svg?v=" in css
    assert "v=absent" not in css


def test_lightening_keeps_what_matters() -> None:
    assert lighten('a:hover { color: red; /* no */ }\n.b > .c::after { content: ""; }') == 'a:hover{color:red}.b > .c::after{content:""}'
    assert lighten("@media (min-width: 60rem) { .a { top: calc(1px + 2px); } }") == "@media (min-width: 60rem){.a{top:calc(1px + 2px)}}"
    assert lighten_script("  // why\n  go('//x');\n\n") == "go('//x');"
