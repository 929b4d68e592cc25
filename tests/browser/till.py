"""A till for browser tests: a shop on a loopback port with a till to pair, staff with PINs, goods, and a network that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from kernel import accounts
from kernel.people import SYSTEM, User
from orders.counter import devices, pins
from orders.models.shift import CounterSale
from orders.models.till import Till
from storefront.database import db, transaction
from tests.browser.weather import Weather
from tests.live import LiveShop
from tests.make_counter import make_cashier, make_supervisor, make_till
from tests.make_stock import make_goods

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CASHIER_PIN, SUPERVISOR_PIN = "271828", "314159"
GOODS = 12
TABLET = {"width": 768, "height": 1024}

#: `hand` holds what a test does at the till without its screens: the page's own modules over the same store.
HAND = """async () => {
  const loaded = (name) => document.querySelector(`link[rel=modulepreload][href*="/counter/${name}.js"]`)?.href;
  const at = (name) => loaded(name) ?? `/counter/files/counter/${name}.js`;
  const names = ["store", "pairing", "catalogue", "rescue", "sync", "server"];
  const parts = Object.assign({}, ...(await Promise.all(names.map((name) => import(at(name))))));
  const store = await parts.openStore();
  const seen = new BroadcastChannel(`${store.name}-sync`);
  const hand = { ...parts, store, seen, state: null };
  seen.onmessage = ({ data }) => { if (data.state) hand.state = data.state; };
  hand.sale = (variant, price, options = {}) => {
    const { quantity = 1, ...more } = options;
    const total = price * quantity;
    const line = { variant, quantity, unit_price: price, list_price: price, discount: 0, lot: null };
    const cash = { method: "cash", amount: total, cash: total, given: total, change: 0 };
    const body = { language: "id", lines: [line], subtotal: total, discount: 0, total, tenders: [cash] };
    return store.append("sale", body, more);
  };
  window.hand = hand;
}"""
PAIR = "async ([code, label]) => { await hand.pair(hand.store, code, label); }"
OPEN = """async (cashier) => {
  await hand.store.append("shift_opened", { cashier, opening_float: 500000 });
}"""
SELL = """async ([goods, count, pause]) => {
  const numbers = [];
  for (let n = 0; n < count; n += 1) {
    const [variant, price] = goods[n % goods.length];
    const { receipt } = await hand.sale(variant, price);
    numbers.push(receipt.number);
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return numbers;
}"""
WAITING = "async () => (await hand.store.counts()).waiting"
NONE_WAIT = "async () => (await hand.store.counts()).waiting === 0"
#: Playwright's own wait takes a promise for a yes.
UNTIL = """async (limit) => {
  const condition = %s;
  for (const end = Date.now() + limit; !(await condition()); ) {
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}"""


@dataclass(frozen=True)
class TillShop:
    """The running shop with its till, its people and the weather between them."""

    shop: LiveShop
    weather: Weather
    till_id: int
    outlet_code: str
    cashier_code: str
    supervisor_code: str
    #: (variant code, price) of what lies on the counter.
    goods: list[tuple[str, int]]

    @property
    def url(self) -> str:
        """The till's page."""
        return f"{self.shop.url}/counter/"

    def pairing_code(self) -> str:
        """A code that pairs one device."""
        with self.shop.app.app_context(), transaction() as session:
            return devices.make_pairing_code(session, SYSTEM, self.till_id)

    def pair(self, page: Page, *, path: str = "/counter/") -> Page:
        """Open the till on this page, pair it and open a shift, as its screens do; then as after a reload."""
        page.goto(f"{self.shop.url}{path}")
        self.take_hold(page)
        page.evaluate(PAIR, [self.pairing_code(), "Tablet contoh"])
        page.evaluate("async () => { await (await hand.openCatalogue(hand.store)).refresh(); }")
        page.evaluate(OPEN, self.cashier_code)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.reload(page)
        return page

    def take_hold(self, page: Page) -> None:
        """Have the till's modules at hand in the page."""
        page.wait_for_selector("#till:not([hidden])", state="attached")
        page.evaluate(HAND)

    def reload(self, page: Page) -> None:
        """Load the page again, with or without a network."""
        page.reload()
        self.take_hold(page)

    def sell(self, page: Page, count: int, pause: int = 0) -> list[str]:
        """So many cash sales; the numbers of their receipts."""
        numbers: list[str] = page.evaluate(SELL, [self.goods, count, pause])
        return numbers

    def sync(self, page: Page, seconds: float = 60) -> None:
        """Wait until nothing waits any more."""
        page.evaluate("() => dispatchEvent(new Event('online'))")
        until(page, NONE_WAIT, seconds)

    def receipts(self) -> list[str]:
        """The numbers that the server has, in the order of their running numbers."""
        with self.shop.app.app_context():
            return list(db.session.scalars(select(CounterSale.receipt_number).order_by(CounterSale.running)))

    def count(self, model: Any) -> int:
        """How many rows there are."""
        with self.shop.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def till_shop(live_shop: LiveShop) -> TillShop:
    """A shop with one till that no device stands for yet."""
    return place_till(live_shop)


def place_till(live_shop: LiveShop) -> TillShop:
    """A till, its people with PINs and goods in a running shop, with the weather before it."""
    weather = Weather(live_shop.app.wsgi_app)
    live_shop.app.wsgi_app = weather  # type: ignore[method-assign]
    with live_shop.app.app_context(), transaction() as session:
        outlet = live_shop.goods.outlet
        goods = [make_goods(session, 400, outlet=outlet, price=10_000 + 500 * number) for number in range(GOODS)]
        cashier, supervisor = make_cashier(session, outlet), make_supervisor(session, outlet)
        till = make_till(session, session.merge(outlet))
        for person, pin in ((supervisor, SUPERVISOR_PIN), (cashier, CASHIER_PIN)):
            _set_pin(session, supervisor, person, pin, outlet)
        prices = [(each.variant.code, 10_000 + 500 * number) for number, each in enumerate(goods)]
        return TillShop(live_shop, weather, till.id, outlet.code, cashier.code, supervisor.code, prices)


def until(page: Page, condition: str, seconds: float = 30) -> None:
    """Wait for an asynchronous condition in the page."""
    page.evaluate(UNTIL % condition, seconds * 1000)


def _set_pin(session: Any, manager: User, person: User, pin: str, outlet: Any) -> None:
    pins.set_pin(session, accounts.as_actor(manager), person, pin, outlet=outlet)


def get_till(shop: TillShop) -> Till:
    """The till with its outlet."""
    with shop.shop.app.app_context():
        return devices.get_till(db.session(), shop.till_id)


@pytest.fixture
def tablet(browser: Browser) -> Iterator[BrowserContext]:
    """A tablet's browser with storage of its own; workers are allowed."""
    context = browser.new_context(viewport=TABLET, locale="id-ID")
    yield context
    context.close()
