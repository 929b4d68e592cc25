"""How long a cashier waits: from a scan to its line and from the last key to the receipt, in a real Chromium made slow (U29).

    ./run bench till_speed [--products 2000] [--sales 30] [--slow 4]

The shop is the demo grown to so many products. A sale is three scans and two keys; every scan ends when its line is painted, the
last key when the receipt is. Online and without a network, p50 and p95. A scan begins when the page gets its last key: the keys
carry a scanner's pace, whatever pace the machine sends them at.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.ground import copy, prepare
from bench.serving import serve
from bench.till import take_hold
from catalog.models.stock import Outlet
from kernel import accounts
from kernel.engines import WRITE, make_engine
from kernel.people import SYSTEM
from orders.counter import devices, pins
from tests.browser.till import CASHIER_PIN, NONE_WAIT, OPEN, PAIR, until
from tests.browsing import ARGUMENTS
from tests.chromium import find_chromium
from tests.make_counter import make_cashier, make_supervisor

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

SCAN_MILLISECONDS, RECEIPT_MILLISECONDS = 100, 500
#: Notes when what was waited for is on the screen: after the frame that shows it was painted.
WATCH = """() => {
  window.times = { scan: [], receipt: [] }
  let awaited = null
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel()
    channel.port1.onmessage = done
    channel.port2.postMessage(0)
  }))
  const isThere = { scan: () => units() > awaited.before, receipt: () => document.querySelector(".paid") !== null }
  const units = () => [...document.querySelectorAll(".line-number")].reduce((sum, each) => sum + Number(each.textContent), 0)
  const look = async () => {
    if (!awaited || !isThere[awaited.what]()) return
    const { what, since } = awaited
    awaited = null
    await painted()
    times[what].push(performance.now() - since)
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  window.expect = (what, since) => { awaited = { what, since, before: what === "scan" && document.querySelector(".paid") ? 0 : units() } }
  addEventListener("keydown", (event) => {
    if (event.key === "F12" && document.querySelector(".pay")) expect("receipt", event.timeStamp)
    if (event.key === "Enter") expect("scan", performance.now())
  }, true)
}"""
CODES = """async () => (await hand.openCatalogue(hand.store)).variants
  .filter(({ price, lots }) => price && lots.some(({ is_stopped }) => !is_stopped)).map(({ code, numbers }) => numbers[0] ?? code)"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="./run bench till_speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--sales", type=int, default=30)
    parser.add_argument("--slow", type=float, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-till-") as place:
        shop = copy(prepare(asked.products), Path(place) / "shop")
        code, cashier = open_desk(shop.folder)
        with serve("storefront.app:create_app()", shop.environment, "/counter/") as server:
            drive(f"http://127.0.0.1:{server.port}", code, cashier, asked.sales, asked.slow)


def open_desk(folder: Path) -> tuple[str, str]:
    """A till at the demo's first outlet and a cashier with a PIN: the pairing code, and the cashier's code."""
    engine = make_engine(f"sqlite:///{folder / 'etalase.db'}")
    with engine.connect().execution_options(**WRITE) as connection, Session(connection) as session:
        outlet = session.scalars(select(Outlet).order_by(Outlet.id)).first()
        assert outlet is not None
        till = devices.make_till(session, SYSTEM, outlet, "Bench")
        pairing_code = devices.make_pairing_code(session, SYSTEM, till.id)
        cashier, supervisor = make_cashier(session, outlet), make_supervisor(session, outlet)
        pins.set_pin(session, accounts.as_actor(supervisor), cashier, CASHIER_PIN, outlet=outlet)
        code = cashier.code
        session.commit()
        connection.commit()
    engine.dispose()
    return pairing_code, code


def drive(url: str, pairing_code: str, cashier: str, sales: int, slow: float) -> None:
    """Sell as many, with a network and without."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, "--no-sandbox"])
        context = browser.new_context(viewport={"width": 768, "height": 1024}, locale="id-ID")
        page = context.new_page()
        page.goto(f"{url}/counter/")
        take_hold(page)
        page.evaluate(PAIR, [pairing_code, "Bench"])
        page.evaluate("async () => { await (await hand.openCatalogue(hand.store)).refresh(); }")
        page.evaluate(OPEN, cashier)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        take_hold(page)
        page.locator(f"[data-code='{cashier}']").click()
        page.locator("#pin").press_sequentially(CASHIER_PIN, delay=90)
        page.wait_for_selector("[data-screen=selling]")
        page.evaluate(WATCH)
        codes = page.evaluate(CODES)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
        print(f"{len(codes):,} variants to sell, a processor {slow:g} times slower, {sales} sales of three scans")
        for name, offline in (("online", False), ("offline", True)):
            context.set_offline(offline)
            sell(page, codes, sales, name)
        context.set_offline(False)
        until(page, NONE_WAIT, 120)
        browser.close()


def scan(wire: CDPSession, code: str) -> None:
    """The keys of a scanner, 4 ms apart, with Enter at the end."""
    at = time.time()
    enter = {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
    for place, key in enumerate([*({"key": each, "text": each} for each in code), enter]):
        wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at + place * 0.004, **key})


def sell(page: Page, codes: list[str], sales: int, name: str) -> None:
    """So many sales, and how long each step took."""
    wire = page.context.new_cdp_session(page)
    page.evaluate("() => { times.scan.length = times.receipt.length = 0 }")
    for sale in range(sales):
        for step in range(3):
            scan(wire, codes[(sale * 37 + step * 11) % len(codes)])
            page.wait_for_function("count => times.scan.length === count", arg=sale * 3 + step + 1)
        for mode in (".pay", ".paid"):
            page.keyboard.press("F12")
            page.wait_for_selector(mode)
        page.wait_for_function("count => times.receipt.length === count", arg=sale + 1)
    for what, limit in (("scan", SCAN_MILLISECONDS), ("receipt", RECEIPT_MILLISECONDS)):
        times = sorted(page.evaluate("what => times[what]", what))
        p95 = times[int(len(times) * 0.95)]
        verdict = "holds " if p95 <= limit else "MISSED"
        print(f"  {verdict}  {name}: {what} p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms of {len(times)} (at most {limit})")


if __name__ == "__main__":
    main()
