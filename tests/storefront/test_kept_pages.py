"""Guests' pages from memory: the same page as made afresh, only for whom it was made, and gone with the first change."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from catalog import stock
from catalog.search import rebuilding
from catalog.search.whoosh_engine import WhooshEngine
from kernel import clock
from kernel.people import SYSTEM
from storefront import kept_pages
from storefront.kept_pages import Memory, memory_of
from storefront.search_engine import get_engine, spool_folder
from tests.cast import SHOPPER, browser_of, make_world
from tests.conftest import StatementCounter
from tests.make import make_outlet
from tests.make_stock import Goods, make_goods

pytestmark = pytest.mark.one_database

SLUG = "keripik-ubi-kencur"
PRODUCT = f"/products/{SLUG}"
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def empty(app: Flask) -> None:
    memory_of(app).clear()


@pytest.fixture
def goods(session: Session) -> Goods:
    goods = make_goods(session, 10, name_id="Keripik ubi kencur", name_en="Kencur cassava chips", slug=SLUG)
    session.commit()
    return goods


@pytest.fixture
def index(app: Flask, session: Session, goods: Goods, tmp_path: Path) -> Iterator[WhooshEngine]:
    """The app answers lists from an index of its own, as a shop does."""
    with app.app_context():
        before = get_engine()
    engine = WhooshEngine(tmp_path / "index")
    rebuilding.rebuild(session, engine)
    app.extensions["etalase.search_engine"] = engine
    yield engine
    app.extensions["etalase.search_engine"] = before


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@contextmanager
def changed(app: Flask, **changes: object) -> Iterator[None]:
    before = app.extensions["etalase.settings"]
    app.extensions["etalase.settings"] = replace(before, **changes)  # type: ignore[arg-type]
    yield
    app.extensions["etalase.settings"] = before


def test_the_second_guest_gets_the_same_page_for_one_statement(
    client: FlaskClient, index: WhooshEngine, count_statements: StatementCounter
) -> None:
    for address in ("/", "/products", "/search?q=keripik", "/villages", "/about", "/en/products?sort=price"):
        first = client.get(address)
        with count_statements() as statements:
            second = client.get(address)
        assert (second.status_code, second.text) == (200, first.text), address
        assert len(statements) == 1, (address, statements)
        assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_a_change_shows_on_the_very_next_page(client: FlaskClient, session: Session, goods: Goods) -> None:
    assert "Keripik ubi kencur" in client.get(PRODUCT).text
    goods.product.name_id = "Keripik singkong"
    session.commit()
    assert "Keripik singkong" in client.get(PRODUCT).text
    assert "10 tersedia" in client.get(PRODUCT).text
    stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 7, "delivery:more")
    session.commit()
    assert "17 tersedia" in client.get(PRODUCT).text


def test_a_commit_of_the_index_alone_makes_lists_anew(client: FlaskClient, session: Session, index: WhooshEngine) -> None:
    assert SLUG in client.get("/products").text
    index.apply([], [next(iter(index.product_ids()))])
    assert SLUG not in client.get("/products").text


def test_a_list_that_the_index_did_not_answer_is_not_kept(app: Flask, client: FlaskClient, goods: Goods) -> None:
    client.get("/products")
    assert len(memory_of(app)) == 0


def test_other_settings_make_every_page_anew(app: Flask, client: FlaskClient) -> None:
    client.get("/about")
    with changed(app, shop_name="Etalase Lain"):
        assert "Etalase Lain" in client.get("/about").text
        with changed(app, page_memory=0):
            assert "Etalase Lain" in client.get("/about").text


def test_people_who_are_signed_in_neither_get_nor_leave_a_page(app: Flask, session: Session) -> None:
    world = make_world(session)
    guest, person = app.test_client(), browser_of(app, session, world, SHOPPER)
    person.get("/")
    assert len(memory_of(app)) == 0
    guest.get("/")
    assert len(memory_of(app)) == 1
    answer = person.get("/")
    assert "/account/" in answer.text
    assert "ETag" not in answer.headers
    assert "/account/" not in re.sub(r"/account/sign-in[^\"]*", "", guest.get("/").text)


def test_a_message_waits_for_a_page_of_its_own(app: Flask, client: FlaskClient) -> None:
    before = client.get("/").text
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("info", "Pesan untuk satu orang")]
    assert "Pesan untuk satu orang" in client.get("/").text
    assert client.get("/").text == before
    assert app.test_client().get("/").text == before


def test_the_number_in_the_cart_is_each_guest_s_own(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    with client.session_transaction() as cookie:
        cookie["cart_count"] = 7
    assert '<span class="tool-count" aria-hidden="true">7</span>' in client.get("/").text
    assert "tool-count" not in app.test_client().get("/").text


def test_each_guest_s_form_carries_their_own_token_and_is_accepted(app: Flask, goods: Goods, guarded: None) -> None:
    tokens = []
    for _ in range(3):
        guest = app.test_client()
        found = _TOKEN.search(guest.get(PRODUCT).text)
        assert found
        answer = guest.post("/cart/lines", data={"csrf_token": found[1], "variant": goods.variant.code, "quantity": "1"})
        assert answer.status_code == 303
        tokens.append(found[1])
    assert len(set(tokens)) == 3
    assert len(memory_of(app)) == 1
    stranger = app.test_client()
    stranger.get(PRODUCT)
    assert stranger.post("/cart/lines", data={"csrf_token": tokens[0], "variant": goods.variant.code}).status_code == 400


def test_what_is_kept_holds_no_token_and_no_cookie(app: Flask, client: FlaskClient, goods: Goods) -> None:
    first = client.get(PRODUCT)
    found = _TOKEN.search(first.text)
    assert found
    assert "Set-Cookie" in first.headers
    [page] = memory_of(app)._pages.values()
    assert found[1].encode() not in page.body.plain(b"")
    assert "Set-Cookie" not in client.get(PRODUCT).headers
    assert "Set-Cookie" in app.test_client().get(PRODUCT).headers


def test_a_page_that_is_still_right_is_answered_without_its_text(client: FlaskClient, session: Session, goods: Goods) -> None:
    for address in (PRODUCT, "/"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        goods.outlet.address += " 2"
        session.commit()
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_copy_with_another_cookie_s_form_is_not_called_right(app: Flask, client: FlaskClient, goods: Goods) -> None:
    tag = client.get(PRODUCT).headers["ETag"]
    assert app.test_client().get(PRODUCT, headers={"If-None-Match": tag}).status_code == 200


def test_a_compressed_page_is_the_same_page(client: FlaskClient, goods: Goods) -> None:
    plain = client.get(PRODUCT)
    for _ in range(2):
        squeezed = client.get(PRODUCT, headers={"Accept-Encoding": "br, gzip"})
        assert squeezed.headers["Content-Encoding"] == "gzip"
        assert squeezed.headers["ETag"] != plain.headers["ETag"]
        assert "Accept-Encoding" in squeezed.headers["Vary"]
        assert _TOKEN.sub("", gzip.decompress(squeezed.data).decode()) == _TOKEN.sub("", plain.text)


def test_the_order_of_parameters_and_what_strangers_add_make_no_other_page(app: Flask, client: FlaskClient, index: WhooshEngine) -> None:
    wanted = client.get("/products?sort=price&in_stock=1").text
    for query in (
        "in_stock=1&sort=price",
        "fbclid=x&sort=price&in_stock=1",
        "sort=price&in_stock=1&utm_source=<b>",
        "q=&in_stock=1&sort=price",
    ):
        assert client.get(f"/products?{query}").text == wanted
    assert len(memory_of(app)) == 1


def test_only_whole_pages_of_our_own_are_kept(app: Flask, client: FlaskClient, index: WhooshEngine) -> None:
    for address in (
        "/products/tidak-ada",
        "/products?page=999",
        "/products?sort=x",
        "/villages/99.99.99.9999",
        "/robots.txt",
        "/cart",
        "/programme",
    ):
        client.get(address)
    client.head("/about")
    client.get("/search?q=" + "k" * 400)
    assert len(memory_of(app)) == 0


def test_memory_is_bounded_by_bytes_and_the_page_unasked_for_longest_goes(app: Flask, client: FlaskClient) -> None:
    memory = app.extensions["etalase.kept_pages"] = Memory(30_000)
    try:
        for number in range(60):
            client.get("/about")
            with client.session_transaction() as cookie:
                cookie["cart_count"] = number % 50 + 1
            client.get("/help")
            with client.session_transaction() as cookie:
                cookie.pop("cart_count")
        assert 0 < memory.used <= 30_000
        assert len(memory) < 15
        assert any(address[3] == "/about" for address in memory._pages)  # type: ignore[index]
    finally:
        app.extensions["etalase.kept_pages"] = Memory(2**20)


def test_what_is_shown_and_asked_for_is_counted_however_it_was_answered(app: Flask, client: FlaskClient, index: WhooshEngine) -> None:
    with app.app_context():
        folder = spool_folder()
    before = _lines(folder)
    tag = client.get("/search?q=keripik").headers["ETag"]
    assert client.get("/search?q=keripik").status_code == 200
    assert client.get("/search?q=keripik", headers={"If-None-Match": tag}).status_code == 304
    assert {name: count - before[name] for name, count in _lines(folder).items()} == {"searches.jsonl": 3, "shown.jsonl": 3}


def _lines(folder: Path) -> dict[str, int]:
    return {
        name: len([json.loads(line) for path in folder.glob(f"{name}*") for line in path.read_text().splitlines()])
        for name in ("searches.jsonl", "shown.jsonl")
    }


def test_the_clock_alone_changes_what_a_page_says(client: FlaskClient, session: Session) -> None:
    make_outlet(session, opening_hours=[["08:00", "20:00"]] * 7)
    session.commit()
    said = []
    for moment in (NOON, NOON + timedelta(hours=7, minutes=59), NOON + timedelta(hours=8), NOON + timedelta(hours=12)):
        with clock.at(moment):
            said.append(client.get("/about").text)
    assert said[0] == said[1] != said[2]
    assert "20.00" in said[1]


def test_no_page_outlives_the_day_of_any_zone() -> None:
    assert kept_pages._next_day(NOON) == datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert kept_pages._next_day(NOON.replace(hour=15)) == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert kept_pages._next_day(NOON.replace(hour=17)) == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    assert kept_pages._next_day(NOON.replace(hour=23)) == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def test_a23_what_a_client_writes_into_its_headers_reaches_nobody_else(app: Flask, connection: Connection) -> None:
    """A23: without a base address the host stands in the page, so it stands in what the page is kept under too."""
    with changed(app, base_url=""):
        poisoned = app.test_client().get("/about", headers={"Host": "evil.example"}).text
        assert "evil.example" in poisoned
        clean = app.test_client().get("/about").text
        assert "evil.example" not in clean
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil", "Accept-Language": "en"}
        forged |= {"X-Original-URL": "/office/", "Forwarded": "host=evil.example", "Range": "bytes=0-3", "Referer": "https://evil.example/"}
        assert app.test_client().get("/help", headers=forged).text == app.test_client().get("/help").text
        assert "evil.example" not in app.test_client().get("/help").text
    assert "/en/about" in app.test_client().get("/about").text
    assert app.test_client().get("/en/about").text != app.test_client().get("/about").text
