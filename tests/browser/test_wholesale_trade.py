"""A chain's way in a real browser, on a phone: apply, ready offers, sample, quote, counter, two makers, short, invoice, paid by card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from kernel import accounts, clock
from kernel.people import Grant, Role, User
from orders.consignment.ledger import owed
from orders.invariants import check_all
from orders.models.consignment import ConsignmentLoss, ConsignmentSale
from orders.models.partner import Partner, PartnerGroup
from orders.models.purchase import PurchaseOrder
from storefront.database import db, transaction
from tests.browser.page_checks import overflowing, violations
from tests.browsing import DESKTOP, PHONE
from tests.live import LiveShop
from tests.make import TALANG_BULANG, make_user
from tests.make_trade import Trade, make_market, stock_cases
from tests.make_wholesale import NPWP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.long]


@dataclass
class Person:
    """Somebody at a browser of their own; pages that were looked at are kept in `seen` with what is wrong with them."""

    shop: LiveShop
    person: User
    context: BrowserContext
    page: Page
    wrong: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        app = self.shop.app
        with app.app_context(), transaction() as session:
            token = accounts.open_session(session, session.get_one(User, self.person.id), "tests")
        with app.test_client() as client, client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        name = app.config["SESSION_COOKIE_NAME"]
        kept = client.get_cookie(name)
        assert kept is not None
        self.context.add_cookies([{"name": name, "value": kept.value, "url": self.shop.url}])

    def go(self, path: str) -> None:
        answer = self.page.goto(self.shop.url + path)
        assert answer is not None
        assert answer.status == 200, path
        self.look(path)

    def look(self, path: str) -> None:
        self.wrong += [f"{path}: {each}" for each in (*violations(self.page), *overflowing(self.page))]

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            found = self.page.locator(f"main [name='{name}']:visible").first
            if found.evaluate("field => field.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        assert self.page.locator(".error-summary").count() == 0, self.page.locator(".error-summary").all_inner_texts()

    @property
    def code(self) -> str:
        """What the address ends with."""
        return self.page.url.rsplit("/", 1)[1].split("?")[0]


@dataclass(frozen=True)
class Stage:
    """The market and the two sides."""

    shop: LiveShop
    trade: Trade
    buyer: Person
    office: Person


@pytest.fixture
def stage(browser: Browser, live_shop: LiveShop) -> Iterator[Stage]:
    with live_shop.app.app_context(), transaction() as session:
        trade = make_market(session)
        somebody = make_user(session, name="Ibu Pembeli")
        chief = make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=trade.outlet.id), name="Pak Kepala")
        chief.second_factor_at = clock.now()
    people = []
    for person, size in ((somebody, PHONE), (chief, DESKTOP)):
        context = browser.new_context(viewport=size, locale="id-ID")
        page = context.new_page()
        page.set_default_timeout(15_000)
        people.append(Person(live_shop, person, context, page))
        people[-1].sign_in()
    yield Stage(live_shop, trade, *people)
    for each in people:
        each.context.close()


def test_from_an_application_to_a_paid_invoice(stage: Stage) -> None:
    become_partner(stage)
    ask_for_a_sample(stage)
    purchase = haggle(stage)
    supply(stage, purchase)
    invoice = receive_short(stage, purchase)
    pay_by_card(stage, invoice)
    assert stage.buyer.wrong + stage.office.wrong == []
    with stage.shop.app.app_context():
        session = db.session()
        order = session.scalars(select(PurchaseOrder).where(PurchaseOrder.code == purchase)).one()
        assert (order.outstanding, order.paid) == (0, order.owed)
        shares = dict.fromkeys((agreement.id for agreement in stage.trade.agreements), 0)
        for sale in session.scalars(select(ConsignmentSale)):
            shares[sale.agreement_id] += sale.share
        for loss in session.scalars(select(ConsignmentLoss)):
            shares[loss.agreement_id] += loss.amount
        assert owed(session, list(shares)) == shares
        assert all(shares.values())
        assert check_all(session) == []


def become_partner(stage: Stage) -> None:
    buyer, office = stage.buyer, stage.office
    buyer.go("/wholesale/apply")
    if buyer.page.locator("[name=seller]").count():
        buyer.fill(seller=stage.trade.outlet.code)
    buyer.fill(kind="minimarket", name="Mart Baru", legal_name="PT Mart Baru", npwp=NPWP, address="Jalan Contoh 9")
    buyer.fill(area_code=TALANG_BULANG, contact_name="Ibu Pembeli", contact_email="ibu@martbaru.example.com", contact_phone="081234567890")
    with buyer.page.expect_navigation():
        buyer.page.locator("main form button[type=submit]").last.click()
    with stage.shop.app.app_context():
        code = db.session.scalars(select(Partner.code).order_by(Partner.id.desc()).limit(1)).one()
        group = db.session.scalars(select(PartnerGroup.code).where(PartnerGroup.outlet_id == stage.trade.outlet.id)).one()
    terms = {"credit_limit": "50.000.000", "payment_days": "30", "trading_terms": "5", "profile": "minimarket", "group": group}
    for address, values in (
        ("terms", terms),
        ("decision", {"state": "approved", "note": ""}),
        ("buyers", {"name": buyer.person.name, "email": buyer.person.email}),
    ):
        send(office, f"/office/partners/{code}", f"/office/partners/{code}/{address}", values)
    buyer.sign_in()  # a new role ends the sessions that were open
    buyer.go("/wholesale/company/branches/new")
    buyer.fill(name="Gudang", address="Jalan Gudang 2", area_code=TALANG_BULANG)
    with buyer.page.expect_navigation():
        buyer.page.locator("main form button[type=submit]").last.click()


def send(person: Person, page: str, address: str, values: dict[str, str]) -> None:
    """Send a form of a page, whatever its buttons are called."""
    person.go(page)
    token = person.page.locator("input[name=csrf_token]").first.input_value()
    answer = person.page.request.post(person.shop.url + address, form={"csrf_token": token, **values}, max_redirects=0)
    assert answer.status == 303, (address, answer.status, answer.text()[:2_000])


def ask_for_a_sample(stage: Stage) -> None:
    buyer = stage.buyer
    buyer.go("/wholesale/offers?ready=minimarket&paper=halal&monthly=500")
    buyer.page.locator(f"a[href$='/wholesale/offers/{stage.trade.offer.code}']").first.click()
    buyer.page.wait_for_url("**/offers/*")
    buyer.page.locator("a[href$='/sample']").first.click()
    buyer.page.wait_for_url("**/sample")
    buyer.fill(units="2")
    with buyer.page.expect_navigation():
        buyer.page.locator("main form button[type=submit]").last.click()
    assert "/wholesale/samples/" in buyer.page.url


def haggle(stage: Stage) -> str:
    """Product → sent in two pages and one field to fill; the order's code at the end."""
    buyer, office, offer = stage.buyer, stage.office, stage.trade.offer
    buyer.go(f"/wholesale/offers/{offer.code}")
    buyer.page.get_by_role("link", name="Pesan atau minta penawaran harga").click()
    buyer.page.wait_for_url("**/basket?item=*")
    buyer.look("basket")
    assert buyer.page.locator("main form [name]:visible").count() <= 8, "U36: at most eight fields"
    buyer.fill(**{f"cases_{offer.code}": "20"})
    buyer.press("Minta penawaran harga")
    quote = buyer.code
    cases, price = f"cases_{offer.id}", f"price_{offer.id}"
    office.go("/office/wholesale/quotes")
    office.go(f"/office/wholesale/quotes/{quote}")
    office.fill(**{price: "16.000", "freight": "150.000"})
    office.press("Kirim penawaran")
    buyer.go(f"/wholesale/quotes/{quote}")
    buyer.page.get_by_text("Buat tawaran balik").click()
    buyer.fill(**{cases: "24", price: "15.000", "message": "Kalau 24 karton?"})
    buyer.press("Kirim tawaran balik")
    office.go(f"/office/wholesale/quotes/{quote}")
    office.fill(**{price: "15.500"})
    office.press("Kirim penawaran")
    buyer.go(f"/wholesale/quotes/{quote}")
    assert buyer.page.locator(".trade-turns").text_content() == office.page.locator(".trade-turns").text_content(), "U38: one history"
    buyer.fill(partner_number="PO/26/001")
    buyer.press("Terima dan pesan")
    return buyer.code


def supply(stage: Stage, purchase: str) -> None:
    office, trade = stage.office, stage.trade
    office.go(f"/office/wholesale/orders/{purchase}")
    day = clock.today() + timedelta(days=3)
    office.go(f"/office/wholesale/orders/{purchase}/divide?on={day}")
    assert office.page.locator("main tbody tr").count() == 2, "two makers"
    with office.page.expect_navigation():
        office.page.locator("main form[method=post] button").click()
    with stage.shop.app.app_context(), transaction() as session:
        for variant, quantity in ((trade.first, 12), (trade.second, 18)):
            stock_cases(session, trade, variant, quantity)
    office.press("Kemas yang sudah datang")
    office.fill(carrier="Truk koperasi", vehicle="BG 1234 XX")
    office.press("Berangkatkan")
    office.look("dispatched")


def receive_short(stage: Stage, purchase: str) -> str:
    buyer, office = stage.buyer, stage.office
    buyer.go(f"/wholesale/orders/{purchase}")
    buyer.go(f"/wholesale/orders/{purchase}/receipt")
    short = buyer.page.locator("[name^=short_]:not([name^=short_dated])").first
    short.fill("4")
    buyer.press("Konfirmasi penerimaan")
    office.go(f"/office/wholesale/orders/{purchase}/claims")
    office.press("Selesaikan klaim")
    office.press("Terbitkan tagihan")
    office.look("invoice")
    return office.code


def pay_by_card(stage: Stage, invoice: str) -> None:
    buyer = stage.buyer
    buyer.go(f"/wholesale/invoices/{invoice}")
    buyer.page.get_by_role("button", name="Bayar dengan kartu").click()
    buyer.page.wait_for_url("**/pay/**")
    buyer.page.locator("input[name=number]").fill("4242 4242 4242 4242")
    for name, value in (("expiry", "12/34"), ("cvc", "123")):
        typed = buyer.page.locator(f"input[name={name}]")
        if typed.count() and not typed.input_value():
            typed.fill(value)
    buyer.page.locator("button[value=card], button[type=submit]").first.click()
    buyer.page.wait_for_url(re.compile("/wholesale/invoices/"))
    buyer.page.reload()
    buyer.page.get_by_text("Lunas. Terima kasih.").wait_for()
