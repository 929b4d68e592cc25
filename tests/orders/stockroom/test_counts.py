"""Blind counts while the shop stays open."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks
from catalog.models.stock import Batch, MovementKind, StockMovement
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import Permission, Role
from orders.invariants import check_all
from orders.models.stockroom import CountState
from orders.stockroom import counts, transfers
from orders.stockroom.counts import Figure, SecondPersonNeeded
from tests.make import make_actor, make_maker, make_outlet
from tests.make_consignment import sell
from tests.make_stock import Goods
from tests.make_stockroom import Room, fresh, levels_of, make_agreement, make_room, receive


@pytest.fixture
def room(session: Session) -> Room:
    made = make_room(session)
    receive(session, made, fresh(10), fresh(20))
    return made


def _goods(session: Session, room: Room) -> Goods:
    level = levels_of(session, room.outlet)[0]
    return Goods(room.product, room.variant, session.get_one(Batch, level.batch_id), room.outlet, level)


def test_a_difference_is_against_the_books_in_the_moment_of_counting(session: Session, room: Room) -> None:
    count = counts.start_count(session, room.manager, room.outlet)
    assert [line.counted for line in count.lines] == [None, None]
    first, second = count.lines
    sell(session, _goods(session, room))  # before the line is counted: ten are nine
    counts.type_figures(session, room.manager, count.id, [Figure(first.id, 8), Figure(second.id, 20)])
    sell(session, _goods(session, room))  # after it: no business of the count
    counts.close_count(session, room.manager, count.id)
    assert [(line.expected, line.difference) for line in count.lines] == [(9, -1), (20, 0)]
    with pytest.raises(InvalidInput, match="reason"):
        counts.book_count(session, room.manager, count.id)
    counts.give_reasons(session, room.manager, count.id, {first.id: "Satu tidak ditemukan."})
    booked = counts.book_count(session, room.manager, count.id)
    assert booked.state is CountState.BOOKED
    assert [level.on_hand for level in levels_of(session, room.outlet)] == [7, 20]
    moved = session.scalars(select(StockMovement).where(StockMovement.kind == MovementKind.COUNTED)).one()
    assert (moved.on_hand_change, moved.reference, moved.reason) == (-1, f"count:{count.code}", "Satu tidak ditemukan.")
    assert check_all(session) == []
    with pytest.raises(Conflict):
        counts.book_count(session, room.manager, count.id)


def test_above_the_limit_somebody_who_did_not_count_books_it(session: Session, room: Room) -> None:
    room.outlet.correction_limit = 50_000
    cashier = make_actor(session, Role.CASHIER, outlet_id=room.outlet.id)
    second = make_actor(session, Role.OUTLET_MANAGER, outlet_id=room.outlet.id)
    count = counts.start_count(session, room.manager, room.outlet)
    line = count.lines[0]
    with pytest.raises(NotAllowed):
        counts.start_count(session, cashier, room.outlet)
    counts.type_figures(session, cashier, count.id, [Figure(line.id, 7)])
    counts.close_count(session, room.manager, count.id)
    counts.give_reasons(session, room.manager, count.id, {line.id: "Hilang dari rak."})
    assert counts.worth_of(count) == 75_000
    with pytest.raises(NotAllowed):
        counts.book_count(session, cashier, count.id)
    with pytest.raises(SecondPersonNeeded):
        counts.book_count(session, room.manager, count.id)
    assert counts.needs_second_person(count, room.manager)
    counts.book_count(session, second, count.id)
    assert levels_of(session, room.outlet)[0].on_hand == 7


def test_a_lot_that_is_blocked_or_recalled_is_not_counted(session: Session, room: Room) -> None:
    count = counts.start_count(session, room.manager, room.outlet)
    first, second = count.lines
    batch = session.get_one(Batch, levels_of(session, room.outlet)[0].batch_id)
    batch_blocks.recall_batch(session, room.manager, batch, "Kemasan tidak rapat.")
    with pytest.raises(batch_blocks.BatchStopped, match="tidak rapat"), session.begin_nested():
        counts.type_figures(session, room.manager, count.id, [Figure(first.id, 5)])
    counts.type_figures(session, room.manager, count.id, [Figure(second.id, 20)])
    counts.cancel_count(session, room.manager, count.id)
    assert [line.level_id for line in counts.start_count(session, room.manager, room.outlet).lines] == [second.level_id]


def test_what_is_on_its_way_is_not_missing(session: Session, room: Room) -> None:
    other = make_outlet(session)
    make_agreement(session, room.maker, other)
    level = levels_of(session, room.outlet)[0]
    transfer = transfers.open_transfer(session, room.manager, room.outlet, other)
    transfers.set_line(session, room.manager, transfer.id, level.id, 4)
    transfers.send_transfer(session, room.manager, transfer.id)
    count = counts.start_count(session, room.manager, room.outlet)
    counts.type_figures(session, room.manager, count.id, [Figure(count.lines[0].id, 6)])
    assert count.lines[0].difference == 0


def test_one_makers_goods_are_counted_and_figures_can_be_typed_anew(session: Session, room: Room) -> None:
    with pytest.raises(InvalidInput, match="Nothing stands"):
        counts.start_count(session, room.manager, room.outlet, maker=make_maker(session))
    count = counts.start_count(session, room.manager, room.outlet, maker=room.maker)
    with pytest.raises(Conflict, match="still open"):
        counts.start_count(session, room.manager, room.outlet, maker=room.maker)
    line = count.lines[0]
    with pytest.raises(InvalidInput, match="Nothing has been counted"):
        counts.close_count(session, room.manager, count.id)
    with pytest.raises(NotFound):
        counts.type_figures(session, room.manager, count.id, [Figure(999_999, 1)])
    with pytest.raises(InvalidInput):
        counts.type_figures(session, room.manager, count.id, [Figure(line.id, -1)])
    counts.type_figures(session, room.manager, count.id, [Figure(line.id, 3)])
    counts.type_figures(session, room.manager, count.id, [Figure(line.id, None)])
    counts.type_figures(session, room.manager, count.id, [Figure(line.id, 9)])
    counts.close_count(session, room.manager, count.id)
    counts.count_again(session, room.manager, count.id, [line.id])
    assert (line.counted, count.state) == (None, CountState.OPEN)
    elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    with pytest.raises(NotFound):
        counts.get_count(session, elsewhere, Permission.VIEW_STOCK, count.code)
