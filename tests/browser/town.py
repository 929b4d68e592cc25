"""The running shop with the whole cast of tests/cast.py, for tests that look at anybody's pages."""

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
from tests.browsing import PHONE
from tests.cast import CAST, GUEST, World, make_world
from tests.conftest import fresh_copy, make_settings
from tests.live import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@dataclass(frozen=True)
class Town:
    """The running shop with the whole cast, and what each of them shows to be let in."""

    url: str
    app: Flask
    world: World
    cookies: dict[str, str]
    cookie_name: str

    def browser_of(self, browser: Browser, part: str) -> BrowserContext:
        """A browser of their own in which `part` is signed in."""
        opened = browser.new_context(viewport=PHONE, locale="id-ID")
        opened.set_default_timeout(30_000)
        if part in self.cookies:
            opened.add_cookies([{"name": self.cookie_name, "value": self.cookies[part], "url": self.url}])
        return opened


@pytest.fixture(scope="module")
def town(database_url: str, server_url: str, folder: Path) -> Iterator[Town]:
    """One town for all pages of a module."""
    with fresh_copy(database_url, server_url, folder, "town") as url, tempfile.TemporaryDirectory() as place:
        app = create_app(replace(make_settings(url, Path(place)), base_url=""))
        name = app.config["SESSION_COOKIE_NAME"]
        with app.app_context(), transaction() as session:
            world = make_world(session)
            tokens = {part: accounts.open_session(session, world.people[part], "tests") for part in CAST if part != GUEST}
        cookies = {part: _cookie(app, name, token) for part, token in tokens.items()}
        with serving(app) as address:
            yield Town(address, app, world, cookies, name)


def _cookie(app: Flask, name: str, token: str) -> str:
    with app.test_client() as client, client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    kept = client.get_cookie(name)
    assert kept is not None
    return kept.value
