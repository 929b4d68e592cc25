"""A tourist buys on a phone, with and without JavaScript: search, product, cart, card, paid page; then staff hands the goods over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from catalog.models.stock import StockLevel
from catalog.stock_balances import check_balances
from orders import ledger
from orders.models.order import Order
from orders.models.payment import Account
from orders.states import OrderState
from storefront.database import reading
from tests.browsing import PHONE
from tests.live import LiveShop
from tests.make import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone whose browser does or does not run scripts; any console error fails the test."""
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=request.param)
    page = context.new_page()
    page.set_default_timeout(12_000)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" and "/pay/" not in page.url else None)
    yield page
    context.close()
    assert errors == []


def buy(page: Page, shop: LiveShop) -> str:
    """From the home page to the paid page; the order's code."""
    page.goto(shop.url)
    page.locator("input[name=q]").first.fill("keripik ubi")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Keripik ubi kencur").first.click()
    page.get_by_role("button", name=re.compile("keranjang", re.I)).first.click()
    buy_two(page)
    page.get_by_role("link", name="Lanjut memesan").click()
    page.get_by_label("Nama Anda").fill("Pembeli Contoh")
    page.get_by_label("Nomor WhatsApp").fill("0812 3456 7890")
    page.get_by_label("E-mail").fill("pembeli@contoh.example")
    page.get_by_text("Bayar sekarang dengan kartu").click()
    page.get_by_role("button", name="Buat pesanan").click()
    page.wait_for_url("**/pay/**")
    page.locator("input[name=number]").fill("4242 4242 4242 4242")
    for name, value in (("expiry", "12/34"), ("cvc", "123")):
        field = page.locator(f"input[name={name}]")
        if field.count() and not field.input_value():
            field.fill(value)
    page.locator("button[value=card], button[type=submit]").first.click()
    page.wait_for_url("**/orders/**")
    page.get_by_text("Sudah dibayar").first.wait_for(timeout=15_000)
    return page.locator(".order-code").inner_text()


def buy_two(page: Page) -> None:
    """Another quantity in the cart: sent by itself, or with its button where no script runs."""
    page.get_by_label("Jumlah Keripik ubi kencur", exact=True).fill("2")
    button = page.get_by_role("button", name="Ubah")
    if button.is_visible():
        button.click()
    else:
        page.keyboard.press("Tab")
    page.get_by_text("Keranjang Anda sudah diperbarui.").wait_for()


def hand_over(page: Page, shop: LiveShop, code: str) -> None:
    """The cashier signs in, opens the order and hands the goods over against its code."""
    page.goto(f"{shop.url}/account/sign-in?next=/office/orders/{code}")
    page.get_by_label("E-mail").fill(shop.staff_email)
    page.get_by_label("Kata sandi").first.fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"**/office/orders/{code}")
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name=re.compile("serahkan", re.I)).click()
    page.get_by_text(re.compile("diserahkan", re.I)).first.wait_for()


def test_a_tourist_buys_with_a_card_and_collects(phone: Page, live_shop: LiveShop) -> None:
    code = buy(phone, live_shop)
    live_shop.work()
    hand_over(phone, live_shop, code)
    with live_shop.app.app_context():
        session = reading()
        order = session.scalars(select(Order)).one()
        assert (order.code, order.state) == (code, OrderState.COMPLETED)
        level = session.get_one(StockLevel, live_shop.goods.level.id)
        assert (level.on_hand, level.held) == (8, 0)
        assert check_balances(session) == []
        moved = {account: amount for account, amount in ledger.balance(session, order.id).items() if amount}
        assert moved == {Account.SALES: -50_000, Account.STRIPE: 50_000}
        letters = sorted((live_shop.app.extensions["etalase.settings"].mailbox_folder).glob("*.eml"))
        assert len(letters) == 1
        assert "42424242" not in letters[0].read_text()
