"""Selling at the till's page as cashiers do it: few keys, nothing lost, mistakes mended, everything visible (U27, U28, U31, U32, U34)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from catalog.models.product import Product, Variant
from orders.counter.cash import FREE_OPENINGS
from orders.models.payment import Payment
from orders.models.shift import CounterIncident, CounterSale
from orders.models.till import TillEntry
from storefront.database import db, transaction
from tests.browser.cashier import Cashier, at_the_till, busy_till, cashier, counter_shop, name_of, number_of
from tests.browser.till import SUPERVISOR_PIN, TillShop, until
from tests.browsing import PHONE
from tests.make_counter import make_till

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["busy_till", "cashier", "counter_shop"]  # fixtures of this module

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: Notes what the loudspeaker would have played.
LISTEN = """() => {
  window.tones = []
  const make = AudioContext.prototype.createOscillator
  AudioContext.prototype.createOscillator = function () {
    const made = make.call(this)
    queueMicrotask(() => tones.push(made.frequency.value))
    return made
  }
}"""


def sale_at_server(shop: TillShop, number: str) -> CounterSale:
    """The sale at the server."""
    with shop.shop.app.app_context():
        return db.session.scalars(select(CounterSale).where(CounterSale.receipt_number == number)).one()


def payments_of(shop: TillShop, number: str) -> list[tuple[str, int]]:
    """How a receipt was paid."""
    with shop.shop.app.app_context():
        sale = db.session.scalars(select(CounterSale).where(CounterSale.receipt_number == number)).one()
        paid = db.session.scalars(select(Payment).where(Payment.order_id == sale.order_id))
        return [(each.method.value, each.amount) for each in paid]


def bodies(shop: TillShop, kind: str) -> list[dict[str, Any]]:
    """What the journal says of one kind."""
    with shop.shop.app.app_context():
        entries = db.session.scalars(select(TillEntry).order_by(TillEntry.sequence))
        return [json.loads(each.body) for each in entries if each.kind.value == kind]


@pytest.mark.parametrize(
    ("keys", "most", "method"),
    [
        pytest.param(("Enter", "Enter"), 2, "cash", id="exact cash by Enter"),
        pytest.param(("F12", "F12"), 2, "cash", id="exact cash by its key"),
        pytest.param(("F9", "Alt+1"), 3, "cash", id="a quick note"),
        pytest.param(("F10", "Enter"), 3, "qris", id="QRIS"),
    ],
)
def test_paying_takes_few_keys(cashier: Cashier, keys: tuple[str, ...], most: int, method: str) -> None:
    """U27: at most two after the last scan for exact cash, three for a note and for QRIS."""
    code, price = cashier.shop.goods[1]
    cashier.scan(number_of(cashier.shop, code))
    cashier.presses = 0
    cashier.press(keys[0])
    if method == "qris":
        cashier.page.wait_for_selector(".qris-code svg")
    cashier.press(keys[1])
    number = cashier.wait_for_receipt()
    assert cashier.presses <= most
    cashier.shop.sync(cashier.page)
    assert payments_of(cashier.shop, number) == [(method, price)]


def test_a_wrong_item_is_gone_with_one_key_or_tap(cashier: Cashier) -> None:
    """U31: at most two actions."""
    first, wrong = cashier.shop.goods[0][0], cashier.shop.goods[2][0]
    kept = f"1 × {name_of(cashier.shop, cashier.page, first)}"
    cashier.scan(number_of(cashier.shop, first))
    cashier.scan(number_of(cashier.shop, wrong))
    cashier.press("Delete")
    cashier.wait_for_lines(kept)
    assert cashier.presses == 1
    cashier.scan(number_of(cashier.shop, wrong))
    cashier.tap(".line:last-child .step")
    cashier.wait_for_lines(kept)
    cashier.press("Enter")
    cashier.press("Enter")
    cashier.wait_for_receipt()
    cashier.shop.sync(cashier.page)
    said = bodies(cashier.shop, "cart_cancelled")[-1]
    assert [line["variant"] for line in said["lines"]] == [wrong, wrong]  # both slips stand in the journal (A18)


def test_an_unknown_code_sounds_and_waits_in_the_box(cashier: Cashier) -> None:
    """U31: at most three actions until it is sold all the same."""
    code, _price = cashier.shop.goods[3]
    name = name_of(cashier.shop, cashier.page, code)
    cashier.page.evaluate(LISTEN)
    cashier.scan("8990000999999")
    cashier.page.wait_for_function("() => tones.length === 2 && tones.every((tone) => tone < 400)")
    assert cashier.page.locator("#finder").input_value() == "8990000999999"
    assert cashier.page.evaluate("document.activeElement.id") == "finder"
    assert "8990000999999" in cashier.page.locator("#alarm").inner_text()
    cashier.page.keyboard.insert_text(code)
    cashier.presses = 1
    cashier.press("Enter")
    cashier.wait_for_lines(f"1 × {name}")
    assert cashier.presses <= 3


@pytest.mark.parametrize("sales", [4, pytest.param(50, marks=pytest.mark.long)])
def test_no_scan_is_lost_at_ten_a_second(cashier: Cashier, sales: int) -> None:
    """U34: three scans for each sale, wherever the focus is, the first straight after the last receipt."""
    codes = [number_of(cashier.shop, code) for code, _price in cashier.shop.goods]
    before = cashier.shift()["sales"]["count"]
    numbers = []
    for sale in range(sales):
        if sale % 3 == 1:
            cashier.page.evaluate("document.activeElement.blur()")
        for step in range(3):
            cashier.scan(codes[(sale + step * 5) % len(codes)])
        cashier.press("F12")
        cashier.press("F12")
        numbers.append(cashier.wait_for_receipt())
    assert cashier.shift()["sales"]["count"] == before + sales
    cashier.shop.sync(cashier.page, 120)
    sold = [sum(line["quantity"] for line in body["lines"]) for body in bodies(cashier.shop, "sale") if body["receipt"] in numbers]
    assert sold == [3] * sales


def test_a_scan_into_a_dialog_is_sold_and_what_was_typed_stays_out_of_it(cashier: Cashier) -> None:
    one, other = cashier.shop.goods[0][0], cashier.shop.goods[4][0]
    cashier.scan(number_of(cashier.shop, one))
    cashier.press("F3")
    cashier.page.wait_for_selector("#ask-number")
    cashier.scan(number_of(cashier.shop, other))
    names = [name_of(cashier.shop, cashier.page, code) for code in (one, other)]
    cashier.wait_for_lines(*(f"1 × {name}" for name in names))
    assert cashier.page.locator("dialog").count() == 0
    cashier.press("F3")
    cashier.type("12")
    cashier.press("Enter")
    cashier.wait_for_lines(f"1 × {names[0]}", f"12 × {names[1]}")


def test_five_quick_taps_make_one_sale(cashier: Cashier) -> None:
    before = cashier.shift()["sales"]["count"]
    cashier.scan(number_of(cashier.shop, cashier.shop.goods[0][0]))
    cashier.press("F9")
    cashier.page.wait_for_selector("[data-way=exact]")
    cashier.page.evaluate("""() => { for (let tap = 0; tap < 5; tap += 1) document.querySelector("[data-way=exact]").click() }""")
    cashier.wait_for_receipt()
    cashier.page.evaluate("""() => { for (let tap = 0; tap < 3; tap += 1) document.querySelector("[data-next]")?.click() }""")
    assert cashier.shift()["sales"]["count"] == before + 1


def test_the_cart_survives_a_reload_and_can_be_parked(cashier: Cashier) -> None:
    code, _price = cashier.shop.goods[5]
    line = f"2 × {name_of(cashier.shop, cashier.page, code)}"
    cashier.scan(number_of(cashier.shop, code))
    cashier.scan(number_of(cashier.shop, code))
    cashier.wait_for_lines(line)
    cashier.page.context.set_offline(True)
    cashier.shop.reload(cashier.page)
    cashier.wait_until_selling()
    cashier.wait_for_lines(line)
    cashier.press("F6")
    cashier.wait_for_lines()
    cashier.press("F7")
    cashier.tap(".picks .pick")
    cashier.wait_for_lines(line)


def test_a_discount_above_the_limit_needs_a_supervisor_and_five_wrong_pins_lock(cashier: Cashier) -> None:
    """A18, offline, and a reload does not give the tries back."""
    page = cashier.page
    cashier.scan(number_of(cashier.shop, cashier.shop.goods[0][0]))
    page.context.set_offline(True)

    def ask_for(rate: str) -> None:
        cashier.press("F4")
        page.locator("#cut").fill(rate)
        page.locator("#reason").fill("Kemasan rusak")
        cashier.tap(".sheet [type=submit]")
        page.wait_for_selector(".sheet .pin")
        cashier.tap(f".sheet [data-code='{cashier.shop.supervisor_code}']")

    def wait_for_word(word: str) -> None:
        page.wait_for_function("word => document.querySelector('.pin-said')?.textContent.includes(word)", arg=word)

    ask_for("60%")
    for left in ("4", "3", "2", "1", "5 menit"):
        cashier.type("111112")
        wait_for_word(left)
    cashier.type(SUPERVISOR_PIN)
    wait_for_word("Terkunci")
    page.keyboard.press("Escape")
    cashier.shop.reload(page)
    cashier.wait_until_selling()
    ask_for("60%")
    wait_for_word("Terkunci")
    page.keyboard.press("Escape")
    assert "Potongan" not in page.locator(".sums").inner_text()
    page.evaluate("async () => { await hand.store.setting('pin_tries', null) }")
    ask_for("60%")
    cashier.type(SUPERVISOR_PIN)
    page.wait_for_function("() => document.querySelector('.sums').textContent.includes('Potongan')")
    cashier.press("F12")
    cashier.press("F12")
    number = cashier.wait_for_receipt()
    page.context.set_offline(False)
    cashier.shop.sync(page)
    sale = sale_at_server(cashier.shop, number)
    assert sale.supervisor_id is not None
    assert (sale.counter_discount, sale.reason) == (6_000, "Kemasan rusak")
    with cashier.shop.shop.app.app_context():
        assert list(db.session.scalars(select(CounterIncident))) == []


def test_the_state_of_the_till_is_always_visible(cashier: Cashier) -> None:
    """U32: online and synced, offline with sales that wait, synced again, a sale set aside, no printer, a printer that is away."""
    page, parts = cashier.page, ("network", "waiting", "synced", "printer")

    def shows(**wanted: str) -> None:
        for name, text in wanted.items():
            page.wait_for_function(
                "([name, text]) => new RegExp(text).test(document.querySelector(`[data-part=${name}]`).textContent)", arg=[name, text]
            )
        assert all(page.locator(f"[data-part={name}]").is_visible() for name in parts)

    cashier.shop.sync(page)
    shows(network="Daring", waiting="Semua tersinkron", synced=r"Tersinkron terakhir \d\d\.\d\d", printer="browser")
    with cashier.shop.weather.turns("dead"):
        cashier.sell(cashier.shop.goods[0][0])
        shows(network="Luring", waiting="1 belum tersinkron")
        assert "belum tersinkron" in page.locator(".paid-state").inner_text()
    cashier.shop.sync(page)
    shows(network="Daring", waiting="Semua tersinkron")
    page.wait_for_selector(".paid-state[data-state=accepted]")
    page.evaluate("async () => { await hand.store.append('cash_moved', {direction: 'out', amount: 1, reason: 'x'}) }")
    shows(waiting="1 disisihkan")
    for way, words in {"none": "Tanpa printer", "bridge": "tidak berjalan"}.items():
        page.evaluate("way => localStorage.setItem('etalase.printer', JSON.stringify({way, key: 'x'}))", way)
        cashier.shop.reload(page)
        cashier.wait_until_selling()
        shows(printer=words)
    page.evaluate("() => localStorage.removeItem('etalase.printer')")


def test_the_buyers_screen_follows_the_till(cashier: Cashier) -> None:
    screen = cashier.page.context.new_page()
    screen.goto(f"{cashier.shop.url}display")
    screen.wait_for_selector("[data-kind=idle]")
    code, price = cashier.shop.goods[6]
    cashier.page.bring_to_front()
    cashier.page.locator("#finder").focus()
    cashier.scan(number_of(cashier.shop, code))
    screen.wait_for_selector(f"[data-kind=cart] >> text=Rp{price // 1000}.{price % 1000:03}")
    cashier.press("F10")
    screen.wait_for_selector("[data-kind=qris] .qris-code svg")
    cashier.press("Enter")
    screen.wait_for_selector("[data-kind=paid]")
    cashier.wait_for_receipt()
    screen.close()


def test_one_item_takes_three_taps_and_the_next_sale_none(counter_shop: TillShop, browser: Browser) -> None:
    """U28, on a phone: the next picture begins the next sale."""
    with counter_shop.shop.app.app_context(), transaction() as session:
        second = make_till(session, session.merge(counter_shop.shop.goods.outlet))
    shop = replace(counter_shop, till_id=second.id)
    context = browser.new_context(viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True)
    cashier = at_the_till(shop, context.new_page())
    cashier.presses = 0
    cashier.tap(".favourite")
    cashier.tap(".bar .key-primary")
    cashier.tap("[data-way=exact]")
    cashier.wait_for_receipt()
    assert cashier.presses == 3
    cashier.page.evaluate("() => new Promise((later) => setTimeout(later, 450))")  # a tap before that was meant for the last screen
    cashier.tap(".favourite >> nth=1")
    cashier.page.wait_for_selector(".work[data-mode=selling]")
    assert len(cashier.lines()) == 1
    context.close()


def test_without_javascript_the_page_leads_to_the_plain_one(counter_shop: TillShop, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(counter_shop.url)
    assert page.locator("a[href='/counter/plain']").is_visible()
    context.close()


def test_after_a_dialog_what_is_typed_goes_into_the_box(cashier: Cashier) -> None:
    """U10: the caret comes back with the focus; a quantity that was mistyped is seen before it is paid."""
    page = cashier.page
    with cashier.shop.shop.app.app_context():  # of these there are ten
        code = db.session.scalars(select(Variant.code).join(Product).where(Product.slug == "keripik-ubi-kencur")).one()
    cashier.scan(number_of(cashier.shop, code))
    page.wait_for_selector(".line")
    assert page.locator(".line-short").inner_text() == ""
    cashier.press("F3")
    page.wait_for_selector("#ask-number")
    cashier.type("99")
    cashier.press("Enter")
    cashier.wait_for_lines(f"99 × {name_of(cashier.shop, page, code)}")
    page.wait_for_function("() => /Menurut catatan tinggal \\d+/.test(document.querySelector('.line-short').textContent)")
    cashier.type("keripik")
    assert page.locator("#finder").input_value() == "keripik"


def test_what_the_till_says_can_be_read(cashier: Cashier) -> None:
    """A good word and a bad one have one place; the one that is empty hides nothing. What was refused is gone when the screen goes on."""
    page = cashier.page
    cashier.scan(number_of(cashier.shop, cashier.shop.goods[0][0]))
    cashier.press("F6")
    page.wait_for_selector("#said:not(:empty)")
    ground = "id => getComputedStyle(document.getElementById(id)).backgroundColor"
    assert page.evaluate(ground, "alarm") == "rgba(0, 0, 0, 0)" != page.evaluate(ground, "said")
    cashier.press("F7")
    cashier.tap(".picks .pick")
    cashier.menu("close")
    page.wait_for_selector("#alarm:not(:empty)")
    cashier.menu("returns")
    page.wait_for_selector("[data-screen=returns]")
    assert page.locator("#alarm").inner_text() == ""
    page.keyboard.press("Escape")
    cashier.wait_until_selling()


def test_a_receipt_leads_to_its_return_and_a_number_nobody_knows_is_said_to_be_unknown(cashier: Cashier) -> None:
    page, (code, price) = cashier.page, cashier.shop.goods[2]
    number = cashier.sell(code)
    cashier.menu("receipts")
    cashier.tap(".picks .pick")
    page.get_by_role("button", name="Retur").click()
    page.wait_for_selector(f"[data-screen=returns] .return-line >> text={name_of(cashier.shop, page, code)}")
    assert page.locator(".close-form .entrance-lead").inner_text() == number
    page.locator(".return-line select").first.select_option("1")
    page.locator("#reason").fill("Barang salah")
    page.get_by_role("button", name="Kembalikan uang").click()
    asked = page.locator(".sheet-asked").inner_text()
    assert f"Rp{price // 1000}.{price % 1000:03}" in asked
    assert "Barang salah" in asked
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Kembali", exact=True).click()
    page.locator("#receipt-number").fill("NIHIL-1-20200101-0001")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#alarm').textContent.includes('Tidak ada struk')")
    page.keyboard.press("Escape")
    cashier.wait_until_selling()


def test_a_drawer_is_opened_three_times_without_a_supervisor(cashier: Cashier) -> None:
    """As the server counts it: somebody's note is changed without calling anyone."""
    page = cashier.page
    for opening in range(1, FREE_OPENINGS + 2):
        cashier.menu("drawer")
        page.locator(".sheet .chips button").first.click()
        cashier.tap(".sheet [type=submit]")
        if opening > FREE_OPENINGS:
            cashier.supervise()
        until(page, f"async () => (await hand.store.shift()).drawer_opened === {opening}")
    cashier.shop.sync(page)
    assert [body["supervision"] is None for body in bodies(cashier.shop, "drawer_opened")] == [True] * FREE_OPENINGS + [False]
