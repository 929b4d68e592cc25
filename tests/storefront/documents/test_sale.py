"""Confirmation and receipt: the paper says what the ledger says, in the order's language, and its symbol leads to the order."""

from __future__ import annotations

import pytest
import zxingcpp
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders import documents, fulfilment, payouts
from orders.documents import amount_in_words
from orders.refund_states import RefundWay
from storefront.documents.roll import draw_roll
from storefront.documents.sale import draw_sale
from storefront.i18n import speaking
from storefront.templating import rupiah
from tests.make import make_outlet
from tests.make_orders import PICKUP, pay, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import refund
from tests.storefront.documents.conftest import Look
from tests.storefront.documents.reading import images, page_sizes, page_texts, text_of

OPERATOR = {"operator_name": "Koperasi Contoh PALI", "operator_npwp": "0012345678901234", "address": "Jalan Contoh 1"}


@pytest.mark.parametrize("draw", [draw_sale, draw_roll], ids=["A4", "80 mm"])
def test_a_receipt_on_paper_equals_the_ledger(session: Session, look: Look, draw: object) -> None:
    outlet = make_outlet(session, **OPERATOR)
    goods = [make_goods(session, outlet=outlet, price=price) for price in (25_037, 7_500)]
    order = place(session, *goods, quantity=3, payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    view = look(order)
    with speaking("id"):
        text = text_of(draw(documents.read_receipt(session, view)))  # type: ignore[operator]
    assert (view.total, view.paid) == (97_611, 97_611)
    for wanted in ("Total Rp97.611", "Pembulatan tunai -Rp11", "Dibayar: Tunai saat diambil Rp97.600"):
        label, amount = wanted.rsplit(" ", 1)
        assert label in text
        assert amount in text
    assert amount_in_words(97_600, "id") in text
    for line in view.lines:
        for part in (rupiah(line.unit_price), rupiah(line.line_total), line.name, line.maker_name, line.village_name):
            assert part in text
    for part in ("Kuitansi", order.code, "Koperasi Contoh PALI", "Jalan Contoh 1", "NPWP 0012 3456 7890 1234"):
        assert part in text
    assert "PPN" not in text


@pytest.mark.parametrize(("language", "title", "path"), [("id", "Konfirmasi pesanan", ""), ("en", "Order confirmation", "/en")])
def test_a_confirmation_speaks_the_orders_language(session: Session, look: Look, language: str, title: str, path: str) -> None:
    order = place(session, make_goods(session), language=language)
    with speaking(language):
        drawn = draw_sale(documents.make_confirmation(look(order)))
    text = text_of(drawn)
    assert title in text
    assert amount_in_words(25_000, language) in text
    assert zxingcpp.read_barcodes(images(drawn)[0])[0].text == f"http://localhost{path}/orders/{order.token}"
    assert page_sizes(drawn) == [(210.0, 297.0)]


@pytest.mark.parametrize(("is_taxable", "shown"), [(True, True), (False, False)])
def test_ppn_is_printed_only_for_a_registered_seller(session: Session, look: Look, is_taxable: bool, shown: bool) -> None:
    goods = make_goods(session, outlet=make_outlet(session, is_taxable=is_taxable), price=111_000)
    order = place(session, goods, language="en")
    pay(session, order)
    with speaking("en"):
        text = text_of(draw_sale(documents.read_receipt(session, look(order))))
    for part in ("PPN 12%, included in the total", "Rp11.000", "Rp100.000", "Tax base (11/12)", "Rp91.667"):
        assert (part in text) is shown


def test_what_was_paid_back_stands_on_the_receipt(session: Session, look: Look) -> None:
    order = place(session, make_goods(session), quantity=2, payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    given = refund(session, order, 1, way=RefundWay.CASH)
    with speaking("id"):
        before = text_of(draw_sale(documents.read_receipt(session, look(order))))
        payouts.record_paid_out(session, SYSTEM, given.id, "Pembeli Contoh")
        after = text_of(draw_sale(documents.read_receipt(session, look(order))))
    assert "Dikembalikan" not in before, "the buyer does not have it yet"
    assert f"Dikembalikan ({given.code}) -Rp25.000" in after


def test_a_long_order_takes_as_many_pages_as_it_needs(session: Session, look: Look) -> None:
    outlet = make_outlet(session)
    goods = [make_goods(session, outlet=outlet, name_id=f"Tikar anyaman purun bermotif {number} " + "panjang " * 9) for number in range(40)]
    order = place(session, *goods, payment_method=PICKUP)
    with speaking("id"):
        view = look(order)
        sheet, roll = draw_sale(documents.make_confirmation(view)), draw_roll(documents.make_confirmation(view))
    pages = page_texts(sheet)
    assert len(pages) > 2
    assert [page[-1] for page in pages] == [f"Halaman {number} dari {len(pages)}" for number in range(1, len(pages) + 1)]
    assert "Rp1.000.000" in pages[-1]
    for number in range(40):
        assert sum(f"bermotif {number} " in " ".join(page) for page in pages) == 1
    ((width, height),) = page_sizes(roll)
    assert width == 80.0
    assert 500 < height < 1_500


def test_names_that_no_face_can_set_do_not_break_the_paper(session: Session, look: Look) -> None:
    order = place(session, make_goods(session, name_id="Keranjang 竹 “besar” \U0001f9fa"))
    with speaking("id"):
        text = text_of(draw_sale(documents.make_confirmation(look(order))))
    assert 'Keranjang ? "besar" ?' in text
