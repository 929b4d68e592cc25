"""A shift opens with a float, is handed over, counted blind, and restated when an entry comes late."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.counter import entries
from orders.counter.answers import Answer
from orders.counter.figures import figures_of
from orders.invariants import check_all
from orders.models.shift import CounterIncident, IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryState
from tests.make_counter import Tablet, cash_tender, make_device, tender
from tests.make_stock import Goods, make_goods


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A paired device whose cashier may sell."""
    return make_device(session)


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Fifty bags at 25,000 on the shelf."""
    return make_goods(session, 50, outlet=tablet.outlet)


def deliver(session: Session, tablet: Tablet, *bodies: dict[str, object]) -> list[Answer]:
    """Sign and send in one batch, in this order."""
    return entries.receive_entries(session, tablet.device, [tablet.sign(body) for body in bodies], device_now=tablet.now())


def shift_of(session: Session, tablet: Tablet) -> Shift:
    return session.scalars(select(Shift).where(Shift.code == tablet.shift).execution_options(populate_existing=True)).one()


def versions(session: Session, tablet: Tablet) -> list[ShiftClosing]:
    statement = select(ShiftClosing).join(Shift, Shift.id == ShiftClosing.shift_id).where(Shift.code == tablet.shift)
    return list(session.scalars(statement.order_by(ShiftClosing.version)))


def closed(tablet: Tablet, cash: int, **changes: object) -> dict[str, object]:
    return tablet.entry("shift_closed", **({"counted": {"cash": cash}, "denominations": []} | changes))


def incidents(session: Session, kind: IncidentKind) -> list[CounterIncident]:
    return list(session.scalars(select(CounterIncident).where(CounterIncident.kind == kind).order_by(CounterIncident.id)))


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
