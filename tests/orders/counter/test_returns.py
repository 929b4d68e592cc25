"""Goods of a receipt come back: money, stock and makers' books go back with them, and never more than was sold."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.accounts import as_actor
from kernel.people import SYSTEM, User
from orders import ledger, payouts, refunds
from orders.counter.entries import receive_entries
from orders.counter.figures import figures_of
from orders.invariants import check_all
from orders.models.agreement import Bearer
from orders.models.consignment import ConsignmentLoss, ConsignmentSale
from orders.models.order import Order, OrderLine
from orders.models.payment import Account
from orders.models.refund import Refund, RefundLine
from orders.models.shift import CounterReturn, Shift
from orders.models.till import EntryState
from orders.refund_amounts import NothingToRefund
from orders.refund_queries import read_left
from orders.refund_states import RefundReason, RefundState, RefundWay
from tests.make import make_outlet
from tests.make_consignment import bring, make_agreement, make_consigned
from tests.make_counter import (
    Tablet,
    cash_tender,
    deliver,
    incidents,
    line_of,
    make_supervisor,
    make_till,
    open_till,
    return_of,
    tender,
)
from tests.make_stock import Goods, make_goods, on_hand_and_held, stock_up


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Ten bags at 25,000."""
    return make_goods(session, 10, outlet=tablet.outlet)


@pytest.fixture
def boss(session: Session, tablet: Tablet) -> User:
    """Whose PIN allows returns."""
    return make_supervisor(session, tablet.outlet)


def accept(session: Session, tablet: Tablet, *bodies: dict[str, Any]) -> None:
    assert [(answer.state, answer.reason) for answer in deliver(session, tablet, *bodies)] == [(EntryState.ACCEPTED, "")] * len(bodies)


def refuse(session: Session, tablet: Tablet, body: dict[str, Any]) -> str:
    (answer,) = deliver(session, tablet, body)
    assert answer.state is EntryState.REFUSED
    return answer.reason


def only_order(session: Session) -> Order:
    return session.scalars(select(Order).execution_options(populate_existing=True)).one()


def test_units_go_back_on_the_shelf_and_cash_out_of_the_drawer(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 3), discount=10)
    accept(session, tablet, sale, return_of(tablet, sale, (0, 2, True), by=boss))
    row = session.scalars(select(CounterReturn)).one()
    refund = session.scalars(select(Refund)).one()
    assert (refund.state, refund.way, refund.amount, refund.approved_by_id) == (RefundState.SUCCEEDED, RefundWay.CASH, 49_994, boss.id)
    assert (row.cash, row.supervisor_id, row.cashier_id, row.running) == (50_000, boss.id, tablet.cashier.id, 2)
    assert on_hand_and_held(session, goods) == (9, 0)
    assert ledger.balance(session, refund.order_id)[Account.CASH] == 75_000 - 50_000
    figures = figures_of(session, session.scalars(select(Shift)).one())
    assert (figures.returns, figures.returned, figures.tenders[0].returned) == (1, 49_994, 50_000)
    assert incidents(session) == []
    assert check_all(session) == []


def test_what_cannot_be_sold_again_is_written_off_and_the_makers_books_know(session: Session, tablet: Tablet, boss: User) -> None:
    agreement = make_agreement(session, tablet.outlet, damage_borne_by=Bearer.OUTLET)
    goods = make_consigned(session, agreement, 5)
    sale = tablet.sale((goods, 3))
    accept(session, tablet, sale, return_of(tablet, sale, (0, 1, True), (0, 1, False), by=boss))
    sold = session.scalars(select(ConsignmentSale).order_by(ConsignmentSale.id)).all()
    assert [each.quantity for each in sold] == [3, -1, -1] or [each.quantity for each in sold] == [3, -2]
    assert [(loss.quantity, loss.amount) for loss in session.scalars(select(ConsignmentLoss))] == [(1, 21_250)]
    assert on_hand_and_held(session, goods) == (3, 0)
    (line,) = session.scalars(select(RefundLine)).all()
    assert (line.quantity, line.amount, line.back_to_stock) == (2, 50_000, False)
    assert check_all(session) == []


def test_the_scanned_lot_comes_back(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    late = stock_up(session, goods.product, tablet.outlet, 10)
    lines = [line_of((goods, 2), lot=goods.batch.lot_code), line_of((goods, 2), lot=late.batch.lot_code)]
    sale = tablet.sale(lines=lines)
    back = return_of(tablet, sale, (1, 1, True), by=boss)
    accept(session, tablet, sale, back)
    assert (on_hand_and_held(session, goods)[0], on_hand_and_held(session, late)[0]) == (8, 9)
    unknown = return_of(tablet, sale, (0, 2, True), by=boss, lines=[back["lines"][0] | {"lot": "LAIN", "quantity": 3, "amount": 75_000}])
    accept(session, tablet, unknown | {"amount": 75_000, "cash": 75_000})
    assert (on_hand_and_held(session, goods)[0], on_hand_and_held(session, late)[0]) == (10, 10), (
        "a lot that was not sold is taken from those that were"
    )
    assert check_all(session) == []


def test_never_more_comes_back_than_was_sold(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 3))
    accept(session, tablet, sale, return_of(tablet, sale, (0, 2, True), by=boss))
    assert "1" in refuse(session, tablet, return_of(tablet, sale, (0, 2, True), by=boss))
    accept(session, tablet, return_of(tablet, sale, (0, 1, True), by=boss))
    refuse(session, tablet, return_of(tablet, sale, (0, 1, True), by=boss))
    assert on_hand_and_held(session, goods) == (10, 0)
    assert check_all(session) == []


def test_never_more_money_goes_back_than_was_paid(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 2), discount=10_000)
    accept(session, tablet, sale)
    body = return_of(tablet, sale, (0, 1, True), by=boss)
    dear = body | {"lines": [body["lines"][0] | {"amount": 25_000}], "amount": 25_000, "cash": 25_000}
    assert "than was paid" in refuse(session, tablet, dear)
    refuse(session, tablet, body | {"amount": 30_000, "cash": 30_000, **tablet.receipt()})
    refuse(session, tablet, body | {"cash": 19_900, **tablet.receipt()})
    refuse(session, tablet, body | {"cash": 20_050, **tablet.receipt()})
    refuse(session, tablet, body | {"way": "transfer", **tablet.receipt()})
    accept(session, tablet, body | tablet.receipt())
    assert check_all(session) == []


def test_all_of_a_sale_can_come_back_in_parts_whatever_the_rounding(session: Session, tablet: Tablet, boss: User) -> None:
    goods = make_goods(session, 10, outlet=tablet.outlet, price=9_990)
    sale = tablet.sale((goods, 7), discount=13)
    accept(session, tablet, sale)
    for gone in range(7):
        discount = sale["lines"][0]["discount"]
        amount = 9_990 - (discount * (gone + 1) // 7 - discount * gone // 7)
        body = return_of(tablet, sale, (0, 1, True), by=boss)
        line = body["lines"][0] | {"amount": amount}
        accept(session, tablet, body | {"lines": [line], "amount": amount, "cash": 10_000})
    order = only_order(session)
    assert ledger.refunded(session, order.id) == order.total
    assert ledger.balance(session, order.id)[Account.RECEIVABLE] == 0
    assert check_all(session) == []


def test_the_office_pays_a_transfer_and_the_drawer_stays_as_it_is(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale(goods, tenders=[tender("qris", 25_000, "QR-1234")])
    accept(session, tablet, sale, return_of(tablet, sale, (0, 1, True), way="transfer", by=boss))
    refund = session.scalars(select(Refund)).one()
    assert (refund.state, refund.authorised_at is not None) == (RefundState.REQUESTED, True)
    figures = figures_of(session, session.scalars(select(Shift)).one())
    assert (figures.tenders[0].expected, figures.tenders[3].returned) == (500_000, 25_000)
    payouts.record_paid_out(session, as_actor(boss), refund.id, "TRF-1")
    assert check_all(session) == []


def test_a_sale_paid_in_two_ways_comes_back_as_one(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    """Cash for what was paid in cash; more than that stands too, and a manager looks at it."""
    sale = tablet.sale((goods, 4), tenders=[tender("qris", 60_000, "QR-1234"), cash_tender(40_000)])
    accept(session, tablet, sale, return_of(tablet, sale, (0, 1, True), by=boss))
    assert incidents(session) == []
    accept(session, tablet, return_of(tablet, sale, (0, 1, True), by=boss))
    assert [incident.detail["what"] for incident in incidents(session)] == [["more_cash_back_than_was_paid_in_cash"]]
    accept(session, tablet, return_of(tablet, sale, (0, 2, True), way="transfer", by=boss))
    order = only_order(session)
    assert sum(session.scalars(select(Refund.amount))) == order.total
    assert check_all(session) == []


def test_the_office_refunds_all_tenders_of_a_counter_sale(session: Session, tablet: Tablet, goods: Goods) -> None:
    sale = tablet.sale((goods, 4), tenders=[tender("qris", 60_000, "QR-1234"), cash_tender(40_000)])
    accept(session, tablet, sale)
    order = only_order(session)
    line = session.scalars(select(OrderLine)).one()
    assert read_left(session, order.id, {line.id: 4}).amount == 100_000
    refund = refunds.request_refund(
        session, SYSTEM, order.id, {line.id: (4, True)}, RefundReason.OTHER, RefundWay.TRANSFER, "k" * 20, approval_above=10**9
    )
    assert refund.amount == 100_000
    with pytest.raises(NothingToRefund):
        refunds.request_refund(session, SYSTEM, order.id, {line.id: (1, True)}, RefundReason.OTHER, RefundWay.CASH, "l" * 20)
    assert check_all(session) == []


def test_a_return_before_its_sale_waits_for_it(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 2))
    first = tablet.sign(sale)
    assert "has not arrived" in refuse(session, tablet, return_of(tablet, sale, (0, 1, True), by=boss))
    assert session.query(CounterReturn).count() == 0
    receive_entries(session, tablet.device, [first], device_now=tablet.now())
    assert session.query(CounterReturn).count() == 1, "applied when the sale came"
    assert on_hand_and_held(session, goods) == (9, 0)
    assert check_all(session) == []


def test_another_till_of_the_outlet_takes_back_and_another_outlet_does_not(
    session: Session, tablet: Tablet, goods: Goods, boss: User
) -> None:
    sale = tablet.sale((goods, 2))
    accept(session, tablet, sale)
    near = open_till(session, make_till(session, tablet.outlet))
    far = open_till(session, make_till(session, make_outlet(session)))
    accept(session, near, return_of(near, sale, (0, 1, True), by=boss))
    assert "has not arrived" in refuse(session, far, return_of(far, sale, (0, 1, True)))
    shifts = {row.till_id: row for row in session.scalars(select(Shift))}
    assert figures_of(session, shifts[near.till.id]).tenders[0].expected == 475_000
    assert figures_of(session, shifts[tablet.till.id]).tenders[0].expected == 550_000
    assert check_all(session) == []


def test_a_late_return_restates_its_shift(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 2))
    accept(session, tablet, sale)
    late = tablet.sign(return_of(tablet, sale, (0, 1, True), by=boss))
    accept(session, tablet, tablet.entry("shift_closed", counted={"cash": 525_000}, denominations=[[100_000, 5], [5_000, 5]]))
    receive_entries(session, tablet.device, [late], device_now=tablet.now())
    figures = figures_of(session, session.scalars(select(Shift)).one())
    assert (figures.version, figures.tenders[0].difference, figures.is_provisional) == (2, 0, False)
    assert figures.note.startswith("Restated: a return")
    assert check_all(session) == []


def test_goods_of_a_maker_come_back_out_of_the_lots_they_were_sold_from(session: Session, tablet: Tablet, boss: User) -> None:
    agreement = make_agreement(session, tablet.outlet)
    first = make_consigned(session, agreement, 2)
    second = bring(session, agreement, first.variant, 5, product=first.product)
    sale = tablet.sale((first, 4))
    accept(session, tablet, sale, return_of(tablet, sale, (0, 4, True), by=boss))
    assert (on_hand_and_held(session, first), on_hand_and_held(session, second)) == ((2, 0), (5, 0))
    assert check_all(session) == []


def test_a_receipt_number_is_used_once_for_sales_and_returns(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 3))
    accept(session, tablet, sale)
    body = return_of(tablet, sale, (0, 1, True), by=boss)
    refuse(session, tablet, body | {"receipt": sale["receipt"]})
    accept(session, tablet, body)
    refuse(session, tablet, return_of(tablet, sale, (0, 1, True), by=boss) | {"receipt": body["receipt"]})
    assert session.query(Refund).count() == 1
    assert check_all(session) == []
