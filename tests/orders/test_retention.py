"""What the privacy page promises about names and numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import SYSTEM
from orders import fulfilment, payouts
from orders.drafts import Contact
from orders.models.order import Order
from orders.refund_states import RefundWay
from orders.retention import KEPT, forget_old_buyers
from orders.states import OrderState
from tests.make_orders import PICKUP, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import refund


@pytest.fixture
def old_order(session: Session) -> Order:
    """An order of long ago, finished."""
    order = place(session, make_goods(session), note="Untuk Ibu")
    order.placed_at = clock.now() - KEPT - timedelta(days=1)
    order.state = OrderState.CANCELLED
    session.flush()
    return order


def test_an_old_buyer_is_forgotten_and_the_figures_stay(session: Session, old_order: Order) -> None:
    assert forget_old_buyers(session) == 1
    session.refresh(old_order)
    assert (old_order.contact_name, old_order.contact_phone, old_order.contact_email, old_order.note) == ("", "", "", "")
    assert old_order.total == 25_000
    assert forget_old_buyers(session) == 0


def test_notes_about_refunds_are_forgotten_too(session: Session) -> None:
    order = place(session, make_goods(session), payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    wanted = refund(session, order, way=RefundWay.CASH, text="Ibu Contoh mengembalikan")
    payouts.record_paid_out(session, SYSTEM, wanted.id, "Ibu Contoh")
    order.placed_at = clock.now() - KEPT - timedelta(days=1)
    session.flush()
    assert forget_old_buyers(session) == 1
    session.refresh(wanted)
    assert (wanted.reason_text, wanted.provider_reference, wanted.amount) == ("", None, 25_000)


def test_whoever_came_back_is_remembered(session: Session, old_order: Order) -> None:
    place(session, make_goods(session))
    assert forget_old_buyers(session) == 0


def test_another_buyers_new_order_does_not_matter(session: Session, old_order: Order) -> None:
    place(session, make_goods(session), contact=Contact("Orang Lain", "+6281299999999"))
    assert forget_old_buyers(session) == 1


def test_an_order_that_holds_goods_keeps_its_contact(session: Session, old_order: Order) -> None:
    old_order.state = OrderState.READY
    session.flush()
    assert forget_old_buyers(session) == 0
