"""Fulfilment: ready, handed over, cancelled; with stock and ledger in agreement after each."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from kernel import audit, clock
from kernel.errors import NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Role
from orders import fulfilment, holds, ledger, payments
from orders.fulfilment import OrderPaid, WrongCode
from orders.gateways import NullGateway
from orders.models.payment import Account
from orders.payments import PaymentUndecided
from orders.states import OrderState, PaymentState, WrongState
from tests.make import make_actor, make_outlet
from tests.make_orders import PICKUP, open_page, pay, payment_of, place
from tests.make_stock import Goods, make_goods


def on_shelf(session: Session, goods: Goods) -> tuple[int, int]:
    session.refresh(goods.level)
    return goods.level.on_hand, goods.level.held


class TestHandingOver:
    def test_a_paid_order_is_made_ready_and_handed_over(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order = pay(session, place(session, goods, quantity=2))
        cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
        assert fulfilment.mark_ready(session, cashier, order.id).state is OrderState.READY
        fulfilment.hand_over(session, cashier, order.id, order.code)
        assert order.state is OrderState.COMPLETED
        assert order.completed_at is not None
        assert on_shelf(session, goods) == (3, 0)
        assert ledger.balance(session, order.id)[Account.CASH] == 0
        assert [entry.action for entry in audit.list_for(session, f"order:{order.code}")] == [
            "order.handed_over",
            "order.ready",
            "order.paid",
            "order.placed",
        ]

    def test_an_unpaid_order_is_paid_in_cash_rounded_with_the_difference_on_its_own_account(self, session: Session) -> None:
        goods = make_goods(session, 5, price=8_350)
        order = place(session, goods, quantity=3, payment_method=PICKUP)  # Rp25.050
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        balance = ledger.balance(session, order.id)
        assert balance[Account.CASH] == 25_000
        assert balance[Account.ROUNDING] == 50
        assert balance[Account.RECEIVABLE] == 0
        assert payment_of(session, order).state is PaymentState.PAID
        assert on_shelf(session, goods) == (2, 0)

    @pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{spaced}"])
    def test_the_code_may_be_typed_as_people_type(self, session: Session, typed: str) -> None:
        order = pay(session, place(session, make_goods(session)))
        spoken = typed.format(order.code, lower=order.code.lower(), spaced=f"{order.code[:4]} {order.code[4:]}")
        assert fulfilment.hand_over(session, SYSTEM, order.id, spoken).state is OrderState.COMPLETED

    @pytest.mark.parametrize("code", ["", "AAAAAAAA", "' OR 1=1"])
    def test_a_wrong_code_gets_nothing(self, session: Session, code: str) -> None:
        goods = make_goods(session, 5)
        order = pay(session, place(session, goods))
        with pytest.raises(WrongCode):
            fulfilment.hand_over(session, SYSTEM, order.id, code)
        assert on_shelf(session, goods) == (5, 1)

    def test_nobody_collects_twice_or_without_having_paid_by_card(self, session: Session) -> None:
        goods = make_goods(session, 5)
        unpaid, paid = place(session, goods), pay(session, place(session, goods))
        fulfilment.hand_over(session, SYSTEM, paid.id, paid.code)
        for order in (unpaid, paid):
            with pytest.raises(WrongState):
                fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        with pytest.raises(WrongState):
            fulfilment.mark_ready(session, SYSTEM, unpaid.id)
        assert on_shelf(session, goods) == (4, 1)

    def test_only_staff_of_this_outlet_may_act(self, session: Session) -> None:
        goods = make_goods(session)
        order = pay(session, place(session, goods))
        elsewhere = make_actor(session, Role.CASHIER, outlet_id=make_outlet(session).id)
        for stranger in (GUEST, elsewhere, make_actor(session, Role.CURATOR), make_actor(session, Role.SHOPPER)):
            with pytest.raises(NotAllowed):
                fulfilment.mark_ready(session, stranger, order.id)
            with pytest.raises(NotAllowed):
                fulfilment.hand_over(session, stranger, order.id, order.code)
            with pytest.raises(NotAllowed):
                fulfilment.cancel_order(session, stranger, order.id, "salah")
        with pytest.raises(NotFound):
            fulfilment.mark_ready(session, SYSTEM, 10**6)


class TestCancelling:
    def test_the_buyer_cancels_an_unpaid_order_with_its_link(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order = place(session, goods, payment_method=PICKUP)
        fulfilment.cancel_order(session, GUEST, order.id, "berubah pikiran", token=order.token)
        assert (order.state, order.hold_until) == (OrderState.CANCELLED, None)
        assert on_shelf(session, goods) == (5, 0)
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert audit.list_for(session, f"order:{order.code}")[0].details == {"reason": "berubah pikiran"}

    def test_a_wrong_link_cancels_nothing(self, session: Session) -> None:
        order = place(session, make_goods(session))
        with pytest.raises(NotAllowed):
            fulfilment.cancel_order(session, GUEST, order.id, "x", token="guess")

    def test_a_paid_order_needs_a_refund_first(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session)))
        with pytest.raises(OrderPaid):
            fulfilment.cancel_order(session, SYSTEM, order.id, "habis")

    def test_an_open_card_page_must_be_closed_at_the_provider_first(self, session: Session) -> None:
        goods, gateway = make_goods(session, 5), NullGateway()
        order = place(session, goods)
        payment = open_page(session, order, gateway)
        with pytest.raises(PaymentUndecided):
            fulfilment.cancel_order(session, SYSTEM, order.id, "habis")
        payments.settle(session, payment.id, gateway.expire(payment.reference or ""))
        assert fulfilment.cancel_order(session, SYSTEM, order.id, "habis").state is OrderState.CANCELLED
        assert on_shelf(session, goods) == (5, 0)

    def test_cancelling_twice_or_after_expiry_is_refused_and_gives_goods_back_once(self, session: Session) -> None:
        goods = make_goods(session, 5)
        first, second = place(session, goods), place(session, goods)
        fulfilment.cancel_order(session, SYSTEM, first.id, "habis")
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            holds.sweep_expired(session)
        for order in (first, second):
            with pytest.raises(WrongState):
                fulfilment.cancel_order(session, SYSTEM, order.id, "habis")
        assert on_shelf(session, goods) == (5, 0)
