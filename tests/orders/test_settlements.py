"""Matching statements: certain rows are posted once, doubtful ones are told and left alone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Grant, Role
from orders import manual_payments, settlements
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.models.settlement import StatementFile, StatementLine
from orders.settlements import KEPT, RowResult
from orders.states import OrderState, PaymentState
from tests.conftest import StatementCounter
from tests.make_orders import payment_of
from tests.make_payments import QRIS, TRANSFER, make_taking_outlet, place_by
from tests.make_stock import Goods, make_goods


@pytest.fixture
def goods(session: Session) -> Goods:
    """Goods at Rp25.000 at an outlet that takes transfers and QRIS."""
    return make_goods(session, 20, outlet=make_taking_outlet(session))


def upload(session: Session, goods: Goods, *rows: str, method: PaymentMethod = TRANSFER) -> StatementFile:
    data = "\n".join(["Tanggal;Keterangan;Referensi;Jumlah", *rows]) + "\n"
    return settlements.upload_statement(session, SYSTEM, goods.outlet, method, "mutasi.csv", data.encode())


def results(session: Session, file: StatementFile) -> list[RowResult]:
    session.refresh(file, ["outlet"])
    return [planned.result for planned in settlements.plan_statement(session, file)]


def lines(session: Session) -> int:
    return session.scalar(select(func.count(StatementLine.id))) or 0


def test_a_row_with_code_and_amount_confirms_an_open_transfer(session: Session, goods: Goods) -> None:
    order = place_by(session, TRANSFER, goods)
    file = upload(session, goods, f"21/11/2026;TRSF E-BANKING {order.code} PEMBELI;FT26325;25.000,00")
    assert results(session, file) == [RowResult.CONFIRMS]
    assert payment_of(session, order).state is PaymentState.OPEN  # looking posts nothing
    assert settlements.post_certain(session, SYSTEM, file.token) == {RowResult.CONFIRMS: 1, RowResult.MATCHES: 0}
    payment = payment_of(session, order)
    assert (payment.state, payment.proof, order.state) == (PaymentState.PAID, "FT26325", OrderState.CONFIRMED)
    assert payment.matched_at is not None
    assert check_all(session) == []


def test_a_row_with_code_and_amount_matches_what_staff_confirmed(session: Session, goods: Goods) -> None:
    order = place_by(session, TRANSFER, goods)
    manual_payments.confirm_payment(session, SYSTEM, payment_of(session, order).id, "APP-1234")
    file = upload(session, goods, f"21/11/2026;{order.code};OTHER;25.000")
    assert results(session, file) == [RowResult.MATCHES]
    settlements.post_certain(session, SYSTEM, file.token)
    payment = payment_of(session, order)
    assert payment.matched_at is not None
    assert payment.proof == "APP-1234"


def test_a_settlement_list_matches_by_the_number_that_confirmed(session: Session, goods: Goods) -> None:
    order = place_by(session, QRIS, goods)
    manual_payments.confirm_payment(session, SYSTEM, payment_of(session, order).id, "RRN 555001")
    file = upload(session, goods, "21/11/2026;QRIS;rrn555001;25.000", method=QRIS)
    assert results(session, file) == [RowResult.MATCHES]
    settlements.post_certain(session, SYSTEM, file.token)
    assert payment_of(session, order).matched_at is not None


def test_the_same_file_twice_changes_nothing(session: Session, goods: Goods) -> None:
    order = place_by(session, TRANSFER, goods)
    row = f"21/11/2026;{order.code};FT1234;25.000"
    for expected in ({RowResult.CONFIRMS: 1, RowResult.MATCHES: 0}, {RowResult.CONFIRMS: 0, RowResult.MATCHES: 0}):
        assert settlements.post_certain(session, SYSTEM, upload(session, goods, row).token) == expected
    assert results(session, upload(session, goods, row)) == [RowResult.IMPORTED]
    assert lines(session) == 1


def test_doubtful_rows_are_told_and_left_alone(session: Session, goods: Goods) -> None:
    order, other = place_by(session, TRANSFER, goods), place_by(session, TRANSFER, goods)
    elsewhere = place_by(session, TRANSFER)
    by_qris = place_by(session, QRIS, goods)
    file = upload(
        session,
        goods,
        f"21/11/2026;{order.code};;20.000",
        f"21/11/2026;{order.code};;250.000",
        "21/11/2026;TANPA KODE;;25.000",
        f"21/11/2026;{elsewhere.code};;25.000",
        f"21/11/2026;{by_qris.code};;25.000",
        f"21/11/2026;{order.code} {other.code};;25.000",
        f"21/11/2026;{order.code};;25.000,50",
        f"21/11/2026;{order.code};;-25.000",
        f"21/11/2026;{order.code}",
    )
    assert results(session, file) == [
        RowResult.PARTIAL,
        RowResult.OVER,
        RowResult.UNKNOWN,
        RowResult.UNKNOWN,
        RowResult.SETTLED,
        RowResult.UNKNOWN,
        RowResult.UNREADABLE,
        RowResult.OUTGOING,
        RowResult.UNREADABLE,
    ]
    assert sum(settlements.post_certain(session, SYSTEM, file.token).values()) == 0
    assert {payment_of(session, each).state for each in (order, other, elsewhere, by_qris)} == {PaymentState.OPEN}


def test_a_second_transfer_for_one_order_is_left_to_a_person(session: Session, goods: Goods) -> None:
    order = place_by(session, TRANSFER, goods)
    row = f"21/11/2026;{order.code};;25.000"
    file = upload(session, goods, row, row)
    assert results(session, file) == [RowResult.CONFIRMS, RowResult.SETTLED]
    settlements.post_certain(session, SYSTEM, file.token)
    assert results(session, file) == [RowResult.IMPORTED, RowResult.SETTLED]


def test_two_orders_of_one_amount_are_told_apart_by_their_codes(session: Session, goods: Goods) -> None:
    first, second = place_by(session, TRANSFER, goods), place_by(session, TRANSFER, goods)
    settlements.post_certain(session, SYSTEM, upload(session, goods, f"21/11/2026;{second.code};0000;25.000").token)
    assert payment_of(session, first).state is PaymentState.OPEN
    assert payment_of(session, second).state is PaymentState.PAID


def test_a_number_that_confirmed_another_order_is_told(session: Session, goods: Goods) -> None:
    first, second = place_by(session, TRANSFER, goods), place_by(session, TRANSFER, goods)
    manual_payments.confirm_payment(session, SYSTEM, payment_of(session, first).id, "FT777777")
    assert results(session, upload(session, goods, f"21/11/2026;{second.code};FT777777;25.000")) == [RowResult.TAKEN]


def test_banks_that_write_the_same_number_everywhere_do_no_harm(session: Session, goods: Goods) -> None:
    orders = [place_by(session, TRANSFER, goods) for _each in range(2)]
    file = upload(session, goods, *(f"21/11/2026;{order.code};{mark};25.000" for order, mark in zip(orders, ("-", "-"), strict=True)))
    assert settlements.post_certain(session, SYSTEM, file.token)[RowResult.CONFIRMS] == 2
    assert {payment_of(session, order).state for order in orders} == {PaymentState.PAID}


def test_late_money_is_posted_and_takes_the_goods_again(session: Session, goods: Goods) -> None:
    order = place_by(session, TRANSFER, goods)
    manual_payments.refuse_payment(session, SYSTEM, payment_of(session, order).id, "not there yet")
    settlements.post_certain(session, SYSTEM, upload(session, goods, f"22/11/2026;{order.code};;25.000").token)
    assert order.state is OrderState.CONFIRMED


def test_only_those_who_look_after_the_money_upload_and_look(session: Session, goods: Goods) -> None:
    file = upload(session, goods, "21/11/2026;X;;1")
    cashier = Actor(1, "cashier", (Grant(Role.CASHIER, outlet_id=goods.outlet.id),))
    with pytest.raises(NotAllowed):
        settlements.upload_statement(session, cashier, goods.outlet, TRANSFER, "a.csv", b"Keterangan,Jumlah\nX,1\n")
    for actor in (cashier, Actor(1, "lead", (Grant(Role.OUTLET_MANAGER, outlet_id=0),))):
        with pytest.raises(NotFound):
            settlements.get_file(session, actor, file.token)
        assert settlements.list_files(session, actor) == []


def test_a_file_without_rows_or_for_cards_is_refused(session: Session, goods: Goods) -> None:
    with pytest.raises(InvalidInput):
        upload(session, goods)
    with pytest.raises(InvalidInput):
        upload(session, goods, "21/11/2026;X;;1", method=PaymentMethod.STRIPE)


def test_old_files_are_forgotten_with_the_next_one(session: Session, goods: Goods) -> None:
    old = upload(session, goods, "21/11/2026;X;;1")
    old.uploaded_at = clock.now() - 2 * KEPT
    session.flush()
    new = upload(session, goods, "21/11/2026;Y;;1")
    assert session.scalars(select(StatementFile.token)).all() == [new.token]


def test_a_long_statement_takes_few_queries(session: Session, goods: Goods, count_statements: StatementCounter) -> None:
    order = place_by(session, TRANSFER, goods)
    file = upload(
        session,
        goods,
        *(f"21/11/2026;BELANJA {number};R{number};{number}.000" for number in range(1, 900)),
        f"21/11/2026;{order.code};;25.000",
    )
    session.refresh(file, ["outlet"])
    with count_statements() as statements:
        planned = settlements.plan_statement(session, file)
    assert len(planned) == 900
    assert len(statements) <= 8


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE payments SET matched_at = NULL",
        "UPDATE payments SET proof = NULL",
        "UPDATE statement_lines SET amount = amount + 1",
        "DELETE FROM statement_lines",
    ],
)
def test_the_doctor_names_a_line_that_does_not_fit(session: Session, goods: Goods, damage: str) -> None:
    order = place_by(session, TRANSFER, goods)
    settlements.post_certain(session, SYSTEM, upload(session, goods, f"21/11/2026;{order.code};FT1234;25.000").token)
    assert check_all(session) == []
    with session.begin_nested() as savepoint:
        session.execute(text(damage))
        assert {breach.invariant for breach in check_all(session)} == {"I3"}
        savepoint.rollback()
