"""Refunds at the counter: form, what will happen, done; the second person; cash with its receiver; trying again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models.stock import Outlet, StockLevel
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders import fulfilment, payments, refunds
from orders.gateways import GatewayRefused, GatewayUnavailable, NullGateway, PaymentMethod
from orders.models.order import Order
from orders.models.refund import Refund
from orders.refund_states import RefundState
from orders.states import OrderState, PaymentState
from tests.cast import CASHIER, CASHIER_ELSEWHERE, CURATOR, OUTLET_MANAGER, World
from tests.make_orders import open_page, payment_of, place
from tests.make_stock import Goods, make_goods
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def gateway(app: Flask) -> Iterator[NullGateway]:
    gateway = NullGateway()
    app.extensions["etalase.gateways"] = {PaymentMethod.STRIPE: gateway}
    yield gateway
    del app.extensions["etalase.gateways"]


@pytest.fixture
def goods(session: Session, world: World) -> Goods:
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    return make_goods(session, 50, outlet=outlet, price=100_000)


def paid(session: Session, goods: Goods, gateway: NullGateway, quantity: int = 3) -> Order:
    """An order paid through the gateway."""
    order = place(session, goods, quantity=quantity, language="en")
    payment = open_page(session, order, gateway)
    payments.settle(session, payment.id, gateway.settle(payment.reference or ""))
    session.commit()
    return order


def fill(browser, order: Order, **changes: str) -> TestResponse:  # type: ignore[no-untyped-def]
    """Open the form, look at what will happen, and let it happen."""
    form = browser.get(f"/en/office/orders/{order.code}/refund").text
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    values = {"quantity_1": "1", "reason": "damaged", "way": "provider", "text": "", "key": key[1]} | changes
    address = f"/en/office/orders/{order.code}/refund/check"
    page = browser.get(address, query_string=values)
    if page.status_code != 200:
        return page  # type: ignore[no-any-return]
    sent = dict(
        re.findall(
            r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"', page.text.partition('method="post" action="/en/office/orders')[2]
        )
    )
    sent.pop("csrf_token", None)
    return browser.post(address, data=sent)  # type: ignore[no-any-return]


def the_refund(session: Session) -> Refund:
    session.expire_all()
    return session.scalars(select(Refund)).one()


def test_one_of_three_goes_back_to_the_card(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order, browser = paid(session, goods, gateway), sign_in(CASHIER)
    assert "At most Rp300.000" in browser.get(f"/en/office/orders/{order.code}/refund").text
    query = {"quantity_1": "1", "reason": "damaged", "way": "provider", "key": "k" * 32}
    check = browser.get(f"/en/office/orders/{order.code}/refund/check", query_string=query)
    assert "Pay back Rp100.000?" in check.text
    assert "no longer kept for the buyer" in check.text
    assert session.scalar(select(func.count(Refund.id))) == 0, "looking changes nothing"
    answer = fill(browser, order)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/office/refunds/{order.code}-R1")
    wanted = the_refund(session)
    assert (wanted.state, wanted.amount, len(gateway.refunds)) == (RefundState.SUCCEEDED, 100_000, 1)
    page = browser.get(f"/en/office/orders/{order.code}").text
    assert f"Refund {order.code}-R1" in page
    buyer = browser.get(f"/en/orders/{order.token}").text
    assert "Paid back on" in buyer
    assert "−Rp100.000" in buyer


def test_all_of_it_cancels_the_order_and_says_so_before(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order, browser = paid(session, goods, gateway), sign_in(CASHIER)
    query = {"quantity_1": "3", "unfit_1": "y", "reason": "damaged", "way": "provider", "key": "k" * 32}
    check = browser.get(f"/en/office/orders/{order.code}/refund/check", query_string=query).text
    assert "it is cancelled" in check
    assert "written off" in check
    assert fill(browser, order, quantity_1="3", unfit_1="y").status_code == 303
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CANCELLED
    level = session.get_one(StockLevel, goods.level.id)
    assert (level.on_hand, level.held) == (47, 0)
    assert "your money has been paid back" in browser.get(f"/en/orders/{order.token}").text
    assert "Nothing is left to pay back" in browser.get(f"/en/office/orders/{order.code}/refund").text


@pytest.mark.parametrize("changes", [{"quantity_1": "0"}, {"quantity_1": "4"}, {"quantity_1": "x"}, {"reason": ""}, {"way": "cash"}])
def test_what_does_not_fit_is_refused_and_kept(
    sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway, changes: dict[str, str]
) -> None:
    order, browser = paid(session, goods, gateway), sign_in(CASHIER)
    assert fill(browser, order, **changes).status_code == 422
    values = {"quantity_1": "1", "reason": "damaged", "way": "provider", "key": "k" * 32} | changes
    assert browser.post(f"/en/office/orders/{order.code}/refund/check", data=values).status_code == 422
    assert session.scalar(select(func.count(Refund.id))) == 0
    assert gateway.refunds == {}


def test_a_double_click_is_one_refund(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order, browser = paid(session, goods, gateway), sign_in(CASHIER)
    values = {"quantity_1": "1", "reason": "damaged", "way": "provider", "key": "k" * 32}
    for _click in range(2):
        assert browser.post(f"/office/orders/{order.code}/refund/check", data=values).status_code == 303
    assert (the_refund(session).amount, len(gateway.refunds)) == (100_000, 1)


def test_a_large_refund_waits_for_a_second_person(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order, browser = paid(session, goods, gateway, 6), sign_in(CASHIER)
    assert fill(browser, order, quantity_1="6").status_code == 303
    wanted = the_refund(session)
    assert (wanted.authorised_at, gateway.refunds) == (None, {})
    address = f"/en/office/refunds/{wanted.code}"
    assert "has to agree" in browser.get(address).text
    assert wanted.code in browser.get("/office/refunds?show=approval").text
    assert browser.post(f"{address}/decision", data={"decision": "approve"}).status_code == 403
    lead = sign_in(OUTLET_MANAGER)
    assert "Agree" in lead.get(address).text
    assert lead.post(f"{address}/decision", data={"decision": "perhaps"}).status_code == 422
    assert lead.post(f"{address}/decision", data={"decision": "approve"}).status_code == 303
    assert (the_refund(session).state, len(gateway.refunds)) == (RefundState.SUCCEEDED, 1)
    assert lead.post(f"{address}/decision", data={"decision": "reject"}).status_code == 409


def test_a_rejected_refund_changes_nothing(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order = paid(session, goods, gateway, 6)
    fill(sign_in(CASHIER), order, quantity_1="6")
    answer = sign_in(OUTLET_MANAGER).post(f"/office/refunds/{order.code}-R1/decision", data={"decision": "reject"})
    assert answer.status_code == 303
    assert (the_refund(session).state, session.get_one(Order, order.id).state) == (RefundState.REJECTED, OrderState.CONFIRMED)


def test_nobody_agrees_to_their_own_refund(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order, lead = paid(session, goods, gateway, 6), sign_in(OUTLET_MANAGER)
    fill(lead, order, quantity_1="6")
    assert lead.post(f"/office/refunds/{order.code}-R1/decision", data={"decision": "approve"}).status_code == 409
    assert the_refund(session).authorised_at is None


@pytest.mark.parametrize("error", [GatewayUnavailable(), GatewayRefused()])
def test_what_the_provider_did_not_do_can_be_tried_again(
    sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway, error: DomainError
) -> None:
    order, browser = paid(session, goods, gateway), sign_in(CASHIER)
    gateway.fail_next(error)
    answer = fill(browser, order)
    address = answer.headers["Location"]
    wanted = the_refund(session)
    if wanted.state is RefundState.SENT:
        wanted.sent_at = wanted.created_at.replace(year=2020)
        session.commit()
    else:
        assert "refused this refund" in browser.get(address).text
        assert browser.post(f"{address}/send", data={"way": "barter"}).status_code == 422
    assert browser.post(f"{address}/send", data={"way": "provider"}).status_code == 303
    assert (the_refund(session).state, len(gateway.refunds)) == (RefundState.SUCCEEDED, 1)


def test_cash_is_given_and_recorded_with_its_receiver(sign_in: SignIn, session: Session, world: World) -> None:
    order, browser = session.scalars(select(Order).where(Order.code == world.words["order"])).one(), sign_in(CASHIER)
    browser.post(f"/office/orders/{order.code}/hand-over", data={"code": order.code, "cash": "y"})
    address = fill(browser, order, way="cash").headers["Location"]
    assert "Rp25.000" in browser.get(address).text
    assert browser.post(f"{address}/paid-out", data={"proof": ""}).status_code == 422
    for _click in range(2):
        assert browser.post(f"{address}/paid-out", data={"proof": "Pembeli Contoh"}).status_code == 303
    assert the_refund(session).state is RefundState.SUCCEEDED
    assert "Nothing more to do" in browser.get(address).text


def test_money_for_a_cancelled_order_is_given_back_on_its_own_page(
    sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway
) -> None:
    order = place(session, goods)
    payment = open_page(session, order, gateway)
    payments.settle(session, payment.id, gateway.expire(payment.reference or ""))
    fulfilment.cancel_order(session, SYSTEM, order.id, "habis")
    payments.settle(session, payment.id, gateway.settle(payment.reference or ""))
    session.commit()
    browser = sign_in(CASHIER)
    page = browser.get(f"/en/office/orders/{order.code}/refund", follow_redirects=True)
    assert "Give a payment back" in page.text
    answer = browser.post(f"/en/office/orders/{order.code}/return", data={"way": "provider", "text": "", "key": "k" * 32})
    assert answer.status_code == 303
    session.expire_all()
    assert payment_of(session, order).state is PaymentState.RETURNED


def test_a_refund_of_another_outlet_does_not_exist(sign_in: SignIn, session: Session, goods: Goods, gateway: NullGateway) -> None:
    order = paid(session, goods, gateway)
    fill(sign_in(CASHIER), order)
    address, stranger = f"/office/refunds/{order.code}-R1", sign_in(CASHIER_ELSEWHERE)
    assert stranger.get(address).status_code == 404
    for act in ("paid-out", "send"):
        assert stranger.post(f"{address}/{act}", data={"proof": "Pembeli"}).status_code == 404
    assert order.code not in stranger.get("/office/refunds").text
    assert sign_in(CURATOR).get(address).status_code == 403


def test_a_refund_keeps_its_limit_in_the_settings(app: Flask) -> None:
    from config import Settings

    assert Settings().refund_approval_above == refunds.APPROVAL_ABOVE
