"""Tills that open, sell and close at the same moment: one open shift, and what is late joins its own (F23); with twins without guard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from kernel.engines import make_engine
from orders.counter import closings, devices, shifts
from orders.counter.answers import Envelope
from orders.counter.entries import receive_entries
from orders.counter.figures import last_closing
from orders.invariants import check_all
from orders.models.shift import Shift
from orders.models.till import EntryState, TillDevice
from tests.make_counter import Tablet, line_of, make_device
from tests.make_stock import Goods, make_goods
from tests.races.acts import Start
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

ROUNDS = [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 51))]
OPENERS = 6


@dataclass
class Place:
    """A till, goods, and its device, committed."""

    engine: Engine
    url: str
    tablet: Tablet
    goods: Goods


@pytest.fixture
def place(fresh_database_url: str) -> Iterator[Place]:
    """Everything is there; no shift is open."""
    engine = make_engine(fresh_database_url)
    with writing(engine) as session:
        tablet = make_device(session)
        goods = make_goods(session, 10, outlet=tablet.outlet)
        session.expunge_all()
    yield Place(engine, fresh_database_url, tablet, goods)
    engine.dispose()


def deliver(engine: Engine, start: Start, device_id: int, envelopes: list[Envelope]) -> list[EntryState]:
    """One connection brings some entries."""
    start()
    with writing(engine) as session:
        device = session.get_one(TillDevice, device_id)
        return [answer.state for answer in receive_entries(session, device, envelopes, device_now=None)]


def open_unguarded(engine: Engine, start: Start, device_id: int, envelopes: list[Envelope]) -> list[EntryState]:
    """The twin: everybody looks for an open shift before anybody opens one, and nobody waits."""
    shifts.find_open = lambda *_rest, **_more: None
    devices.lock_till = shifts.lock_till = lambda *_rest: None
    shifts.get_till = lambda session, till_id, **_more: devices.get_till(session, till_id)
    return deliver(engine, start, device_id, envelopes)


def open_shifts(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Shift.code).where(Shift.closed_at.is_(None))))


def breaches(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [f"{breach.invariant} {breach.message}" for breach in check_all(session)]


def cash_sale(place: Place, units: int = 1) -> dict[str, Any]:
    """Bags at 25,000, paid in cash."""
    return place.tablet.sale(lines=[line_of((place.goods, units), price=25_000)])


def write_openings(tablet: Tablet) -> list[tuple[str, Envelope]]:
    """One shift after the other, none of them closed; each in an envelope of its own."""
    found = []
    for number in range(1, OPENERS + 1):
        tablet.shift = str(uuid4())
        found.append((tablet.shift, tablet.sign(tablet.opened(number=number))))
    return found


def test_of_many_shifts_opened_at_once_the_last_one_is_open(place: Place) -> None:
    openings = write_openings(place.tablet)
    answers = race(place.url, deliver, [(place.tablet.device.id, [envelope]) for _code, envelope in openings])
    assert answers == [[EntryState.ACCEPTED]] * OPENERS
    assert open_shifts(place.engine) == [openings[-1][0]]
    with Session(place.engine) as session:
        assert sorted(session.scalars(select(Shift.number))) == list(range(1, OPENERS + 1))
    assert breaches(place.engine) == []


def test_the_guards_are_what_keeps_one_shift_open(place: Place) -> None:
    """Without the till's lock and the unique index there would be several."""
    with place.engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_shifts_open"))
    race(place.url, open_unguarded, [(place.tablet.device.id, [envelope]) for _code, envelope in write_openings(place.tablet)])
    assert len(open_shifts(place.engine)) > 1, "the control must open several, or this race proves nothing"


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_sale_in_flight_while_its_shift_is_closed_joins_it(place: Place, _round: int) -> None:
    """F23: whoever comes first, the shift's last closing has the sale, and no further shift is made."""
    tablet = place.tablet
    opening, first = tablet.sign(tablet.opened(100_000)), tablet.sign(cash_sale(place))
    second, third = tablet.sign(cash_sale(place)), tablet.sign(cash_sale(place, 2))
    close = tablet.sign(tablet.entry("shift_closed", counted={"cash": 200_000}, denominations=[]))
    with writing(place.engine) as session:
        receive_entries(session, session.get_one(TillDevice, tablet.device.id), [opening], device_now=None)
    portions = [[first], [second, third], [close], [first, second, third, close]]
    for answers in race(place.url, deliver, [(tablet.device.id, portion) for portion in portions]):
        assert isinstance(answers, list)
        assert set(answers) == {EntryState.ACCEPTED}
    with Session(place.engine) as session:
        shift = session.scalars(select(Shift)).one()
        closing = last_closing(session, shift.id)
        assert closing is not None
        assert (closing.expected["cash"], closing.counted, closing.is_provisional) == (200_000, {"cash": 200_000}, False)
    assert breaches(place.engine) == []


def test_without_restating_the_doctor_sees_what_is_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = place.tablet
    opening, sale = tablet.sign(tablet.opened(100_000)), tablet.sign(cash_sale(place))
    close = tablet.sign(tablet.entry("shift_closed", counted={"cash": 125_000}, denominations=[]))
    monkeypatch.setattr(shifts, "restate", lambda *_rest: None)
    for envelope in (opening, close, sale):
        with writing(place.engine) as session:
            receive_entries(session, session.get_one(TillDevice, tablet.device.id), [envelope], device_now=None)
    (breach,) = breaches(place.engine)
    assert breach.startswith("I5")


@pytest.mark.postgresql
def test_without_the_tills_lock_a_close_misses_a_sale_in_flight(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of F23: both see the shift as it was before the other one. SQLite has one writer anyway."""
    from orders.counter import locking

    tablet = place.tablet
    opening, sale = tablet.sign(tablet.opened(100_000)), tablet.sign(cash_sale(place))
    close = tablet.sign(tablet.entry("shift_closed", counted={"cash": 125_000}, denominations=[]))
    with writing(place.engine) as session:
        receive_entries(session, session.get_one(TillDevice, tablet.device.id), [opening], device_now=None)
        session.execute(update(TillDevice).values(last_sequence=1_000))
    for module in (devices, shifts, locking, closings):
        monkeypatch.setattr(module, "lock_till", lambda *_rest: None, raising=False)
    with writing(place.engine) as slow:
        receive_entries(slow, slow.get_one(TillDevice, tablet.device.id), [sale], device_now=None)
        with writing(place.engine) as quick:
            receive_entries(quick, quick.get_one(TillDevice, tablet.device.id), [close], device_now=None)
    assert [breach.partition(" ")[0] for breach in breaches(place.engine)] == ["I5"]
