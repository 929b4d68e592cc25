"""Packing slips: each order on pages of its own, the batches in the order they expire, and a symbol for staff."""

from __future__ import annotations

from datetime import timedelta

import zxingcpp
from sqlalchemy.orm import Session

from catalog import stock
from kernel import clock
from kernel.people import SYSTEM
from orders import documents
from storefront.documents.slips import draw_slips
from storefront.i18n import speaking
from tests.make import make_batch
from tests.make_orders import PICKUP, pay, place
from tests.make_stock import make_goods
from tests.storefront.documents.conftest import Look
from tests.storefront.documents.reading import images, page_texts, text_of


def test_a_slip_lists_what_to_take_first_expired_first(session: Session, look: Look) -> None:
    goods = make_goods(session, 2)
    soon = make_batch(session, goods.product, lot_code="SEGERA", best_before_on=clock.today() + timedelta(days=9))
    stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, soon, 2, "delivery:test")
    order = place(session, goods, quantity=3, payment_method=PICKUP, note="Untuk oleh-oleh.")
    with speaking("id"):
        drawn = draw_slips([documents.make_slip(session, look(order))])
    text = text_of(drawn)
    assert text.index("2 × SEGERA") < text.index(f"1 × {goods.batch.lot_code}")
    for part in ("3 barang di dalam tas", "Terima tunai Rp75.000", "Pembeli Contoh", "Untuk oleh-oleh.", order.code):
        assert part in text
    assert zxingcpp.read_barcodes(images(drawn)[0])[0].text == f"http://localhost/office/orders/{order.code}"
    assert order.token.encode() not in drawn, "whoever finds the bag must not find the buyer's page"


def test_several_slips_are_one_document(session: Session, look: Look) -> None:
    goods = make_goods(session)
    orders = [place(session, goods) for _ in range(3)]
    for order in orders:
        pay(session, order)
    with speaking("en"):
        pages = page_texts(draw_slips([documents.make_slip(session, look(order)) for order in orders]))
    assert len(pages) == 3
    for order, page in zip(orders, pages, strict=True):
        assert order.code in page
        assert "Paid: nothing to collect" in page
        assert "1 piece in the bag" in page
