"""An order's own page: true at every step, in both languages, and closed to everybody without the link."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.gateways import NullGateway, ProviderState
from orders.models.order import Order
from orders.states import OrderState
from tests.conftest import StatementCounter
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


def place(buyer: Buyer, goods: Goods, session: Session, **changes: str) -> Order:
    buyer.put(goods)
    buyer.order(**changes)
    return session.scalars(select(Order)).one()


def test_a_wrong_link_is_not_found(buyer: Buyer) -> None:
    assert buyer.client.get("/orders/not-a-token").status_code == 404


def test_the_page_waits_for_the_money_by_itself_with_and_without_script(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session)
    page = buyer.client.get(f"/orders/{order.token}?returned=1").text
    assert "sedang dikonfirmasi" in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "gagal" not in page


def test_asking_the_provider_turns_the_order_paid(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session)
    gateway.settle(gateway.references[0])
    answer = buyer.client.post(f"/orders/{order.token}/check")
    assert answer.status_code == 303
    page = buyer.client.get(answer.location).text
    assert "Sudah dibayar" in page
    assert 'http-equiv="refresh"' not in page
    assert "Paid. Thank you!" in buyer.client.get(f"/en/orders/{order.token}").text


def test_a_late_method_is_not_called_paid(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session)
    gateway.settle(gateway.references[0], ProviderState.PROCESSING)
    buyer.client.post(f"/orders/{order.token}/check")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert "sedang dikonfirmasi" in page
    assert "Sudah dibayar" not in page


def test_a_wrong_amount_waits_for_a_person(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session)
    gateway.settle(gateway.references[0], amount=250)
    buyer.client.post(f"/orders/{order.token}/check")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert "sedang memeriksa pembayaran" in page
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.AWAITING_PAYMENT


def test_another_way_to_pay_closes_the_open_page_first(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session)
    buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "pay_at_pickup"})
    assert ("expire", gateway.references[0]) in gateway.calls
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CONFIRMED


def test_whoever_paid_meanwhile_is_not_asked_again(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session)
    gateway.settle(gateway.references[0])
    buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "pay_at_pickup"})
    assert "Sudah dibayar" in buyer.client.get(f"/orders/{order.token}").text


def test_a_buyer_cancels_an_unpaid_order_and_the_goods_are_free(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session)
    buyer.client.post(f"/orders/{order.token}/cancel")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert "Dibatalkan" in page
    assert page.count("tidak ada yang perlu dibayar") == 1
    assert "Tunjukkan kode pesanan" not in page  # nobody is sent to the counter for it
    session.expire_all()
    session.refresh(goods.level)
    assert goods.level.held == 0


def test_the_page_takes_at_most_six_statements(buyer: Buyer, goods: Goods, session: Session, count_statements: StatementCounter) -> None:
    order = place(buyer, goods, session)
    with count_statements() as statements:
        buyer.client.get(f"/orders/{order.token}")
    assert len(statements) <= 6
