"""What the lead's pages read: silent devices, what to restock, receipts in the order queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import Role
from orders import desk
from orders.counter import queries, restock, silent
from orders.counter.devices import record_contact, revoke_device
from orders.desk import OrderFilter
from orders.queries import find_token
from tests.make import make_actor, make_outlet
from tests.make_counter import Tablet, make_device, sell
from tests.make_stock import Goods, make_goods


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Twenty units."""
    return make_goods(session, 20, outlet=tablet.outlet)


def test_a_device_that_keeps_something_and_is_not_heard_of_is_silent(session: Session, tablet: Tablet) -> None:
    waits, idle = make_device(session), make_device(session)
    with clock.at(clock.now() - silent.LONG - timedelta(minutes=5)):
        for each, waiting in ((tablet, 0), (waits, 4), (idle, 0)):
            record_contact(session, each.device, waiting, "1", 0)
    found = {each.label: each.words for each in silent.list_silent(session)}
    assert found.keys() == {tablet.device.label, waits.device.label}
    assert "its shift is open" in found[tablet.device.label]
    assert "4 entries wait" in found[waits.device.label]
    record_contact(session, waits.device, 4, "1", 0)
    revoke_device(session, make_actor(session, Role.ADMINISTRATOR), tablet.device.code)
    assert silent.list_silent(session) == []


def test_tills_with_waiting_entries_are_counted_within_reach(session: Session, tablet: Tablet) -> None:
    record_contact(session, tablet.device, 1, "1", 0)
    here = make_actor(session, Role.OUTLET_MANAGER, outlet_id=tablet.outlet.id)
    elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    cashier = make_actor(session, Role.CASHIER, outlet_id=tablet.outlet.id)
    assert [queries.count_unsynced(session, each) for each in (here, elsewhere, cashier)] == [1, 0, 0]


@pytest.mark.parametrize(("sold", "suggested"), [(9, None), (12, 10), (20, 30), (23, 35)])
def test_what_lasts_fewer_than_ten_days_is_suggested(
    session: Session, tablet: Tablet, goods: Goods, sold: int, suggested: int | None
) -> None:
    """21 days at the pace of 14, less what is left; oversold goods count as none."""
    sell(session, tablet, (goods, sold))
    found = [row for each in restock.list_restock(session, tablet.outlet) for row in each.rows]
    assert [row.suggested for row in found] == ([suggested] if suggested else [])


def test_the_queue_finds_a_receipt_and_a_sale_without_a_phone_opens_to_nobody(session: Session, tablet: Tablet, goods: Goods) -> None:
    order = sell(session, tablet, goods)
    manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=tablet.outlet.id)
    sold = queries.find_sold_at(session, order.id)
    assert sold is not None
    assert (sold.till_number, sold.shift_code) == (tablet.till.number, tablet.shift)
    page = desk.list_queue(session, manager, OrderFilter(text=sold.receipt_number.lower()))
    assert [each.code for each in page.rows] == [order.code]
    assert find_token(session, order.code, "") is None
