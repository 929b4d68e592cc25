"""Finding an order without its link: only with the right pair, and not by guessing."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.throttle import LOOK_UPS_PER_ORDER
from orders.models.order import Order
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


@pytest.fixture
def order(buyer: Buyer, goods: Goods, session: Session) -> Order:
    buyer.put(goods)
    buyer.order(payment_method="pay_at_pickup")
    return session.scalars(select(Order)).one()


@pytest.mark.parametrize("phone", ["0812 3456 7890", "+62 812-3456-7890", "6281234567890"])
def test_code_and_phone_lead_to_the_order(buyer: Buyer, order: Order, phone: str) -> None:
    typed = f"{order.code[:4]} {order.code[4:]}".lower()
    assert buyer.client.post("/orders/find", data={"code": typed, "phone": phone}).location == f"/orders/{order.token}"


def test_a_wrong_pair_is_told_the_same_as_an_unknown_code(buyer: Buyer, order: Order) -> None:
    wrong = buyer.client.post("/orders/find", data={"code": order.code, "phone": "081111111111"})
    unknown = buyer.client.post("/orders/find", data={"code": "AAAAAAAA", "phone": "081111111111"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "Tidak ada pesanan dengan kode dan nomor telepon ini" in wrong.text
    assert wrong.text.replace(order.code, "AAAAAAAA") == unknown.text
    assert order.token not in wrong.text


def test_guessing_the_phone_number_ends_soon(buyer: Buyer, order: Order) -> None:
    for number in range(LOOK_UPS_PER_ORDER):
        buyer.client.post("/orders/find", data={"code": order.code, "phone": f"08111111111{number}"})
    answer = buyer.client.post("/orders/find", data={"code": order.code, "phone": "081234567890"})
    assert answer.status_code == 429
