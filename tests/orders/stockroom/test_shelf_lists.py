"""Pull-out calendar, low stock, ageing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog.models.stock import Batch
from kernel import clock
from orders.models.stockroom import PullOutReason
from orders.stockroom import pull_outs, shelf_lists
from tests.make_consignment import sell
from tests.make_stock import Goods
from tests.make_stockroom import fresh, levels_of, make_room, receive


@pytest.mark.parametrize(("keeps", "agreed", "listed"), [(30, 14, True), (31, 14, False), (60, 60, True), (61, 60, False), (35, 60, True)])
def test_the_pull_out_list_opens_thirty_days_before_or_when_it_was_agreed(session: Session, keeps: int, agreed: int, listed: bool) -> None:
    room = make_room(session, pull_out_days=agreed)
    best_before = clock.today() + timedelta(days=keeps)
    receive(session, room, fresh(5, produced_on=clock.today(), best_before_on=best_before), fresh(5, produced_on=None, best_before_on=None))
    page = shelf_lists.list_pull_outs_due(session, room.outlet)
    assert [row.best_before_on for row in page.rows] == ([best_before] if listed else [])
    if listed:
        assert page.rows[0].pull_out_on == best_before - timedelta(days=agreed)
        level = page.rows[0].level_id
        noted = pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level: 2}, PullOutReason.EXPIRING)
        assert shelf_lists.list_pull_outs_due(session, room.outlet, maker_slug=room.maker.slug).rows[0].announced == noted.code
        assert shelf_lists.list_pull_outs_due(session, room.outlet, maker_slug="orang-lain").total == 0


def test_low_stock_is_few_units_or_few_days(session: Session) -> None:
    room = make_room(session)
    receive(session, room, fresh(40))
    assert shelf_lists.list_low(session, room.outlet).rows == []
    level = levels_of(session, room.outlet)[0]
    sell(session, Goods(room.product, room.variant, session.get_one(Batch, level.batch_id), room.outlet, level), quantity=30)
    (row,) = shelf_lists.list_low(session, room.outlet).rows
    assert (row.free, row.sold, row.days_left) == (10, 30, 10)


def test_ageing_shows_what_stands_for_long(session: Session) -> None:
    room = make_room(session)
    with time_machine.travel(clock.now() - timedelta(days=70)):
        receive(session, room, fresh(5, produced_on=None, best_before_on=None, lot_code="LAMA"))
    receive(session, room, fresh(5, produced_on=None, best_before_on=None, lot_code="BARU"))
    assert [(row.lot_code, row.days) for row in shelf_lists.list_ageing(session, room.outlet, least_days=60).rows] == [("LAMA", 70)]
    assert shelf_lists.list_ageing(session, room.outlet, least_days=90).rows == []
