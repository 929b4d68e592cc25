"""The till's journal in a real Chromium against a real shop: every sale once, whatever the network does (F18, F21, F22, F27, F29)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from catalog.models.stock import StockLevel
from kernel.base import Base
from kernel.people import SYSTEM
from orders.counter import devices
from orders.counter.entries import receive_rescue
from orders.invariants import check_all
from orders.models.shift import CounterSale
from orders.models.till import EntryState, TillDevice, TillEntry
from storefront.database import db, transaction
from tests.browser.till import NONE_WAIT, SELL, WAITING, TillShop, until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
long = pytest.mark.long

DELIVER_AGAIN = """async (entries) => {
  const { token } = await hand.store.device();
  const reply = await hand.ask("entries", { body: { device_now: new Date().toISOString(), waiting: 0, app: "", entries }, token });
  return reply.json.answers.map(({ state, order }) => [state, order]);
}"""
#: Everything that this browser keeps for the shop, as one text.
DUMP = """async () => {
  const found = [{ ...localStorage }, { ...sessionStorage }];
  for (const store of hand.store.db.objectStoreNames) found.push(store, await hand.store.db.getAll(store));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  return JSON.stringify(found);
}"""
REFUSES = "async (act) => { try { await act(); return null; } catch (error) { return [error.key, error.values.count]; } }"


def rows(till_shop: TillShop) -> dict[str, list[Any]]:
    """Every row of the shop, but for what a device says of itself."""
    with till_shop.shop.app.app_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name != TillDevice.__tablename__]
        return {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in tables}


def breaches(till_shop: TillShop) -> list[Any]:
    with till_shop.shop.app.app_context():
        return check_all(db.session())


def sell_in_both(till_shop: TillShop, one: Page, other: Page, count: int) -> list[str]:
    """Two tabs sell at the same moment."""
    for page in (one, other):
        page.evaluate(f"(given) => {{ window.selling = ({SELL})(given); }}", [till_shop.goods, count, 0])
    return [*one.evaluate("() => selling"), *other.evaluate("() => selling")]


@pytest.mark.parametrize("sales", [20, pytest.param(200, marks=long)])
def test_sales_made_offline_in_two_tabs_have_one_effect_each_though_answers_are_lost(
    till_shop: TillShop, tablet: BrowserContext, sales: int
) -> None:
    """F18: offline, a reload midway, two tabs, three of ten answers lost, delivered twice."""
    page = till_shop.pair(tablet.new_page())
    tablet.set_offline(True)
    numbers = till_shop.sell(page, sales // 4)
    till_shop.reload(page)
    other = tablet.new_page()
    other.goto(till_shop.url)
    till_shop.take_hold(other)
    numbers += sell_in_both(till_shop, page, other, sales // 4)
    envelopes = page.evaluate("async () => (await hand.store.waiting()).map(({ kind, at, ...envelope }) => envelope)")
    till_shop.weather.lost = 3
    tablet.set_offline(False)
    numbers += till_shop.sell(page, sales // 4)
    till_shop.sync(page, 120)
    till_shop.weather.lost = 0

    assert till_shop.weather.gone > 0
    assert till_shop.receipts() == sorted(numbers, key=lambda number: int(number[-4:]))
    assert len(set(numbers)) == sales
    assert [int(number[-4:]) for number in till_shop.receipts()] == list(range(1, sales + 1))
    with till_shop.shop.app.app_context():
        assert sum(db.session.scalars(select(StockLevel.on_hand))) == 10 + 400 * len(till_shop.goods) - sales
    before = rows(till_shop)
    again = [page.evaluate(DELIVER_AGAIN, envelopes[start : start + 50]) for start in range(0, len(envelopes), 50)]
    assert {state for answers in again for state, _order in answers} == {"accepted"}
    assert rows(till_shop) == before
    assert breaches(till_shop) == []


MODES = ("dead", "portal", "stranger", "stall", "deaf")
SELL_TIMED = """async ([goods, count]) => {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const begun = performance.now();
    await hand.sale(...goods[n % goods.length]);
    times.push(performance.now() - begun);
  }
  return Math.max(...times);
}"""


@pytest.mark.parametrize("sales", [3, pytest.param(50, marks=long)])
def test_selling_never_waits_and_no_stranger_ends_a_sales_waiting(till_shop: TillShop, tablet: BrowserContext, sales: int) -> None:
    """F21: no line, a hotel's login page, somebody else's JSON, silence, and answers that all get lost."""
    page = till_shop.pair(tablet.new_page())
    for round_, mode in enumerate(MODES, start=1):
        till_shop.sync(page)
        until(page, "() => hand.state?.online === true", 10)
        with till_shop.weather.turns(mode):
            slowest = page.evaluate(SELL_TIMED, [till_shop.goods, sales])
            assert slowest < 1_000, mode
            until(page, "() => hand.state?.online === false", 6)
            assert page.evaluate(WAITING) == sales, mode
            states = page.evaluate("async (count) => (await hand.store.receipts({ limit: count })).map(({ state }) => state)", sales)
            assert states == ["waiting"] * sales, mode
        till_shop.sync(page)
        assert len(till_shop.receipts()) == sales * round_, mode
    assert breaches(till_shop) == []


@pytest.mark.parametrize("sales", [20, pytest.param(500, marks=long)])
def test_a_sale_that_the_server_cannot_understand_is_set_aside_and_the_others_pass(
    till_shop: TillShop, tablet: BrowserContext, sales: int
) -> None:
    """F22: one sale names goods that nobody knows."""
    page = till_shop.pair(tablet.new_page())
    tablet.set_offline(True)
    till_shop.sell(page, sales // 2)
    page.evaluate("() => hand.sale('NOBODY', 1000)")
    till_shop.sell(page, sales // 2)
    tablet.set_offline(False)
    till_shop.sync(page, 120)
    assert len(till_shop.receipts()) == sales
    (aside,) = page.evaluate("() => hand.store.refused()")
    assert "NOBODY" in aside["body"]
    assert aside["reason"]
    assert page.evaluate("async () => (await hand.rescue()).entries.map(({ id }) => id)") == [aside["id"]]


@pytest.mark.parametrize("status", [422, pytest.param(500, marks=long)])
def test_a_delivery_that_fails_because_of_one_entry_is_cut_smaller_until_only_that_one_is_left(
    till_shop: TillShop, tablet: BrowserContext, status: int
) -> None:
    page = till_shop.pair(tablet.new_page())
    tablet.set_offline(True)
    till_shop.sell(page, 5)
    poison = page.evaluate("([variant, price]) => hand.sale(variant, price).then(({ entry }) => entry.id)", till_shop.goods[0])
    till_shop.sell(page, 5)
    till_shop.weather.poison = (poison, status)
    tablet.set_offline(False)
    till_shop.sync(page, 90)
    assert len(till_shop.receipts()) == 10
    (aside,) = page.evaluate("() => hand.store.refused()")
    assert (aside["id"], aside["local"]) == (poison, True)
    till_shop.weather.poison = None
    page.evaluate("(id) => hand.store.retry(id)", poison)
    till_shop.sync(page)
    assert len(till_shop.receipts()) == 11
    assert page.evaluate("() => hand.store.refused()") == []


def test_a_device_with_waiting_sales_is_not_emptied_and_its_file_counts_once(till_shop: TillShop, tablet: BrowserContext) -> None:
    """F27: leaving is refused with the number that waits; the file is taken in twice, then the device delivers after all."""
    page = till_shop.pair(tablet.new_page())
    till_shop.sync(page)
    with till_shop.weather.turns("dead"):
        numbers = till_shop.sell(page, 3)
        for way in ("hand.store.wipe()", "hand.unpair(hand.store)"):
            assert page.evaluate(f"() => ({REFUSES})(() => {way})") == ["store.waiting", 3]
        text = page.evaluate("async () => JSON.stringify(await hand.rescue())")
        for _time in range(2):
            with till_shop.shop.app.app_context(), transaction() as session:
                result = receive_rescue(session, SYSTEM, text)
                assert {answer.state for answer in result.answers} <= {EntryState.ACCEPTED}
        assert till_shop.receipts() == numbers
        assert page.evaluate(WAITING) == 3
    before = till_shop.count(TillEntry)
    till_shop.sync(page)
    assert till_shop.receipts() == numbers
    assert till_shop.count(TillEntry) == before
    with page.expect_navigation():  # the page begins anew
        page.evaluate("() => { hand.unpair(hand.store); }")
    till_shop.take_hold(page)
    assert page.evaluate("() => hand.store.device()") is None


def test_nothing_about_a_buyer_stays_on_the_device_once_the_server_has_the_sale(till_shop: TillShop, tablet: BrowserContext) -> None:
    """F29: a number for the digital receipt and a note about a person, then everything that the browser keeps."""
    page = till_shop.pair(tablet.new_page())
    page.evaluate("([variant, price]) => hand.sale(variant, price, { phone: '+6281271234567' })", till_shop.goods[0])
    parked = {"lines": [], "phone": "+6281279999999"}
    page.evaluate("(cart) => hand.store.park(cart)", parked)
    till_shop.sync(page)
    kept = page.evaluate(DUMP)
    assert till_shop.receipts()[0] in kept
    assert "81271234567" not in kept
    assert "81279999999" not in kept
    with till_shop.shop.app.app_context():
        (sale,) = db.session.scalars(select(CounterSale))
        assert db.session.get_one(TillEntry, sale.entry_id).body.find("81271234567") == -1


def test_a_revoked_device_delivers_into_quarantine_and_forgets_everything(till_shop: TillShop, tablet: BrowserContext) -> None:
    """F29: stolen while two sales waited."""
    page = till_shop.pair(tablet.new_page())
    till_shop.sync(page)
    with till_shop.weather.turns("dead"):
        till_shop.sell(page, 2)
        with till_shop.shop.app.app_context(), transaction() as session:
            code = session.scalars(select(TillDevice.code)).one()
            devices.revoke_device(session, SYSTEM, code)
    with page.expect_navigation():  # the page begins anew when nothing is left
        page.evaluate("() => dispatchEvent(new Event('online'))")
    till_shop.take_hold(page)
    until(page, "async () => (await hand.store.device()) === null")
    assert "Kantor memblokir perangkat ini" in page.locator(".notice-line").inner_text()
    with till_shop.shop.app.app_context():
        states = list(db.session.scalars(select(TillEntry.state).order_by(TillEntry.sequence)))
    assert states[-2:] == [EntryState.QUARANTINED] * 2
    kept = json.loads(page.evaluate(DUMP))
    stores = dict(zip(kept[2:-1:2], kept[3::2], strict=False))
    assert {name: rest for name, rest in stores.items() if name in ("waiting", "refused", "receipts", "parked", "buckets") and rest} == {}
    assert till_shop.cashier_code not in json.dumps({name: stores[name] for name in ("facts", "waiting")})
    assert page.evaluate(NONE_WAIT)
