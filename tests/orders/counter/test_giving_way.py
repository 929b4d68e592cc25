"""An order whose units were sold at the counter is given others, and the incident can end."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.stock import OutOfStock
from kernel.errors import Conflict, NotFound
from kernel.people import SYSTEM, Role
from orders import fulfilment
from orders.counter.giving_way import move_order
from orders.counter.incidents import resolve_incident
from orders.counter.overselling import StillMissing
from tests.make import make_actor
from tests.make_consignment import breaches
from tests.make_counter import Tablet, incidents, sell
from tests.make_orders import pay, place
from tests.make_stock import make_goods, stock_up


def test_a_promise_moves_to_another_lot_and_is_kept(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 3, outlet=tablet.outlet)
    order = pay(session, place(session, goods, quantity=2))
    sell(session, tablet, (goods, 2))
    (incident,) = incidents(session)
    stock_up(session, goods.product, tablet.outlet, 1)
    stock_up(session, goods.product, tablet.outlet, 5)
    with pytest.raises(StillMissing), session.begin_nested():
        resolve_incident(session, SYSTEM, incident.code, "replaced")
    assert move_order(session, SYSTEM, incident.code, order.code) == 2
    resolve_incident(session, SYSTEM, incident.code, "replaced")
    assert breaches(session) == []
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    session.refresh(goods.level)
    assert (goods.level.on_hand, goods.level.held, goods.level.oversold) == (1, 0, 0)
    assert breaches(session) == []


def test_it_moves_only_where_enough_is_free(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 2, outlet=tablet.outlet)
    order = place(session, goods, quantity=2)
    sell(session, tablet, (goods, 1))
    (incident,) = incidents(session)
    stock_up(session, goods.product, tablet.outlet, 1)
    with pytest.raises(OutOfStock), session.begin_nested():
        move_order(session, SYSTEM, incident.code, order.code)
    assert breaches(session) == []


def test_only_an_order_that_waits_for_them_is_moved_and_only_by_a_manager(session: Session, tablet: Tablet) -> None:
    goods, other = (make_goods(session, 2, outlet=tablet.outlet) for _ in range(2))
    sell(session, tablet, (goods, 3))
    order = place(session, other)
    (incident,) = incidents(session)
    with pytest.raises(Conflict):
        move_order(session, SYSTEM, incident.code, order.code)
    with pytest.raises(NotFound):
        move_order(session, make_actor(session, Role.CASHIER, outlet_id=tablet.outlet.id), incident.code, order.code)
    with pytest.raises(NotFound):
        move_order(session, SYSTEM, incident.code, "XXXXXXXX")
