"""Payments: what the gateway is asked, and that its facts have their effect once, in any order, and never too much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import stock
from kernel import clock
from kernel.errors import Conflict, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import GUEST
from orders import fulfilment, holds, ledger, payments
from orders.checkout import TooManyOpenOrders
from orders.gateways import GatewayRefused, NullGateway, PaymentRequest, ProviderState, StartedPayment
from orders.models.order import Order
from orders.models.payment import Account, Payment, ProviderEvent
from orders.payments import CannotPay, PaymentUndecided
from orders.states import OrderState, PaymentState, ReviewReason
from tests.make import make_outlet
from tests.make_orders import CARD, PICKUP, contact, facts_of, open_page, pay, payment_of, place
from tests.make_stock import make_goods

URLS = {"success_url": "https://shop.example/ok", "cancel_url": "https://shop.example/back"}


def letters(session: Session, order: Order, kind: str) -> int:
    return session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.key == f"{kind}:{order.code}")) or 0


def begin(session: Session, order: Order) -> PaymentRequest:
    request = payments.begin_payment(session, order, **URLS)
    assert request is not None
    return request


class TestBeginning:
    def test_the_gateway_is_asked_for_the_lines_and_the_total_of_the_order(self, session: Session) -> None:
        outlet = make_outlet(session)
        order = place(
            session, make_goods(session, outlet=outlet, price=25_000), make_goods(session, outlet=outlet, price=7_500), quantity=2
        )
        request = begin(session, order)
        assert (request.amount, request.lines_total) == (65_000, 65_000)
        assert [(line.quantity, line.unit_price) for line in request.lines] == [(2, 25_000), (2, 7_500)]
        assert (request.order_code, request.order_token, request.email) == (order.code, order.token, "pembeli@contoh.example")

    def test_asking_again_asks_the_same(self, session: Session) -> None:
        order = place(session, make_goods(session))
        assert begin(session, order) == begin(session, order)

    def test_names_come_in_the_buyers_language_and_no_e_mail_is_none(self, session: Session) -> None:
        goods = make_goods(session)
        request = begin(session, place(session, goods, language="en", contact=contact(email="")))
        assert request.lines[0].name == f"{goods.product.name_en}, 250 g"
        assert request.email is None

    def test_nothing_is_left_to_open_once_it_is_open_paid_or_promised(self, session: Session) -> None:
        goods, gateway = make_goods(session), NullGateway()
        order = place(session, goods)
        open_page(session, order, gateway)
        assert payments.begin_payment(session, order, **URLS) is None
        assert payments.begin_payment(session, pay(session, order), **URLS) is None
        assert payments.begin_payment(session, place(session, goods, payment_method=PICKUP), **URLS) is None

    def test_a_lost_answer_is_asked_again_and_finds_the_same_page(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session)), NullGateway()
        gateway.fail_next(after_the_work=True)
        with pytest.raises(Exception, match="payment service"):
            gateway.start(begin(session, order))
        payment = open_page(session, order, gateway)
        assert gateway.references == (payment.reference,)

    def test_recording_the_same_start_twice_is_harmless_and_another_one_is_refused(self, session: Session) -> None:
        order = place(session, make_goods(session))
        payment = payment_of(session, order)
        for _ in range(2):
            payments.record_started(session, payment.id, StartedPayment("cs_1", "https://pay.example/1"))
        with pytest.raises(Conflict):
            payments.record_started(session, payment.id, StartedPayment("cs_2", "https://pay.example/2"))
        assert payment_of(session, order).redirect_url == "https://pay.example/1"

    def test_a_start_recorded_after_the_money_came_does_not_undo_it(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session)), reference="cs_1")
        payments.record_started(session, payment_of(session, order).id, StartedPayment("cs_1", "https://pay.example/1"))
        assert payment_of(session, order).state is PaymentState.PAID


class TestSettling:
    def test_money_confirms_the_order_posts_it_and_writes_to_the_buyer(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session, price=25_000)))
        payment = payment_of(session, order)
        assert (order.state, order.hold_until, payment.state) == (OrderState.CONFIRMED, None, PaymentState.PAID)
        assert payment.paid_at is not None
        balance = ledger.balance(session, order.id)
        assert (balance[Account.STRIPE], balance[Account.RECEIVABLE], balance[Account.SALES]) == (25_000, 0, -25_000)
        assert letters(session, order, "mail.order_paid") == 1

    def test_hearing_it_three_times_is_one_effect(self, session: Session) -> None:
        order = place(session, make_goods(session, price=25_000))
        for number in range(3):
            facts = facts_of(session, order)
            payments.settle(session, payment_of(session, order).id, facts, ("stripe", f"evt_{number}", "checkout.session.completed"))
        assert ledger.balance(session, order.id)[Account.STRIPE] == 25_000
        assert letters(session, order, "mail.order_paid") == 1
        assert session.scalar(select(func.count(ProviderEvent.id))) == 3

    def test_the_same_event_again_changes_nothing(self, session: Session) -> None:
        order, event = place(session, make_goods(session)), ("stripe", "evt_1", "checkout.session.expired")
        payment = payment_of(session, order)
        payments.settle(session, payment.id, facts_of(session, order, ProviderState.OPEN), event)
        payments.settle(session, payment.id, facts_of(session, order, ProviderState.PAID), event)
        assert payment_of(session, order).state is PaymentState.OPEN

    def test_an_order_and_its_goods_survive_a_page_that_expired_unpaid(self, session: Session) -> None:
        goods = make_goods(session, 1)
        order = place(session, goods)
        payments.settle(session, payment_of(session, order).id, facts_of(session, order, ProviderState.EXPIRED))
        assert (order.state, payment_of(session, order).state) == (OrderState.AWAITING_PAYMENT, PaymentState.EXPIRED)
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 0}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount": 2_500_000},
            {"amount": 250},
            {"amount": 0},
            {"currency": "usd"},
            {"currency": ""},
            {"order_code": "XXXXXXXX"},
            {"payment_id": 0},
        ],
    )
    def test_money_that_does_not_match_is_looked_at_by_a_person_and_is_not_paid(self, session: Session, wrong: dict[str, object]) -> None:
        order = pay(session, place(session, make_goods(session, price=25_000)), **wrong)
        payment = payment_of(session, order)
        assert (payment.state, payment.review_reason) == (PaymentState.REVIEW, ReviewReason.MISMATCH)
        assert order.state is OrderState.AWAITING_PAYMENT
        assert ledger.balance(session, order.id)[Account.STRIPE] == 0
        assert letters(session, order, "mail.order_paid") == 0

    def test_another_sessions_money_is_looked_at_by_a_person(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session)), NullGateway()
        open_page(session, order, gateway)
        pay(session, order, reference="cs_of_somebody_else")
        assert payment_of(session, order).review_reason is ReviewReason.MISMATCH

    def test_a_review_is_not_undone_by_later_news(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session)), amount=1)
        pay(session, order)
        assert payment_of(session, order).state is PaymentState.REVIEW

    def test_news_that_does_not_match_and_brings_no_money_is_not_believed(self, session: Session) -> None:
        order = place(session, make_goods(session))
        pay(session, order, state=ProviderState.EXPIRED, order_code="XXXXXXXX")
        assert payment_of(session, order).state is PaymentState.STARTED

    def test_a_payment_that_is_not_ours_is_not_found(self, session: Session) -> None:
        order = place(session, make_goods(session))
        with pytest.raises(NotFound):
            payments.settle(session, 10**6, facts_of(session, order))

    def test_a_payment_is_found_by_the_providers_id(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session)), NullGateway()
        payment = open_page(session, order, gateway)
        assert payments.find_payment_by_reference(session, payment.reference or "") is payment
        assert payments.find_payment_by_reference(session, "cs_unknown") is None

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(ProviderState), st.integers(0, 4)), min_size=1, max_size=8))
    def test_any_order_of_news_with_repeats_pays_at_most_once(self, session: Session, news: list[tuple[ProviderState, int]]) -> None:
        order = place(session, make_goods(session, price=25_000))
        for state, event in news:
            facts = facts_of(session, order, state)
            payments.settle(session, facts.payment_id, facts, ("stripe", f"evt_{order.code}_{state}_{event}", "x"))
        paid = any(state is ProviderState.PAID for state, _ in news)
        assert (order.state is OrderState.CONFIRMED) == paid
        assert ledger.balance(session, order.id)[Account.STRIPE] == (25_000 if paid else 0)
        assert letters(session, order, "mail.order_paid") == int(paid)


class TestLateMoney:
    def expire(self, session: Session, order: Order) -> None:
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert order.code in holds.sweep_expired(session)

    def test_late_money_takes_the_goods_again_when_they_are_still_there(self, session: Session) -> None:
        goods = make_goods(session, 3)
        order = place(session, goods, quantity=2)
        self.expire(session, order)
        pay(session, order)
        assert (order.state, payment_of(session, order).state) == (OrderState.CONFIRMED, PaymentState.PAID)
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 1}
        assert ledger.balance(session, order.id)[Account.RECEIVABLE] == 0
        assert ledger.balance(session, order.id)[Account.SALES] == -order.total

    def test_late_money_for_goods_that_are_gone_is_kept_in_the_books_and_shown_to_staff(self, session: Session) -> None:
        goods = make_goods(session, 2)
        order = place(session, goods, quantity=2)
        self.expire(session, order)
        place(session, goods)
        pay(session, order)
        payment = payment_of(session, order)
        assert (order.state, payment.state, payment.review_reason) == (OrderState.EXPIRED, PaymentState.REVIEW, ReviewReason.LATE)
        assert ledger.balance(session, order.id)[Account.RECEIVABLE] == -order.total  # what we owe the buyer
        assert letters(session, order, "mail.order_paid") == 0
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 1}

    def test_money_for_a_cancelled_order_waits_for_a_person(self, session: Session) -> None:
        goods = make_goods(session)
        order = place(session, goods)
        fulfilment.cancel_order(session, GUEST, order.id, "berubah pikiran", token=order.token)
        pay(session, order)
        assert payment_of(session, order).review_reason is ReviewReason.CANCELLED
        assert order.state is OrderState.CANCELLED
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 10}

    def test_paying_twice_is_noticed(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session, price=25_000)), NullGateway()
        first = open_page(session, order, gateway)
        payments.settle(session, first.id, gateway.expire(first.reference or ""))
        payments.retry_payment(session, GUEST, order.id, CARD)
        pay(session, order)
        payments.settle(session, first.id, gateway.settle(first.reference or ""))
        session.refresh(first)
        assert (first.state, first.review_reason) == (PaymentState.REVIEW, ReviewReason.PAID_TWICE)
        assert ledger.balance(session, order.id)[Account.RECEIVABLE] == -25_000
        assert letters(session, order, "mail.order_paid") == 1


class TestTryingAgain:
    @pytest.fixture
    def declined(self, session: Session) -> Callable[..., Order]:
        def make(quantity: int = 3) -> Order:
            order = place(session, make_goods(session, quantity))
            payments.record_refused(session, payment_of(session, order).id)
            return order

        return make

    def test_a_new_attempt_has_a_new_key_and_prolongs_the_hold(self, session: Session, declined: Callable[..., Order]) -> None:
        order = declined()
        first, hold = payment_of(session, order), order.hold_until
        assert hold is not None
        with time_machine.travel(clock.now() + timedelta(minutes=20)):
            payments.retry_payment(session, GUEST, order.id, CARD)
            second = payment_of(session, order)
            assert (second.attempt, second.state) == (2, PaymentState.STARTED)
            assert second.idempotency_key != first.idempotency_key
            assert order.hold_until is not None
            assert order.hold_until > second.expires_at > hold

    def test_an_attempt_that_never_got_an_answer_is_opened_again_under_its_key(self, session: Session) -> None:
        order = place(session, make_goods(session))
        payments.retry_payment(session, GUEST, order.id, CARD)
        assert payment_of(session, order).attempt == 1

    def test_an_open_page_must_be_closed_first(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session)), NullGateway()
        open_page(session, order, gateway)
        with pytest.raises(PaymentUndecided):
            payments.retry_payment(session, GUEST, order.id, CARD)

    def test_paid_expired_and_over_tried_orders_are_refused(self, session: Session, declined: Callable[..., Order]) -> None:
        with pytest.raises(CannotPay):
            payments.retry_payment(session, GUEST, pay(session, place(session, make_goods(session))).id, CARD)
        order = declined()
        with time_machine.travel(clock.now() + timedelta(minutes=36)), pytest.raises(CannotPay):
            payments.retry_payment(session, GUEST, order.id, CARD)
        for _ in range(4):
            payments.retry_payment(session, GUEST, order.id, CARD)
            payments.record_refused(session, payment_of(session, order).id)
        with pytest.raises(CannotPay):
            payments.retry_payment(session, GUEST, order.id, CARD)

    def test_a_mismatch_in_review_stops_further_attempts(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session)), amount=1)
        with pytest.raises(CannotPay):
            payments.retry_payment(session, GUEST, order.id, CARD)

    def test_a_declined_buyer_may_promise_to_pay_at_pickup(self, session: Session, declined: Callable[..., Order]) -> None:
        order = declined()
        payments.retry_payment(session, GUEST, order.id, PICKUP)
        assert (order.state, payment_of(session, order).state) == (OrderState.CONFIRMED, PaymentState.OPEN)

    def test_but_not_for_the_last_piece_nor_beyond_the_limit(self, session: Session, declined: Callable[..., Order]) -> None:
        order = declined(quantity=1)
        with pytest.raises(stock.LastPiece), session.begin_nested():
            payments.retry_payment(session, GUEST, order.id, PICKUP)
        goods = make_goods(session, 9)
        for _ in range(3):
            place(session, goods, payment_method=PICKUP)
        with pytest.raises(TooManyOpenOrders), session.begin_nested():
            payments.retry_payment(session, GUEST, declined().id, PICKUP)

    def test_a_certain_no_ends_only_an_attempt_that_was_not_opened(self, session: Session) -> None:
        order, gateway = place(session, make_goods(session)), NullGateway()
        gateway.fail_next(GatewayRefused())
        with pytest.raises(GatewayRefused):
            gateway.start(begin(session, order))
        assert payments.record_refused(session, payment_of(session, order).id).state is PaymentState.FAILED
        other = place(session, make_goods(session))
        opened = open_page(session, other, gateway)
        assert payments.record_refused(session, opened.id).state is PaymentState.OPEN


def test_every_attempt_is_kept(session: Session) -> None:
    order = place(session, make_goods(session))
    payments.record_refused(session, payment_of(session, order).id)
    payments.retry_payment(session, GUEST, order.id, CARD)
    pay(session, order)
    states = session.scalars(select(Payment.state).where(Payment.order_id == order.id).order_by(Payment.attempt)).all()
    assert states == [PaymentState.FAILED, PaymentState.PAID]
