"""Sales typed from a sheet of paper: the path of all others, once for each form, in the shift of their day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.accounts import as_actor
from kernel.errors import DomainError, InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from orders.counter.paper import NoOpenShift, PaperLine, PaperSale, sell_on_paper
from orders.models.order import Order
from orders.models.shift import IncidentKind
from orders.models.till import EntrySource, TillEntry
from tests.make import make_actor
from tests.make_consignment import breaches
from tests.make_counter import Tablet, incidents, make_device
from tests.make_stock import Goods, make_goods


def typed(*goods: Goods, **changes: Any) -> PaperSale:
    values = {"key": uuid4().hex, "lines": [PaperLine(each.variant.code, 1) for each in goods]}
    return PaperSale(**(values | changes))


def test_a_typed_sale_is_a_sale(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    sale = sell_on_paper(session, as_actor(tablet.cashier), tablet.till, typed(goods, given=50_000))
    entry = session.get_one(TillEntry, sale.entry_id)
    assert (entry.source, entry.device_id) == (EntrySource.PAPER, None)
    assert (sale.running, sale.cash_given, sale.cash_change) == (1, 50_000, 25_000)
    assert sale.receipt_number == f"{tablet.outlet.code}-1A-{clock.today(tablet.outlet.zone):%Y%m%d}-0001"
    assert incidents(session) == []
    assert breaches(session) == []


def test_a_form_sent_twice_is_one_sale(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    form = typed(goods)
    actor = as_actor(tablet.cashier)
    assert sell_on_paper(session, actor, tablet.till, form).id == sell_on_paper(session, actor, tablet.till, form).id
    assert session.scalar(select(func.count(Order.id))) == 1
    assert sell_on_paper(session, actor, tablet.till, typed(goods)).running == 2


def test_a_sheet_of_yesterday_keeps_its_day(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    yesterday = clock.today(tablet.outlet.zone) - timedelta(days=1)
    sale = sell_on_paper(session, as_actor(tablet.cashier), tablet.till, typed(goods, sold_on=yesterday))
    assert sale.business_date == yesterday
    assert breaches(session) == []


def test_another_price_than_ours_is_honoured_and_told(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    sale = sell_on_paper(session, as_actor(tablet.cashier), tablet.till, typed(lines=[PaperLine(goods.variant.code, 2, unit_price=24_000)]))
    assert (sale.order.total, sale.price_difference) == (48_000, -2_000)
    assert [each.kind for each in incidents(session)] == [IncidentKind.NOT_ALLOWED]


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": [PaperLine("TIDAKADA", 1)]},
        {"discount": 25_000},
        {"given": 20_000},
        {"method": "card"},
        {"method": "gold"},
        {"key": "short"},
        {"sold_on": clock.today() + timedelta(days=1)},
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, tablet: Tablet, changes: dict[str, Any]) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    with pytest.raises(InvalidInput):
        sell_on_paper(session, as_actor(tablet.cashier), tablet.till, typed(goods, **changes))


def test_it_needs_a_shift_and_somebody_who_sells_here(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 5, outlet=tablet.outlet)
    closed = make_device(session)
    with pytest.raises(NoOpenShift):
        sell_on_paper(session, as_actor(closed.cashier), closed.till, typed(goods))
    for stranger in (SYSTEM, make_actor(session, Role.CASHIER, outlet_id=closed.outlet.id)):
        with pytest.raises(DomainError) as refusal:
            sell_on_paper(session, stranger, tablet.till, typed(goods))
        assert refusal.type is NotAllowed
