"""Whatever a till writes, and in whatever order it arrives, how often and in which portions: its shifts come to the same figures (I5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.people import User
from orders.counter.answers import Envelope
from orders.counter.entries import receive_entries
from orders.counter.figures import figures_of
from orders.counter.shift_checks import check_shifts
from orders.discounts import share_of_units
from orders.invariants import check_all
from orders.models.shift import CounterIncident, IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryState, TillEntry
from tests.make_counter import Tablet, cash_tender, make_cashier, make_device, make_supervisor, return_of, tender
from tests.make_stock import Goods, make_goods

PRICE = 12_345
ACTS = st.one_of(
    st.tuples(st.just("sale"), st.integers(1, 4), st.integers(0, 999), st.sampled_from(["cash", "qris", "card", "split"])),
    st.tuples(st.just("return"), st.integers(0, 9), st.booleans(), st.sampled_from(["cash", "transfer"])),
    st.tuples(st.just("move"), st.sampled_from(["in", "out"]), st.integers(1, 90_000), st.none()),
    st.tuples(st.just("drawer"), st.none(), st.none(), st.none()),
    st.tuples(st.just("hand over"), st.none(), st.none(), st.none()),
)
SHIFTS = st.lists(st.tuples(st.integers(0, 500_000), st.lists(ACTS, max_size=6), st.booleans()), min_size=1, max_size=3)
SHORT = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(SHORT, max_examples=200)


@dataclass
class Day:
    """What a till wrote on a day, and what its shifts should come to by a reckoning of our own."""

    tablet: Tablet
    boss: User
    colleague: User
    goods: Goods
    envelopes: list[Envelope] = field(default_factory=list)
    #: By shift: what should be in each tender, what was counted, and how many hand-overs and drawers there were.
    expected: dict[str, dict[str, int]] = field(default_factory=dict)
    counted: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    sold: list[tuple[dict[str, Any], list[int]]] = field(default_factory=list)
    on_hand: int = 500

    def write(self, shifts: list[Any]) -> None:
        """Sign a whole day, shift after shift; all but the last are closed."""
        for number, (opening_float, acts, is_closed) in enumerate(shifts, start=1):
            self.tablet.shift = str(uuid4())
            self.put(self.tablet.opened(opening_float, number=number))
            self.expected[self.tablet.shift] = {"cash": opening_float, "qris": 0, "card": 0, "transfer": 0}
            for act, *rest in acts:
                getattr(self, f"do_{act.replace(' ', '_')}")(*rest)
            if is_closed or number < len(shifts):
                counted = {"cash": max(0, self.expected[self.tablet.shift]["cash"]) + 500, "qris": 1}
                self.counted[self.tablet.shift] = counted
                self.put(self.tablet.entry("shift_closed", counted=counted, denominations=[]))

    def put(self, body: dict[str, Any]) -> None:
        self.envelopes.append(self.tablet.sign(body))

    def do_sale(self, units: int, discount: int, how: str) -> None:
        total = PRICE * units - discount
        part = total // 2
        tenders = {
            "cash": [cash_tender(total)],
            "qris": [tender("qris", total, f"QR{len(self.envelopes):06}")],
            "card": [tender("card", total, f"SLIP{len(self.envelopes):06}")],
            "split": [tender("qris", part, f"QR{len(self.envelopes):06}"), cash_tender(total - part)],
        }[how]
        sale = self.tablet.sale((self.goods, units), discount=discount, tenders=tenders)
        self.put(sale)
        mine = self.expected[self.tablet.shift]
        for each in tenders:
            mine[each["method"]] += each.get("cash", each["amount"])
        self.counts[self.tablet.shift][0] += 1
        self.sold.append((sale, [0]))
        self.on_hand -= units

    def do_return(self, which: int, is_fit: bool, way: str) -> None:
        left = [(sale, gone) for sale, gone in self.sold if gone[0] < sale["lines"][0]["quantity"]]
        if not left:
            return
        sale, gone = left[which % len(left)]
        line = sale["lines"][0]
        amount = PRICE - share_of_units(line["discount"], line["quantity"], gone[0], 1)
        body = return_of(self.tablet, sale, (0, 1, is_fit), way=way, by=self.boss)
        cash = (amount + 50) // 100 * 100 if way == "cash" else 0
        self.put(body | {"lines": [body["lines"][0] | {"amount": amount}], "amount": amount, "cash": cash})
        self.expected[self.tablet.shift]["cash"] -= cash
        self.counts[self.tablet.shift][1] += 1
        gone[0] += 1
        self.on_hand += is_fit

    def do_move(self, direction: str, amount: int, _rest: None) -> None:
        self.put(self.tablet.entry("cash_moved", direction=direction, amount=amount, reason="Uang receh"))
        self.expected[self.tablet.shift]["cash"] += amount if direction == "in" else -amount

    def do_drawer(self, *_rest: None) -> None:
        self.put(self.tablet.entry("drawer_opened", reason="Tukar uang"))
        self.counts[self.tablet.shift][2] += 1

    def do_hand_over(self, *_rest: None) -> None:
        self.put(self.tablet.entry("handed_over", to=self.colleague.code))
        self.counts[self.tablet.shift][3] += 1


def compare(session: Session, day: Day) -> None:
    """Every entry was accepted, and every shift says what our own reckoning says."""
    refused = select(TillEntry.kind, TillEntry.reason).where(TillEntry.state != EntryState.ACCEPTED)
    assert session.execute(refused).all() == []
    assert session.query(TillEntry).count() == len(day.envelopes)
    found = {shift.code: shift for shift in session.scalars(select(Shift).execution_options(populate_existing=True))}
    assert found.keys() == day.expected.keys()
    assert sorted(shift.number for shift in found.values()) == list(range(1, len(found) + 1))
    for code, shift in found.items():
        figures = figures_of(session, shift)
        assert {each.method: each.expected for each in figures.tenders} == day.expected[code]
        assert [figures.receipts, figures.returns, figures.drawer_openings, figures.hand_overs] == day.counts[code]
        assert (shift.closed_at is not None) == (code in day.counted)
        if code in day.counted:
            last = session.scalars(
                select(ShiftClosing).where(ShiftClosing.shift_id == shift.id).order_by(ShiftClosing.version.desc()).limit(1)
            ).one()
            assert (last.expected, last.counted, last.is_provisional) == (day.expected[code], day.counted[code], False)
    undone = (IncidentKind.REFUSED_ENTRY, IncidentKind.SHIFT_INCOMPLETE)
    cases = select(CounterIncident.key).where(CounterIncident.kind.in_(undone), CounterIncident.resolved_at.is_(None))
    assert session.scalars(cases).all() == []
    level = day.goods.level
    session.refresh(level)
    assert level.on_hand == day.on_hand
    assert check_all(session) == []


def play(session: Session, shifts: list[Any], data: st.DataObject) -> None:
    """A day is written, then delivered in any order, some of it twice; nothing of it stays."""
    outer = session.begin_nested()
    try:
        tablet = make_device(session)
        goods = make_goods(session, 500, outlet=tablet.outlet, price=PRICE)
        day = Day(tablet, make_supervisor(session, tablet.outlet), make_cashier(session, tablet.outlet), goods)
        day.write(shifts)
        numbers = list(range(len(day.envelopes)))
        order = data.draw(st.permutations(numbers + data.draw(st.lists(st.sampled_from(numbers), max_size=3))))
        while order:
            size = data.draw(st.integers(1, len(order)))
            portion, order = order[:size], order[size:]
            receive_entries(session, tablet.device, [day.envelopes[number] for number in portion], device_now=tablet.now())
            session.flush()
            assert list(check_shifts(session)) == []
        compare(session, day)
    finally:
        outer.rollback()
        session.expunge_all()


@SHORT
@given(shifts=SHIFTS, data=st.data())
def test_figures_do_not_depend_on_the_order_of_delivery(session: Session, shifts: list[Any], data: st.DataObject) -> None:
    play(session, shifts, data)


@pytest.mark.long
@LONG
@given(shifts=SHIFTS, data=st.data())
def test_figures_do_not_depend_on_the_order_of_delivery_for_long(session: Session, shifts: list[Any], data: st.DataObject) -> None:
    play(session, shifts, data)
