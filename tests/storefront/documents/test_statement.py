"""The statement on paper, in a message and in a table: the totals are the ledger's, in both languages."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from catalog.models.stock import LossCause
from kernel.people import SYSTEM
from orders.consignment import fees, goods, ledger, payouts, statement_content, statements
from orders.consignment.statement_content import Content
from orders.documents import amount_in_words
from orders.models.agreement import TermsModel
from orders.models.consignment import MakerStatement
from orders.models.maker_payout import MakerPayout
from storefront.documents.statement import draw_statement
from storefront.documents.statement_words import message_text, sums_of, table_csv
from storefront.i18n import speaking
from storefront.templating import rupiah
from tests.make import make_maker
from tests.make_consignment import day, make_agreement, make_consigned, sell
from tests.orders.test_refunds import refund
from tests.storefront.documents.reading import page_sizes, page_texts, text_of


@pytest.fixture
def page(app: Flask) -> object:
    """A page in the making: words need a language."""
    with app.test_request_context("/") as context:
        yield context


@pytest.fixture
def closed(session: Session) -> MakerStatement:
    """The second statement of an agreement in which everything happened."""
    maker = make_maker(session, name="Dapur =Contoh", village_code="16.12.04.2003")
    with time_machine.travel("2026-10-20T05:00:00+00:00", tick=False):
        agreement = make_agreement(session, maker=maker)
        chips, rice = make_consigned(session, agreement, 30), make_consigned(session, agreement, 8, price=12_345)
        sell(session, chips, rice, quantity=4)
    with time_machine.travel("2026-11-05T05:00:00+00:00", tick=False):
        statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 4))
        order = sell(session, chips, quantity=6)
        refund(session, order, 2)
        goods.write_off(session, SYSTEM, chips.level.id, 1, LossCause.SAMPLE, "dicicip tamu")
        outlet = chips.outlet
        batch = payouts.prepare_batch(session, SYSTEM, outlet, {agreement.id: 100_000}, "k" * 16, in_cash=frozenset({agreement.id}))
        payouts.approve_batch(session, SYSTEM, batch.id)
        (payout,) = session.query(MakerPayout).all()
        payouts.mark_paid(session, SYSTEM, payout.id, "Ibu Contoh", date(2026, 11, 5))
        fees.correct_balance(session, SYSTEM, agreement.id, -2_500, "Salah hitung Oktober", "c" * 16)
    with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
        return statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))


def content_of(statement: MakerStatement) -> Content:
    return statement_content.read(statement.content)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_sums_on_paper_add_up_to_what_the_ledger_owes(session: Session, closed: MakerStatement, page: object, language: str) -> None:
    content = content_of(closed)
    owed = ledger.owed(session, [closed.agreement_id])[closed.agreement_id]
    assert content.owed == owed == closed.owed
    with speaking(language):
        sums = sums_of(content)
        assert sum(each.amount for each in sums[:-1]) == sums[-1].amount == owed
        drawn = draw_statement(content, closed.closed_at, closed.content_hash)
        text = text_of(drawn)
        for each in sums[:-1]:
            assert rupiah(each.amount) in text
        for part in (closed.code, content.maker_name, content.village_name, rupiah(owed), closed.content_hash[:16]):
            assert part in text
    assert re.sub(r"\s+", " ", amount_in_words(owed, language)) in re.sub(r"\s+", " ", text)
    assert ("Laporan titipan" in text) == (language == "id")
    assert page_sizes(drawn) == [(210.0, 297.0)]
    with speaking(language):
        assert draw_statement(content, closed.closed_at, closed.content_hash) == drawn


def test_the_message_tells_units_sums_and_the_amount_in_words(closed: MakerStatement, page: object) -> None:
    content = content_of(closed)
    with speaking("id"):
        told = message_text(content)
    assert "6 terjual, 2 dikembalikan, 1 hilang atau rusak, sisa 21" in told
    assert f"*Hak pembuat: {rupiah(content.owed)}*" in told
    assert amount_in_words(content.owed, "id") in told
    assert "Dibayar 5 November 2026 (Ibu Contoh): -Rp100.000" in told
    assert max(map(len, told.splitlines())) < 140


def test_the_table_reads_back_as_the_statement_and_holds_no_formula(session: Session, closed: MakerStatement, page: object) -> None:
    content = content_of(closed)
    with speaking("id"):
        text = "".join(table_csv(content, statements.stream_sales(session, closed)))
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))
    header = next(number for number, row in enumerate(rows) if row and row[0] == "Kode")
    products = rows[header + 1 : header + 1 + len(content.lines)]
    assert sum(int(row[14]) for row in products) == content.share
    assert [int(row[1]) for row in rows if row and row[0] == "Hak pembuat"] == [content.owed]
    assert [row[3] for row in rows[-2:]] == ["6", "-2"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_many_products_take_several_pages(session: Session, page: object) -> None:
    with time_machine.travel("2026-11-20T05:00:00+00:00", tick=False):
        agreement = make_agreement(session, model=TermsModel.MONTHLY_FEE, fee=25_000, starts_on=day(0))
        for _product in range(45):
            make_consigned(session, agreement, 3)
    with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
        closed = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))
    with speaking("id"):
        drawn = draw_statement(content_of(closed), closed.closed_at, closed.content_hash)
        text = text_of(drawn)
    assert len(page_texts(drawn)) == 2
    assert "Utang pembuat kepada gerai" in text
    assert "Halaman 2 dari" in text
    assert f"*{'Utang pembuat kepada gerai'}: Rp25.000*" in _told(closed)


def _told(closed: MakerStatement) -> str:
    with speaking("id"):
        return message_text(content_of(closed))
