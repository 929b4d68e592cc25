"""A shift opens with a float, is handed over, counted blind, and restated when an entry comes late."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.accounts import as_actor
from kernel.errors import InvalidInput, NotAllowed
from orders.counter import closings, devices, shifts
from orders.counter.entries import receive_entries
from orders.counter.figures import figures_of
from orders.invariants import check_all
from orders.models.shift import CounterIncident, IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryState
from tests.make import make_user
from tests.make_counter import Tablet, cash_tender, deliver, make_cashier, make_device, make_supervisor, tender
from tests.make_stock import Goods, make_goods


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A paired device whose cashier may sell."""
    return make_device(session)


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Fifty bags at 25,000 on the shelf."""
    return make_goods(session, 50, outlet=tablet.outlet)


def shift_of(session: Session, tablet: Tablet) -> Shift:
    return session.scalars(select(Shift).where(Shift.code == tablet.shift).execution_options(populate_existing=True)).one()


def versions(session: Session, tablet: Tablet) -> list[ShiftClosing]:
    statement = select(ShiftClosing).join(Shift, Shift.id == ShiftClosing.shift_id).where(Shift.code == tablet.shift)
    return list(session.scalars(statement.order_by(ShiftClosing.version)))


def closed(tablet: Tablet, cash: int, **changes: object) -> dict[str, object]:
    return tablet.entry("shift_closed", **({"counted": {"cash": cash}, "denominations": []} | changes))


def open_cases(session: Session) -> list[str]:
    """What is missing of shifts."""
    statement = select(CounterIncident).where(CounterIncident.kind == IncidentKind.SHIFT_INCOMPLETE, CounterIncident.resolved_at.is_(None))
    return [incident.detail["missing"] for incident in session.scalars(statement.execution_options(populate_existing=True))]


def send_late(session: Session, tablet: Tablet, envelope: Any) -> None:
    """An entry that was signed before and comes now."""
    (answer,) = receive_entries(session, tablet.device, [envelope], device_now=tablet.now())
    assert answer.state is EntryState.ACCEPTED, answer.reason


def test_a_days_shift_expects_what_its_receipts_say_by_tender(session: Session, tablet: Tablet, goods: Goods) -> None:
    split = [cash_tender(20_000, 50_000), tender("qris", 30_000, "QR-1")]
    answers = deliver(
        session,
        tablet,
        tablet.opened(300_000),
        tablet.sale(goods),
        tablet.sale((goods, 2), tenders=split),
        tablet.sale(goods, tenders=[tender("card", 25_000, "SLIP9")]),
        tablet.entry("cash_moved", direction="out", amount=40_000, reason="Beli kantong"),
        tablet.entry("cash_moved", direction="in", amount=10_000, reason="Uang receh"),
        closed(tablet, 310_000, counted={"cash": 310_000, "qris": 30_000}),
    )
    assert [answer.state for answer in answers] == [EntryState.ACCEPTED] * 7, answers
    (closing,) = versions(session, tablet)
    assert closing.expected == {"cash": 300_000 + 45_000 - 40_000 + 10_000, "qris": 30_000, "card": 25_000, "transfer": 0}
    assert not closing.is_provisional
    figures = figures_of(session, shift_of(session, tablet))
    assert {each.method: each.difference for each in figures.tenders} == {"cash": -5_000, "qris": 0, "card": None, "transfer": None}
    assert (figures.receipts, figures.sold, figures.cash_in, figures.cash_out) == (3, 100_000, 10_000, 40_000)
    assert [share.amount for share in figures.by_maker] == [100_000]
    assert check_all(session) == []


def test_a_late_sale_joins_its_own_shift_and_adds_a_closing_with_a_note(session: Session, tablet: Tablet, goods: Goods) -> None:
    deliver(session, tablet, tablet.opened(100_000), tablet.sale(goods))
    late = tablet.sign(tablet.sale((goods, 2)))
    deliver(session, tablet, closed(tablet, 175_000))
    (first,) = versions(session, tablet)
    assert (first.expected["cash"], first.is_provisional) == (125_000, True), "the device wrote one entry more than has come"
    send_late(session, tablet, late)
    first, second = versions(session, tablet)
    assert (second.expected["cash"], second.counted, second.is_provisional) == (175_000, {"cash": 175_000}, False)
    assert second.note == f"{closings.LATE_SALE} · Rp50.000"
    assert first.expected["cash"] == 125_000, "what was closed is never changed"
    assert session.query(Shift).count() == 1
    assert check_all(session) == []


def test_an_entry_without_a_shift_gets_a_stand_in_until_the_opening_comes(session: Session, tablet: Tablet, goods: Goods) -> None:
    opening = tablet.sign(tablet.opened(200_000, number=7))
    deliver(session, tablet, tablet.sale(goods))
    assert shift_of(session, tablet).opening_float == 0
    assert open_cases(session) == ["opening"]
    send_late(session, tablet, opening)
    shift = shift_of(session, tablet)
    assert (shift.opening_float, shift.number, shift.opened_by_id) == (200_000, 7, tablet.cashier.id)
    assert open_cases(session) == []
    assert figures_of(session, shift).tenders[0].expected == 225_000


def test_a_closing_before_its_opening_is_restated_with_the_float(session: Session, tablet: Tablet) -> None:
    opening = tablet.sign(tablet.opened(200_000))
    deliver(session, tablet, closed(tablet, 200_000))
    send_late(session, tablet, opening)
    first, second = versions(session, tablet)
    assert (first.expected["cash"], first.is_provisional) == (0, True)
    assert (second.expected["cash"], second.is_provisional, second.note) == (200_000, False, closings.LATE_OPENING)


def test_the_next_shift_ends_one_that_nobody_counted(session: Session, tablet: Tablet, goods: Goods) -> None:
    deliver(session, tablet, tablet.opened(100_000), tablet.sale(goods))
    forgotten, tablet.shift = tablet.shift, str(uuid4())
    deliver(session, tablet, tablet.opened(number=2))
    old = session.scalars(select(Shift).where(Shift.code == forgotten)).one()
    closing = closings.last_closing(session, old.id)
    assert old.closed_at is not None
    assert closing is not None
    assert (closing.counted, closing.note, closing.is_provisional) == ({}, closings.NOT_COUNTED, True)
    assert open_cases(session) == ["count"]
    found = shifts.find_open(session, tablet.till.id)
    assert found is not None
    assert found.code == tablet.shift
    assert check_all(session) == []


def test_a_shift_whose_opening_comes_after_the_next_ones_does_not_end_it(session: Session, tablet: Tablet, goods: Goods) -> None:
    late = [tablet.sign(tablet.opened(100_000)), tablet.sign(tablet.sale(goods)), tablet.sign(closed(tablet, 125_000))]
    first, tablet.shift = tablet.shift, str(uuid4())
    deliver(session, tablet, tablet.opened(50_000, number=2))
    for envelope in late:
        send_late(session, tablet, envelope)
    found = shifts.find_open(session, tablet.till.id)
    assert found is not None
    assert found.code == tablet.shift
    old = session.scalars(select(Shift).where(Shift.code == first)).one()
    closing = closings.last_closing(session, old.id)
    assert closing is not None
    assert (old.number, closing.expected["cash"], closing.counted, closing.is_provisional) == (1, 125_000, {"cash": 125_000}, False)
    assert open_cases(session) == []


def test_a_stand_in_gives_its_number_to_the_shift_that_has_it(session: Session, tablet: Tablet, goods: Goods) -> None:
    first = [tablet.sign(tablet.opened()), tablet.sign(closed(tablet, 500_000))]
    codes = [tablet.shift, str(uuid4())]
    tablet.shift = codes[1]
    second = tablet.sign(tablet.opened(number=2))
    deliver(session, tablet, tablet.sale(goods))
    for envelope in (*first, second):
        send_late(session, tablet, envelope)
    numbers = {row.code: row.number for row in session.execute(select(Shift.code, Shift.number))}
    assert numbers == {codes[0]: 1, codes[1]: 2}


def test_a_shift_is_opened_once(session: Session, tablet: Tablet) -> None:
    first, second = deliver(session, tablet, tablet.opened(100_000), tablet.opened(900_000))
    assert (first.state, second.state) == (EntryState.ACCEPTED, EntryState.REFUSED)
    assert shift_of(session, tablet).opening_float == 100_000


def test_a_device_cannot_write_into_another_tills_shift(session: Session, tablet: Tablet, goods: Goods) -> None:
    deliver(session, tablet, tablet.opened())
    other = make_device(session)
    other.shift = tablet.shift
    (answer,) = deliver(session, other, other.sale(goods))
    assert answer.state is EntryState.REFUSED


def test_whoever_took_the_till_over_last_sells(session: Session, tablet: Tablet) -> None:
    second, third = make_cashier(session, tablet.outlet), make_cashier(session, tablet.outlet)
    deliver(session, tablet, tablet.opened())
    early = tablet.sign(tablet.entry("handed_over", to=second.code, counted=500_000))
    deliver(session, tablet, tablet.entry("handed_over", to=third.code))
    send_late(session, tablet, early)
    assert shift_of(session, tablet).cashier_id == third.id
    figures = figures_of(session, shift_of(session, tablet))
    assert figures.hand_overs == 2
    assert [act.kind for act in figures.acts] == ["hand_over", "hand_over"]


def test_a_manager_closes_a_forgotten_shift_and_what_comes_later_restates_it(session: Session, tablet: Tablet, goods: Goods) -> None:
    deliver(session, tablet, tablet.opened(100_000))
    late = tablet.sign(tablet.sale(goods))
    devices.record_contact(session, tablet.device, 1, "1", 0)
    manager = as_actor(make_supervisor(session, tablet.outlet))
    with pytest.raises(NotAllowed):
        shifts.close_forgotten_shift(session, as_actor(make_user(session)), tablet.shift, {"cash": 0})
    with pytest.raises(InvalidInput):
        shifts.close_forgotten_shift(session, manager, tablet.shift, {"gold": 5})
    first = shifts.close_forgotten_shift(session, manager, tablet.shift, {"cash": 125_000}, note="Tablet rusak")
    assert first.note == f"{closings.COUNTED_AT_OFFICE} · Tablet rusak"
    assert first.is_provisional, "the device says that something waits"
    with pytest.raises(closings.CountedBefore):
        shifts.close_forgotten_shift(session, manager, tablet.shift, {"cash": 1})
    send_late(session, tablet, late)
    devices.record_contact(session, tablet.device, 0, "1", 0)
    last = versions(session, tablet)[-1]
    assert (last.expected["cash"], last.counted["cash"], last.is_provisional) == (125_000, 125_000, False)
    assert check_all(session) == []


def test_a_shift_can_be_opened_without_a_device_and_only_once(session: Session, tablet: Tablet) -> None:
    actor = as_actor(tablet.cashier)
    shift = shifts.open_without_device(session, actor, tablet.till.id, 75_000)
    assert (shift.number, shift.opening_float, shift.device_id, shift.cashier_id) == (1, 75_000, None, tablet.cashier.id)
    with pytest.raises(shifts.ShiftOpen):
        shifts.open_without_device(session, actor, tablet.till.id, 0)


def test_rounding_of_cash_stands_in_the_figures(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet, price=10_030)
    deliver(session, tablet, tablet.opened(0), tablet.sale(goods), tablet.sale((goods, 2)))
    figures = figures_of(session, shift_of(session, tablet))
    assert (figures.sold, figures.tenders[0].sold, figures.rounding) == (30_090, 30_100, 10)
    assert check_all(session) == []


def test_the_doctor_sees_a_closing_that_is_not_what_the_receipts_say(session: Session, tablet: Tablet, goods: Goods) -> None:
    deliver(session, tablet, tablet.opened(100_000), tablet.sale(goods), closed(tablet, 125_000))
    shift = shift_of(session, tablet)
    expected = {"cash": 1, "qris": 0, "card": 0, "transfer": 0}
    facts = {"counted": {}, "denominations": [], "is_provisional": False, "made_at": shift.opened_at}
    session.add(ShiftClosing(shift_id=shift.id, version=2, expected=expected, **facts))
    session.flush()
    (breach,) = check_all(session)
    assert breach.invariant == "I5"
    assert "its last closing expects" in breach.message
    shift.opening_float = 0
    session.add(ShiftClosing(shift_id=shift.id, version=4, expected=expected | {"cash": 25_000}, **facts))
    session.flush()
    assert ["version 4" in each.message for each in check_all(session)] == [True]
