"""The cart on the web: kept for guests, honest about price and stock, and harmless when fed nonsense."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import ListingState, Price
from kernel import clock
from orders.models.cart import CartLine
from tests.conftest import StatementCounter
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


def test_an_empty_cart_leads_back_to_the_shelves(buyer: Buyer) -> None:
    page = buyer.client.get("/cart")
    assert "Keranjang Anda kosong" in page.text
    assert 'href="/products"' in page.text


def test_a_guests_cart_is_kept_in_the_cookie_and_counted_in_the_header(buyer: Buyer, goods: Goods) -> None:
    answer = buyer.put(goods, 2)
    assert answer.status_code == 303
    page = buyer.client.get("/cart").text
    assert goods.product.name_id in page
    assert "Rp50.000" in page
    assert "2 barang" in page


def test_looking_at_the_cart_writes_nothing(buyer: Buyer, goods: Goods, count_statements: StatementCounter) -> None:
    buyer.put(goods)
    with count_statements() as statements:
        buyer.client.get("/cart")
    assert len(statements) <= 6
    assert all(statement.startswith("SELECT") for statement in statements)


@pytest.mark.parametrize("quantity", ["-1", "0", "1.5", "1e9", "NaN", "１２", "", "999999999999", "satu", "1; DROP TABLE carts"])
def test_a_quantity_that_makes_no_sense_goes_back_to_the_product_with_a_reason(
    buyer: Buyer, goods: Goods, session: Session, quantity: str
) -> None:
    answer = buyer.put(goods, quantity)
    assert answer.status_code == 303
    assert answer.location.startswith(f"/products/{goods.product.slug}")
    with buyer.client.session_transaction() as cookie:
        (category, message) = cookie["_flashes"][-1]
    assert category == "error"
    assert message
    assert session.scalars(select(CartLine)).all() == []


def test_an_unknown_variant_is_not_found(buyer: Buyer) -> None:
    assert buyer.client.post("/cart/lines", data={"variant": "NOPE", "quantity": "1"}).status_code == 404


def test_a_line_is_changed_and_taken_out(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 2)
    buyer.client.post(f"/cart/lines/{goods.variant.code}", data={"quantity": "3"})
    assert "Rp75.000" in buyer.client.get("/cart").text
    buyer.client.post(f"/cart/lines/{goods.variant.code}", data={"quantity": "3", "remove": "1"})
    assert "Keranjang Anda kosong" in buyer.client.get("/cart").text


def test_more_than_there_is_says_how_many_are_left_and_stops_the_order(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 12)
    page = buyer.client.get("/cart").text
    assert "Tinggal 10" in page
    assert "Lanjut memesan" not in page


def test_one_button_takes_what_is_left(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 12)
    page = buyer.client.get("/cart").text
    assert 'name="quantity" value="10">Ambil 10 yang tersisa' in page
    buyer.client.post(f"/cart/lines/{goods.variant.code}", data={"quantity": "10"})
    page = buyer.client.get("/cart").text
    assert "yang tersisa" not in page
    assert "Rp250.000" in page


def test_a_changed_price_is_said_with_the_old_one(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods)
    session.add(Price(variant_id=goods.variant.id, amount=27_000, starts_on=clock.today() - timedelta(days=1)))
    session.commit()
    page = buyer.client.get("/cart").text
    assert "semula Rp25.000" in page
    assert "Rp27.000" in page


def test_a_withdrawn_product_is_named_and_does_not_count(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods)
    goods.product.state = ListingState.WITHDRAWN
    session.commit()
    page = buyer.client.get("/cart").text
    assert "tidak dijual lagi" in page
    assert "Lanjut memesan" not in page


def test_the_toggle_to_english_keeps_the_cart(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 2)
    page = buyer.client.get("/en/cart").text
    assert goods.product.name_en in page
    assert "Continue to order" in page


def test_two_guests_never_share_a_cart(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    stranger = buyer.client.application.test_client()
    assert "Keranjang Anda kosong" in stranger.get("/cart").text
