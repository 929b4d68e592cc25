"""Sitemap, robots.txt and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.product import ListingState
from storefront.shop import machines
from tests.make import TALANG_BULANG, make_product

SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def urls_of(client: FlaskClient, address: str) -> dict[str, dict[str, str]]:
    """loc -> hreflang -> href."""
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(response.text)
    return {
        str(url.findtext("s:loc", namespaces=SPACES)): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", SPACES)
        }
        for url in root.findall("s:url", SPACES)
    }


def test_the_sitemap_names_every_page_in_both_languages(client: FlaskClient, session: Session) -> None:
    product = make_product(session, slug="selai-nanas")
    draft = make_product(session, state=ListingState.DRAFT)
    urls = urls_of(client, "/sitemap.xml")
    expected = {"/", "/products", f"/villages/{TALANG_BULANG}", f"/products/{product.slug}", "/terms"}
    assert {f"http://localhost{path}" for path in expected} <= set(urls)
    assert f"http://localhost/products/{draft.slug}" not in urls
    for found in (urls["http://localhost/products/selai-nanas"], urls["http://localhost/en/products/selai-nanas"]):
        assert found == {
            "id": "http://localhost/products/selai-nanas",
            "en": "http://localhost/en/products/selai-nanas",
            "x-default": "http://localhost/products/selai-nanas",
        }


def test_every_listed_page_answers_and_calls_itself_canonical(client: FlaskClient, session: Session) -> None:
    make_product(session)
    for url in urls_of(client, "/sitemap.xml"):
        response = client.get(url.removeprefix("http://localhost"))
        assert response.status_code == 200, url
        assert f'<link rel="canonical" href="{url}">' in response.text


def test_a_large_sitemap_becomes_an_index_of_parts(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    make_product(session, slug="selai-nanas")
    monkeypatch.setattr(machines, "LARGEST_SITEMAP", 1)
    root = ElementTree.fromstring(client.get("/sitemap.xml").text)
    parts = [str(part.text) for part in root.findall("s:sitemap/s:loc", SPACES)]
    assert "http://localhost/sitemaps/products-0.xml" in parts
    found = {url for part in parts for url in urls_of(client, part.removeprefix("http://localhost"))}
    assert "http://localhost/en/products/selai-nanas" in found


@pytest.mark.parametrize("part", ["villages-1", "orders-0", "products--1", "products-x", "products-99999999999"])
def test_parts_that_do_not_exist_are_not_served(client: FlaskClient, part: str) -> None:
    response = client.get(f"/sitemaps/{part}.xml")
    assert response.status_code == 404 or "<url>" not in response.text


def test_robots_keeps_private_pages_out_and_names_the_sitemap(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Disallow: /cart\nDisallow: /en/cart" in response.text
    assert "Sitemap: http://localhost/sitemap.xml" in response.text


@pytest.fixture
def picture(app: Flask) -> Iterator[str]:
    folder: Path = app.extensions["etalase.settings"].media_folder
    folder.mkdir(parents=True, exist_ok=True)
    name = "0123456789abcdef0123456789abcdef-320.webp"
    (folder / name).write_bytes(b"RIFF....WEBP")
    yield name
    (folder / name).unlink()


def test_a_picture_is_kept_for_good_and_never_sniffed(client: FlaskClient, picture: str) -> None:
    response = client.get(f"/media/{picture}", buffered=True)
    assert (response.status_code, response.mimetype) == (200, "image/webp")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    assert client.head(f"/media/{picture}", buffered=True).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "0123456789abcdef-320.svg",
        "0123456789abcdef-320.webp.exe",
        "..%2fetalase.db",
        "etalase.db",
        "x-1.jpg",
        ".hidden-320.jpg",
        "UPPER123-320.jpg",
        "0123456789abcdef-320.jpg",
    ],
)
def test_only_the_pipelines_own_files_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
