"""Every kind of page in a real browser: for everyone (axe, WCAG 2.2 AA) in both languages, widths and schemes; light; at home alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.abuse.form_filling import read_page
from tests.browser.conftest import FurnishedShop
from tests.browser.page_checks import CONTRAST, NARROW, faint, overflowing, violations
from tests.browsing import DESKTOP, PHONE
from tests.make import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: The phone of an ordinary buyer: 412 points wide, a dense screen.
BUYERS_PHONE = {"viewport": {"width": 412, "height": 915}, "device_scale_factor": 2.625, "is_mobile": True, "has_touch": True}
TOUCH = 44
#: On phones the button stays at the thumb, elsewhere it stands in the form.
BUY = ".buy-button:visible, .buy-bar button:visible"

Step = Callable[["Page", FurnishedShop, str], None]
Visit = tuple["Page", list[str]]


def is_lost(response: Response) -> bool:
    """A picture, style or script that did not come."""
    return response.status >= 400 and response.request.resource_type != "document"


@contextmanager
def visitor(browser: Browser, shop: FurnishedShop, **context: Any) -> Iterator[Visit]:
    """A fresh browser and the list of what it complains about: script errors, and requests that leave the shop."""
    opened = browser.new_context(**({"viewport": PHONE, "locale": "id-ID"} | context))
    opened.set_default_timeout(15_000)
    page = opened.new_page()
    yield page, complaints_of(page, shop)
    opened.close()


def complaints_of(page: Page, shop: FurnishedShop) -> list[str]:
    """A list that fills while the page is used."""
    complaints: list[str] = []
    # Chromium notes a page that answers 404 or 422, as some here should, as an error of its own.
    page.on("console", lambda note: complaints.append(note.text) if note.type == "error" and "Failed to load" not in note.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith((shop.url, "data:")) else None)
    page.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if is_lost(got) else None)
    return complaints


@pytest.fixture(scope="module")
def window(browser: Browser, furnished_shop: FurnishedShop) -> Iterator[Visit]:
    """One window for all pages: opening one for each, with nothing kept of styles and pictures, took a third of the time."""
    with visitor(browser, furnished_shop) as visit:
        yield visit


@pytest.fixture
def visit(window: Visit) -> Visit:
    """The window as somebody else's: no cookies, nothing open, nothing complained about yet."""
    page, complaints = window
    page.goto("about:blank")
    page.context.clear_cookies()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    complaints.clear()
    return window


def put_into_cart(page: Page, shop: FurnishedShop, prefix: str, name: str = "product") -> None:
    """What the product page's button does, without drawing the page; test_buying.py and the sizes below press it."""
    address = prefix + shop.pages[name]
    forms, _links = read_page(page.request.get(shop.url + address).text(), address)
    form = next(form for form in forms if "variant" in form.sent)
    answer = page.request.post(shop.url + form.action, form=form.sent, max_redirects=0)
    assert answer.headers["location"].endswith("/cart"), answer.status


def fill_cart(page: Page, shop: FurnishedShop, prefix: str) -> None:
    put_into_cart(page, shop, prefix)
    page.goto(f"{shop.url}{prefix}/cart")


def open_checkout(page: Page, shop: FurnishedShop, prefix: str) -> None:
    put_into_cart(page, shop, prefix)
    page.goto(f"{shop.url}{prefix}/checkout")


def send_empty_checkout(page: Page, shop: FurnishedShop, prefix: str) -> None:
    open_checkout(page, shop, prefix)
    page.locator("form:has([name=checkout_key])").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    page.locator(".error-summary").wait_for()


def choose_shipping(page: Page, shop: FurnishedShop, prefix: str, village: str = "Karang Agung") -> None:
    """Type a village and send the form as it is, as a browser without script does."""
    fill_cart(page, shop, prefix)
    page.locator("label:has([name=fulfilment][value=shipping])").click()
    page.locator("#village").fill(village)
    page.locator("[data-receiving]").evaluate("form => form.submit()")
    page.wait_for_url("**/cart#receiving" if village != "Betung" else "**/cart/receiving")


def choose_unclear_village(page: Page, shop: FurnishedShop, prefix: str) -> None:
    choose_shipping(page, shop, prefix, "Betung")
    page.locator(".village-choices").wait_for()


def type_village(page: Page, shop: FurnishedShop, prefix: str) -> None:
    fill_cart(page, shop, prefix)
    page.locator("label:has([name=fulfilment][value=shipping])").click()
    page.locator("#village").press_sequentially("betung")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def put_what_stays(page: Page, shop: FurnishedShop, prefix: str) -> None:
    choose_shipping(page, shop, prefix)
    put_into_cart(page, shop, prefix, "only for pickup")
    page.goto(f"{shop.url}{prefix}/cart")
    page.locator(".receiving-staying").wait_for()


def open_address(page: Page, shop: FurnishedShop, prefix: str) -> None:
    choose_shipping(page, shop, prefix)
    page.goto(f"{shop.url}{prefix}/checkout")


def send_empty_address(page: Page, shop: FurnishedShop, prefix: str) -> None:
    open_address(page, shop, prefix)
    page.locator("form:has([name=checkout_key])").evaluate("form => form.requestSubmit()")
    page.locator(".error-summary").wait_for()


def choose_time(page: Page, shop: FurnishedShop, prefix: str) -> None:
    open_checkout(page, shop, prefix)
    page.locator("details:has([name=pickup_at]) summary").click()


def place_order(page: Page, shop: FurnishedShop, prefix: str) -> None:
    open_checkout(page, shop, prefix)
    page.locator("[name=name]").fill("Pembeli Contoh")
    page.locator("[name=phone]").fill("0812 3456 7890" if prefix else "0813 3456 7890")
    page.locator("label:has([name=payment_method][value=pay_at_pickup])").click()
    page.locator("form:has([name=checkout_key]) [type=submit]").last.click()
    page.wait_for_url("**/orders/**")


def send_wrong_password(page: Page, shop: FurnishedShop, prefix: str) -> None:
    page.goto(f"{shop.url}{prefix}/account/sign-in")
    page.locator("[name=email]").fill("kasir@contoh.example")
    page.locator("[name=password]").fill("bukan kata sandinya")
    page.locator("main [type=submit]").last.click()
    page.locator(".error-summary").wait_for()


def sign_in(page: Page, shop: FurnishedShop, prefix: str) -> None:
    page.goto(f"{shop.url}{prefix}/account/sign-in?next={prefix}/account/second-factor")
    page.locator("[name=email]").fill("kasir@contoh.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").last.click()
    page.wait_for_url("**/account/second-factor")


def send_wrong_code(page: Page, shop: FurnishedShop, prefix: str) -> None:
    sign_in(page, shop, prefix)
    page.locator("[name=code]").fill("12")
    page.locator("form:has([name=code]) [type=submit]").click()
    page.locator(".error-summary").wait_for()


def open_page(name: str) -> Step:
    return lambda page, shop, prefix: page.goto(shop.url + prefix + shop.pages[name]) and None


ADDRESSES = (
    "home", "list", "product", "villages", "village", "maker", "programme", "search", "search without results", "filtered",
    "help", "sign in", "register", "empty cart", "not found", "only for pickup", "shipped order", "lot", "recalled lot", "scan",
    "unknown code",
)  # fmt: skip
PAGES: dict[str, Step] = {name: open_page(name) for name in ADDRESSES} | {
    "cart": fill_cart,
    "checkout": open_checkout,
    "checkout with errors": send_empty_checkout,
    "cart with shipping": choose_shipping,
    "cart with a choice of villages": choose_unclear_village,
    "cart while a village is typed": type_village,
    "cart with what cannot be sent": put_what_stays,
    "checkout with an address": open_address,
    "checkout with an empty address": send_empty_address,
    "checkout with a pickup time": choose_time,
    "order": place_order,
    "sign in with errors": send_wrong_password,
    "second factor": sign_in,
    "second factor with errors": send_wrong_code,
}
#: In the short set also in English; the others with --long.
MOST_SEEN = {"home", "list", "product", "village", "maker", "search", "cart", "cart with shipping", "checkout", "checkout with errors"} | {
    "order",
    "sign in",
    "not found",
}
IN_THE_DARK = {
    "home",
    "product",
    "cart",
    "checkout with errors",
    "cart with what cannot be sent",
    "shipped order",
    "not found",
    "recalled lot",
}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [pytest.param(name, "", id=f"{name}-id") for name in PAGES]
    + [pytest.param(name, "/en", id=f"{name}-en", marks=() if name in MOST_SEEN else pytest.mark.long) for name in PAGES],
)
def test_everyone_can_use_the_page(
    name: str, prefix: str, visit: Visit, furnished_shop: FurnishedShop, pytestconfig: pytest.Config
) -> None:
    """Contrast is measured on a phone in Indonesian, of the pages most seen also on a desk; everywhere in the long set."""
    page, complaints = visit
    PAGES[name](page, furnished_shop, prefix)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        measured = pytestconfig.getoption("--long") or (not prefix and (size is PHONE or name in MOST_SEEN))
        complaints.extend([f"{size['width']} px: {found}" for found in violations(page, with_contrast=measured)])
    page.set_viewport_size(NARROW)
    complaints.extend(overflowing(page))
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")  # a reader's larger letters
    complaints.extend([f"large letters, {found}" for found in overflowing(page)])
    if name in IN_THE_DARK and prefix:
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.emulate_media(color_scheme="dark")
        complaints.extend([f"dark: {found}" for found in faint(page)])
    assert complaints == []


def test_texts_that_stand_out_too_little_are_noticed(visit: Visit, furnished_shop: FurnishedShop) -> None:
    """The control of what is left out above: contrast, and nothing else, is what those looks do not measure."""
    page, _ = visit
    page.goto(furnished_shop.url + furnished_shop.pages["help"])
    page.evaluate("document.querySelectorAll('main p').forEach(text => { text.style.color = '#ddd' })")
    assert any(found.startswith(CONTRAST) for found in violations(page))
    assert faint(page)
    assert violations(page, with_contrast=False) == []


def weigh(page: Page, address: str) -> dict[str, int]:
    """Bytes on the wire of a first visit by kind of resource."""
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weights: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weights[kind] = weights.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    page.goto(address, wait_until="networkidle")
    wire.detach()
    return weights


@pytest.mark.parametrize(("name", "kilobytes"), [("home", 250), ("list", 350), ("product", 300), ("lot", 300), ("checkout", 60)])
def test_the_first_view_is_light(name: str, kilobytes: int, browser: Browser, furnished_shop: FurnishedShop) -> None:
    shop = furnished_shop
    with visitor(browser, shop, **BUYERS_PHONE) as (page, complaints):
        if name == "checkout":
            fill_cart(page, shop, "")
        weights = weigh(page, shop.url + (shop.pages.get(name) or "/checkout"))
        print(name, weights, sum(weights.values()))
        assert sum(weights.values()) <= kilobytes * 1000
        assert weights["Script"] <= 15_000
        assert weights["Stylesheet"] <= 20_000
        assert "Font" not in weights
        assert complaints == []


def test_the_second_view_of_a_list_is_lighter_still(browser: Browser, furnished_shop: FurnishedShop) -> None:
    with visitor(browser, furnished_shop, **BUYERS_PHONE) as (page, _):
        address = furnished_shop.url + furnished_shop.pages["product"]
        page.goto(address, wait_until="networkidle")
        received: list[int] = []
        wire = page.context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
        wire.send("Network.enable")
        page.goto(address, wait_until="networkidle")
        assert sum(received) <= 40_000


FOCUSED = """async () => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  const element = document.activeElement
  const holder = element.closest("label, .card, .place-card") || element
  const marked = (box, part) => {
    const style = getComputedStyle(box, part)
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none"
  }
  const box = element.getBoundingClientRect()
  const shown = box.width > 1 ? box : holder.getBoundingClientRect()
  const x = Math.min(Math.max(shown.left + shown.width / 2, 0), innerWidth - 1)
  const y = shown.top + shown.height / 2
  const top = document.elementFromPoint(x, y)
  return {
    name: `${element.tagName} ${(element.innerText || element.name || "").trim().slice(0, 30)}`,
    marked: [element, holder, ...element.querySelectorAll("*")].some(box => marked(box)) || marked(element, "::after"),
    inside: y >= 0 && y <= innerHeight,
    covered: !(top && (holder.contains(top) || top.contains(element) || element.contains(top))),
  }
}"""


@pytest.mark.parametrize("name", ["home", "list", "product", "cart", "checkout"])
def test_keyboards_see_where_they_are(name: str, browser: Browser, furnished_shop: FurnishedShop) -> None:
    with visitor(browser, furnished_shop, reduced_motion="reduce") as (page, _):
        PAGES[name](page, furnished_shop, "")
        lost = []
        for _ in range(30):
            page.keyboard.press("Tab")
            seen = page.evaluate(FOCUSED)
            if seen["name"].startswith("BODY"):
                break
            if not (seen["marked"] and seen["inside"]) or seen["covered"]:
                lost.append(seen)
        assert lost == []


def test_main_actions_are_large_enough_for_a_thumb(browser: Browser, furnished_shop: FurnishedShop) -> None:
    shop = furnished_shop
    with visitor(browser, shop, **BUYERS_PHONE) as (page, _):
        page.goto(shop.url + shop.pages["product"])
        sizes = [page.locator(BUY).bounding_box()]
        page.locator(BUY).click()
        page.wait_for_url("**/cart")
        sizes.append(page.locator("main a[href$='/checkout']").bounding_box())
        page.goto(f"{shop.url}/checkout")
        sizes += [box.bounding_box() for box in page.locator("form:has([name=checkout_key]) [type=submit]").all()]
        sizes += [box.bounding_box() for box in page.locator(".choice-card").all()]
        assert all(size and size["height"] >= TOUCH and size["width"] >= TOUCH for size in sizes), sizes
