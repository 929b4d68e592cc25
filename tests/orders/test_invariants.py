"""Invariants: a healthy shop is sound, and each kind of damage is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import GUEST, SYSTEM
from orders import fulfilment, holds, payments, refunds
from orders.gateways import ProviderRefundState
from orders.invariants import CHECKS, check_all
from orders.refund_states import RefundWay
from tests.make_orders import PICKUP, pay, payment_of, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import give, refund


@pytest.fixture
def busy_shop(session: Session) -> Session:
    """Orders in every state, with money in every place."""
    goods = make_goods(session, 20, price=8_350)
    place(session, goods)
    fulfilment.mark_ready(session, SYSTEM, pay(session, place(session, goods)).id)
    paid = pay(session, place(session, goods))
    fulfilment.hand_over(session, SYSTEM, paid.id, paid.code)
    cash = place(session, goods, quantity=3, payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, cash.id, cash.code)
    cancelled, mismatch = place(session, goods), place(session, goods)
    fulfilment.cancel_order(session, GUEST, cancelled.id, "batal", token=cancelled.token)
    pay(session, cancelled)
    pay(session, mismatch, amount=1)
    revived, late = place(session, goods), place(session, goods, quantity=12)
    with time_machine.travel(clock.now() + timedelta(minutes=36)):
        holds.sweep_expired(session)
    pay(session, revived)
    place(session, goods, quantity=10)
    pay(session, late)
    retried = place(session, goods)
    payments.record_refused(session, payment_of(session, retried).id)
    payments.retry_payment(session, GUEST, retried.id, PICKUP)
    more = make_goods(session, 30)
    part, whole, back = (pay(session, place(session, more, quantity=2)) for _ in range(3))
    give(session, refund(session, part, 1))
    give(session, refund(session, whole), ProviderRefundState.FAILED)
    fulfilment.hand_over(session, SYSTEM, back.id, back.code)
    give(session, refund(session, back, fit=False))
    returned = place(session, more)
    fulfilment.cancel_order(session, GUEST, returned.id, "batal", token=returned.token)
    pay(session, returned)
    give(session, refunds.return_payment(session, SYSTEM, payment_of(session, returned).id, RefundWay.PROVIDER, "k" * 32))
    session.flush()
    return session


def names(session: Session) -> set[str]:
    return {breach.invariant for breach in check_all(session)}


def test_a_shop_with_orders_in_every_state_is_sound(busy_shop: Session) -> None:
    assert check_all(busy_shop) == []
    assert set(CHECKS) == {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I10", "I11"}


@pytest.mark.parametrize(
    ("damage", "invariant"),
    [
        ("UPDATE stock_levels SET on_hand = on_hand + 1", "I1"),
        ("DELETE FROM order_allocations", "I1"),
        ("UPDATE orders SET total = total + 1, subtotal = subtotal + 1", "I2"),
        ("UPDATE orders SET state = 'completed' WHERE state = 'awaiting_payment'", "I2"),
        ("UPDATE refunds SET amount = amount * 9", "I2"),
        ("UPDATE refunds SET state = 'requested', authorised_at = NULL WHERE state = 'succeeded'", "I2"),
        ("UPDATE refunds SET state = 'succeeded' WHERE state = 'failed'", "I2"),
        ("UPDATE refund_lines SET quantity = quantity + 1", "I2"),
        ("UPDATE payments SET paid_at = created_at WHERE paid_at IS NULL", "I3"),
        ("UPDATE payments SET state = 'paid' WHERE state = 'started'", "I3"),
        (
            "INSERT INTO ledger_entries (posting, order_id, account, amount, at) "
            "SELECT 'odd', min(id), 'cash', 1, min(placed_at) FROM orders",
            "I7",
        ),
    ],
)
def test_damage_is_named(busy_shop: Session, damage: str, invariant: str) -> None:
    with busy_shop.begin_nested() as savepoint:
        busy_shop.execute(text(damage))
        assert invariant in names(busy_shop)
        savepoint.rollback()
    assert check_all(busy_shop) == []


def test_a_worker_that_stopped_is_named_after_a_quarter_of_an_hour(session: Session) -> None:
    place(session, make_goods(session))
    with time_machine.travel(clock.now() + timedelta(minutes=14)):
        assert names(session) == set()
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert names(session) == {"I8"}
    with time_machine.travel(clock.now() + timedelta(minutes=60)):
        assert names(session) == {"I8", "I10"}


def test_a_missing_guard_is_named(session: Session) -> None:
    on = " ON ledger_entries" if session.get_bind().dialect.name == "postgresql" else ""
    name = "ledger_entries_append_only" if on else "ledger_entries_no_update"
    with session.begin_nested() as savepoint:
        session.execute(text(f"DROP TRIGGER {name}{on}"))
        assert names(session) == {"I6"}
        savepoint.rollback()


def test_the_doctor_speaks_and_its_exit_status_tells(app: Flask, busy_shop: Session) -> None:
    runner = app.test_cli_runner()
    sound = runner.invoke(args=["doctor"])
    assert (sound.exit_code, sound.output[:6]) == (0, "Sound:")
    with busy_shop.begin_nested() as savepoint:
        busy_shop.execute(text("UPDATE stock_levels SET on_hand = on_hand + 1"))
        broken = runner.invoke(args=["doctor"])
        savepoint.rollback()
    assert broken.exit_code == 1
    assert "movements say" in broken.output
