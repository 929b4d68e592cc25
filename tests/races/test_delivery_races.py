"""Races in the stock room with real processes: a delivery is booked once however many confirm it, a count once, a unit leaves once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models.stock import MovementKind, StockLevel, StockMovement
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders.invariants import check_all
from orders.models.delivery import ConfirmedBy, Delivery, DeliveryState
from orders.models.stockroom import PullOutReason
from orders.stockroom import booking, counts, deliveries, pull_outs
from orders.stockroom.counts import Figure
from orders.stockroom.pull_outs import Done
from tests.make_stockroom import fresh, levels_of, make_delivery, make_room, receive
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

RACERS = 6


def confirm(engine: Engine, start: Callable[[], object], delivery_id: int, guarded: bool) -> str:
    """The maker's word; without the guard, as somebody would write it who reads the state first."""
    if guarded:
        start()
        with writing(engine) as session:
            return deliveries.confirm_by_maker(session, delivery_id, 1, ConfirmedBy.LINK, "Ibu").state.value
    with Session(engine) as session:
        code, state = session.execute(select(Delivery.code, Delivery.state).where(Delivery.id == delivery_id)).one()
    start()  # everybody has looked
    assert state is DeliveryState.COUNTED
    with writing(engine) as session:
        found = deliveries.find_by_code(session, code)
        assert found is not None
        booking.book(session, found)
    return "booked"


def _received(engine: Engine) -> int:
    with Session(engine) as session:
        return sum(session.scalars(select(StockMovement.on_hand_change).where(StockMovement.kind == MovementKind.RECEIVED)))


@pytest.mark.parametrize(("guarded", "units"), [(True, 7), (False, 7 * RACERS)])
def test_a_delivery_that_many_confirm_at_once_is_received_once(shop: Engine, fresh_database_url: str, guarded: bool, units: int) -> None:
    with writing(shop) as session:
        room = make_room(session)
        delivery = make_delivery(session, room, fresh(7, lot_code="A-1"))
        deliveries.confirm_count(session, room.manager, delivery.id)
    answers = race(fresh_database_url, confirm, [(delivery.id, guarded)] * RACERS)
    assert set(answers) == {"received" if guarded else "booked"}
    assert _received(shop) == units, "without the guard every racer books: the control"
    with Session(shop) as session:
        assert [breach.message for breach in check_all(session) if guarded] == []


def book(engine: Engine, start: Callable[[], object], count_id: int) -> str:
    """Book a count; `late` when somebody else has."""
    start()
    try:
        with writing(engine) as session:
            counts.book_count(session, SYSTEM, count_id)
    except DomainError:
        return "late"
    return "booked"


def test_a_count_that_two_people_book_is_booked_once(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        room = make_room(session)
        receive(session, room, fresh(10))
        count = counts.start_count(session, room.manager, room.outlet)
        line = count.lines[0]
        counts.type_figures(session, room.manager, count.id, [Figure(line.id, 8)])
        counts.close_count(session, room.manager, count.id)
        counts.give_reasons(session, room.manager, count.id, {line.id: "Hilang dua."})
    answers = race(fresh_database_url, book, [(count.id,)] * RACERS)
    assert sorted(map(str, answers)) == ["booked"] + ["late"] * (RACERS - 1)
    with Session(shop) as session:
        assert [level.on_hand for level in levels_of(session, room.outlet)] == [8]
        assert check_all(session) == []


def collect(engine: Engine, start: Callable[[], object], pull_out_id: int, line_id: int) -> str:
    """Hand eight of ten units back to the maker."""
    start()
    try:
        with writing(engine) as session:
            pull_outs.finish_pull_out(session, SYSTEM, pull_out_id, {line_id: Done(8)}, "Ibu")
    except DomainError:
        return "refused"
    return "done"


def test_two_pull_outs_of_the_same_units_never_take_more_than_there_are(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        room = make_room(session)
        receive(session, room, fresh(10))
        (level,) = levels_of(session, room.outlet)
        notes = [
            pull_outs.announce_pull_out(session, room.manager, room.outlet, room.maker, {level.id: 8}, PullOutReason.ASKED)
            for _twice in range(2)
        ]
        arguments = [(note.id, note.lines[0].id) for note in notes]
    assert sorted(map(str, race(fresh_database_url, collect, arguments))) == ["done", "refused"]
    with Session(shop) as session:
        assert session.scalars(select(StockLevel.on_hand)).all() == [2]
        assert check_all(session) == []
