"""Staff confirm or refuse QRIS and transfers on the order's page."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel.people import SYSTEM
from orders import fulfilment, outlet_payments
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.states import OrderState, PaymentState
from tests.cast import CASHIER, CASHIER_ELSEWHERE, World
from tests.make_orders import payment_of, place
from tests.make_payments import QRIS, TRANSFER, details
from tests.make_stock import Goods
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def goods(session: Session, world: World) -> Goods:
    """The world's goods, at its outlet that now takes QRIS and transfers."""
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    outlet_payments.set_details(session, SYSTEM, outlet, details())
    variant = session.scalars(select(Variant).where(Variant.code == world.words["variant"])).one()
    level = session.scalars(select(StockLevel).where(StockLevel.variant_id == variant.id)).one()
    return Goods(session.get_one(Product, variant.product_id), variant, session.get_one(Batch, level.batch_id), outlet, level)


def order_by(session: Session, goods: Goods, method: PaymentMethod = QRIS) -> Order:
    order = place(session, goods, payment_method=method)
    session.commit()
    return order


def test_a_cashier_sees_what_is_shown_and_confirms_it(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order, browser = order_by(session, goods), sign_in(CASHIER)
    address = f"/en/office/orders/{order.code}"
    page = browser.get(address).text
    assert "QRIS code shown to the buyer" in page
    assert f"/office/orders/{order.code}/payments/1/confirm" in page
    assert "Rp25.000" in browser.get(f"{address}/payments/1/confirm").text
    answer = browser.post(f"{address}/payments/1/confirm", data={"proof": "rrn 123456", "amount_seen": "y"})
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CONFIRMED
    page = browser.get(address).text
    assert "RRN123456 · not yet found in a statement" in page
    assert "payments/1/confirm" not in page


def test_the_amount_must_be_compared_and_the_number_typed(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order, browser = order_by(session, goods), sign_in(CASHIER)
    address = f"/office/orders/{order.code}/payments/1/confirm"
    for form, words in (({"proof": "RRN123456"}, "Cocokkan jumlahnya"), ({"proof": "1", "amount_seen": "y"}, "Ketik nomor yang tampil")):
        answer = browser.post(address, data=form)
        assert answer.status_code == 422
        assert words in answer.text
        assert form["proof"] in answer.text
    assert payment_of(session, order).state is PaymentState.OPEN


def test_the_same_number_twice_names_the_other_order(sign_in: SignIn, session: Session, goods: Goods) -> None:
    first, second, browser = order_by(session, goods), order_by(session, goods), sign_in(CASHIER)
    form = {"proof": "RRN123456", "amount_seen": "y"}
    browser.post(f"/office/orders/{first.code}/payments/1/confirm", data=form)
    answer = browser.post(f"/office/orders/{second.code}/payments/1/confirm", data=form)
    assert answer.status_code == 422
    assert first.code in answer.text
    session.expire_all()
    assert payment_of(session, second).state is PaymentState.OPEN


def test_money_that_has_not_arrived_is_refused_with_a_reason(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order, browser = order_by(session, goods, TRANSFER), sign_in(CASHIER)
    address = f"/office/orders/{order.code}/payments/1/refuse"
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "tidak ada di rekening"}).status_code == 303
    session.expire_all()
    assert payment_of(session, order).state is PaymentState.FAILED


def test_late_money_can_be_confirmed_and_asks_for_a_decision(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order, browser = order_by(session, goods, TRANSFER), sign_in(CASHIER)
    fulfilment.cancel_order(session, SYSTEM, order.id, "no answer")
    session.commit()
    assert "payments/1/confirm" in browser.get(f"/office/orders/{order.code}").text
    form = {"proof": "FT123456", "amount_seen": "y"}
    answer = browser.post(f"/en/office/orders/{order.code}/payments/1/confirm", data=form, follow_redirects=True)
    assert "needs a decision" in answer.text


def test_a_cashier_of_elsewhere_finds_no_such_payment(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order = order_by(session, goods)
    for act in ("confirm", "refuse"):
        assert sign_in(CASHIER_ELSEWHERE).get(f"/office/orders/{order.code}/payments/1/{act}").status_code == 404
    assert sign_in(CASHIER).get(f"/office/orders/{order.code}/payments/9/confirm").status_code == 404


def test_the_queue_and_the_first_page_say_what_is_to_be_confirmed(sign_in: SignIn, session: Session, goods: Goods) -> None:
    browser = sign_in(CASHIER)
    assert "To confirm" not in browser.get("/en/office/orders").text
    order = order_by(session, goods)
    assert "QRIS and transfers to confirm" in browser.get("/en/office/").text
    page = browser.get("/en/office/orders?show=confirm").text
    assert order.code in page
    assert "To confirm" in page
    assert "1 entry" in page
    assert "QRIS and transfers to confirm" not in sign_in(CASHIER_ELSEWHERE).get("/en/office/").text
