from __future__ import annotations

import re

import pytest
import zxingcpp
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, StockLevel
from kernel.ids import make_token
from orders.models.order import Order, OrderAllocation
from tests.make_counter import cash_tender, open_till, sell, tender
from tests.make_orders import place
from tests.make_stock import make_goods
from tests.storefront.documents.reading import images, page_sizes, text_of


def bought(session: Session, **changes: object) -> Order:
    """Two things at the counter: 24.950 by QRIS and cash."""
    tablet = open_till(session)
    chips = make_goods(session, 5, outlet=tablet.outlet, price=12_475, slug="keripik-ubi", name_id="Keripik ubi", name_en="Yam chips")
    return sell(session, tablet, (chips, 2), tenders=[tender("qris", 10_000), cash_tender(14_950, 20_000)], **changes)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]).split())


def test_a_counter_sale_s_page_is_its_receipt(session: Session, client: FlaskClient) -> None:
    order = bought(session)
    page = client.get(f"/orders/{order.token}").text
    words = words_of(page)
    for part in ("Rp24.950", "QRIS Rp10.000", "Rp20.000", "Rp5.100", "-Rp50", "Kasir 1"):
        assert part in words
    assert re.search(r'<h1 class="receipt-number">[A-Z0-9]+-1-\d{8}-0001</h1>', page)
    assert '<meta name="robots" content="noindex">' in page


def test_every_item_leads_to_its_product_its_maker_and_its_village(session: Session, client: FlaskClient) -> None:
    order = bought(session)
    page = client.get(f"/orders/{order.token}").text
    assert '<a href="/products/keripik-ubi">Keripik ubi' in page
    maker, village = re.findall(r'href="(/makers/[^"]+|/villages/[^"]+)"', page.partition("<main")[2])
    assert client.get(maker).status_code == 200
    assert client.get(village).status_code == 200
    lots = session.scalars(select(Batch.lot_code).join(StockLevel).join(OrderAllocation)).all()
    assert lots
    assert all(lot in words_of(page) for lot in lots)


def test_a_receipt_tells_nothing_of_collecting_paying_or_cancelling(session: Session, client: FlaskClient) -> None:
    order = bought(session)
    words = words_of(client.get(f"/en/orders/{order.token}").text)
    for part in ("Collect", "collect", "Pay with", "Cancel", "Show the order code", "Order confirmation", order.code):
        assert part not in words
    other = place(session, make_goods(session, 3))
    assert "Where to collect" in words_of(client.get(f"/en/orders/{other.token}").text)


def test_a_receipt_in_english_is_an_english_page(session: Session, client: FlaskClient) -> None:
    order = bought(session, language="en")
    assert "Yam chips" in words_of(client.get(f"/en/orders/{order.token}").text)


def test_the_receipt_as_pdf_has_its_number_and_no_buyer(session: Session, client: FlaskClient) -> None:
    order = bought(session)
    number = re.search(r"[A-Z0-9]+-1-\d{8}-0001", client.get(f"/orders/{order.token}").text)
    assert number is not None
    paper = client.get(f"/orders/{order.token}/receipt.pdf")
    assert paper.status_code == 200
    assert number[0] in text_of(paper.data)
    assert "Pembeli" not in text_of(paper.data)
    assert "Ambil" not in text_of(paper.data)


@pytest.mark.parametrize(("paper", "width"), [("58mm", 58), ("80mm", 80)])
def test_the_till_s_own_receipt_can_be_printed_again_on_receipt_paper(
    session: Session, client: FlaskClient, paper: str, width: int
) -> None:
    order = bought(session)
    roll = client.get(f"/orders/{order.token}/receipt.pdf?paper={paper}").data
    assert [size[0] for size in page_sizes(roll)] == [width]
    text = text_of(roll)
    for part in ("-1-", "24.950", "QRIS", "10.000", "20.000", "KEMBALIAN", "5.100", "-50"):
        assert part in text
    assert "SALINAN" not in text
    assert "SALINAN" in text_of(client.get(f"/orders/{order.token}/receipt.pdf?paper={paper}&copy=1").data)
    codes = [code.text for picture in images(roll) for code in zxingcpp.read_barcodes(picture)]
    assert [code.partition("/orders/")[2] for code in codes] == [order.token]


def test_a_link_that_is_not_known_yet_says_that_the_receipt_is_on_its_way(client: FlaskClient) -> None:
    for prefix in ("", "/en"):
        answer = client.get(f"{prefix}/orders/{make_token()}")
        assert answer.status_code == 404
        assert '<meta name="robots" content="noindex">' in answer.text
        assert 'rel="canonical"' not in answer.text
    assert "still on its way from the till" in words_of(answer.text)
