"""Selling without JavaScript in a real browser, from the float to the buyer's receipt; its pages serve everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from catalog.models.stock import Outlet
from kernel import accounts
from kernel.ids import make_token
from kernel.people import Grant, Role
from storefront.database import transaction
from tests.browser.page_checks import overflowing, violations
from tests.browsing import PHONE
from tests.live import LiveShop
from tests.make import make_user
from tests.make_counter import make_till

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def words(live_shop: LiveShop) -> dict[str, str]:
    """A till, somebody who may sell there, and what they sell."""
    app, goods = live_shop.app, live_shop.goods
    with app.app_context(), transaction() as session:
        outlet = session.get_one(Outlet, goods.outlet.id)
        till = make_till(session, outlet)
        seller = make_user(session, Grant(Role.CASHIER, outlet_id=outlet.id), email="plain@contoh.example", name="Kasir Polos")
        token = accounts.open_session(session, seller, "tests")
        address = f"/counter/plain/{outlet.code}/{till.number}"
    with app.test_client() as client, client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    return {"till": address, "variant": goods.variant.code, "cookie": kept.value}


def opened(browser: Browser, live_shop: LiveShop, words: dict[str, str], *, script: bool) -> Page:
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=script)
    context.add_cookies([{"name": live_shop.app.config["SESSION_COOKIE_NAME"], "value": words["cookie"], "url": live_shop.url}])
    return context.new_page()


@pytest.fixture
def page(browser: Browser, live_shop: LiveShop, words: dict[str, str]) -> Iterator[Page]:
    page = opened(browser, live_shop, words, script=False)
    yield page
    page.context.close()


def test_a_day_without_javascript(page: Page, browser: Browser, live_shop: LiveShop, words: dict[str, str]) -> None:
    page.goto(f"{live_shop.url}/en{words['till']}")
    page.get_by_label("Cash in the drawer now").fill("200.000")
    page.get_by_role("button", name="Open the shift").click()
    page.locator("#code-1").fill(words["variant"])
    page.locator("#code-2").fill("WRONG")
    page.get_by_label("Cash received").fill("100.000")
    page.get_by_role("button", name="Sell").click()
    assert page.locator("#code-1").input_value() == words["variant"]
    assert page.locator("#code-2").get_attribute("aria-invalid") == "true"
    page.locator("#code-2").fill("")
    page.get_by_role("button", name="Sell").click()
    assert "Rp" in page.locator(".plain-change strong").inner_text()
    receipt = page.locator(".plain-sold a").first.get_attribute("href")
    assert receipt is not None
    page.goto(live_shop.url + receipt)
    assert page.locator(".receipt-number").is_visible()
    everyone_can_use(browser, live_shop, words, receipt)


def everyone_can_use(browser: Browser, live_shop: LiveShop, words: dict[str, str], receipt: str) -> None:
    """No violation and no sideways scrolling, in both languages, on a phone and at 320 pixels."""
    page, problems = opened(browser, live_shop, words, script=True), []
    for address in ("/counter/plain", words["till"], receipt, f"/orders/{make_token()}"):
        for prefix in ("", "/en"):
            page.set_viewport_size(PHONE)
            page.goto(live_shop.url + prefix + address)
            problems += [f"{prefix}{address}: {each}" for each in violations(page)]
            for width in (390, 320, 1366):
                page.set_viewport_size({"width": width, "height": 700})
                problems += [f"{prefix}{address}: {each}" for each in overflowing(page)]
    page.context.close()
    assert problems == []
