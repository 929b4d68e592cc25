"""Invoices: what was kept, numbered without gaps, frozen; and credit notes that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from orders.invariants import check_all
from orders.models.invoice import Invoice, InvoiceLine
from orders.models.purchase import PurchaseOrder
from orders.wholesale import billing, invoices, receivables, receiving
from orders.wholesale.invoices import Back, CreditTooLarge, NothingToBill
from orders.wholesale.receiving import Claim
from orders.wholesale.states import WrongStage
from tests.make import make_actor
from tests.make_trade import Trade, dispatched, invoiced, key, make_trade, places, receive


def purchase_of(session: Session, invoice: Invoice) -> PurchaseOrder:
    return session.get_one(PurchaseOrder, invoice.purchase_id)


def short_by(session: Session, trade: Trade, units: int, **changes: object) -> PurchaseOrder:
    purchase = dispatched(session, trade, **changes)  # type: ignore[arg-type]
    place = places(session, purchase)[0]
    receive(session, trade, purchase, {place: Claim(short=units)})
    receiving.settle_claims(session, SYSTEM, purchase.id, {place: Claim(short=units)})
    return purchase


def test_it_bills_what_was_kept_with_the_orders_terms(session: Session) -> None:
    trade = make_trade(session)
    purchase = short_by(session, trade, 7, terms_bps=500, freight=120_000, payment_days=30)
    invoice = invoices.issue_invoice(session, SYSTEM, purchase.id)
    goods = (480 - 7) * 16_000
    assert (invoice.goods, invoice.freight, invoice.total) == (goods, 120_000, purchase.owed)
    assert abs(invoice.terms - goods * 5 // 100) <= 1
    assert invoice.due_on == invoice.issued_on + timedelta(days=30)
    assert invoice.buyer_name == "PT Warung Contoh Nusantara"
    lines = session.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)).all()
    assert sum(line.quantity for line in lines) == 473
    assert check_all(session) == []


def test_numbers_of_a_seller_and_a_year_have_no_gap_and_no_twin(session: Session) -> None:
    trade, other = make_trade(session), make_trade(session)
    year, outlet = clock.today().year, trade.outlet.code
    assert [invoiced(session, trade, 4, number=f"PO-{n}").code for n in range(2)] == [
        f"INV-{outlet}-{year}-0001",
        f"INV-{outlet}-{year}-0002",
    ]
    assert invoiced(session, other, 4).running == 1


def test_an_order_is_invoiced_once_and_only_after_it_was_received(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 4)
    with pytest.raises(WrongStage):
        invoices.issue_invoice(session, SYSTEM, purchase.id)
    receive(session, trade, purchase)
    invoices.issue_invoice(session, SYSTEM, purchase.id)
    with pytest.raises(WrongStage):
        invoices.issue_invoice(session, SYSTEM, purchase.id)


def test_of_nothing_there_is_no_invoice(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 4)
    claims = {place: Claim(damaged=units) for place, units in receiving.map_delivered(session, purchase.id).items()}
    receive(session, trade, purchase, claims)
    receiving.settle_claims(session, SYSTEM, purchase.id, claims)
    with pytest.raises(NothingToBill):
        invoices.issue_invoice(session, SYSTEM, purchase.id)


def test_an_invoice_cannot_be_changed_afterwards(session: Session) -> None:
    invoiced(session, make_trade(session), 4)
    for statement in ("UPDATE invoices SET total = 1", "DELETE FROM invoice_lines"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(statement))


def test_ppn_is_said_only_where_the_seller_is_registered(session: Session) -> None:
    trade = make_trade(session)
    trade.outlet.is_taxable = True
    session.flush()
    invoice = invoiced(session, trade, 20)
    assert invoice.is_taxable
    tax = billing.tax_inside(invoice.total, is_taxable=True, on=invoice.issued_on)
    assert tax is not None
    assert tax.net + tax.tax == invoice.total
    assert not invoiced(session, make_trade(session), 4).is_taxable


class TestCreditNotes:
    def test_goods_that_turned_out_wrong_are_credited_and_their_makers_sale_undone(self, session: Session) -> None:
        trade = make_trade(session)
        invoice = invoiced(session, trade, 20, terms_bps=500)
        purchase = purchase_of(session, invoice)
        place = places(session, purchase)[0]
        shelf = session.get_one(StockLevel, place[1])
        session.refresh(shelf)
        before = shelf.on_hand
        note = invoices.credit_goods(session, SYSTEM, invoice.id, {place: Back(6, True)}, "Salah kirim", key())
        session.refresh(shelf)
        assert shelf.on_hand == before + 6
        assert purchase.owed == invoice.total - note.amount
        assert abs(note.amount - 6 * 16_000 * 95 // 100) <= 1
        assert note.code == f"CN-{trade.outlet.code}-{clock.today().year}-0001"
        assert check_all(session) == []

    def test_units_credited_bit_by_bit_add_up_to_what_was_billed(self, session: Session) -> None:
        trade = make_trade(session)
        invoice = invoiced(session, trade, 4, 15_777, terms_bps=777)
        for place, units in invoices.map_creditable(session, invoice).items():
            for part in (1, units - 1):
                invoices.credit_goods(session, SYSTEM, invoice.id, {place: Back(part, False)}, "Rusak semua", key())
        assert (purchase_of(session, invoice).owed, invoices.map_creditable(session, invoice)) == (0, {})
        assert check_all(session) == []

    def test_more_units_than_were_kept_are_refused(self, session: Session) -> None:
        invoice = invoiced(session, make_trade(session), 4)
        place, units = next(iter(invoices.map_creditable(session, invoice).items()))
        with pytest.raises(InvalidInput):
            invoices.credit_goods(session, SYSTEM, invoice.id, {place: Back(units + 1, True)}, "Salah kirim", key())

    def test_money_off_touches_no_maker_and_never_exceeds_the_invoice(self, session: Session) -> None:
        invoice = invoiced(session, make_trade(session), 4)
        invoices.credit_allowance(session, SYSTEM, invoice.id, invoice.total, "Terlambat", key())
        with pytest.raises(CreditTooLarge):
            invoices.credit_allowance(session, SYSTEM, invoice.id, 1, "Terlambat", key())
        assert check_all(session) == []

    def test_the_same_form_credits_once(self, session: Session) -> None:
        invoice, form = invoiced(session, make_trade(session), 4), key()
        first = invoices.credit_allowance(session, SYSTEM, invoice.id, 10_000, "Terlambat", form)
        assert invoices.credit_allowance(session, SYSTEM, invoice.id, 10_000, "Terlambat", form).id == first.id
        assert purchase_of(session, invoice).owed == invoice.total - 10_000

    def test_what_was_paid_and_is_credited_goes_back(self, session: Session) -> None:
        invoice = invoiced(session, make_trade(session), 4)
        purchase = purchase_of(session, invoice)
        receivables.record_transfer(session, SYSTEM, purchase.id, invoice.total, "TRX-0001")
        invoices.credit_allowance(session, SYSTEM, invoice.id, 50_000, "Terlambat", key())
        assert purchase.outstanding == -50_000
        assert receivables.give_back(session, SYSTEM, purchase.id, "OUT-0001") == 50_000
        assert (purchase.outstanding, check_all(session)) == (0, [])

    def test_only_the_sellers_office_issues_papers(self, session: Session) -> None:
        trade = make_trade(session)
        invoice = invoiced(session, trade, 4)
        for actor in (trade.buyer, make_actor(session, Role.CASHIER, outlet_id=trade.outlet.id)):
            with pytest.raises(NotAllowed):
                invoices.credit_allowance(session, actor, invoice.id, 1_000, "Terlambat", key())
