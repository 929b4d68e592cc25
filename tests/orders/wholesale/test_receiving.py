"""What arrived: claims for single units, what the office agrees to, and what becomes of goods, makers and money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import LossCause, MovementKind, StockLevel, StockMovement
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM
from orders.consignment import ledger as makers_ledger
from orders.invariants import check_all
from orders.models.consignment import ConsignmentAccount, ConsignmentSale
from orders.states import OrderState
from orders.wholesale import credit, packing, receiving
from orders.wholesale.packing import Load
from orders.wholesale.receiving import Claim
from orders.wholesale.states import PurchaseState, WrongStage
from tests.make_trade import dispatched, divided, make_trade, order_of, places, receive, stock_cases


def test_without_a_claim_it_is_settled_at_once(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade)
    receipt = receive(session, trade, purchase)
    assert (receipt.settled_at is not None, receipt.rejected_amount) == (True, 0)
    assert (purchase.state, order_of(session, purchase).state) == (PurchaseState.SETTLED, OrderState.COMPLETED)


def test_rejected_units_are_not_paid_for_not_credited_and_go_where_they_belong(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 20, 16_000, terms_bps=500, freight=120_000)
    place, other = places(session, purchase)[:2]
    shelf = session.get_one(StockLevel, place[1])
    session.refresh(shelf)
    before = shelf.on_hand
    owed_before = makers_ledger.balance(session, shelf.agreement_id or 0)
    claims = {place: Claim(short=3, damaged=2, short_dated=5, remark="Satu dus penyok"), other: Claim(damaged=4)}
    receipt = receive(session, trade, purchase, claims)
    assert (purchase.state, receipt.settled_at, purchase.owed) == (PurchaseState.RECEIVED, None, purchase.total)
    receiving.settle_claims(session, SYSTEM, purchase.id, claims)
    rejected = 14 * 16_000
    assert receipt.rejected_amount == rejected - (purchase.terms - (purchase.goods - rejected) * 500 // 10_000)
    assert purchase.owed == purchase.total - receipt.rejected_amount == credit.used(session, trade.partner.id)
    session.refresh(shelf)
    assert shelf.on_hand == before + 5
    written = select(StockMovement.cause, StockMovement.on_hand_change).where(
        StockMovement.level_id == shelf.id, StockMovement.kind == MovementKind.WRITTEN_OFF
    )
    assert dict(session.execute(written).all()) == {LossCause.DAMAGED: -2, LossCause.LOST: -3}
    after = makers_ledger.balance(session, shelf.agreement_id or 0)
    assert after[ConsignmentAccount.SALES] - owed_before[ConsignmentAccount.SALES] == -10 * 16_000
    units = select(func.sum(ConsignmentSale.quantity)).where(ConsignmentSale.level_id == shelf.id)
    assert session.scalar(units) == receiving.map_delivered(session, purchase.id)[place] - 10
    assert check_all(session) == []


def test_of_a_claim_the_office_does_not_agree_to_nothing_changes_and_it_says_why(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade)
    place = places(session, purchase)[0]
    receive(session, trade, purchase, {place: Claim(damaged=5)})
    with pytest.raises(InvalidInput), session.begin_nested():
        receiving.settle_claims(session, SYSTEM, purchase.id, {place: Claim(damaged=2)})
    receipt = receiving.settle_claims(session, SYSTEM, purchase.id, {place: Claim(damaged=2)}, "Foto menunjukkan dua")
    assert (receipt.rejected_amount, receipt.answer) == (32_000, "Foto menunjukkan dua")
    assert check_all(session) == []


def test_nobody_agrees_to_more_than_was_claimed_or_claims_more_than_was_delivered(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade)
    place = places(session, purchase)[0]
    units = receiving.map_delivered(session, purchase.id)[place]
    with pytest.raises(InvalidInput), session.begin_nested():
        receive(session, trade, purchase, {place: Claim(short=units, damaged=1)})
    with pytest.raises(NotFound), session.begin_nested():
        receive(session, trade, purchase, {(place[0], 999_999): Claim(short=1)})
    receive(session, trade, purchase, {place: Claim(short=1)})
    with pytest.raises(InvalidInput), session.begin_nested():
        receiving.settle_claims(session, SYSTEM, purchase.id, {place: Claim(short=2)})


def test_what_never_left_is_not_paid_for(session: Session) -> None:
    trade = make_trade(session)
    stock_cases(session, trade, trade.first, 2)
    purchase = divided(session, trade, 8)
    packing.dispatch(session, SYSTEM, purchase.id, Load("Truk"), leave_missing=True)
    receipt = receive(session, trade, purchase)
    assert (receipt.rejected_amount, purchase.owed) == (6 * 24 * 16_000, 2 * 24 * 16_000)
    assert check_all(session) == []


def test_a_load_that_is_rejected_whole_costs_nothing_freight_included(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 4, freight=90_000)
    claims = {place: Claim(damaged=units) for place, units in receiving.map_delivered(session, purchase.id).items()}
    receive(session, trade, purchase, claims)
    receipt = receiving.settle_claims(session, SYSTEM, purchase.id, claims)
    assert (receipt.rejected_freight, purchase.owed, credit.used(session, trade.partner.id)) == (90_000, 0, 0)
    assert check_all(session) == []


def test_the_partner_counts_its_own_orders_once_and_not_before_they_left(session: Session) -> None:
    trade, rival = make_trade(session), make_trade(session)
    waiting = divided(session, trade, number="PO-0")
    with pytest.raises(WrongStage):
        receive(session, trade, waiting)
    purchase = dispatched(session, trade, 4)
    with pytest.raises(NotFound):
        receive(session, rival, purchase)
    receive(session, trade, purchase)
    with pytest.raises(WrongStage):
        receive(session, trade, purchase)
    with pytest.raises(NotAllowed):
        receiving.settle_claims(session, trade.buyer, purchase.id, {})


def test_a_day_that_has_not_come_is_no_day_of_receipt(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade, 4)
    with pytest.raises(InvalidInput):
        receiving.report_receipt(
            session, trade.buyer, purchase.id, {}, received_by="Pak Gudang", received_on=clock.today() + timedelta(days=1)
        )
