"""The demo's days at the counter: whole, the same at every start, and nothing the doctor minds."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import User
from orders.counter import queries
from orders.counter.day_totals import sum_day
from orders.gateways import PaymentMethod
from orders.invariants import CHECKS
from orders.models.order import Channel, Order
from orders.models.shift import CashMove, CounterIncident, CounterReturn, CounterSale, IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryKind, EntryState, Till, TillEntry
from storefront.demo.cast import CASHIER, MANAGER
from storefront.demo.counter import SALES, SALES_TODAY, SHORT, has_traded, trade_at_counter
from storefront.demo.seeding import OUTLET_SLUG
from tests.make_counter import knows_pin

pytestmark = pytest.mark.one_database


def test_the_days_are_whole_quick_and_sound(month: Session) -> None:
    session, before, begun = month, _complaints(month), time.monotonic()
    trade_at_counter(session, OUTLET_SLUG)
    assert time.monotonic() - begun < 5
    session.expire_all()
    assert has_traded(session)
    states = dict(session.execute(select(TillEntry.state, func.count()).group_by(TillEntry.state)).all())
    assert states.keys() == {EntryState.ACCEPTED, EntryState.QUARANTINED}
    assert states[EntryState.QUARANTINED] == 1
    assert set(session.scalars(select(TillEntry.kind))) >= set(EntryKind) - {EntryKind.CART_CANCELLED}
    assert session.scalar(select(func.count(CounterSale.id))) == SALES + SALES_TODAY + 1
    assert session.scalar(select(func.count(CounterReturn.id))) == 1
    assert session.scalar(select(func.count(CashMove.id))) == 1
    kinds = sorted(kind.value for kind in session.scalars(select(CounterIncident.kind)))
    assert kinds == [IncidentKind.OVERSOLD.value, IncidentKind.QUARANTINED_ENTRY.value]
    assert _complaints(session) == before


def _complaints(session: Session) -> dict[str, list[str]]:
    """What the doctor says of the demo."""
    found = {name: list(check(session)) for name, check in CHECKS.items()}
    return {name: messages for name, messages in found.items() if messages}


def test_yesterdays_shift_is_closed_and_short_todays_is_open(counter: Session) -> None:
    first, second = counter.scalars(select(Shift).order_by(Shift.number)).all()
    assert first.closed_at is not None
    assert second.closed_at is None
    (closing,) = counter.scalars(select(ShiftClosing)).all()
    assert not closing.is_provisional
    assert queries.difference_of(closing) == -SHORT
    assert {name: closing.counted[name] - closing.expected[name] for name in closing.counted} == {
        "cash": -SHORT,
        "qris": 0,
        "card": 0,
        "transfer": 0,
    }
    outlet = counter.scalars(select(Outlet).where(Outlet.slug == OUTLET_SLUG)).one()
    day = sum_day(counter, outlet, clock.today(outlet.zone) - timedelta(days=1))
    assert day.sales == SALES
    assert day.by_method.keys() == {PaymentMethod.CASH, PaymentMethod.QRIS, PaymentMethod.CARD_TERMINAL, PaymentMethod.BANK_TRANSFER}
    assert day.total == sum(money.amount for money in day.by_method.values())


def test_nothing_of_it_lies_in_the_future(counter: Session) -> None:
    latest = counter.scalar(select(func.max(CounterSale.sold_at)))
    assert latest is not None
    assert latest <= clock.now()


def test_the_cast_can_sell_with_the_pins_that_are_told(counter: Session) -> None:
    for member in (CASHIER, MANAGER):
        person = counter.scalars(select(User).where(User.email == member.email)).one()
        assert knows_pin(counter, person.id, member.pin), member.local_part


def test_trading_again_changes_nothing(counter: Session) -> None:
    before = [counter.scalar(select(func.count()).select_from(model)) for model in (Till, TillEntry, Order)]
    trade_at_counter(counter, OUTLET_SLUG)
    assert [counter.scalar(select(func.count()).select_from(model)) for model in (Till, TillEntry, Order)] == before
    assert counter.scalar(select(func.count(Order.id)).where(Order.channel == Channel.COUNTER)) == SALES + SALES_TODAY + 1
