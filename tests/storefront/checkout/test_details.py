"""Placing an order on the web: few fields, nothing typed is lost, one order per form, and the buyer is sent on to pay."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from kernel.outbox import OutboxMessage
from orders.gateways import GatewayRefused, NullGateway
from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import OrderState, PaymentState
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


def orders(session: Session) -> list[Order]:
    session.expire_all()
    return list(session.scalars(select(Order)))


def test_an_empty_cart_has_nothing_to_order(buyer: Buyer) -> None:
    assert buyer.client.get("/checkout").location == "/cart"


def test_a_card_order_holds_the_goods_and_leads_to_the_payment_page(
    buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway
) -> None:
    buyer.put(goods, 2)
    answer = buyer.order()
    assert answer.status_code == 303
    assert answer.location == f"https://pay.example/{gateway.references[0]}"
    (order,) = orders(session)
    assert (order.state, order.total, order.contact_phone) == (OrderState.AWAITING_PAYMENT, 50_000, "+6281234567890")
    level = session.get_one(StockLevel, goods.level.id)
    assert (level.on_hand, level.held) == (10, 2)
    assert "Keranjang Anda kosong" in buyer.client.get("/cart").text


def test_pay_at_pickup_needs_three_fields_and_stays_with_us(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods)
    answer = buyer.order(payment_method="pay_at_pickup")
    (order,) = orders(session)
    assert answer.location == f"/orders/{order.token}"
    page = buyer.client.get(answer.location).text
    assert order.code in page
    assert "Rp25.000" in page


def test_a_double_click_is_one_order(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    buyer.put(goods, 2)
    form = buyer.form()
    first, second = buyer.order(form), buyer.order(form)
    assert first.location == second.location
    assert len(orders(session)) == 1
    assert len(gateway.references) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Mohon isi bagian ini"),
        ({"phone": "12"}, "nomor telepon yang lengkap"),
        ({"phone": ""}, "Mohon isi bagian ini"),
        ({"email": "bukan-email"}, "e-mail"),
        ({"payment_method": "gratis"}, "Pilih salah satu"),
        ({"payment_method": ""}, "Pilih salah satu"),
        ({"note": "x" * 501}, "500"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_typed_is_lost(
    buyer: Buyer, goods: Goods, session: Session, changes: dict[str, str], message: str
) -> None:
    buyer.put(goods)
    typed = {"name": "Nama yang diketik", "email": "ada@contoh.id", "note": "Tolong dibungkus"} | changes
    answer = buyer.order(**typed)
    assert answer.status_code == 422
    assert message in answer.text
    for kept in ("Nama yang diketik", "ada@contoh.id", "Tolong dibungkus"):
        if kept in typed.values():
            assert kept in answer.text
    assert orders(session) == []


def test_a_total_that_was_tampered_with_is_not_believed(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods, 2)
    answer = buyer.order(seen_total="1")
    assert answer.status_code == 422
    assert orders(session) == []
    extra = buyer.order(price="1", total="1", unit_price="1", state="completed", channel="counter")
    assert extra.status_code == 303
    (order,) = orders(session)
    assert (order.total, order.state) == (50_000, OrderState.AWAITING_PAYMENT)


def test_sold_out_during_checkout_names_the_item_and_keeps_the_form(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods, 8)
    form = buyer.form()
    rival = Buyer(buyer.client.application.test_client())
    rival.put(goods, 5)
    rival.order()
    answer = buyer.order(form, name="Nama yang diketik")
    assert answer.status_code == 422
    assert "Nama yang diketik" in answer.text
    assert "Sisa 5" in answer.text
    assert len(orders(session)) == 1


def test_a_silent_provider_keeps_order_and_hold_and_the_same_attempt_is_opened_again(
    buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway
) -> None:
    gateway.fail_next(after_the_work=True)
    buyer.put(goods)
    answer = buyer.order()
    (order,) = orders(session)
    assert answer.location == f"/orders/{order.token}"
    again = buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "stripe"})
    assert again.location == f"https://pay.example/{gateway.references[0]}"
    assert len(gateway.references) == 1


def test_a_provider_that_says_no_leaves_another_way_to_pay(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    gateway.fail_next(GatewayRefused())
    buyer.put(goods)
    buyer.order()
    (order,) = orders(session)
    assert session.scalars(select(Payment.state)).all() == [PaymentState.FAILED]
    answer = buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "pay_at_pickup"})
    assert answer.location == f"/orders/{order.token}"
    assert orders(session)[0].state is OrderState.CONFIRMED


def test_an_e_mail_address_brings_one_letter_and_none_brings_none(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods)
    buyer.order(payment_method="pay_at_pickup")
    buyer.put(goods)
    buyer.order(payment_method="pay_at_pickup", email="pembeli@contoh.id")
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_a_whole_guest_purchase_takes_four_requests(buyer: Buyer, goods: Goods, gateway: NullGateway) -> None:
    buyer.put(goods)
    form = buyer.form()
    away = buyer.order(form)
    assert away.location.startswith("https://pay.example/")
    gateway.settle(gateway.references[0])
    success_url = gateway.requests[next(iter(gateway.requests))].success_url
    assert buyer.client.get(success_url).status_code == 200
