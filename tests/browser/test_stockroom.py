"""The stock room in a real browser: a delivery is scanned, counted and signed on the tablet; its pages serve everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from catalog.models.maker import Maker
from catalog.models.stock import MovementKind, StockMovement
from kernel import accounts, clock
from kernel.people import Grant, Role
from storefront.database import db, transaction
from tests.browser.page_checks import overflowing, violations
from tests.browsing import PHONE
from tests.live import LiveShop
from tests.make import make_outlet, make_user
from tests.make_stockroom import make_papers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ADDRESSES = (
    "/office/deliveries",
    "/office/deliveries/new",
    "/office/deliveries/{delivery}?scan={variant}",
    "/office/deliveries/{delivery}/import",
    "/office/deliveries/{delivery}/labels",
    "/office/counts",
    "/office/counts/{count}",
    "/office/transfers/{transfer}?q=keripik",
    "/office/pull-outs/{pull_out}",
    "/office/batches/{product}/{lot}",
    "/office/",
    "/office/stock/{outlet}",
    "/office/stock/{outlet}/pull-outs",
    "/office/tills/{outlet}",
    "/office/tills/{outlet}/staff",
    "/office/tills/{outlet}/rescue",
    "/office/tills/incidents",
)


@pytest.fixture
def words(live_shop: LiveShop) -> dict[str, str]:
    """The papers of the running shop, and the manager's cookie."""
    app, goods = live_shop.app, live_shop.goods
    with app.app_context(), transaction() as session:
        person = make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=goods.outlet.id))
        person.second_factor_at = clock.now()
        maker = session.get_one(Maker, goods.product.maker_id)
        papers = make_papers(session, accounts.as_actor(person), goods, maker, make_outlet(session))
        token = accounts.open_session(session, person, "tests")
    with app.test_client() as client, client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    more = {"variant": goods.variant.code, "product": goods.product.slug, "lot": goods.batch.lot_code, "outlet": goods.outlet.code}
    return papers | more | {"cookie": kept.value}


@pytest.fixture
def tablet(browser: Browser, live_shop: LiveShop, words: dict[str, str]) -> Iterator[Page]:
    """The manager's tablet, held upright like a phone."""
    context = browser.new_context(viewport=PHONE, locale="id-ID")
    context.add_cookies([{"name": live_shop.app.config["SESSION_COOKIE_NAME"], "value": words["cookie"], "url": live_shop.url}])
    yield context.new_page()
    context.close()


def test_a_delivery_is_scanned_counted_and_signed(tablet: Page, live_shop: LiveShop, words: dict[str, str]) -> None:
    tablet.goto(live_shop.url + "/en/office/deliveries/{delivery}".format(**words))
    scan = tablet.locator("#find")
    scan.press_sequentially(words["variant"])  # a scanner types and presses Enter
    scan.press("Enter")
    tablet.locator("#quantity").fill("4")
    tablet.locator("#lot_code").fill("baru-1")
    tablet.locator("#best_before_on").fill(clock.today().replace(year=clock.today().year + 1, day=1).isoformat())
    tablet.get_by_role("button", name="Put on the note").click()
    tablet.get_by_text("BARU-1").first.wait_for()
    tablet.get_by_role("button", name="Confirm this count").click()
    pad = tablet.locator(".signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    tablet.mouse.move(box["x"] + 20, box["y"] + 40)
    tablet.mouse.down()
    for step in range(1, 25):
        tablet.mouse.move(box["x"] + 20 + step * 9, box["y"] + 40 + (step % 5) * 8)
    tablet.mouse.up()
    tablet.locator("#signature-name").fill("Ibu Contoh")
    tablet.get_by_role("button", name="Confirm by signature").click()
    tablet.locator(".signature-kept").wait_for()
    assert re.fullmatch(r"(?:[ML]\d{1,3} \d{1,3}){8,}", tablet.locator(".signature-kept path").get_attribute("d") or "")
    with live_shop.app.app_context():
        moved = db.session.scalars(
            select(StockMovement.on_hand_change).where(
                StockMovement.kind == MovementKind.RECEIVED, StockMovement.reference == f"delivery:{words['delivery']}"
            )
        )
        assert sorted(moved) == [3, 4]


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.long)], ids=["id", "en"])
def test_everyone_can_use_the_stock_room(tablet: Page, live_shop: LiveShop, words: dict[str, str], prefix: str) -> None:
    problems = []
    for address in ADDRESSES:
        answer = tablet.goto(live_shop.url + prefix + address.format(**words))
        assert answer is not None
        assert answer.status == 200, address
        problems += [f"{address}: {each}" for each in violations(tablet)]
        tablet.set_viewport_size({"width": 320, "height": 640})
        problems += [f"{address}: {each}" for each in overflowing(tablet)]
        tablet.set_viewport_size(PHONE)
    assert problems == []
