"""The demo's trade with its minimarket chain: one of each stage, quick, and nothing the doctor minds."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import SYSTEM
from orders.invariants import CHECKS
from orders.models.invoice import CreditNote, Invoice
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote
from orders.wholesale import invoice_views
from orders.wholesale.states import InvoiceState, PurchaseState, QuoteState
from storefront.demo.partner_trade import is_trading, trade_with_partners
from storefront.demo.seeding import OUTLET_SLUG

pytestmark = pytest.mark.one_database


def test_one_of_each_stage_stands_and_the_books_are_sound(month: Session) -> None:
    begun = time.monotonic()
    trade_with_partners(month, OUTLET_SLUG)
    assert time.monotonic() - begun < 8
    month.expire_all()
    assert is_trading(month)
    assert month.scalars(select(Quote.state).where(Quote.state != QuoteState.ACCEPTED)).all() == [QuoteState.COUNTERED]
    states = month.scalars(select(PurchaseOrder.state).order_by(PurchaseOrder.id)).all()
    assert states == [PurchaseState.INVOICED, PurchaseState.INVOICED, PurchaseState.DISPATCHED]
    _page, rows = invoice_views.list_for_office(month, SYSTEM)
    assert {row.state for row in rows} == {InvoiceState.OVERDUE, InvoiceState.PAID}
    assert month.scalar(select(func.count(CreditNote.id))) == 1
    assert all(invoice.issued_on < clock.today() for invoice in month.scalars(select(Invoice)))
    for name in ("I1", "I2", "I4", "I7", "I11"):
        assert list(CHECKS[name](month)) == [], name
    trade_with_partners(month, OUTLET_SLUG)
    assert month.scalar(select(func.count(PurchaseOrder.id))) == 3
