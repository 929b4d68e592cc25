"""Goods between outlets: never nowhere, and what is missing has a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks, stock
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet, StockMovement
from catalog.stock_moves import NotOnShelf
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import Actor, Permission, Role
from orders.invariants import check_all
from orders.models.stockroom import TransferState
from orders.stockroom import transfers
from orders.stockroom.transfers import Arrived
from tests.make import make_actor, make_outlet
from tests.make_stockroom import Room, fresh, levels_of, make_agreement, make_room, receive


@pytest.fixture
def room(session: Session) -> Room:
    made = make_room(session)
    receive(session, made, fresh(10))
    return made


def _other(session: Session, room: Room, *, agreed: bool = True) -> tuple[Outlet, Actor]:
    outlet = make_outlet(session)
    if agreed:
        make_agreement(session, room.maker, outlet)
    return outlet, make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)


def test_units_are_held_on_their_way_and_arrive_under_the_agreement_there(session: Session, room: Room) -> None:
    other, receiver = _other(session, room)
    (level,) = levels_of(session, room.outlet)
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    transfers.set_line(session, room.manager, transfer.id, level.id, 4)
    transfers.send_transfer(session, room.manager, transfer.id)
    (level,) = levels_of(session, room.outlet)
    assert (level.on_hand, level.held) == (10, 4)
    assert stock.available(session, [room.variant.id]) == {room.variant.id: 6}
    assert check_all(session) == []
    with pytest.raises(NotAllowed):
        transfers.receive_transfer(session, room.manager, transfer.id, {transfer.lines[0].id: Arrived(4)})
    done = transfers.receive_transfer(session, receiver, transfer.id, {transfer.lines[0].id: Arrived(4)})
    assert done.state is TransferState.RECEIVED
    (here,), (there,) = levels_of(session, room.outlet), levels_of(session, other)
    assert (here.on_hand, here.held, there.on_hand, there.held) == (6, 0, 4, 0)
    assert there.agreement_id not in (None, here.agreement_id)
    assert check_all(session) == []
    with pytest.raises(Conflict):
        transfers.receive_transfer(session, receiver, transfer.id, {transfer.lines[0].id: Arrived(4)})


def test_what_is_missing_on_arrival_is_lost_with_a_reason(session: Session, room: Room) -> None:
    other, receiver = _other(session, room)
    (level,) = levels_of(session, room.outlet)
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    transfers.set_line(session, room.manager, transfer.id, level.id, 4)
    transfers.send_transfer(session, room.manager, transfer.id)
    line = transfer.lines[0]
    with pytest.raises(InvalidInput, match="why fewer"):
        transfers.receive_transfer(session, receiver, transfer.id, {line.id: Arrived(3)})
    with pytest.raises(InvalidInput):
        transfers.receive_transfer(session, receiver, transfer.id, {line.id: Arrived(5)})
    with pytest.raises(InvalidInput, match="every line"):
        transfers.receive_transfer(session, receiver, transfer.id, {})
    transfers.receive_transfer(session, receiver, transfer.id, {line.id: Arrived(3, "Satu pecah di jalan.")})
    lost = session.scalars(select(StockMovement).where(StockMovement.kind == MovementKind.WRITTEN_OFF)).one()
    assert (lost.on_hand_change, lost.cause, lost.reason) == (-1, LossCause.LOST, "Satu pecah di jalan.")
    assert [here.on_hand for here in levels_of(session, room.outlet)] == [6]
    assert [there.on_hand for there in levels_of(session, other)] == [3]
    assert check_all(session) == []


def test_a_maker_without_an_agreement_there_is_not_moved(session: Session, room: Room) -> None:
    other, _receiver = _other(session, room, agreed=False)
    (level,) = levels_of(session, room.outlet)
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    transfers.set_line(session, room.manager, transfer.id, level.id, 4)
    with pytest.raises(InvalidInput, match="no agreement"):
        transfers.send_transfer(session, room.manager, transfer.id)


def test_no_more_leaves_than_is_free_and_nothing_of_a_blocked_lot(session: Session, room: Room) -> None:
    other, receiver = _other(session, room)
    (level,) = levels_of(session, room.outlet)
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    with pytest.raises(InvalidInput, match="nothing on this transfer"):
        transfers.send_transfer(session, room.manager, transfer.id)
    with pytest.raises(NotOnShelf):
        transfers.set_line(session, room.manager, transfer.id, level.id, 11)
    with pytest.raises(NotFound):
        transfers.set_line(session, room.manager, transfer.id, 999_999, 1)
    transfers.set_line(session, room.manager, transfer.id, level.id, 10)
    transfers.set_line(session, room.manager, transfer.id, level.id, 0)
    transfers.set_line(session, room.manager, transfer.id, level.id, 9)
    stock.hold_stock(session, room.outlet.id, {room.variant.id: 2}, "order:test")
    with pytest.raises(NotOnShelf):
        transfers.send_transfer(session, room.manager, transfer.id)
    transfers.set_line(session, room.manager, transfer.id, level.id, 8)
    batch_blocks.block_batch(session, room.manager, session.get_one(Batch, level.batch_id), "Diperiksa dulu.")
    with pytest.raises(batch_blocks.BatchStopped):
        transfers.send_transfer(session, room.manager, transfer.id)
    with pytest.raises(NotAllowed):
        transfers.open_transfer(session, receiver, room.outlet, other)
    with pytest.raises(InvalidInput):
        transfers.open_transfer(session, room.manager, room.outlet, room.outlet)


def test_a_transfer_that_is_called_back_frees_its_units(session: Session, room: Room) -> None:
    other, receiver = _other(session, room)
    (level,) = levels_of(session, room.outlet)
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    transfers.set_line(session, room.manager, transfer.id, level.id, 4)
    transfers.send_transfer(session, room.manager, transfer.id)
    assert transfers.units_on_the_way(session, [level.id]) == {level.id: 4}
    assert transfers.get_transfer(session, receiver, Permission.VIEW_STOCK, transfer.code).id == transfer.id
    transfers.cancel_transfer(session, room.manager, transfer.id)
    (level,) = levels_of(session, room.outlet)
    assert (level.on_hand, level.held) == (10, 0)
    assert check_all(session) == []
    stranger = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    with pytest.raises(NotFound):
        transfers.get_transfer(session, stranger, Permission.VIEW_STOCK, transfer.code)
