"""The till reckons as the server does: its modules and Python on the same cases, in a real browser without a server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kernel.money import share_of
from orders import qris, tax
from orders.discounts import share_of_units, shares_of
from orders.rounding import round_cash
from tests.make_payments import static_qris

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

STATIC = Path(__file__).resolve().parents[2] / "static"
ORIGIN = "http://till.localhost"


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    """A page that can import the till's modules straight from their files."""

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN).lstrip("/")
        if name:
            route.fulfill(path=STATIC / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><input id=a><button id=b>b</button>", content_type="text/html")

    context = browser.new_context()
    page = context.new_page()
    page.route(f"{ORIGIN}/**", serve)
    page.goto(f"{ORIGIN}/")
    yield page
    context.close()


def run(page: Page, script: str, argument: Any = None) -> Any:
    """What the script answers; `m` has the functions of money.js, cart.js, tenders.js, sale.js, qris.js, scan.js and pin.js."""
    return page.evaluate(
        f"""async (given) => {{
          const names = ["money", "cart", "tenders", "sale", "qris", "scan", "pin"]
          const m = Object.assign({{}}, ...await Promise.all(names.map(name => import(`/counter/${{name}}.js`))))
          return ({script})(m, given)
        }}""",
        argument,
    )


def amounts(count: int, seed: int) -> list[int]:
    """Amounts at every edge of rounding, and any others."""
    chance = random.Random(seed)
    return [0, 1, 49, 50, 51, 99, 100, 149, 150, 151, 25_050, 25_051] + [chance.randrange(1, 10_000_000) for _ in range(count)]


def test_cash_is_rounded_alike(modules: Page) -> None:
    cases = amounts(300, 1)
    cases += [-amount for amount in cases]
    ours = [round_cash(amount).cash for amount in cases]
    assert run(modules, "(m, cases) => cases.map(amount => m.roundCash(amount).cash)", cases) == ours
    back = [-round_cash(-amount).cash for amount in cases if amount > 0]
    assert run(modules, "(m, cases) => cases.map(m.refundCash)", [amount for amount in cases if amount > 0]) == back


def test_discounts_are_spread_alike_also_beyond_what_a_double_holds(modules: Page) -> None:
    chance = random.Random(2)
    cases = []
    for _ in range(200):
        lines = [chance.randrange(1, 10 ** chance.randrange(1, 10)) for _ in range(chance.randrange(1, 9))]
        cases.append([lines, chance.randrange(0, sum(lines) + 1)])
    assert run(modules, "(m, cases) => cases.map(([lines, cut]) => m.sharesOf(lines, cut))", cases) == [shares_of(*case) for case in cases]
    units = [[chance.randrange(0, 10**9), quantity, 1, quantity // 2] for quantity in range(2, 99)]
    assert run(modules, "(m, cases) => cases.map(each => m.shareOfUnits(...each))", units) == [share_of_units(*each) for each in units]


def test_rates_and_ppn_are_rounded_alike(modules: Page) -> None:
    cases = [[amount, rate] for amount in amounts(60, 3) for rate in (1, 333, 1_000, 1_250, 9_999)]
    ours = [share_of(amount, rate) for amount, rate in cases]
    assert run(modules, "(m, cases) => cases.map(each => m.shareOfRate(...each))", cases) == ours
    for day in (date(2024, 12, 31), date(2026, 11, 22)):
        rate = tax.rate_on(day)
        taxes = [tax.contained_tax(amount, rate).tax for amount, _ in cases]
        assert (
            run(modules, "(m, [cases, day]) => cases.map(([amount]) => m.containedTax(amount, day).tax)", [cases, day.isoformat()]) == taxes
        )


def test_qris_codes_for_an_amount_are_the_same(modules: Page) -> None:
    static = static_qris()
    for amount, bill in ((1, "T1-081500"), (57_500, "A"), (10_000_000, "PLG-1-20261122-0001")):
        ours = qris.for_amount(qris.parse(static), amount, bill).payload
        assert run(modules, "(m, given) => m.qrisFor(...given)", [static, amount, bill]) == ours
    assert run(modules, "(m, code) => m.merchantOf(code)", static) == qris.parse(static).merchant
    refused = "(m, code) => { try { m.parseQris(code) } catch { return true } return false }"
    assert run(modules, refused, static[:-1] + ("0" if static[-1] != "0" else "1"))
    assert run(modules, refused, "https://example.com/this-is-no-qris-code-at-all-but-long-enough")


def test_a_cart_always_adds_up_to_what_the_server_accepts(modules: Page) -> None:
    """Line discounts, a cart discount and a voucher together: the sums of a body are those of orders/counter/sums.py."""
    script = """(m, [lines, cut, voucher]) => {
      let cart = m.newCart()
      for (const [price, quantity, own] of lines) {
        const added = m.addItem(cart, {variant: `V${cart.next}`, price}, quantity)
        cart = own ? m.setCut(added.cart, added.key, own) : added.cart
      }
      cart = m.setCut(cart, null, cut)
      const subtotal = m.totalsOf(cart).subtotal
      cart = m.setVoucher(cart, voucher ? {code: "HEMAT", discount: voucher, subtotal} : null)
      const total = m.totalsOf(cart).total
      return m.saleBody(cart, m.payCash(m.startPayment(total), 100_000_000).payment, "id")
    }"""
    chance = random.Random(4)
    for _ in range(60):
        lines = [
            [
                chance.randrange(500, 200_000),
                chance.randrange(1, 20),
                chance.choice([None, {"rate": 1_250}, {"amount": 700}, {"amount": 10**8}]),
            ]
            for _ in range(chance.randrange(1, 8))
        ]
        case = [lines, chance.choice([None, {"rate": 999}, {"amount": 5_000}, {"amount": 10**9}]), chance.choice([0, 0, 3_000, 10**8])]
        body = run(modules, script, case)
        full = [line["unit_price"] * line["quantity"] for line in body["lines"]]
        assert body["subtotal"] == sum(full)
        assert sum(line["discount"] for line in body["lines"]) == body["discount"] + body["voucher_discount"]
        assert all(0 <= line["discount"] <= most for line, most in zip(body["lines"], full, strict=True))
        assert body["total"] == body["subtotal"] - body["discount"] - body["voucher_discount"] >= min(1_000, body["subtotal"])
        assert sum(tender["amount"] for tender in body["tenders"]) == body["total"]
        assert bool(body["voucher"]) == bool(body["voucher_discount"])


def test_two_of_the_same_stand_on_one_line_and_a_changed_price_on_its_own(modules: Page) -> None:
    script = """(m) => {
      let cart = m.newCart()
      const add = (variant, price, quantity) => {
        const added = m.addItem(cart, {variant, price}, quantity)
        cart = added.cart
        return added.key
      }
      const first = add("A", 1000); add("A", 1000); add("B", 500); add("A", 1000, 98)
      cart = m.setPrice(cart, first, 900)
      add("A", 1000)
      return cart.lines.map(line => [line.variant, line.quantity, line.price])
    }"""
    assert run(modules, script) == [["A", 2, 900], ["B", 1, 500], ["A", 99, 1000]]


def test_a_voucher_is_asked_for_again_when_the_cart_changed(modules: Page) -> None:
    script = """(m) => {
      let {cart, key} = m.addItem(m.newCart(), {variant: "A", price: 20_000})
      cart = m.setVoucher(cart, {code: "X", discount: 5_000, subtotal: 20_000})
      return [m.totalsOf(cart).total, m.totalsOf(m.setQuantity(cart, key, 2)).total]
    }"""
    assert run(modules, script) == [15_000, 40_000]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([["cash", 0]], {"refused": "nothing"}, id="nothing was given"),
        pytest.param([["cash", 20_000]], {"left": 17_450, "cash": [20_000, 20_000, 20_000, 0]}, id="a part in cash"),
        pytest.param([["cash", 20_001]], {"refused": "coins"}, id="a part that coins cannot make"),
        pytest.param([["cash", 50_000]], {"left": 0, "cash": [37_450, 37_400, 50_000, 12_600]}, id="change from the rounded amount"),
        pytest.param([["cash", 37_400]], {"left": 0, "cash": [37_450, 37_400, 37_400, 0]}, id="exact is the rounded amount"),
        pytest.param(
            [["cash", 20_000], ["cash", 20_000]], {"left": 0, "cash": [37_450, 37_400, 40_000, 2_600]}, id="cash twice is one tender"
        ),
        pytest.param([["qris", 30_000], ["cash", 10_000]], {"left": 0, "cash": [7_450, 7_400, 10_000, 2_600]}, id="QRIS, the rest in cash"),
        pytest.param([["qris", 37_451]], {"refused": "amount"}, id="more than is left"),
        pytest.param([["card", 37_450]], {"refused": "reference"}, id="a card without its slip"),
        pytest.param([["qris", 37_449]], {"left": 1, "cash": None}, id="one rupiah stays"),
        pytest.param([["qris", 37_449], ["cash", 0]], {"left": 0, "cash": [1, 0, 0, 0]}, id="which no coin can pay"),
    ],
)
def test_tenders_sum_to_the_total(modules: Page, steps: list[list[Any]], expected: dict[str, Any]) -> None:
    script = """(m, steps) => {
      let payment = m.startPayment(37_450)
      for (const [method, amount] of steps) {
        const answer = method === "cash" ? m.payCash(payment, amount) : m.payOther(payment, method, amount)
        if (answer.refused) return {refused: answer.refused}
        payment = answer.payment
      }
      const cash = payment.tenders.find(tender => tender.method === "cash")
      return {left: m.remaining(payment), cash: cash ? [cash.amount, cash.cash, cash.given, cash.change] : null}
    }"""
    assert run(modules, script, steps) == expected


def test_notes_that_people_hand_over_are_offered(modules: Page) -> None:
    cases = {
        37_400: [38_000, 40_000, 50_000, 100_000],
        50_000: [60_000, 100_000],
        100_000: [],
        99_500: [100_000],
        125_000: [126_000, 130_000, 140_000, 150_000],
    }
    assert run(modules, "(m, dues) => dues.map(due => m.quickNotes(due))", list(cases)) == list(cases.values())
    assert run(modules, "(m) => m.changeParts(12_600)") == [[10_000, 1], [2_000, 1], [500, 1], [100, 1]]


def test_amounts_are_read_as_people_type_them(modules: Page) -> None:
    cases = {"50000": 50_000, "50.000": 50_000, "Rp 1.250.000": 1_250_000, "5,000": 5_000, "": None, "12a": None, "1.5": None, "-5": None}
    assert run(
        modules, "(m, texts) => texts.map(text => { const n = m.readRupiah(text); return Number.isNaN(n) ? null : n })", list(cases)
    ) == list(cases.values())
    rates = {"10": 1_000, "12,5": 1_250, "12.5 %": 1_250, "101": None, "x": None}
    assert run(
        modules, "(m, texts) => texts.map(text => { const n = m.readRate(text); return Number.isNaN(n) ? null : n })", list(rates)
    ) == list(rates.values())


def test_typing_is_told_from_scanning(modules: Page) -> None:
    """Gaps between keys decide: 7 ms at ten scans a second, 80 ms and more when a person types."""
    script = """(m, events) => {
      const reader = new m.WedgeReader()
      return events.map(([key, at]) => reader.key(key, at)).filter(heard => heard.code).map(heard => heard.code)
    }"""

    def keys(text: str, start: int, gap: int) -> list[list[Any]]:
        return [[key, start + place * gap] for place, key in enumerate([*text, "Enter"])]

    code = "8991234567895"
    assert run(modules, script, keys(code, 0, 7)) == [code]
    assert run(modules, script, keys(code, 0, 80)) == []
    assert run(modules, script, keys(code, 0, 7) + keys("8990000000012", 100, 7)) == [code, "8990000000012"]
    assert run(modules, script, keys("12", 0, 7)) == []
    assert run(modules, script, keys("5", 0, 60) + keys(code, 500, 7)) == [code]
    heard = """(m, [events, at]) => {
      const reader = new m.WedgeReader()
      events.forEach(each => reader.key(...each))
      return reader.key("Enter", at)
    }"""
    assert run(modules, heard, [keys(code, 5_000, 7), 5_100]) == "echo", "some scanners end a code twice"
    assert run(modules, heard, [keys(code, 5_000, 7), 900]) == "typed", "a clock that was set back swallows no return"


def test_a_pin_locks_after_five_wrong_ones_and_longer_each_time(modules: Page) -> None:
    script = """(m) => {
      let record = null, now = 1_000
      const locks = []
      for (let round = 0; round < 3; round += 1) {
        for (let wrong = 0; wrong < 5; wrong += 1) record = m.afterTry(record, false, now)
        locks.push(m.lockedFor(record, now))
        // A clock that is put back opens nothing.
        locks.push(m.lockedFor(record, now - 3_600_000))
        now = record.until
      }
      return [locks, m.lockedFor(record, now), m.afterTry(record, true, now)]
    }"""
    locks, after, right = run(modules, script)
    assert locks == [300_000, 300_000, 600_000, 600_000, 1_200_000, 1_200_000]
    assert after == 0
    assert right is None


def test_what_comes_back_is_paid_back_to_the_rupiah(modules: Page) -> None:
    """Unit by unit or at once: the same sum, never more than was paid."""
    script = """(m) => {
      const line = {variant: "A", lot: null, quantity: 3, unit_price: 10_000, discount: 1_000}
      const sale = {lines: [line, {variant: "A", lot: null, quantity: 1, unit_price: 9_000, discount: 0}]}
      const paid = []
      const returns = []
      for (let unit = 0; unit < 3; unit += 1) {
        const now = m.returnable(sale, returns)[0]
        paid.push(m.paidFor(now, 1))
        returns.push({lines: [{variant: "A", lot: null, quantity: 1}]})
      }
      const after = m.returnable(sale, returns)
      return [paid, m.paidFor(m.returnable(sale)[0], 3), after.map(each => each.left)]
    }"""
    paid, whole, left = run(modules, script)
    assert sum(paid) == whole == 29_000
    assert left == [0, 1]
