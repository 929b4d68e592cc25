"""Cartons: set aside as goods arrive, one batch each, and the way out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks
from catalog.batch_blocks import BatchStopped
from catalog.models.stock import StockLevel
from kernel.errors import NotAllowed
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM
from orders.invariants import check_all
from orders.models.consignment import ConsignmentSale
from orders.models.purchase import Carton
from orders.states import OrderState
from orders.wholesale import packing, receivables
from orders.wholesale.packing import Load, NotComplete, NotPaidYet
from orders.wholesale.states import PurchaseState, WrongStage
from tests.make_trade import UNITS, bought, dispatched, divided, make_trade, order_of, stock_cases

TRUCK = Load("Truk koperasi")


def test_goods_that_arrive_are_packed_in_whole_cases_of_one_batch(session: Session) -> None:
    trade = make_trade(session)
    stock_cases(session, trade, trade.first, 2)
    purchase = divided(session, trade, 8)  # two of the first maker, six of the second
    stock_cases(session, trade, trade.second, 4)
    assert packing.pack(session, SYSTEM, purchase.id) == 4
    assert (packing.count_missing(session, purchase), order_of(session, purchase).state) == (2, OrderState.CONFIRMED)
    stock_cases(session, trade, trade.second, 4)
    assert packing.pack(session, SYSTEM, purchase.id) == 2
    assert order_of(session, purchase).state is OrderState.READY
    cartons = session.scalars(select(Carton).where(Carton.purchase_id == purchase.id).order_by(Carton.number)).all()
    assert [carton.number for carton in cartons] == list(range(1, 9))
    assert {carton.units for carton in cartons} == {UNITS}
    assert check_all(session) == []


def test_an_order_leaves_whole_unless_somebody_says_otherwise(session: Session) -> None:
    trade = make_trade(session)
    stock_cases(session, trade, trade.first, 2)
    purchase = divided(session, trade, 8)
    with pytest.raises(NotComplete) as refusal:
        packing.dispatch(session, SYSTEM, purchase.id, TRUCK)
    assert refusal.value.missing == 6
    assert packing.dispatch(session, SYSTEM, purchase.id, TRUCK, leave_missing=True).cartons == 2
    assert purchase.state is PurchaseState.DISPATCHED
    assert check_all(session) == []


def test_with_nothing_packed_nothing_leaves(session: Session) -> None:
    purchase = divided(session, make_trade(session))
    with pytest.raises(NotComplete):
        packing.dispatch(session, SYSTEM, purchase.id, TRUCK, leave_missing=True)


def test_makers_are_credited_when_their_cartons_leave_and_the_partner_is_told(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 20, 16_000)
    sold = session.execute(select(ConsignmentSale.agreement_id, ConsignmentSale.quantity, ConsignmentSale.share)).all()
    first, second = trade.agreements
    assert {row.agreement_id: (row.quantity, row.share) for row in sold} == {
        first.id: (120, 120 * 16_000 * 85 // 100),
        second.id: (360, 360 * 16_000 * 85 // 100),
    }
    kinds = session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == packing.MAIL_DISPATCHED)).all()
    assert kinds == [f"mail.goods_dispatched:{purchase.code}"]
    assert set(session.scalars(select(StockLevel.held))) == {0}


def test_a_partner_without_credit_pays_before_anything_leaves(session: Session) -> None:
    trade = make_trade(session, terms={"credit_limit": 0})
    stock_cases(session, trade, trade.first, 8)
    stock_cases(session, trade, trade.second, 8)
    purchase = divided(session, trade, 4)
    with pytest.raises(NotPaidYet):
        packing.dispatch(session, SYSTEM, purchase.id, TRUCK)
    receivables.record_transfer(session, SYSTEM, purchase.id, purchase.total, "TRX-0001")
    packing.dispatch(session, SYSTEM, purchase.id, TRUCK)
    assert check_all(session) == []


def test_a_batch_that_was_stopped_stays(session: Session) -> None:
    trade = make_trade(session)
    goods = stock_cases(session, trade, trade.first, 4)
    purchase = divided(session, trade, 4)
    packing.pack(session, SYSTEM, purchase.id)
    batch_blocks.block_batch(session, SYSTEM, goods.batch, "Diperiksa")
    with pytest.raises(BatchStopped), session.begin_nested():
        packing.dispatch(session, SYSTEM, purchase.id, TRUCK, leave_missing=True)


def test_only_an_order_that_is_prepared_is_packed_and_only_by_the_office(session: Session) -> None:
    trade = make_trade(session)
    purchase = bought(session, trade)
    with pytest.raises(WrongStage):
        packing.pack(session, SYSTEM, purchase.id)
    with pytest.raises(NotAllowed):
        packing.pack(session, trade.buyer, purchase.id)
