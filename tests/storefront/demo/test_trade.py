"""The demo's month of trade: complete, in order, the same at every start, and nothing the doctor minds."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, BatchState, MovementKind, StockMovement
from kernel import clock
from orders.consignment import statement_content
from orders.invariants import CHECKS
from orders.models.agreement import AgreementTerms, TermsModel
from orders.models.consignment import ConsignmentLoss, MakerStatement
from orders.models.delivery import Delivery, DeliveryState
from orders.models.maker_payout import PayoutBatch, PayoutState
from orders.models.order import Fulfilment, Order
from orders.models.refund import Refund
from orders.models.stockroom import CountLine, CountState, PullOut, PullOutState, StockCount
from orders.states import OrderState
from storefront.demo.seeding import OUTLET_SLUG
from storefront.demo.trade import MAKERS, is_traded, trade
from storefront.demo.trade_orders import ORDERS

pytestmark = pytest.mark.one_database

MODELS = (Order, StockMovement, MakerStatement, PayoutBatch, Delivery, Refund, ConsignmentLoss)


def _counts(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in MODELS]


def test_the_month_is_whole(month: Session) -> None:
    session = month
    assert is_traded(session)
    closed = session.scalars(select(MakerStatement)).all()
    assert len(closed) == MAKERS
    assert {terms.model for terms in session.scalars(select(AgreementTerms))} == set(TermsModel)
    orders = session.scalars(select(Order)).all()
    assert len(orders) >= ORDERS
    assert {order.fulfilment for order in orders} == set(Fulfilment)
    assert Counter(order.state for order in orders).keys() == {OrderState.COMPLETED, OrderState.SHIPPED}
    assert {note.state for note in session.scalars(select(Delivery))} == {DeliveryState.RECEIVED}
    batch = session.scalars(select(PayoutBatch)).one()
    assert batch.state is PayoutState.SETTLED
    assert batch.prepared_by_id != batch.decided_by_id
    assert session.scalars(select(PullOut.state)).all() == [PullOutState.DONE]
    assert session.scalars(select(StockCount.state)).all() == [CountState.BOOKED]
    assert [line.difference for line in session.scalars(select(CountLine)) if line.difference] == [-1]
    assert session.scalars(select(Batch).where(Batch.state == BatchState.RECALLED)).one().state_reason
    assert len(session.scalars(select(Refund)).all()) == 2


def test_every_statement_adds_up(month: Session) -> None:
    for found in month.scalars(select(MakerStatement)):
        content = statement_content.read(found.content)
        assert content.is_sample
        assert content.gross == content.share + content.commission
        for line in content.lines:
            came = line.received + line.moved + line.returned
            went = line.sold + line.returned_to_maker + line.written_off
            assert line.on_hand == came - went, (found.code, line.name_id)


def test_nothing_of_it_lies_in_the_future_and_the_doctor_minds_nothing(month: Session) -> None:
    latest = month.scalar(select(func.max(StockMovement.at)))
    assert latest is not None
    assert latest <= clock.now()
    found = {name: list(check(month)) for name, check in CHECKS.items()}
    assert {name: messages for name, messages in found.items() if messages} == {}


def test_nothing_is_sold_before_it_was_brought(month: Session) -> None:
    brought: dict[int, object] = {}
    for move in month.scalars(select(StockMovement).order_by(StockMovement.at, StockMovement.id)):
        if move.kind is MovementKind.RECEIVED:
            brought.setdefault(move.level_id, move.at)
        assert move.level_id in brought, (move.kind, move.at)


def test_trading_again_changes_nothing(month: Session) -> None:
    before = _counts(month)
    trade(month, OUTLET_SLUG)
    assert _counts(month) == before
