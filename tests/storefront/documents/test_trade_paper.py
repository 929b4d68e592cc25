"""Partners' papers: totals, tax, words and the stamp's place as the books have them, in both languages."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders.documents import amount_in_words
from orders.wholesale import invoice_views, purchase_views
from storefront.documents import trade_answers
from storefront.i18n import speaking
from storefront.templating import rupiah
from tests.make_trade import Trade, invoiced, make_trade

pytestmark = pytest.mark.one_database


def text_of(data: bytes) -> str:
    """All words of all pages, white space made single."""
    document = pypdfium2.PdfDocument(data)
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))


def invoice_text(app: Flask, session: Session, trade: Trade, cases: int, language: str) -> tuple[str, int]:
    invoice = invoiced(session, trade, cases, terms_bps=500, freight=120_000, number=f"PO-{cases}-{language}")
    found, code = invoice_views.find_for_office(session, SYSTEM, invoice.code)
    order = purchase_views.get_for_office(session, SYSTEM, code, language)
    with app.test_request_context(), speaking(language):
        return text_of(trade_answers.answer_invoice(invoice_views.view_of(session, found, order, language)).data), invoice.total


@pytest.mark.parametrize(("language", "stamp"), [("id", "Meterai"), ("en", "Stamp duty")])
def test_an_invoice_says_its_total_in_figures_and_words_and_has_a_place_for_the_stamp(
    app: Flask, session: Session, language: str, stamp: str
) -> None:
    trade = make_trade(session)
    text, total = invoice_text(app, session, trade, 20, language)
    assert total > 5_000_000
    assert rupiah(total) in text
    assert re.sub(r"\s+", " ", amount_in_words(total, language)) in text
    assert stamp in text
    small, _total = invoice_text(app, session, trade, 2, language)
    assert stamp not in small


def test_ppn_stands_on_the_paper_of_a_registered_seller_only(app: Flask, session: Session) -> None:
    trade = make_trade(session)
    assert "PPN" not in invoice_text(app, session, trade, 2, "id")[0]
    trade.outlet.is_taxable = True
    session.flush()
    assert "PPN" in invoice_text(app, session, trade, 3, "id")[0]
