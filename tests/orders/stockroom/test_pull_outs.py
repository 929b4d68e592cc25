"""Goods that go back to their maker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import LossCause, MovementKind, StockMovement
from catalog.stock_moves import NotOnShelf
from kernel import clock
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.people import Permission, Role
from orders.invariants import check_all
from orders.models.stockroom import PullOutReason, PullOutState
from orders.stockroom import pull_outs
from orders.stockroom.pull_outs import Done
from tests.make import make_actor, make_maker, make_outlet
from tests.make_stockroom import Room, fresh, levels_of, make_room, receive


@pytest.fixture
def room(session: Session) -> Room:
    made = make_room(session)
    receive(session, made, fresh(10))
    return made


def test_the_maker_takes_some_back_and_the_rest_is_destroyed(session: Session, room: Room) -> None:
    (level,) = levels_of(session, room.outlet)
    noted = pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 8}, PullOutReason.EXPIRING)
    assert [found.on_hand for found in levels_of(session, room.outlet)] == [10], "they stay for sale until they are collected"
    line = noted.lines[0]
    with pytest.raises(InvalidInput, match="who took"):
        pull_outs.finish_pull_out(session, room.manager, noted.id, {line.id: Done(5)}, "")
    with pytest.raises(InvalidInput):
        pull_outs.finish_pull_out(session, room.manager, noted.id, {line.id: Done(5, 4)}, "Ibu")
    done = pull_outs.finish_pull_out(session, room.manager, noted.id, {line.id: Done(5, 2, LossCause.DAMAGED)}, "Ibu Contoh")
    assert (done.state, done.handed_to) == (PullOutState.DONE, "Ibu Contoh")
    assert [found.on_hand for found in levels_of(session, room.outlet)] == [3]
    moved = session.scalars(
        select(StockMovement).where(StockMovement.reference == f"pull_out:{noted.code}").order_by(StockMovement.id)
    ).all()
    assert [(move.kind, move.on_hand_change, move.cause) for move in moved] == [
        (MovementKind.RETURNED_TO_MAKER, -5, None),
        (MovementKind.WRITTEN_OFF, -2, LossCause.DAMAGED),
    ]
    assert check_all(session) == []
    with pytest.raises(Conflict):
        pull_outs.finish_pull_out(session, room.manager, noted.id, {line.id: Done(1)}, "Ibu")


def test_what_buyers_were_promised_does_not_go_back(session: Session, room: Room) -> None:
    (level,) = levels_of(session, room.outlet)
    noted = pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 10}, PullOutReason.UNSOLD)
    stock.hold_stock(session, room.outlet.id, {room.variant.id: 3}, "order:test")
    with pytest.raises(NotOnShelf):
        pull_outs.finish_pull_out(session, room.manager, noted.id, {noted.lines[0].id: Done(10)}, "Ibu")
    with pytest.raises(NotOnShelf):
        pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 8}, PullOutReason.UNSOLD)


def test_refusals(session: Session, room: Room) -> None:
    (level,) = levels_of(session, room.outlet)
    past = clock.today() - timedelta(days=2)
    for wanted, maker, error in (
        ({}, room.maker, InvalidInput),
        ({level.id: 1}, make_maker(session), NotFound),
        ({99_999: 1}, room.maker, NotFound),
    ):
        with pytest.raises(error):
            pull_outs.announce_pull_out(session, room.manager, room.outlet, maker, wanted, PullOutReason.ASKED)
    with pytest.raises(InvalidInput, match="day is past"):
        pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 1}, PullOutReason.ASKED, collect_by_on=past)
    noted = pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 1}, PullOutReason.ASKED)
    elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    with pytest.raises(NotFound):
        pull_outs.get_pull_out(session, elsewhere, Permission.VIEW_STOCK, noted.code)
    pull_outs.cancel_pull_out(session, room.manager, noted.id)
    assert noted.state is PullOutState.CANCELLED
