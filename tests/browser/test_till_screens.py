"""Every screen of the till for everyone: axe in both languages, four widths, large targets, both schemes (U9, U11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.cashier import Cashier, counter_shop, number_of
from tests.browser.page_checks import faint, overflowing, violations
from tests.browser.till import TillShop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["counter_shop"]  # a fixture of this module

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

WIDTHS = (320, 390, 768, 1366)
#: Buttons and boxes that can be seen and are smaller than a thumb.
SMALL = """() => [...document.querySelectorAll("button, a[href], input:not([type=radio]), select, [role=option]")]
  .filter((part) => part.checkVisibility({ opacityProperty: true }))
  .map((part) => [part, part.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height && (box.height < 43.5 || box.width < 43.5))
  .map(([part, box]) => `${part.className} ${part.textContent.slice(0, 20)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.fixture(params=["/counter/", pytest.param("/en/counter/", marks=pytest.mark.long)], ids=["id", "en"])
def walked(request: pytest.FixtureRequest, browser: Browser, counter_shop: TillShop) -> Iterator[Cashier]:
    """A device that nobody has paired yet."""
    context = browser.new_context(viewport={"width": 768, "height": 1024}, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{counter_shop.shop.url}{request.param}")
    page.wait_for_selector("body[data-ready]")
    yield Cashier(page, counter_shop)
    context.close()


def look_at(page: Page, name: str, problems: list[str], *, dark: bool = False) -> None:
    """What is wrong with the screen as it stands."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640 if width == 320 else 900})
        problems += [f"{name}, {found}" for found in overflowing(page)]
        if width in (320, 1366):
            problems += [f"{name} at {width}: {found}" for found in page.evaluate(SMALL)]
    page.set_viewport_size({"width": 390, "height": 844})
    problems += [f"{name}: {found}" for found in violations(page)]
    if dark:
        page.emulate_media(color_scheme="dark")
        problems += [f"{name}, dark: {found}" for found in faint(page)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 768, "height": 1024})


def revoke_others(shop: TillShop) -> None:
    """The till is free for another device."""
    from sqlalchemy import select

    from kernel.people import SYSTEM
    from orders.counter import devices
    from orders.models.till import TillDevice
    from storefront.database import transaction

    with shop.shop.app.app_context(), transaction() as session:
        for device in session.scalars(select(TillDevice).where(TillDevice.revoked_at.is_(None))):
            devices.revoke_device(session, SYSTEM, device.code)


def test_everyone_can_use_every_screen(walked: Cashier) -> None:
    page, shop, problems = walked.page, walked.shop, []
    look_at(page, "pairing", problems)
    revoke_others(shop)
    page.locator("#pair-code").fill("00000000")
    page.locator("form [type=submit]").click()
    page.wait_for_selector(".field-error:not([hidden])")
    look_at(page, "a wrong code", problems)
    page.goto(f"{page.url}#pair={shop.pairing_code()}")  # as the QR code on the office's page does
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert "#" not in page.url, "the code does not stay in the address"
    page.locator("form [type=submit]").click()
    page.wait_for_selector("[data-screen=sign-in]")
    walked.tap(f"[data-code='{shop.cashier_code}']")
    look_at(page, "signing in", problems, dark=True)
    walked.type("271828")
    page.wait_for_selector("[data-screen=open-shift]")
    look_at(page, "opening the shift", problems)
    walked.open_shift()
    look_at(page, "ready", problems)
    for code, _price in shop.goods[:3]:
        walked.scan(number_of(shop, code))
    look_at(page, "a cart", problems, dark=True)
    page.locator("#finder").fill("kerip")
    page.wait_for_selector("#found li")
    look_at(page, "found", problems)
    page.locator("#finder").fill("")
    for key, name in (
        ("F1", "keys"),
        ("F3", "quantity"),
        ("F4", "discount"),
        ("F8", "customer"),
        ("Alt+P", "price"),
        ("Alt+V", "cancelling"),
    ):
        walked.press(key)
        page.wait_for_selector("dialog")
        look_at(page, name, problems, dark=key == "F4")
        page.keyboard.press("Escape")
    walked.press("F9")
    page.wait_for_selector(".pay")
    look_at(page, "paying", problems, dark=True)
    walked.press("F10")
    page.wait_for_selector(".qris-code svg")
    look_at(page, "QRIS", problems, dark=True)
    page.keyboard.press("Escape")
    walked.press("Alt+1")
    walked.wait_for_receipt()
    look_at(page, "paid", problems, dark=True)
    for name in ("receipts", "cash", "waiting", "printer"):
        walked.menu(name)
        page.wait_for_selector("dialog h2")
        look_at(page, name, problems)
        page.keyboard.press("Escape")
    walked.menu("report")
    page.wait_for_selector(".sheet .pin")
    look_at(page, "a supervisor's PIN", problems)
    page.keyboard.press("Escape")
    walked.menu("returns")
    look_at(page, "returns", problems)
    walked.tap(".picks .pick")
    page.wait_for_selector(".return-lines")
    look_at(page, "lines that come back", problems)
    page.keyboard.press("Escape")
    walked.wait_until_selling()
    walked.menu("close")
    page.wait_for_selector("[data-screen=close]")
    look_at(page, "counting", problems)
    page.locator("#count-100000").fill("1")
    walked.tap(".close-form [type=submit]")
    page.wait_for_selector(".differences")
    look_at(page, "differences", problems, dark=True)
    page.locator("#why-cash").fill("Belum dihitung semua")
    walked.tap("[data-close]")
    page.wait_for_selector("[data-screen=report]")
    look_at(page, "the Z report", problems)
    page.goto(page.url + "display")
    page.wait_for_selector("[data-kind=idle]")
    look_at(page, "the buyer's screen", problems)
    assert not problems, "\n".join(problems)
