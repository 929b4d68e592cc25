"""Holds: how long goods wait for an unpaid order, and what happens when that time is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import SYSTEM
from orders import fulfilment, holds, ledger, payments
from orders.gateways import NullGateway, ProviderState
from orders.holds import NeverOpen, hold_deadline, payment_deadline, pickup_deadline
from orders.models.payment import Account
from orders.states import OrderState, PaymentState
from tests.make_orders import CARD, PICKUP, facts_of, open_page, pay, payment_of, place
from tests.make_stock import make_goods

DAILY = [["08:00", "20:00"]] * 7
SATURDAY_MORNING = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 10.00 WIB


def outlet(hours: list[list[str] | None], zone: str = "WIB") -> Outlet:
    return Outlet(opening_hours=hours, zone=zone)


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "deadline"),
    [
        (DAILY, "WIB", SATURDAY_MORNING, datetime(2026, 11, 22, 13, 0, tzinfo=UTC)),  # Sunday 20.00 WIB
        (DAILY, "WIT", SATURDAY_MORNING, datetime(2026, 11, 22, 11, 0, tzinfo=UTC)),  # Sunday 20.00 WIT
        (DAILY, "WIT", datetime(2026, 11, 21, 16, 0, tzinfo=UTC), datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),  # already Sunday there
        ([["08:00", "16:00"]] * 6 + [None], "WIB", SATURDAY_MORNING, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),  # Sunday closed
        ([None] * 5 + [["09:00", "12:00"], None], "WIB", SATURDAY_MORNING, datetime(2026, 11, 28, 5, 0, tzinfo=UTC)),  # Saturdays only
        ([["18:00", "02:00"]] * 7, "WIB", SATURDAY_MORNING, datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),  # closes after midnight
        ([["08:00", "24:00"]] * 7, "WIB", SATURDAY_MORNING, datetime(2026, 11, 22, 17, 0, tzinfo=UTC)),
    ],
)
def test_a_pickup_order_waits_until_the_next_open_day_ends(
    hours: list[list[str] | None], zone: str, moment: datetime, deadline: datetime
) -> None:
    assert pickup_deadline(outlet(hours, zone), moment) == deadline


def test_an_outlet_that_never_opens_takes_no_promise() -> None:
    with pytest.raises(NeverOpen):
        pickup_deadline(outlet([None] * 7), SATURDAY_MORNING)


def test_the_hold_of_a_card_payment_outlives_its_page() -> None:
    place_ = outlet(DAILY)
    page, hold = (of(CARD, place_, SATURDAY_MORNING) - SATURDAY_MORNING for of in (payment_deadline, hold_deadline))
    assert timedelta(minutes=30) < page < hold == timedelta(minutes=35)


class TestSweeping:
    def test_an_overdue_order_gives_its_goods_back_and_owes_nothing(self, session: Session) -> None:
        goods = make_goods(session, 3)
        order = place(session, goods, quantity=3)
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert holds.sweep_expired(session) == [order.code]
        assert order.state is OrderState.EXPIRED
        assert order.hold_until is None
        assert payment_of(session, order).state is PaymentState.EXPIRED
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 3}
        assert set(ledger.balance(session, order.id).values()) == {0}

    def test_sweeping_again_changes_nothing(self, session: Session) -> None:
        goods = make_goods(session, 3)
        place(session, goods)
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert len(holds.sweep_expired(session)) == 1
            assert holds.sweep_expired(session) == []
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 3}

    def test_what_is_not_due_stays(self, session: Session) -> None:
        order = place(session, make_goods(session))
        with time_machine.travel(clock.now() + timedelta(minutes=34)):
            assert holds.sweep_expired(session) == []
        assert order.state is OrderState.AWAITING_PAYMENT

    def test_a_paid_order_waits_for_its_buyer_for_ever(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session)))
        with time_machine.travel(clock.now() + timedelta(days=90)):
            assert holds.sweep_expired(session) == []
        assert order.state is OrderState.CONFIRMED

    def test_a_promise_to_pay_at_pickup_ends_with_the_next_open_day(self, session: Session) -> None:
        goods = make_goods(session)
        with time_machine.travel(SATURDAY_MORNING, tick=False):
            order = place(session, goods, payment_method=PICKUP)
        with time_machine.travel(datetime(2026, 11, 22, 12, 59, tzinfo=UTC), tick=False):
            assert holds.sweep_expired(session) == []
        with time_machine.travel(datetime(2026, 11, 22, 13, 1, tzinfo=UTC), tick=False):
            assert holds.sweep_expired(session) == [order.code]

    def test_goods_stay_held_until_the_provider_has_closed_the_page(self, session: Session) -> None:
        goods, gateway = make_goods(session), NullGateway()
        order = place(session, goods)
        payment = open_page(session, order, gateway)
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert holds.sweep_expired(session) == []
            (to_close,) = holds.list_to_close(session)
            assert (to_close.payment_id, to_close.reference, to_close.method) == (payment.id, payment.reference, CARD)
            payments.settle(session, payment.id, gateway.expire(to_close.reference))
            assert holds.list_to_close(session) == []
            assert holds.sweep_expired(session) == [order.code]

    def test_a_buyer_who_paid_in_the_last_second_keeps_the_goods(self, session: Session) -> None:
        goods, gateway = make_goods(session), NullGateway()
        order = place(session, goods)
        payment = open_page(session, order, gateway)
        gateway.settle(payment.reference or "")
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            payments.settle(session, payment.id, gateway.expire(payment.reference or ""))
            assert holds.sweep_expired(session) == []
        assert order.state is OrderState.CONFIRMED

    def test_money_on_its_way_keeps_the_goods_until_it_is_decided(self, session: Session) -> None:
        goods, gateway = make_goods(session), NullGateway()
        order = place(session, goods)
        open_page(session, order, gateway)
        payments.settle(session, payment_of(session, order).id, facts_of(session, order, ProviderState.PROCESSING))
        with time_machine.travel(clock.now() + timedelta(hours=5)):
            assert holds.sweep_expired(session) == []
            assert len(holds.list_to_close(session)) == 1
            payments.settle(session, payment_of(session, order).id, facts_of(session, order, ProviderState.FAILED))
            assert holds.sweep_expired(session) == [order.code]

    def test_goods_wait_while_a_person_looks_at_the_money_and_are_free_when_staff_cancel(self, session: Session) -> None:
        goods = make_goods(session, 3)
        order = pay(session, place(session, goods), amount=1)
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert holds.sweep_expired(session) == []
            assert holds.list_to_close(session) == []
            fulfilment.cancel_order(session, SYSTEM, order.id, "dana dikembalikan")
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 3}

    def test_many_orders_go_in_portions_the_oldest_first(self, session: Session) -> None:
        goods = make_goods(session, 9)
        codes = [place(session, goods).code for _ in range(5)]
        with time_machine.travel(clock.now() + timedelta(minutes=36)):
            assert holds.sweep_expired(session, limit=2) == codes[:2]
            assert holds.sweep_expired(session, limit=9) == codes[2:]
        assert ledger.balance(session, 0) == dict.fromkeys(Account, 0)
