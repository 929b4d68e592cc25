"""What a cashier does at the till's page: scan, type, tap; scans come as a scanner types them, with its own pace."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from catalog.models.product import Variant
from storefront.app import create_app
from storefront.database import db, transaction
from tests import live
from tests.browser.till import CASHIER_PIN, SUPERVISOR_PIN, TABLET, TillShop, place_till
from tests.conftest import fresh_copy, make_settings
from tests.make_payments import static_qris

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

#: Milliseconds between two keys of a scanner, and between two of a person.
SCANNER_MS, PERSON_MS = 4, 90
LINES = """() => [...document.querySelectorAll(".line")].map((row) =>
  `${row.querySelector(".line-number").textContent} × ${row.querySelector(".line-name").textContent}`)"""
ENTER = {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}


@dataclass
class Cashier:
    """A person at a paired till. `presses` counts keys and taps since it was set to 0; a scan is none."""

    page: Page
    shop: TillShop
    presses: int = 0
    wire: CDPSession = field(init=False)
    #: The keyboard's clock, in seconds: keys that were pressed later stand later, however slow the machine is.
    clock: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self.wire = self.page.context.new_cdp_session(self.page)

    def scan(self, code: str) -> None:
        """A wedge scanner types the code and Enter."""
        self._wait()
        for key in code:
            self._send(SCANNER_MS, {"key": key, "text": key})
        self._send(SCANNER_MS, ENTER)

    def type(self, text: str) -> None:
        """A person types."""
        for key in text:
            self._send(PERSON_MS, {"key": key, "text": key})

    def press(self, key: str) -> None:
        """One key, or several at once."""
        self.presses += 1
        self.clock += 0.25
        self._wait()
        if key == "Enter":
            self._send(0, ENTER)
        else:
            self.page.keyboard.press(key)

    def tap(self, selector: str) -> None:
        """One tap or click."""
        self.presses += 1
        self.page.locator(selector).first.click()

    def _wait(self) -> None:
        """The keyboard's clock goes on: at ten scans a second 50 ms lie between the end of one and the next."""
        self.clock = max(self.clock + 0.05, time.time())

    def _send(self, gap: int, key: dict[str, Any]) -> None:
        self.clock += gap / 1000
        self.wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": self.clock, **key})
        self.wire.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": self.clock, **{name: key[name] for name in ("key",)}})

    def sign_in(self, pin: str = CASHIER_PIN, person: str | None = None) -> None:
        """Choose oneself and type the PIN."""
        self.page.wait_for_selector("[data-screen=sign-in]")
        self.tap(f"[data-code='{person or self.shop.cashier_code}']")
        self.type(pin)

    def open_shift(self, opening_float: int = 500_000) -> None:
        """Count the float and begin."""
        self.page.wait_for_selector("[data-screen=open-shift]")
        self.page.locator("#float").fill(str(opening_float))
        self.tap("form [type=submit]")
        self.wait_until_selling()

    def wait_until_selling(self) -> None:
        """The box for scans is there."""
        self.page.wait_for_selector("[data-screen=selling]")

    def begin(self) -> None:
        """From a paired till to the first scan, with a shift or without, and without the guide."""
        self.page.wait_for_selector("body[data-ready]")
        self.sign_in()
        self.page.wait_for_selector("[data-screen=selling], [data-screen=open-shift]")
        if self.page.locator("[data-screen=open-shift]").count():
            self.open_shift()
        self.wait_until_selling()
        self.page.locator(".guide button").click()
        self.presses = 0

    def supervise(self) -> None:
        """A supervisor types their PIN into the dialog that asks for it."""
        self.page.wait_for_selector(".sheet .pin")
        self.tap(f".sheet [data-code='{self.shop.supervisor_code}']")
        self.type(SUPERVISOR_PIN)

    def menu(self, name: str) -> None:
        """Choose from the menu."""
        self.tap(".status > .key")
        self.tap(f"[data-menu={name}]")

    def lines(self) -> list[str]:
        """What stands in the cart: `2 × Keripik`."""
        shown: list[str] = self.page.evaluate(LINES)
        return shown

    def wait_for_lines(self, *lines: str) -> None:
        """The cart shows exactly these."""
        self.page.wait_for_function(f"lines => JSON.stringify(({LINES})()) === JSON.stringify(lines)", arg=list(lines))

    def wait_for_receipt(self) -> str:
        """The receipt is on the screen; its number."""
        self.page.wait_for_selector(".paid")
        number: str = self.page.locator(".paid .sums dd").last.inner_text()
        return number

    def next_sale(self) -> None:
        """An empty cart and nothing open, whatever was there."""
        self.page.context.set_offline(False)
        self.page.keyboard.press("Escape")
        if self.page.locator("dialog").count():
            self.page.keyboard.press("Escape")
        if self.page.locator(".paid").count():
            self.page.locator("[data-next]").evaluate("key => setTimeout(() => key.click(), 500)")
        self.page.wait_for_selector(".work[data-mode=selling]")
        while self.page.locator(".line .step").count():
            self.page.locator(".line .step").first.click()
        self.page.locator("#finder").fill("")
        self.page.locator("#finder").focus()
        self.presses = 0

    def sell(self, *codes: str, keys: tuple[str, ...] = ("F12", "F12")) -> str:
        """Scan the variants and press these keys; the receipt's number."""
        for code in codes:
            self.scan(number_of(self.shop, code))
        for key in keys:
            self.press(key)
        return self.wait_for_receipt()

    def shift(self) -> dict[str, Any]:
        """The figures of the open shift on this device."""
        found: dict[str, Any] = self.page.evaluate("async () => await hand.store.shift() ?? await hand.store.lastShift()")
        return found


@pytest.fixture(scope="module")
def counter_shop(database_url: str, server_url: str, folder: Path) -> Iterator[TillShop]:
    """A shop with a till for all tests of a module, its outlet with a QRIS code."""
    with fresh_copy(database_url, server_url, folder, "counter") as url, tempfile.TemporaryDirectory() as place:
        app = create_app(replace(make_settings(url, Path(place)), base_url=""))
        with app.app_context(), transaction() as session:
            goods, email = live.furnish(session, Path(place) / "media")
            goods.outlet.qris_payload = static_qris()
        with live.serving(app) as address:
            yield place_till(live.LiveShop(address, app, goods, email))


@pytest.fixture(scope="module")
def busy_till(counter_shop: TillShop, browser: Browser) -> Iterator[Cashier]:
    """A cashier at its open till, on a tablet."""
    context = browser.new_context(viewport=TABLET, locale="id-ID")
    yield at_the_till(counter_shop, context.new_page())
    context.close()


@pytest.fixture
def cashier(busy_till: Cashier) -> Cashier:
    """Ready for the next customer."""
    busy_till.next_sale()
    return busy_till


def at_the_till(shop: TillShop, page: Page) -> Cashier:
    """A cashier at a till that is paired and has an open shift; the page's own store stays at hand."""
    page.set_default_timeout(20_000)
    cashier = Cashier(shop.pair(page), shop)
    cashier.begin()
    return cashier


def number_of(shop: TillShop, code: str) -> str:
    """The number that is scanned for a variant."""
    with shop.shop.app.app_context():
        variant = db.session.scalars(select(Variant).where(Variant.code == code)).one()
        return variant.gtin or variant.internal_number or variant.code


def name_of(shop: TillShop, page: Page, code: str) -> str:
    """What the till calls a variant on a line."""
    return str(
        page.evaluate(
            """async (code) => {
              const catalogue = await hand.openCatalogue(hand.store)
              const variant = catalogue.variant(code)
              return variant.pack_id ? `${variant.name_id}, ${variant.pack_id}` : variant.name_id
            }""",
            code,
        )
    )
