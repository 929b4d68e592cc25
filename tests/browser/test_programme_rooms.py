"""The rooms of the programme, the window and the partners in a real browser: for everyone, in both languages, on a phone and a desk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from kernel import accounts
from storefront.app import create_app
from storefront.database import transaction
from tests.browser.test_pages import NARROW, overflowing, violations
from tests.browsing import DESKTOP, PHONE
from tests.cast import ADMINISTRATOR, CURATOR, GUEST, MAKER, RETAIL_BUYER, World, make_world
from tests.conftest import fresh_copy, make_settings
from tests.live import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.long]

#: Who looks, and at which addresses of the world of tests/cast.py.
ROOMS = {
    CURATOR: (
        "/office/imports",
        "/office/imports/{import}",
        "/office/products-together?product={product}",
        "/office/products-together/{bulk}",
        "/office/translations",
        "/office/translations/product/{product}",
        "/office/exposure",
        "/office/collections/{collection}",
        "/office/certificates/",
        "/office/certificates/calendar",
        "/office/certificates/{certificate}",
        "/office/certificates/channels",
        "/office/mentoring/",
        "/office/mentoring/visits/new",
        "/office/mentoring/visits/{visit}",
        "/office/mentoring/makers/{maker}",
        "/office/mentoring/makers/{maker}/dossier",
        "/office/mentoring/items",
        "/office/mentoring/events/{event}",
        "/office/mapping/villages/{village}",
        "/office/reporting/reports/{report}",
        "/office/monitoring/",
    ),
    ADMINISTRATOR: (
        "/office/audit/",
        "/office/feeds/shopee",
        "/office/partners/{partner}",
        "/office/partners/{partner}/keys",
        "/office/partners/{partner}/webhooks/{webhook}",
        "/office/offers/{offer}",
        "/office/wholesale/quotes/{quote}",
        "/office/wholesale/orders/{purchase}",
        "/office/wholesale/ageing",
        "/office/products/{product}/labels/{lot}",
        "/office/trace/{product}/{lot}",
    ),
    RETAIL_BUYER: (
        "/wholesale/offers",
        "/wholesale/offers/{offer}",
        "/wholesale/pad",
        "/wholesale/quotes/{quote}",
        "/wholesale/orders/{purchase}",
        "/wholesale/invoices/{invoice}",
        "/wholesale/company/keys",
        "/wholesale/company/webhooks/{webhook}",
    ),
    MAKER: (
        "/makers-portal/{maker}/readiness",
        "/makers-portal/{maker}/dossier",
        "/makers-portal/{maker}/partner-orders",
        "/makers-portal/{maker}/lots",
        "/makers-portal/{maker}/lots/{product}/{lot}",
    ),
    GUEST: (
        "/developers",
        "/scan?code=8999999000028",
        "/certificates/{certificate}",
        "/products/{product}/batches/{lot}",
        "/collections/{collection}",
        "/wholesale/",
        "/dossiers/no-such-token",
    ),
}  # fmt: skip
#: A link that is none any more, and a code that nobody has: said on a page of its own.
ANSWERS = {"/dossiers/no-such-token": 410, "/scan?code=8999999000028": 404}


@dataclass(frozen=True)
class Town:
    """The running shop with the whole cast, and what each of them shows to be let in."""

    url: str
    world: World
    cookies: dict[str, str]
    cookie_name: str

    def browser_of(self, browser: Browser, part: str) -> BrowserContext:
        opened = browser.new_context(viewport=PHONE, locale="id-ID")
        opened.set_default_timeout(15_000)
        if part in self.cookies:
            opened.add_cookies([{"name": self.cookie_name, "value": self.cookies[part], "url": self.url}])
        return opened


@pytest.fixture(scope="module")
def town(database_url: str, server_url: str, folder: Path) -> Iterator[Town]:
    """One town for all rooms."""
    with fresh_copy(database_url, server_url, folder, "town") as url, tempfile.TemporaryDirectory() as place:
        app = create_app(replace(make_settings(url, Path(place)), base_url=""))
        name = app.config["SESSION_COOKIE_NAME"]
        with app.app_context(), transaction() as session:
            world = make_world(session)
            tokens = {part: accounts.open_session(session, world.people[part], "tests") for part in ROOMS if part != GUEST}
        cookies = {part: _cookie(app, name, token) for part, token in tokens.items()}
        with serving(app) as address:
            yield Town(address, world, cookies, name)


def _cookie(app: Flask, name: str, token: str) -> str:
    with app.test_client() as client, client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    kept = client.get_cookie(name)
    assert kept is not None
    return kept.value


@pytest.mark.parametrize("part", ROOMS)
def test_everyone_can_use_the_rooms(part: str, browser: Browser, town: Town) -> None:
    opened = town.browser_of(browser, part)
    page = opened.new_page()
    troubles: list[str] = []
    # Some goods of the world have a picture's name without a file.
    page.on("console", lambda note: troubles.append(note.text) if note.type == "error" and "Failed to load" not in note.text else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    found = [trouble for pattern in ROOMS[part] for prefix in ("", "/en") for trouble in look(page, town, prefix, pattern)]
    opened.close()
    assert not found + troubles, "\n".join(found + troubles)


def look(page: Page, town: Town, prefix: str, pattern: str) -> list[str]:
    """What is wrong with one page for somebody who cannot see it well, or sees it on a small screen."""
    page.set_viewport_size(PHONE)
    path = prefix + town.world.address(pattern)
    answer = page.goto(town.url + path)
    assert answer is not None
    found = [] if answer.status == ANSWERS.get(pattern, 200) else [f"{answer.status}"]
    found += violations(page)
    page.set_viewport_size(DESKTOP)
    found += (violations(page) if prefix else []) + overflowing(page)
    page.set_viewport_size(NARROW)
    return [f"{path}: {each}" for each in found + overflowing(page)]
