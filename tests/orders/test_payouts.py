"""Payouts: a refund is asked for under one key, settled once, and can be tried again after a certain no."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.outbox import OutboxMessage
from kernel.people import GUEST, SYSTEM, Role
from orders import fulfilment, ledger, payouts
from orders.gateways import GatewayRefused, GatewayUnavailable, NullGateway, ProviderRefundState, RefundFacts
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry, ProviderEvent
from orders.payouts import LEASE, PENDING_PAUSE, RefundCall
from orders.refund_states import RefundState, RefundWay, WayNotPossible
from orders.states import WrongState
from tests.make import make_actor
from tests.make_orders import PICKUP, open_page, payment_of, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import refund

EVENT = ("stripe", "evt_1", "charge.refunded")


@pytest.fixture
def gateway() -> NullGateway:
    return NullGateway()


@pytest.fixture
def order(session: Session, gateway: NullGateway) -> Order:
    """Three units, paid through the gateway."""
    from orders import payments

    order = place(session, make_goods(session, 5), quantity=3)
    payment = open_page(session, order, gateway)
    payments.settle(session, payment.id, gateway.settle(payment.reference or ""))
    return order


def ask(gateway: NullGateway, call: RefundCall | None) -> RefundFacts:
    assert call is not None
    return gateway.refund(call.reference, call.amount, call.idempotency_key)


def count_given(session: Session) -> int:
    return session.scalar(select(func.count(LedgerEntry.id)).where(ledger.IS_REFUNDED)) or 0


def test_the_provider_is_asked_once_and_its_answer_counts_once(session: Session, gateway: NullGateway, order: Order) -> None:
    wanted = refund(session, order, 1)
    assert payouts.list_to_send(session) == [wanted.id]
    call = payouts.record_sent(session, wanted.id)
    assert payouts.record_sent(session, wanted.id) is None, "somebody is asking already"
    facts = ask(gateway, call)
    for _teller in range(3):
        payouts.settle_refund(session, wanted.id, facts, EVENT)
    assert (wanted.state, wanted.provider_reference) == (RefundState.SUCCEEDED, "null_refund_1")
    assert (count_given(session), ledger.balance(session, order.id)[Account.STRIPE]) == (1, 50_000)
    assert session.scalar(select(func.count(ProviderEvent.id))) == 1
    assert session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "mail.order_refunded")).one()["refund"] == wanted.code
    assert payouts.list_to_send(session) == []
    assert check_all(session) == []


def test_a_lost_answer_is_asked_for_again_under_the_same_key(session: Session, gateway: NullGateway, order: Order) -> None:
    wanted = refund(session, order, 1)
    call = payouts.record_sent(session, wanted.id)
    gateway.fail_next(after_the_work=True)
    with pytest.raises(GatewayUnavailable):
        ask(gateway, call)
    assert payouts.list_to_send(session) == []
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        again = payouts.record_sent(session, wanted.id)
        assert again == call
        payouts.settle_refund(session, wanted.id, ask(gateway, again))
    assert (len(gateway.refunds), wanted.state) == (1, RefundState.SUCCEEDED)


def test_a_message_finds_the_refunds_that_wait_for_an_answer(session: Session, order: Order) -> None:
    wanted = refund(session, order, 1)
    assert payouts.list_asked(session, order.code) == []
    call = payouts.record_sent(session, wanted.id)
    assert payouts.list_asked(session, order.code) == [call]


def test_a_refund_on_its_way_is_looked_at_now_and_then(session: Session, gateway: NullGateway, order: Order) -> None:
    wanted = refund(session, order, 1)
    gateway.refund_state = ProviderRefundState.PENDING
    payouts.settle_refund(session, wanted.id, ask(gateway, payouts.record_sent(session, wanted.id)))
    assert (wanted.state, wanted.provider_reference) == (RefundState.SENT, "null_refund_1")
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert payouts.list_to_send(session) == []
    gateway.refund_state = ProviderRefundState.SUCCEEDED
    with time_machine.travel(clock.now() + PENDING_PAUSE + timedelta(seconds=1)):
        payouts.settle_refund(session, wanted.id, ask(gateway, payouts.record_sent(session, wanted.id)))
    assert (wanted.state, len(gateway.refunds)) == (RefundState.SUCCEEDED, 1)


def test_after_a_certain_no_it_is_given_in_another_way(session: Session, gateway: NullGateway, order: Order) -> None:
    wanted = refund(session, order)
    gateway.fail_next(GatewayRefused())
    call = payouts.record_sent(session, wanted.id)
    with pytest.raises(GatewayRefused):
        ask(gateway, call)
    payouts.record_refused(session, wanted.id)
    assert (wanted.state, payouts.list_to_send(session)) == (RefundState.FAILED, [])
    assert check_all(session) == []
    payouts.retry_refund(session, SYSTEM, wanted.id, RefundWay.TRANSFER)
    assert wanted.idempotency_key.endswith("-try-2")
    payouts.record_paid_out(session, SYSTEM, wanted.id, "TRF 1")
    payouts.settle_refund(session, wanted.id, RefundFacts("re_late", ProviderRefundState.SUCCEEDED, wanted.amount, "idr"))
    assert (wanted.provider_reference, count_given(session)) == ("TRF 1", 1)
    assert check_all(session) == []
    with pytest.raises(WrongState):
        payouts.retry_refund(session, SYSTEM, wanted.id, RefundWay.CASH)


@pytest.mark.parametrize("changes", [{"amount": 1}, {"currency": "usd"}])
def test_facts_about_something_else_change_nothing(session: Session, order: Order, changes: dict[str, object]) -> None:
    wanted = refund(session, order, 1)
    payouts.record_sent(session, wanted.id)
    values = {"reference": "re_1", "state": ProviderRefundState.SUCCEEDED, "amount": 25_000, "currency": "idr"} | changes
    payouts.settle_refund(session, wanted.id, RefundFacts(**values))  # type: ignore[arg-type]
    assert wanted.state is RefundState.SENT


def test_news_about_a_refund_that_was_not_sent_changes_nothing(session: Session, order: Order) -> None:
    wanted = refund(session, order, 1)
    payouts.settle_refund(session, wanted.id, RefundFacts("re_1", ProviderRefundState.SUCCEEDED, 25_000, "idr"))
    payouts.record_refused(session, wanted.id)
    assert wanted.state is RefundState.REQUESTED


class TestGivenByStaff:
    @pytest.fixture
    def cash_order(self, session: Session) -> Order:
        order = place(session, make_goods(session, 5), quantity=2, payment_method=PICKUP)
        return fulfilment.hand_over(session, SYSTEM, order.id, order.code)

    def test_cash_is_recorded_once_with_its_receiver(self, session: Session, cash_order: Order) -> None:
        wanted = refund(session, cash_order, 1, way=RefundWay.CASH)
        for _click in range(2):
            payouts.record_paid_out(session, SYSTEM, wanted.id, " Pembeli  Contoh ")
        assert (wanted.state, wanted.provider_reference, count_given(session)) == (RefundState.SUCCEEDED, "Pembeli Contoh", 1)
        assert payouts.list_to_send(session) == []

    @pytest.mark.parametrize("proof", ["", " ", "x", "x" * 121])
    def test_who_received_it_must_be_said(self, session: Session, cash_order: Order, proof: str) -> None:
        with pytest.raises(InvalidInput):
            payouts.record_paid_out(session, SYSTEM, refund(session, cash_order, 1, way=RefundWay.CASH).id, proof)

    def test_what_the_provider_gives_staff_do_not_record(self, session: Session, order: Order, cash_order: Order) -> None:
        by_provider = refund(session, order, 1)
        waits = refund(session, cash_order, 1, way=RefundWay.CASH, approval_above=0)
        for wanted in (by_provider, waits):
            with pytest.raises(WrongState):
                payouts.record_paid_out(session, SYSTEM, wanted.id, "Pembeli")

    def test_only_staff_of_the_outlet_record_and_retry(self, session: Session, cash_order: Order) -> None:
        wanted = refund(session, cash_order, 1, way=RefundWay.CASH)
        for stranger in (GUEST, make_actor(session, Role.CURATOR)):
            with pytest.raises(NotAllowed):
                payouts.record_paid_out(session, stranger, wanted.id, "Pembeli")
            with pytest.raises(NotAllowed):
                payouts.retry_refund(session, stranger, wanted.id, RefundWay.CASH)
        with pytest.raises(WayNotPossible):
            payouts.retry_refund(session, SYSTEM, wanted.id, RefundWay.PROVIDER)


def test_the_twin_refuses_to_give_back_more_than_it_took(gateway: NullGateway, session: Session, order: Order) -> None:
    reference = payment_of(session, order).reference or ""
    gateway.refund(reference, 50_000, "a")
    assert gateway.refund(reference, 50_000, "a").reference == gateway.refund(reference, 50_000, "a").reference
    with pytest.raises(GatewayRefused):
        gateway.refund(reference, 50_000, "b")
