"""The till's store in a real Chromium: killed after a receipt, upgraded with a full queue, told to go away (F20, F26, F27)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orders.invariants import check_all
from storefront.database import db
from tests.browser.till import TillShop, until
from tests.browsing import ARGUMENTS
from tests.chromium import find_chromium
from tests.live import LiveShop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
long = pytest.mark.long


@contextmanager
def own_browser(browser: Browser, profile: Path) -> Iterator[tuple[subprocess.Popen[bytes], Page]]:
    """A Chromium process of this test's own, with its data in `profile`, that can be killed like a tablet whose battery is out."""
    from playwright.sync_api import Error

    for attempt in range(3):
        process = start(profile)
        try:
            connected = browser.browser_type.connect_over_cdp(address_of(process, profile))
        except Error:  # a machine with much else to do: nothing was sold yet, so it is started once more
            kill(process)
            if attempt == 2:
                raise
            continue
        try:
            yield process, connected.contexts[0].new_page()
            connected.close()
        finally:
            kill(process)
        return


def start(profile: Path) -> subprocess.Popen[bytes]:
    """Begin a browser of our own."""
    (profile / "DevToolsActivePort").unlink(missing_ok=True)
    executable = find_chromium()
    assert executable
    arguments = [*ARGUMENTS, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return subprocess.Popen([executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def address_of(process: subprocess.Popen[bytes], profile: Path) -> str:
    """Where it can be spoken to, once it says so."""
    port_file = profile / "DevToolsActivePort"
    end = time.monotonic() + 30
    while not port_file.exists() or not port_file.read_text().count("\n"):
        assert process.poll() is None
        assert time.monotonic() < end, "Chromium does not start"
        time.sleep(0.02)
    return f"http://127.0.0.1:{port_file.read_text().splitlines()[0]}"


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole group of this process, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=long)])
def test_a_sale_is_there_when_the_browser_dies_right_after_its_receipt(
    browser: Browser, till_shop: TillShop, tmp_path: Path, kills: int
) -> None:
    """F20: the process is killed 0 to 500 ms after the till said what the receipt's number is."""
    sold: list[str] = []
    chance = random.Random(20)
    with own_browser(browser, tmp_path) as (process, page):
        till_shop.pair(page)
        till_shop.sync(page)
    for _round in range(kills):
        with own_browser(browser, tmp_path) as (process, page):
            page.goto(till_shop.url)
            till_shop.take_hold(page)
            sold += till_shop.sell(page, 1)
            time.sleep(chance.random() / 2)
            kill(process)
    with own_browser(browser, tmp_path) as (process, page):
        page.goto(till_shop.url)
        till_shop.take_hold(page)
        assert page.evaluate("async () => (await hand.store.receipts({ limit: 1000 })).map(({ number }) => number).reverse()") == sold
        till_shop.sync(page)
    assert till_shop.receipts() == sold
    with till_shop.shop.app.app_context():
        assert check_all(db.session()) == []


#: A store of its own at one of our addresses, without the till's page, and a queue of `count` sales in it.
QUEUE = """async ([version, count]) => {
  const [{ openStore }, { STEPS }, { makeKey }] = await Promise.all(
    ["store", "schema", "signing"].map((name) => import(`/counter/files/counter/${name}.js`)));
  const store = await openStore({ name: "hops", steps: STEPS.slice(0, version) });
  const { key } = await makeKey();
  await store.saveDevice({ device: "TABLET", key, till: { number: 1, mark: "1" }, outlet: { code: "T", zone: "WIB" } });
  await store.append("shift_opened", { cashier: "KASIR", opening_float: 0 });
  const cash = { method: "cash", amount: 1000, cash: 1000, given: 1000, change: 0 };
  const body = { language: "id", lines: [], subtotal: 1000, total: 1000, tenders: [cash] };
  for (let n = 0; n < count; n += 1) await store.append("sale", body);
  store.close();
}"""
HOP = """async ([version, broken]) => {
  const [{ openStore }, { STEPS }, { rescue }] = await Promise.all(
    ["store", "schema", "rescue"].map((name) => import(`/counter/files/counter/${name}.js`)));
  const steps = STEPS.slice(0, version);
  if (broken) {
    const step = steps[version - 1];
    steps[version - 1] = async (...given) => { await step(...given); throw new Error("no room"); };
  }
  let key = null;
  try {
    const store = await openStore({ name: "hops", steps });
    const counts = await store.counts();
    store.close();
    return [key, counts.waiting, (await rescue("hops")).entries.length, store.db.version];
  } catch (error) {
    key = error.key ?? String(error);
    return [key, null, (await rescue("hops")).entries.length, null];
  }
}"""


@pytest.mark.parametrize("sales", [20, pytest.param(200, marks=long)])
def test_a_full_queue_survives_every_version_and_every_upgrade_that_fails(live_shop: LiveShop, page: Page, sales: int) -> None:
    """F26: from the second version on, each hop fails once in its midst, leaves a queue that can be saved, and then succeeds."""
    page.goto(f"{live_shop.url}/healthz")
    page.evaluate(QUEUE, [2, sales])
    for version in (3, 4):
        assert page.evaluate(HOP, [version, True]) == ["store.broken", None, sales + 1, None]
        assert page.evaluate(HOP, [version, False]) == [None, sales + 1, sales + 1, version]
    assert page.evaluate(HOP, [2, False]) == [None, sales + 1, sales + 1, 4]  # an older app opens a newer store as it is


def test_receipts_are_made_for_sales_that_an_older_version_wrote(live_shop: LiveShop, page: Page) -> None:
    """The first hop: the oldest journal knew no receipts."""
    page.goto(f"{live_shop.url}/healthz")
    numbers = page.evaluate(
        """async () => {
          const [{ openStore }, { STEPS, openDatabase }] = await Promise.all(
            ["store", "schema"].map((name) => import(`/counter/files/counter/${name}.js`)));
          const db = await openDatabase("old", STEPS.slice(0, 1));
          for (let sequence = 1; sequence <= 3; sequence += 1) {
            const body = { kind: sequence === 1 ? "shift_opened" : "sale", receipt: `T-1-${sequence}`, total: 5, at: "2999", note: "" };
            await db.add("waiting", { id: `id-${sequence}`, sequence, body: JSON.stringify(body), signature: "", phone: "" });
          }
          db.close();
          const store = await openStore({ name: "old" });
          return (await store.receipts()).map(({ number, state }) => [number, state]);
        }"""
    )
    assert numbers == [["T-1-3", "waiting"], ["T-1-2", "waiting"]]


def test_the_same_cart_is_sold_once_however_often_it_is_finished(till_shop: TillShop, page: Page) -> None:
    """A double tap, and a reload between the disk and the screen."""
    till_shop.pair(page)
    cart = "0b5a8a0e-5f0b-4a52-9d4c-7f1f3c1d2e3f"
    sell = f"([variant, price]) => hand.sale(variant, price, {{ id: '{cart}' }}).then(({{ receipt }}) => receipt.number)"
    first = page.evaluate(f"(given) => Promise.all([({sell})(given), ({sell})(given)])", till_shop.goods[0])
    till_shop.sync(page)
    assert first == [till_shop.receipts()[0]] * 2
    assert page.evaluate(sell, till_shop.goods[0]) == first[0]
    assert len(till_shop.receipts()) == 1


def test_a_till_without_a_shift_or_a_pairing_sells_nothing(till_shop: TillShop, page: Page) -> None:
    page.goto(till_shop.url)
    till_shop.take_hold(page)
    refused = "async () => { try { await hand.sale('X', 1000); return null; } catch (error) { return error.key; } }"
    assert page.evaluate(refused) == "store.not_paired"
    till_shop.pair(page)
    page.evaluate("() => hand.store.append('shift_closed', { counted: { cash: 500000 }, denominations: [[100000, 5]] })")
    assert page.evaluate(refused) == "store.no_shift"
    again = """async (cashier) => {
      const open = () => hand.store.append('shift_opened', { cashier, opening_float: 0 });
      await open();
      await open();
    }"""
    with pytest.raises(Exception, match=r"shift|Shift"):
        page.evaluate(again, till_shop.cashier_code)
    until(page, "async () => (await hand.store.counts()).waiting === 0")


def test_numbers_are_not_given_twice_where_the_browsers_locks_do_nothing(till_shop: TillShop, page: Page) -> None:
    """The write itself checks the numbers again."""
    till_shop.pair(page)
    page.evaluate("() => { navigator.locks.request = (name, ...rest) => rest.at(-1)({ name }); }")
    numbers = page.evaluate("([variant, price]) => Promise.all([...Array(8)].map(() => hand.sale(variant, price)))", till_shop.goods[0])
    found = [each["receipt"]["number"] for each in numbers]
    assert len(set(found)) == 8
    till_shop.sync(page)
    assert till_shop.receipts() == sorted(found)
