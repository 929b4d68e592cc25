"""Counter sales: a receipt becomes an order with lines, payments, stock and credit; what does not fit opens incidents."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.counter.entries import Answer, receive_entries
from orders.models.order import Channel, Order, OrderLine, OrderState
from orders.models.payment import Payment
from orders.models.shift import CounterIncident, CounterSale
from orders.models.till import EntryState
from tests.make_consignment import breaches
from tests.make_counter import Tablet, make_device
from tests.make_stock import Goods, make_goods


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A paired device whose shift is open."""
    tablet = make_device(session)
    deliver(session, tablet, tablet.opened())
    return tablet


def deliver(session: Session, tablet: Tablet, *bodies: Any, phone: str = "") -> list[Answer]:
    """The device sends these entries; what it is told."""
    envelopes = [tablet.sign(body, phone) for body in bodies]
    return receive_entries(session, tablet.device, envelopes, device_now=tablet.now())


def sell(session: Session, tablet: Tablet, *goods: Goods | tuple[Goods, int], **changes: Any) -> Order:
    """One accepted sale."""
    (answer,) = deliver(session, tablet, tablet.sale(*goods, **changes))
    assert answer.state is EntryState.ACCEPTED, answer.reason
    return session.scalars(select(Order).where(Order.code == answer.order_code)).one()


def incidents(session: Session) -> list[CounterIncident]:
    return list(session.scalars(select(CounterIncident).order_by(CounterIncident.id)))


class TestAReceipt:
    def test_becomes_a_completed_and_paid_order(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        order = sell(session, tablet, (goods, 2))
        assert (order.channel, order.state, order.total) == (Channel.COUNTER, OrderState.COMPLETED, 50_000)
        line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
        assert (line.quantity, line.unit_price, line.line_total) == (2, 25_000, 50_000)
        payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
        assert (payment.amount, payment.state.value, payment.method.value) == (50_000, "paid", "cash")
        sale = session.scalars(select(CounterSale).where(CounterSale.order_id == order.id)).one()
        assert (sale.cashier_id, sale.running) == (tablet.cashier.id, 1)
        session.refresh(goods.level)
        assert (goods.level.on_hand, goods.level.held, goods.level.oversold) == (3, 0, 0)
        assert incidents(session) == []
        assert breaches(session) == []
