"""Money that staff confirm: shown, confirmed once with a number of its own, late, twice, or never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog import stock
from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Actor, Grant, Role
from orders import fulfilment, holds, ledger, manual_payments, payments
from orders.checkout import TooManyOpenOrders
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.manual_payments import ProofTaken
from orders.models.order import Order
from orders.models.payment import Account
from orders.outlet_payments import MethodNotPossible
from orders.states import OrderState, PaymentState, ReviewReason, WrongState
from tests.make import make_user
from tests.make_orders import CARD, PICKUP, contact, payment_of, place
from tests.make_payments import QRIS, TRANSFER, make_taking_outlet, place_by
from tests.make_stock import Goods, make_goods

BOTH = pytest.mark.parametrize("method", [QRIS, TRANSFER])


def cashier(session: Session, order: Order) -> Actor:
    user = make_user(session)
    return Actor(user.id, user.name, (Grant(Role.CASHIER, outlet_id=order.outlet_id),))


def confirm(session: Session, order: Order, proof: str = "RRN123456") -> Order:
    return manual_payments.confirm_payment(session, SYSTEM, payment_of(session, order).id, proof)


@BOTH
def test_a_local_payment_is_shown_at_once_and_holds_the_goods_for_its_time(session: Session, method: PaymentMethod) -> None:
    order = place_by(session, method)
    payment = payment_of(session, order)
    assert (order.state, payment.state) == (OrderState.AWAITING_PAYMENT, PaymentState.OPEN)
    assert order.hold_until is not None
    wanted = timedelta(minutes=30) if method is QRIS else timedelta(hours=24)
    assert order.hold_until - order.placed_at == wanted
    assert payment.expires_at == order.hold_until


@BOTH
def test_confirmed_money_stands_on_its_account_with_who_saw_it(session: Session, method: PaymentMethod) -> None:
    order = place_by(session, method)
    actor = cashier(session, order)
    manual_payments.confirm_payment(session, actor, payment_of(session, order).id, " rrn 123456 ")
    payment = payment_of(session, order)
    assert (order.state, order.hold_until, payment.state) == (OrderState.CONFIRMED, None, PaymentState.PAID)
    assert (payment.proof, payment.confirmed_by_id, payment.matched_at) == ("RRN123456", actor.user_id, None)
    account = Account.QRIS if method is QRIS else Account.BANK
    balance = ledger.balance(session, order.id)
    assert (balance[account], balance[Account.RECEIVABLE], balance[Account.STRIPE]) == (order.total, 0, 0)
    assert "payment.confirmed" in {entry.action for entry in audit.list_for(session, f"order:{order.code}")}
    fulfilment.hand_over(session, actor, order.id, order.code)  # the goods never wait for the statement
    assert check_all(session) == []


@BOTH
def test_the_same_number_confirms_one_payment_only(session: Session, method: PaymentMethod) -> None:
    goods = make_goods(session, 10, outlet=make_taking_outlet(session))
    first, second = place_by(session, method, goods), place_by(session, method, goods)
    confirm(session, first)
    with pytest.raises(ProofTaken) as refusal:
        confirm(session, second, "rrn 123 456")
    assert refusal.value.order_code == first.code
    assert payment_of(session, second).state is PaymentState.OPEN
    confirm(session, second, "RRN123457")


def test_the_same_number_may_stand_in_the_app_and_at_the_bank(session: Session) -> None:
    goods = make_goods(session, 10, outlet=make_taking_outlet(session))
    confirm(session, place_by(session, QRIS, goods))
    assert confirm(session, place_by(session, TRANSFER, goods)).state is OrderState.CONFIRMED


def test_confirming_twice_is_refused_and_posts_once(session: Session) -> None:
    order = place_by(session, QRIS)
    confirm(session, order)
    with pytest.raises(WrongState):
        confirm(session, order, "RRN999999")
    assert ledger.balance(session, order.id)[Account.QRIS] == order.total


@pytest.mark.parametrize("proof", ["", "12", "   ", "x" * 61])
def test_a_number_that_is_none_is_refused(session: Session, proof: str) -> None:
    with pytest.raises(InvalidInput):
        confirm(session, place_by(session, QRIS), proof)


def test_only_the_outlets_own_people_confirm_or_refuse(session: Session) -> None:
    order = place_by(session, QRIS)
    payment = payment_of(session, order)
    for actor in (GUEST, Actor(1, "curator", (Grant(Role.CURATOR),)), Actor(1, "else", (Grant(Role.CASHIER, outlet_id=0),))):
        with pytest.raises(NotAllowed):
            manual_payments.confirm_payment(session, actor, payment.id, "RRN123456")
        with pytest.raises(NotAllowed):
            manual_payments.refuse_payment(session, actor, payment.id, "no money")


def test_cards_and_cash_are_not_confirmed_by_hand(session: Session) -> None:
    goods = make_goods(session, 10, outlet=make_taking_outlet(session))
    for method in (CARD, PICKUP):
        with pytest.raises(WrongState):
            confirm(session, place(session, goods, payment_method=method))


def test_a_refused_payment_lets_the_buyer_try_again_and_can_still_be_confirmed(session: Session) -> None:
    order = place_by(session, QRIS)
    manual_payments.refuse_payment(session, SYSTEM, payment_of(session, order).id, "not in the app")
    assert payment_of(session, order).state is PaymentState.FAILED
    assert order.state is OrderState.AWAITING_PAYMENT
    confirm(session, order)
    assert order.state is OrderState.CONFIRMED


def test_another_way_to_pay_closes_the_local_attempt_without_asking_anybody(session: Session) -> None:
    order = place_by(session, QRIS)
    shown = payment_of(session, order)
    payments.retry_payment(session, GUEST, order.id, TRANSFER)
    assert shown.state is PaymentState.EXPIRED
    assert payment_of(session, order).method is TRANSFER
    assert order.hold_until is not None
    assert order.hold_until > clock.now() + timedelta(hours=23)


def test_a_buyer_who_paid_both_ways_is_noticed(session: Session) -> None:
    order = place_by(session, QRIS)
    shown = payment_of(session, order)
    payments.retry_payment(session, GUEST, order.id, TRANSFER)
    confirm(session, order)
    manual_payments.confirm_payment(session, SYSTEM, shown.id, "RRN777777")
    assert (shown.state, shown.review_reason) == (PaymentState.REVIEW, ReviewReason.PAID_TWICE)
    assert check_all(session) == []


def expire(session: Session, order: Order) -> None:
    order.hold_until = clock.now() - timedelta(minutes=1)
    session.flush()
    assert holds.list_to_close(session) == []
    assert holds.sweep_expired(session) == [order.code]
    session.refresh(order)


def test_time_that_ran_out_frees_the_goods_and_late_money_takes_them_again(session: Session) -> None:
    goods = make_goods(session, 1, outlet=make_taking_outlet(session))
    order = place_by(session, QRIS, goods)
    expire(session, order)
    assert (order.state, goods.level.held) == (OrderState.EXPIRED, 0)
    confirm(session, order)
    session.refresh(goods.level)
    assert (order.state, goods.level.held) == (OrderState.CONFIRMED, 1)
    assert check_all(session) == []


def test_late_money_for_goods_that_are_gone_waits_for_a_person(session: Session) -> None:
    goods = make_goods(session, 1, outlet=make_taking_outlet(session))
    order = place_by(session, QRIS, goods)
    expire(session, order)
    place_by(session, QRIS, goods)
    confirm(session, order)
    payment = payment_of(session, order)
    assert (payment.state, payment.review_reason) == (PaymentState.REVIEW, ReviewReason.LATE)


def test_a_buyer_cancels_and_money_that_still_comes_waits_for_a_person(session: Session) -> None:
    order = place_by(session, TRANSFER)
    fulfilment.cancel_order(session, GUEST, order.id, "changed my mind", token=order.token)
    confirm(session, order)
    assert payment_of(session, order).review_reason is ReviewReason.CANCELLED


def test_a_transfer_is_a_promise_and_never_takes_the_last_piece(session: Session) -> None:
    goods = make_goods(session, 1, outlet=make_taking_outlet(session))
    with pytest.raises(stock.LastPiece):
        place_by(session, TRANSFER, goods)
    assert place_by(session, QRIS, goods).state is OrderState.AWAITING_PAYMENT


def open_transfers(session: Session, goods: Goods, number: int) -> None:
    for _each in range(number):
        place_by(session, TRANSFER, goods, contact=contact(phone="+6281299998888"))


def test_a_phone_number_has_three_open_transfers_at_most(session: Session) -> None:
    goods = make_goods(session, 20, outlet=make_taking_outlet(session))
    open_transfers(session, goods, 3)
    with pytest.raises(TooManyOpenOrders):
        open_transfers(session, goods, 1)
    place_by(session, QRIS, goods, contact=contact(phone="+6281299998888"))


def test_an_outlet_that_takes_no_qris_sells_none(session: Session) -> None:
    goods = make_goods(session)
    with pytest.raises(MethodNotPossible):
        place(session, goods, payment_method=QRIS)
    order = place(session, goods, payment_method=CARD)
    with pytest.raises(MethodNotPossible):
        payments.retry_payment(session, GUEST, _declined(session, order).id, QRIS)


def _declined(session: Session, order: Order) -> Order:
    payments.record_refused(session, payment_of(session, order).id)
    return order
