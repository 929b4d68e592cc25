"""From an application to a paid invoice, page by page: a chain asks, haggles, orders of two makers, receives too little, and pays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models.stock import LossCause
from kernel import accounts, clock
from kernel.people import Grant, Role, User
from orders.consignment.ledger import owed
from orders.invariants import check_all
from orders.models.consignment import ConsignmentLoss, ConsignmentSale
from orders.models.partner import Partner, PartnerGroup
from orders.models.purchase import PurchaseOrder
from tests.make import TALANG_BULANG, make_user
from tests.make_trade import Trade, make_market, stock_cases
from tests.make_wholesale import NPWP

pytestmark = pytest.mark.one_database


class Browser:
    """Somebody's browser that says what it asks for, and that looks at each page in both languages."""

    def __init__(self, app: Flask, session: Session, person: User) -> None:
        self.session, self.client, self.person = session, FlaskClient(app, app.response_class), person
        self.sign_in()

    def sign_in(self) -> None:
        token = accounts.open_session(self.session, self.person, "tests")
        self.session.commit()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True

    def see(self, path: str) -> str:
        for prefix in ("/en", ""):
            answer = self.client.get(prefix + path)
            assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def do(self, path: str, **form: str) -> str:
        """Send a form; where it leads."""
        answer: TestResponse = self.client.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code, re.findall(r"error-summary-list.*?</ul>", answer.text, re.S))
        return answer.location

    def paper(self, path: str) -> None:
        answer = self.client.get(path)
        assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")


def hidden(page: str, name: str) -> str:
    """What a hidden field holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def last(address: str) -> str:
    return address.rsplit("/", 1)[1]


def test_from_an_application_to_a_paid_invoice(app: Flask, session: Session) -> None:
    trade = make_market(session)
    trade.outlet.bank_name, trade.outlet.bank_account_number, trade.outlet.bank_account_name = "Bank Contoh", "0000000001", "Koperasi"
    buyer = Browser(app, session, make_user(session, name="Ibu Pembeli"))
    office = Browser(app, session, make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=trade.outlet.id), name="Pak Kepala"))
    become_partner(session, trade, buyer, office)
    offers = buyer.see("/wholesale/offers?ready=minimarket&paper=halal&monthly=500")
    assert trade.offer.code in offers
    sample = last(
        buyer.do(f"/wholesale/offers/{trade.offer.code}/sample", branch=branch_of(session), units="2", note="Untuk rapat kategori")
    )
    assert sample in buyer.see("/wholesale/samples")
    purchase = haggle(session, trade, buyer, office)
    supply(session, trade, office, purchase)
    invoice = receive_short(session, buyer, office, purchase)
    pay(session, office, buyer, invoice)
    books_are_right(session, trade, purchase)
    order_again(session, buyer, purchase)


def order_again(session: Session, buyer: Browser, purchase: str) -> None:
    """U36: two taps and the new number, at today's list price."""
    assert f"/wholesale/basket?again={purchase}" in buyer.see("/wholesale/orders?show=all")
    page = buyer.see(f"/wholesale/basket?again={purchase}")
    rows = dict(re.findall(r'name="(cases_[A-Z0-9]+)" value="([0-9]+)"', page))
    form = {"key": hidden(page, "key"), "branch": branch_of(session), "partner_number": "PO/26/002", **rows}
    again = last(buyer.do("/wholesale/basket/order", **form))
    assert last(buyer.do("/wholesale/basket/order", **form)) == again != purchase


def branch_of(session: Session) -> str:
    from orders.wholesale.buyers import list_branches

    return list_branches(session, newest_partner(session).id)[0].code


def newest_partner(session: Session) -> Partner:
    session.expire_all()
    return session.scalars(select(Partner).order_by(Partner.id.desc()).limit(1)).one()


def become_partner(session: Session, trade: Trade, buyer: Browser, office: Browser) -> None:
    page = buyer.see("/wholesale/apply")
    buyer.do(
        "/wholesale/apply",
        token=hidden(page, "token"),
        kind="minimarket",
        name="Mart Baru",
        legal_name="PT Mart Baru",
        npwp=NPWP,
        address="Jalan Contoh 9",
        area_code=TALANG_BULANG,
        contact_name="Ibu Pembeli",
        contact_email="ibu@martbaru.example.com",
        contact_phone="0812 3456 7890",
    )
    partner = newest_partner(session)
    group = session.scalars(select(PartnerGroup).where(PartnerGroup.outlet_id == trade.outlet.id)).one()
    terms = {"credit_limit": "50.000.000", "payment_days": "30", "trading_terms": "5", "profile": "minimarket"}
    office.do(f"/office/partners/{partner.code}/terms", group=group.code, **terms)
    office.do(f"/office/partners/{partner.code}/decision", state="approved", note="")
    office.do(f"/office/partners/{partner.code}/buyers", name=buyer.person.name, email=buyer.person.email)
    session.expire_all()
    buyer.sign_in()  # a new role ends the sessions that were open
    place = {"name": "Gudang", "address": "Jalan Gudang 2", "area_code": TALANG_BULANG}
    buyer.do("/wholesale/company/branches/new", **place)


def haggle(session: Session, trade: Trade, buyer: Browser, office: Browser) -> str:
    """Asked in two pages and four fields, offered, countered, offered again, accepted; the order's code."""
    code = trade.offer.code
    page = buyer.see(f"/wholesale/basket?item={code}")
    key, branch = hidden(page, "key"), branch_of(session)
    quote = last(buyer.do("/wholesale/basket/quote", **{"key": key, f"cases_{code}": "20", "branch": branch, "note": "Untuk 12 toko"}))
    assert quote in office.see("/office/wholesale/quotes")
    terms = {"freight": "150.000", "terms": "5", "payment_days": "30", "valid_until_on": (clock.today() + timedelta(days=14)).isoformat()}
    cases, price = f"cases_{trade.offer.id}", f"price_{trade.offer.id}"
    office.do(f"/office/wholesale/quotes/{quote}/offer", **{"seen": "1", cases: "20", price: "16.000", **terms})
    buyer.do(f"/wholesale/quotes/{quote}/counter", **{"seen": "2", cases: "24", price: "15.000", "message": "Kalau 24 karton?"})
    office.do(f"/office/wholesale/quotes/{quote}/offer", **{"seen": "3", cases: "24", price: "15.500", **terms})
    seen, theirs = buyer.see(f"/wholesale/quotes/{quote}"), office.see(f"/office/wholesale/quotes/{quote}")
    history = re.compile(r'<ol class="trade-turns".*?</ol>', re.S)
    assert history.findall(seen) == history.findall(theirs) != []
    buyer.paper(f"/wholesale/quotes/{quote}/quote.pdf")
    stale = buyer.client.post(f"/wholesale/quotes/{quote}/accept", data={"seen": "2", "key": key, "partner_number": "PO-OLD"})
    assert stale.status_code == 422
    form = {"seen": "4", "key": hidden(seen, "key"), "partner_number": "PO/26/001"}
    purchase = last(buyer.do(f"/wholesale/quotes/{quote}/accept", **form))
    assert last(buyer.do(f"/wholesale/quotes/{quote}/accept", **form)) == purchase
    return purchase


def supply(session: Session, trade: Trade, office: Browser, purchase: str) -> None:
    """Divided among two makers, brought, packed and sent."""
    stock_cases(session, trade, trade.first, 4)
    session.commit()
    where = f"/office/wholesale/orders/{purchase}"
    day = clock.today() + timedelta(days=3)
    assert "disabled" not in office.see(f"{where}/divide?on={day}")
    office.do(f"{where}/divide", promised_on=day.isoformat())
    stock_cases(session, trade, trade.first, 12)
    stock_cases(session, trade, trade.second, 24)
    session.commit()
    office.do(f"{where}/pack")
    office.do(f"{where}/dispatch", carrier="Truk koperasi", vehicle="BG 1234 XX")
    office.paper(f"{where}/delivery-note.pdf")


def receive_short(session: Session, buyer: Browser, office: Browser, purchase: str) -> str:
    """Five units are missing of one batch; the office agrees to four; the invoice's code."""
    page = buyer.see(f"/wholesale/orders/{purchase}/receipt")
    place = re.search(r'name="short_([0-9-]+)"', page)
    assert place
    count = {"received_by": "Pak Gudang", "received_on": clock.today().isoformat(), f"short_{place[1]}": "5", f"remark_{place[1]}": "Segel"}
    buyer.do(f"/wholesale/orders/{purchase}/receipt", **count)
    where = f"/office/wholesale/orders/{purchase}"
    assert "Segel" in office.see(f"{where}/claims")
    refused = office.client.post(f"{where}/claims", data={f"short_{place[1]}": "4"})
    assert refused.status_code == 422, "whoever agrees to less says why"
    office.do(f"{where}/claims", **{f"short_{place[1]}": "4", "answer": "Satu ada di karton lain."})
    invoice = last(office.do(f"{where}/invoice"))
    for browser, path in ((office, f"/office/wholesale/invoices/{invoice}"), (buyer, f"/wholesale/invoices/{invoice}")):
        browser.see(path)
        browser.paper(f"{path}/invoice.pdf")
    return invoice


def pay(session: Session, office: Browser, buyer: Browser, invoice: str) -> None:
    """In two parts."""
    where = f"/office/wholesale/invoices/{invoice}"
    office.do(f"{where}/payment", amount="3.000.000", proof="TRX-0001")
    session.expire_all()
    left = session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id.desc()).limit(1)).one().outstanding
    office.do(f"{where}/payment", amount=str(left), proof="TRX-0002")
    assert "Lunas" in buyer.see(f"/wholesale/invoices/{invoice}")
    for page in ("invoices?show=all", "ageing", "performance"):
        office.see(f"/office/wholesale/{page}")


def books_are_right(session: Session, trade: Trade, purchase: str) -> None:
    session.expire_all()
    order = session.scalars(select(PurchaseOrder).where(PurchaseOrder.code == purchase)).one()
    goods = (24 * 24 - 4) * 15_500
    assert order.owed == order.paid
    assert abs(order.owed - (goods * 95 // 100 + 150_000)) <= 1
    shares = dict.fromkeys((agreement.id for agreement in trade.agreements), 0)
    units = dict(shares)
    for sale in session.scalars(select(ConsignmentSale)):
        units[sale.agreement_id] += sale.quantity
        shares[sale.agreement_id] += sale.share
    assert (sum(units.values()), all(units.values())) == (24 * 24 - 4, True)
    for agreement_id, count in units.items():
        assert abs(shares[agreement_id] - count * 15_500 * 85 // 100) <= 3, "rejected units are not credited"
    (loss,) = session.scalars(select(ConsignmentLoss)).all()  # missing on the way: the outlet bears it, as agreed
    assert (loss.quantity, loss.cause) == (4, LossCause.LOST)
    shares[loss.agreement_id] += loss.amount
    assert owed(session, list(shares)) == shares
    assert check_all(session) == []
