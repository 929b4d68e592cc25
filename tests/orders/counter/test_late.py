"""Sales that come late: after a maker's statement was closed (F24), after prices changed (F28), after midnight (F25)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import ListingState, Price
from catalog.models.stock import MovementKind, StockMovement
from kernel import clock
from kernel.people import SYSTEM
from orders.consignment import ledger, statement_content, statements
from orders.models.order import Order
from orders.models.shift import CounterSale, IncidentKind
from orders.models.till import EntryState
from tests.make_consignment import breaches, make_agreement, make_consigned
from tests.make_counter import deliver, incidents, line_of, open_till, sell
from tests.make_stock import make_goods

LATE_SALES = 20


def test_a_closed_statement_keeps_its_hash_and_the_next_one_has_what_came_late(session: Session) -> None:
    """F24, by the till's own path: offline while the period was closed."""
    with time_machine.travel("2026-11-20T05:00:00+00:00", tick=False):
        tablet = open_till(session)
        agreement = make_agreement(session, tablet.outlet)
        goods = make_consigned(session, agreement, 40)
        sell(session, tablet, goods)
        offline = [tablet.sale(goods) for _ in range(LATE_SALES)]
    with time_machine.travel("2026-11-22T05:00:00+00:00", tick=False):
        first = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 21))
        before = (first.content, first.content_hash)
        assert {answer.state for answer in deliver(session, tablet, *offline)} == {EntryState.ACCEPTED}
        assert ledger.owed(session, [agreement.id], first.until_at)[agreement.id] == 21_250
    with time_machine.travel("2026-11-23T05:00:00+00:00", tick=False):
        second = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 22))
    session.refresh(first)
    assert (first.content, first.content_hash) == before
    content = statement_content.read(second.content)
    assert (content.opening, content.total("sold"), content.owed) == (21_250, LATE_SALES, 21_250 * (LATE_SALES + 1))
    days = session.execute(select(CounterSale.business_date, func.count()).group_by(CounterSale.business_date)).all()
    assert days == [(date(2026, 11, 20), LATE_SALES + 1)]
    assert breaches(session) == []


@pytest.mark.parametrize("change", ["price", "tax", "withdrawn", "inactive", "no price"])
def test_twenty_sales_made_before_a_change_keep_the_price_of_their_receipts(session: Session, change: str) -> None:
    """F28."""
    tablet = open_till(session)
    goods = make_goods(session, 40, outlet=tablet.outlet)
    offline = [tablet.sale(goods) for _ in range(LATE_SALES)]
    price = session.scalars(select(Price).where(Price.variant_id == goods.variant.id)).one()
    if change == "price":
        price.amount = 30_000
    elif change == "tax":
        tablet.outlet.is_taxable = True
    elif change == "withdrawn":
        goods.product.state = ListingState.WITHDRAWN
    elif change == "inactive":
        goods.variant.is_active = False
    else:
        session.delete(price)
    session.flush()
    assert {answer.state for answer in deliver(session, tablet, *offline)} == {EntryState.ACCEPTED}
    assert session.scalar(select(func.sum(Order.total))) == LATE_SALES * 25_000
    assert session.scalar(select(func.sum(CounterSale.price_difference))) == (-LATE_SALES * 5_000 if change == "price" else 0)
    expected = [] if change == "tax" else [IncidentKind.PRICE_DIFFERS] * LATE_SALES
    assert [each.kind for each in incidents(session)] == expected
    assert breaches(session) == []


def test_a_sale_before_midnight_that_comes_after_it_stands_on_its_own_day(session: Session) -> None:
    with time_machine.travel("2026-11-20T16:30:00+00:00", tick=False):  # 23.30 WIB
        tablet = open_till(session)
        goods = make_goods(session, 5, outlet=tablet.outlet)
        offline = tablet.sale(lines=[line_of(goods)])
        moment = clock.now()
    with time_machine.travel("2026-11-21T01:00:00+00:00", tick=False):
        order = sell(session, tablet, body=offline)
    sold_at = session.scalars(select(StockMovement.at).where(StockMovement.kind == MovementKind.SOLD)).one()
    assert sold_at == order.placed_at == order.completed_at == moment
    assert session.scalars(select(CounterSale.business_date)).one() == date(2026, 11, 20)
    assert clock.now() - moment > timedelta(0)
