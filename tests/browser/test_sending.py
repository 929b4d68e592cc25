"""Money that arrives in every way, and goods that travel: buyer and staff side by side, with and without JavaScript, in both languages."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from catalog.stock_balances import check_balances
from kernel import accounts
from kernel.people import Grant, Role, User
from orders import ledger
from orders.models.order import Order
from orders.models.payment import Account
from orders.states import OrderState
from storefront.app import create_app
from storefront.database import reading, transaction
from tests.browsing import DESKTOP, PHONE
from tests.conftest import fresh_copy, make_settings
from tests.live import LiveShop, serving
from tests.make import make_user
from tests.make_payments import make_taking_outlet
from tests.make_shipping import make_zone
from tests.make_stock import make_goods
from tests.payments import CARD_DECLINED, CARD_OK, WEBHOOK_SECRET, StripeStandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

CASHIER, LEAD = "kasir@contoh.example", "penanggung@contoh.example"
KEYSTROKES = 6


@dataclass(frozen=True)
class Market(LiveShop):
    """A running shop that sends, and takes cards, QRIS and transfers."""

    def token_of(self, email: str) -> str:
        """A cookie in which this member of staff is signed in; argon2 is left out, as signing in has tests of its own."""
        with self.app.app_context(), transaction() as session:
            token = accounts.open_session(session, session.scalars(select(User).where(User.email == email)).one(), "tests")
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        found = client.get_cookie("etalase")
        assert found is not None
        return found.value

    def order(self, code: str) -> Order:
        """The order as it is now."""
        with self.app.app_context():
            return reading().scalars(select(Order).where(Order.code == code)).one()

    def money_of(self, code: str) -> dict[Account, int]:
        """Where the order's money stands; accounts at zero are left out."""
        with self.app.app_context():
            assert check_balances(reading()) == []
            order = reading().scalars(select(Order).where(Order.code == code)).one()
            return {account: amount for account, amount in ledger.balance(reading(), order.id).items() if amount}


@pytest.fixture(scope="module")
def running_market(database_url: str, server_url: str, folder: Path, _stripe_stand_in_server: StripeStandIn) -> Iterator[Market]:
    """The shop, served by threads of this process, once for all tests here."""
    stand_in = _stripe_stand_in_server
    with fresh_copy(database_url, server_url, folder, "market") as url, tempfile.TemporaryDirectory() as place:
        origin = {"stripe_api_base": stand_in.url, "stripe_checkout_origin": stand_in.url}
        app = create_app(replace(make_settings(url, Path(place)), base_url="", **origin))
        with app.app_context(), transaction() as session:
            outlet = make_taking_outlet(session)
            goods = make_goods(session, 90, outlet=outlet, name_id="Keripik ubi kencur", name_en="Kencur cassava chips", slug="keripik-ubi")
            make_zone(session, outlet)
            make_user(session, Grant(Role.CASHIER, outlet_id=outlet.id), email=CASHIER, name="Kasir Contoh")
            make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=outlet.id), email=LEAD, name="Penanggung Jawab Contoh")
        with serving(app) as address:
            yield Market(address, app, goods, CASHIER)


@pytest.fixture
def market(running_market: Market, stripe_stand_in: StripeStandIn) -> Iterator[Market]:
    """The running shop, with the payment service reporting to it."""
    stripe_stand_in.deliver_to(f"{running_market.url}/webhooks/stripe", WEBHOOK_SECRET)
    yield running_market
    stripe_stand_in.bank.webhooks.wait_until_quiet()


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["with script", "without script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    """Whether browsers run scripts."""
    return bool(request.param)


@contextmanager
def opened(browser: Browser, *, has_script: bool, staff: str = "", shop: Market | None = None) -> Iterator[Page]:
    """A phone for a buyer, a desktop for staff who are signed in; a script error fails the test."""
    context: BrowserContext = browser.new_context(viewport=DESKTOP if staff else PHONE, locale="id-ID", java_script_enabled=has_script)
    if staff and shop is not None:
        context.add_cookies([{"name": "etalase", "value": shop.token_of(staff), "url": shop.url}])
    context.set_default_timeout(12_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def fill_cart(page: Page, shop: Market, quantity: int) -> None:
    page.goto(f"{shop.url}/products/keripik-ubi")
    page.locator("[name=quantity]").fill(str(quantity))
    page.locator(".buy-button:visible, .buy-bar button:visible").first.click()
    page.wait_for_url("**/cart")


def choose_village(page: Page, *, has_script: bool) -> None:
    """Six keystrokes and the village is chosen; the price of sending stands in the cart before anything personal is asked."""
    page.locator("label:has([name=fulfilment][value=shipping])").click()
    box = page.locator("#village")
    box.press_sequentially("betung"[:KEYSTROKES])
    if has_script:
        page.get_by_role("option").first.wait_for()
        box.press("ArrowDown")
        box.press("Enter")
    else:
        page.get_by_role("button", name="Lihat ongkos kirim").click()
    page.get_by_text("Ongkos kirim ke Betung").wait_for()
    assert page.locator("[name=phone], [name=street]").count() == 0


def order(page: Page, method: str, *, sent: bool) -> None:
    """From the cart to the placed order."""
    page.get_by_role("link", name="Lanjut memesan").click()
    page.get_by_label("Nama Anda").fill("Pembeli Contoh")
    page.get_by_label("Nomor WhatsApp").fill("0812 3456 7890")
    page.get_by_label("E-mail").fill("pembeli@contoh.example")
    if sent:
        assert page.get_by_label("Kode pos").input_value() == "31214"
        page.get_by_label("Jalan dan nomor rumah").fill("Jalan Contoh 12")
    page.locator(f"label:has([name=payment_method][value={method}])").click()
    page.get_by_role("button", name="Buat pesanan").click()


def type_card(page: Page, number: str) -> None:
    page.locator("input[name=number]").fill(number)
    for name, value in (("expiry", "12/34"), ("cvc", "123")):
        page.locator(f"input[name={name}]").fill(value)
    page.locator("button[value=card], button[type=submit]").first.click()


def code_of(page: Page) -> str:
    return page.locator(".order-code").inner_text()


def check_page(page: Page, indonesian: str, english: str) -> None:
    """The buyer's page says it, in both languages."""
    address = page.url.partition("?")[0]
    for prefix, words in (("", indonesian), ("/en", english)):
        page.goto(address.replace("/orders/", f"{prefix}/orders/"))
        page.get_by_text(words).first.wait_for()
        paper = page.request.get(page.url.partition("?")[0] + "/confirmation.pdf")
        assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
    page.goto(address)


def letters_about(shop: Market, code: str) -> list[str]:
    """The subjects of the letters to the buyer, after the worker has been round."""
    shop.work()
    folder = shop.app.extensions["etalase.settings"].mailbox_folder
    texts = [path.read_text() for path in sorted(folder.glob("*.eml"))]
    return [text for text in texts if code in text]


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"], indirect=True)
def test_a_declined_card_then_a_good_one_and_the_parcel_arrives(browser: Browser, market: Market, has_script: bool) -> None:
    with (
        opened(browser, has_script=has_script) as buyer,
        opened(browser, has_script=has_script, staff=CASHIER, shop=market) as staff,
    ):
        fill_cart(buyer, market, 2)
        choose_village(buyer, has_script=has_script)
        order(buyer, "stripe", sent=True)
        buyer.wait_for_url("**/pay/**")
        type_card(buyer, CARD_DECLINED)
        assert "/pay/" in buyer.url
        type_card(buyer, CARD_OK)
        buyer.wait_for_url("**/orders/**")
        buyer.get_by_text("Sudah dibayar").first.wait_for()
        code = code_of(buyer)
        check_page(buyer, "Barang Anda sedang kami kemas", "We are packing your goods")
        placed = market.order(code)
        assert (placed.subtotal, placed.shipping_total, placed.total) == (50_000, 10_000, 60_000)
        assert len(letters_about(market, code)) == 1

        staff.goto(f"{market.url}/office/orders/{code}")
        staff.locator("[name*=tracking]").first.fill("CTH 99887766")
        staff.locator("form[action$='/ship'] [type=submit]").click()
        staff.wait_for_load_state()
        assert market.order(code).state is OrderState.SHIPPED
        assert len(letters_about(market, code)) == 2

        check_page(buyer, "Dalam perjalanan ke Anda", "On its way to you")
        buyer.get_by_text("CTH 99887766").wait_for()
        assert buyer.get_by_role("button", name="Salin").count() == (1 if has_script else 0)
        buyer.get_by_role("button", name="Ya, sudah saya terima").click()
        check_page(buyer, "Sudah sampai", "Delivered")
        assert market.order(code).state is OrderState.COMPLETED
        assert sum(market.money_of(code).values()) == 0
        assert market.money_of(code)[Account.STRIPE] == 60_000


def test_staff_confirm_a_qris_payment(browser: Browser, market: Market, has_script: bool) -> None:
    with (
        opened(browser, has_script=has_script) as buyer,
        opened(browser, has_script=has_script, staff=CASHIER, shop=market) as staff,
    ):
        fill_cart(buyer, market, 1)
        order(buyer, "qris", sent=False)
        buyer.locator(".qris-symbol").wait_for()
        code = code_of(buyer)
        check_page(buyer, "Menunggu pembayaran Anda", "Waiting for your payment")
        staff.goto(f"{market.url}/office/orders/{code}")
        staff.locator("a[href$='/confirm']").first.click()
        staff.locator("[name=proof]").fill(f"RRN{code}")
        staff.locator("[name=amount_seen]").check()
        staff.get_by_role("button", name=re.compile("uang", re.I)).click()
        staff.wait_for_url(f"**/office/orders/{code}")
        check_page(buyer, "Sudah dibayar", "Paid. Thank you!")
        assert market.order(code).state is OrderState.CONFIRMED
        assert market.money_of(code)[Account.QRIS] == 25_000
        assert letters_about(market, code)


def test_the_lead_matches_a_transfer_from_the_banks_list(browser: Browser, market: Market, has_script: bool) -> None:
    with (
        opened(browser, has_script=has_script) as buyer,
        opened(browser, has_script=has_script, staff=LEAD, shop=market) as staff,
    ):
        fill_cart(buyer, market, 3)
        choose_village(buyer, has_script=has_script)
        order(buyer, "bank_transfer", sent=True)
        buyer.locator(".local-facts").wait_for()
        code = code_of(buyer)
        check_page(buyer, "Transfer ke rekening ini", "Transfer to this account")
        rows = f"Tanggal;Keterangan;Jumlah\n21/11/2026;TRSF {code} PEMBELI;85.000,00\n21/11/2026;TRSF TANPA KODE;85.000,00\n"
        staff.goto(f"{market.url}/office/settlements")
        staff.locator("[name=method]").select_option("bank_transfer")
        staff.locator("[name=file]").set_input_files({"name": "mutasi.csv", "mimeType": "text/csv", "buffer": rows.encode()})
        staff.get_by_role("button", name="Lihat baris").or_(staff.locator("form[enctype] [type=submit]")).first.click()
        staff.wait_for_url("**/office/settlements/*")
        staff.locator("form[action$='/post'] [type=submit]").click()
        staff.wait_for_load_state()
        check_page(buyer, "Sudah dibayar", "Paid. Thank you!")
        assert market.order(code).state is OrderState.CONFIRMED
        assert sum(market.money_of(code).values()) == 0
        assert Account.BANK in market.money_of(code)


def test_part_of_a_paid_order_goes_back_to_the_card(browser: Browser, market: Market, has_script: bool) -> None:
    with (
        opened(browser, has_script=has_script) as buyer,
        opened(browser, has_script=has_script, staff=CASHIER, shop=market) as staff,
    ):
        fill_cart(buyer, market, 3)
        order(buyer, "stripe", sent=False)
        buyer.wait_for_url("**/pay/**")
        type_card(buyer, CARD_OK)
        buyer.wait_for_url("**/orders/**")
        buyer.get_by_text("Sudah dibayar").first.wait_for()
        code = code_of(buyer)
        staff.goto(f"{market.url}/office/orders/{code}/refund")
        staff.locator("[name=quantity_1]").fill("1")
        staff.locator("[name=reason]").select_option("damaged")
        staff.locator("[name=way]").select_option("provider")
        staff.locator("form [type=submit]:visible").last.click()
        staff.locator("form[action$='/refund/check'] [type=submit]").click()
        staff.wait_for_url("**/office/refunds/**")
        market.work()
        check_page(buyer, "Dikembalikan", "Paid back on")
        buyer.get_by_text("−Rp25.000").wait_for()
        assert market.money_of(code)[Account.STRIPE] == 50_000
        assert len(letters_about(market, code)) == 2
