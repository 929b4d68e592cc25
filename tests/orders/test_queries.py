"""Queries: one order as its buyer and the staff see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import NotFound
from kernel.people import GUEST, SYSTEM, Role
from orders import fulfilment, payments, queries
from orders.gateways import NullGateway, ProviderState
from orders.states import OrderState, PaymentState
from tests.conftest import StatementCounter
from tests.make import make_actor, make_outlet, make_product
from tests.make_orders import PICKUP, facts_of, open_page, pay, payment_of, place
from tests.make_stock import make_goods, stock_up


def test_the_buyers_page_has_everything_in_four_statements(session: Session, count_statements: StatementCounter) -> None:
    outlet = make_outlet(session)
    goods = [make_goods(session, outlet=outlet, price=price) for price in (25_000, 7_500)]
    order = place(session, *goods, quantity=2, language="en")
    session.flush()
    session.expunge_all()
    with count_statements() as statements:
        view = queries.get_order_by_token(session, order.token)
    assert len(statements) == 4, statements
    assert [line.name for line in view.lines] == [f"{each.product.name_en}, 250 g" for each in goods]
    assert (view.code, view.total, view.outlet.name, view.outlet.zone) == (order.code, 65_000, outlet.name, "WIB")
    assert (view.is_paid, view.paid, view.is_waiting_for_money) == (False, 0, True)


def test_the_page_may_speak_another_language_than_the_order(session: Session) -> None:
    goods = make_goods(session)
    order = place(session, goods, language="en")
    assert queries.get_order_by_token(session, order.token, "id").lines[0].name == f"{goods.product.name_id}, 250 g"


@pytest.mark.parametrize("token", ["", "guess", "%"])
def test_a_wrong_link_finds_nothing(session: Session, token: str) -> None:
    place(session, make_goods(session))
    with pytest.raises(NotFound):
        queries.get_order_by_token(session, token)


def test_staff_see_orders_of_their_outlet_only(session: Session) -> None:
    goods = make_goods(session)
    order = place(session, goods)
    cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
    assert queries.get_order_for_staff(session, cashier, order.code.lower()).order_id == order.id
    for stranger in (GUEST, make_actor(session, Role.CASHIER, outlet_id=make_outlet(session).id), make_actor(session, Role.CURATOR)):
        with pytest.raises(NotFound):
            queries.get_order_for_staff(session, stranger, order.code)


def test_a_paid_order_owes_nothing(session: Session) -> None:
    order = pay(session, place(session, make_goods(session, price=25_050)))
    view = queries.get_order_by_token(session, order.token)
    assert (view.is_paid, view.paid, view.cash_due, view.cash_rounding) == (True, 25_050, 0, 0)
    assert (view.can_retry, view.can_cancel, view.pay_url, view.is_waiting_for_money) == (False, False, None, False)


def test_a_promise_to_pay_tells_the_rounded_cash(session: Session) -> None:
    order = place(session, make_goods(session, price=25_050), payment_method=PICKUP)
    view = queries.get_order_by_token(session, order.token)
    assert (view.cash_due, view.cash_rounding, view.can_cancel) == (25_000, -50, True)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    assert queries.get_order_by_token(session, order.token).is_paid


def test_an_open_page_can_be_gone_back_to_until_it_closes(session: Session) -> None:
    order, gateway = place(session, make_goods(session)), NullGateway()
    payment = open_page(session, order, gateway)
    assert queries.get_order_by_token(session, order.token).pay_url == payment.redirect_url
    with time_machine.travel(clock.now() + timedelta(minutes=32)):
        assert queries.get_order_by_token(session, order.token).pay_url is None


def test_a_declined_attempt_can_be_followed_by_another_while_the_goods_are_held(session: Session) -> None:
    order = place(session, make_goods(session))
    payments.settle(session, payment_of(session, order).id, facts_of(session, order, ProviderState.FAILED))
    assert queries.get_order_by_token(session, order.token).can_retry
    with time_machine.travel(clock.now() + timedelta(minutes=36)):
        assert not queries.get_order_by_token(session, order.token).can_retry


def test_an_order_in_review_says_so_and_cannot_be_cancelled_by_the_buyer(session: Session) -> None:
    order = pay(session, place(session, make_goods(session)), amount=1)
    view = queries.get_order_by_token(session, order.token)
    assert (view.needs_review, view.can_cancel, view.can_retry, view.is_paid) == (True, False, False, False)
    assert (view.state, view.payment.state) == (OrderState.AWAITING_PAYMENT, PaymentState.REVIEW)


def test_staff_are_told_which_batches_to_take(session: Session) -> None:
    outlet, product = make_outlet(session), make_product(session)
    late = stock_up(session, product, outlet, 5)
    soon = stock_up(session, product, outlet, 1, best_before_on=clock.today())
    order = place(session, late, quantity=3)
    picks = queries.list_picks(session, order.id)
    assert {pick.lot_code: pick.quantity for pick in picks} == {soon.batch.lot_code: 1, late.batch.lot_code: 2}
