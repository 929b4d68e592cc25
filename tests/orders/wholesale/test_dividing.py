"""Dividing an order: makers of one graded product share it, stock and capacity are taken once, the order is placed once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import NotAllowed
from kernel.people import SYSTEM, Role
from orders.invariants import check_all
from orders.models.offer import CapacityMonth
from orders.models.order import Order, OrderLine
from orders.models.purchase import Carton, PurchaseShare
from orders.wholesale import dividing
from orders.wholesale.allocation import NotEnoughCases
from orders.wholesale.states import PurchaseState, WrongStage
from tests.make import make_actor
from tests.make_trade import UNITS, bought, divided, make_trade, order_of, stock_cases


def shares_of(session: Session, purchase_id: int) -> dict[int, tuple[int, int]]:
    """Cases and cases to make, by variant."""
    rows = session.scalars(select(PurchaseShare).where(PurchaseShare.purchase_id == purchase_id))
    return {share.variant_id: (share.cases, share.to_make) for share in rows}


def test_two_makers_share_by_what_they_can_make(session: Session) -> None:
    trade = make_trade(session, monthly=(240, 720))
    stock_cases(session, trade, trade.first, 4)
    purchase = divided(session, trade, 20)
    assert shares_of(session, purchase.id) == {trade.first.id: (5, 1), trade.second.id: (15, 15)}
    lines = session.execute(select(OrderLine.variant_id, OrderLine.quantity).where(OrderLine.order_id == purchase.order_id)).all()
    assert dict(lines) == {trade.first.id: 5 * UNITS, trade.second.id: 15 * UNITS}
    assert session.scalar(select(func.sum(CapacityMonth.taken))) == 16 * UNITS
    assert session.scalar(select(func.count(Carton.id))) == 4
    assert (purchase.state, check_all(session)) == (PurchaseState.PREPARING, [])


def test_the_proposal_is_what_happens(session: Session) -> None:
    trade = make_trade(session)
    stock_cases(session, trade, trade.second, 9)
    purchase = bought(session, trade, 20)
    promised = clock.today() + timedelta(days=3)
    (proposal,) = dividing.propose(session, purchase, promised)
    assert proposal == dividing.propose(session, purchase, promised)[0]
    dividing.divide(session, SYSTEM, purchase.id, promised)
    assert shares_of(session, purchase.id) == {share.variant_id: (share.cases, share.to_make) for share in proposal.shares}


def test_who_got_much_lately_waits(session: Session) -> None:
    trade = make_trade(session, monthly=(2_400, 2_400))
    stock_cases(session, trade, trade.first, 10)
    first = divided(session, trade, 10, number="PO-1")
    second = divided(session, trade, 10, number="PO-2")
    assert shares_of(session, first.id) == shares_of(session, second.id) | {trade.first.id: (5, 0), trade.second.id: (5, 5)}
    stock_cases(session, trade, trade.first, 2)
    third = divided(session, trade, 5, number="PO-3")
    assert {variant: cases for variant, (cases, _make) in shares_of(session, third.id).items()} == {trade.first.id: 3, trade.second.id: 2}


def test_a_lot_that_would_arrive_too_old_is_left_on_the_shelf(session: Session) -> None:
    trade = make_trade(session)
    stock_cases(session, trade, trade.first, 5, best_before_on=clock.today() + timedelta(days=100))
    purchase = divided(session, trade, 8)
    assert session.scalar(select(func.count(Carton.id)).where(Carton.purchase_id == purchase.id)) == 0


def test_what_all_makers_together_cannot_make_is_refused_whole(session: Session) -> None:
    trade = make_trade(session, monthly=(24, 48))
    purchase = bought(session, trade, 20)
    with pytest.raises(NotEnoughCases) as refusal, session.begin_nested():
        dividing.divide(session, SYSTEM, purchase.id, clock.today())
    assert refusal.value.available <= 6
    assert session.scalar(select(func.count(Order.id))) == 0
    assert session.scalar(select(func.coalesce(func.sum(CapacityMonth.taken), 0))) == 0


def test_capacity_that_is_promised_is_not_promised_again(session: Session) -> None:
    trade = make_trade(session, monthly=(240, 240))
    first = bought(session, trade, 20, number="PO-1")
    dividing.divide(session, SYSTEM, first.id, clock.today())
    second = bought(session, trade, 20, number="PO-2")
    with pytest.raises(NotEnoughCases):
        dividing.divide(session, SYSTEM, second.id, clock.today())


def test_an_order_is_placed_once(session: Session) -> None:
    trade = make_trade(session)
    purchase = divided(session, trade)
    with pytest.raises(WrongStage):
        dividing.divide(session, SYSTEM, purchase.id, clock.today())
    assert order_of(session, purchase).checkout_key == f"purchase-order-{purchase.code}"


def test_only_the_sellers_office_divides(session: Session) -> None:
    trade = make_trade(session)
    purchase = bought(session, trade)
    for actor in (trade.buyer, make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_trade(session).outlet.id)):
        with pytest.raises(NotAllowed):
            dividing.divide(session, actor, purchase.id, clock.today())


def test_the_form_proposes_the_partners_wish_but_not_before_the_lead_time(session: Session) -> None:
    trade = make_trade(session)
    purchase, today = bought(session, trade), clock.today()
    assert dividing.usual_day(session, purchase, today) == today + timedelta(days=3)
    purchase.wanted_on = today + timedelta(days=9)
    assert dividing.usual_day(session, purchase, today) == today + timedelta(days=9)
