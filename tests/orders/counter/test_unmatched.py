"""Money at a counter that no list shows: found by number, by its end, by day and amount; told once when it is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import SYSTEM
from orders import settlements
from orders.counter.incidents import resolve_incident
from orders.counter.unmatched import LOOKED_FOR, open_unmatched
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.models.payment import Payment
from orders.models.settlement import StatementFile
from orders.models.shift import CounterIncident, IncidentKind
from orders.settlements import RowResult
from tests.make_counter import Tablet, cash_tender, make_till, open_till, sell, tender
from tests.make_payments import QRIS, make_taking_outlet, place_by
from tests.make_stock import Goods, make_goods

CARD, MATCHES, UNKNOWN = PaymentMethod.CARD_TERMINAL, RowResult.MATCHES, RowResult.UNKNOWN


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A till whose device was paired ten days ago."""
    return open_till(session, make_till(session, make_taking_outlet(session)), paired_at=clock.now() - timedelta(days=10))


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Goods at Rp25.000."""
    return make_goods(session, 30, outlet=tablet.outlet)


def qris(session: Session, tablet: Tablet, goods: Goods, reference: str = "", **changes: object) -> None:
    """One unit, paid by QRIS."""
    sell(session, tablet, goods, tenders=[tender("qris", 25_000, reference)], **changes)


def upload(session: Session, tablet: Tablet, *rows: str, method: PaymentMethod = QRIS) -> StatementFile:
    """A list with these rows; `@` is today."""
    today = f"{clock.today(tablet.outlet.zone):%d/%m/%Y}"
    data = "\n".join(["Tanggal;Keterangan;Referensi;Jumlah", *(row.replace("@", today) for row in rows)]) + "\n"
    file = settlements.upload_statement(session, SYSTEM, tablet.outlet, method, "daftar.csv", data.encode())
    session.refresh(file, ["outlet"])
    return file


def results(session: Session, file: StatementFile) -> list[RowResult]:
    return [planned.result for planned in settlements.plan_statement(session, file)]


def incidents(session: Session) -> list[CounterIncident]:
    statement = select(CounterIncident).where(CounterIncident.kind == IncidentKind.UNMATCHED_TENDER)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def test_the_number_the_cashier_typed_or_its_end_finds_the_line(session: Session, tablet: Tablet, goods: Goods) -> None:
    qris(session, tablet, goods, "RRN 5550001")
    qris(session, tablet, goods, "777888")
    file = upload(session, tablet, "@;QRIS;rrn5550001;25.000", "@;QRIS;0000777888;25.000", "@;QRIS;0000111222;25.000")
    assert results(session, file) == [MATCHES, MATCHES, UNKNOWN]
    assert settlements.post_certain(session, SYSTEM, file.token)[MATCHES] == 2
    assert {payment.matched_at is not None for payment in session.scalars(select(Payment).where(Payment.method == QRIS))} == {True}
    assert check_all(session) == []


def test_day_and_amount_suffice_where_nothing_was_typed(session: Session, tablet: Tablet, goods: Goods) -> None:
    for _buyer in range(2):
        qris(session, tablet, goods)
    rows = ["@;QRIS;A1;25.000", "@;QRIS;A2;25.000", "@;QRIS;A3;25.000", "@;QRIS;A4;26.000", "01/02/2020;QRIS;A5;25.000"]
    file = upload(session, tablet, *rows)
    assert results(session, file) == [MATCHES, MATCHES, UNKNOWN, UNKNOWN, UNKNOWN]
    assert settlements.post_certain(session, SYSTEM, file.token)[MATCHES] == 2
    assert settlements.post_certain(session, SYSTEM, upload(session, tablet, *rows).token)[MATCHES] == 0


def test_an_amount_that_somebody_on_the_web_may_have_paid_is_a_doubt(session: Session, tablet: Tablet, goods: Goods) -> None:
    qris(session, tablet, goods)
    place_by(session, QRIS, goods)
    assert results(session, upload(session, tablet, "@;QRIS;A1;25.000")) == [UNKNOWN]


def test_each_part_of_a_split_payment_finds_its_own_line(session: Session, tablet: Tablet, goods: Goods) -> None:
    split = [tender("card", 10_000, "APPR1"), tender("card", 15_000, "APPR2")]
    order = sell(session, tablet, goods, tenders=split)
    file = upload(session, tablet, f"@;{order.code};X;15.000", f"@;{order.code};Y;10.000", method=CARD)
    assert results(session, file) == [MATCHES, MATCHES]
    settlements.post_certain(session, SYSTEM, file.token)
    assert all(payment.matched_at for payment in session.scalars(select(Payment).where(Payment.method == CARD)))


def test_what_no_list_shows_is_told_once_and_ends_with_its_line(session: Session, tablet: Tablet, goods: Goods) -> None:
    old = clock.now() - LOOKED_FOR - timedelta(hours=1)
    qris(session, tablet, goods, "RRN1001", at=old)
    qris(session, tablet, goods, "RRN1002")
    sell(session, tablet, goods, tenders=[cash_tender(25_000)], at=old)
    assert [open_unmatched(session) for _look in range(2)] == [1, 0]
    (incident,) = incidents(session)
    assert (incident.detail["reference"], incident.detail["amount"]) == ("RRN1001", 25_000)
    file = upload(session, tablet, "@;QRIS;RRN1001;25.000")
    settlements.post_certain(session, SYSTEM, file.token)
    (incident,) = incidents(session)
    assert (incident.resolution, open_unmatched(session)) == ("found", 0)


def test_money_that_never_came_is_not_told_again(session: Session, tablet: Tablet, goods: Goods) -> None:
    qris(session, tablet, goods, "RRN1001", at=clock.now() - LOOKED_FOR - timedelta(hours=1))
    open_unmatched(session)
    (incident,) = incidents(session)
    resolve_incident(session, SYSTEM, incident.code, "not_paid", "Pembeli pergi.")
    assert open_unmatched(session) == 0
