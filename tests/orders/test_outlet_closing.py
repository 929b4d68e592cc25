"""Closing an outlet: what stands in the way, who may, what is refused afterwards, and opening it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import LossCause, MovementKind, Outlet
from catalog.queries.home import list_outlets
from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from orders.consignment import agreements, statements
from orders.consignment.fees import correct_balance
from orders.outlet_closing import Remainder, StillInUse, close_outlet, list_remaining, reopen_outlet
from orders.stockroom import counts, deliveries, transfers
from tests.make import make_actor, make_maker, make_outlet
from tests.make_consignment import make_agreement
from tests.make_counter import make_till, open_till
from tests.make_orders import place
from tests.make_stock import make_goods
from tests.make_trade import bought, make_trade, request

Case = Callable[[Session, Outlet], object]


def _order(session: Session, outlet: Outlet) -> None:
    place(session, make_goods(session, 5, outlet=outlet))


def _stock(session: Session, outlet: Outlet) -> None:
    make_goods(session, 5, outlet=outlet)


def _agreement(session: Session, outlet: Outlet) -> None:
    make_agreement(session, outlet)


def _owed(session: Session, outlet: Outlet) -> None:
    agreement = make_agreement(session, outlet)
    correct_balance(session, SYSTEM, agreement.id, 50_000, "Kurang bayar", "k" * 16)
    agreements.end_agreement(session, SYSTEM, agreement.id, clock.today(outlet.zone))


def _delivery(session: Session, outlet: Outlet) -> None:
    agreement = make_agreement(session, outlet, maker=(maker := make_maker(session)))
    deliveries.open_delivery(session, SYSTEM, outlet, maker)
    agreements.end_agreement(session, SYSTEM, agreement.id, clock.today(outlet.zone))


def _transfer(session: Session, outlet: Outlet) -> None:
    transfers.open_transfer(session, SYSTEM, make_outlet(session), outlet)


def _count(session: Session, outlet: Outlet) -> None:
    goods = make_goods(session, 1, outlet=outlet)
    counts.start_count(session, SYSTEM, outlet)
    stock.correct_stock(
        session, SYSTEM, outlet, goods.variant, goods.batch, 0, "Hilang", kind=MovementKind.WRITTEN_OFF, cause=LossCause.LOST
    )


def _shift(session: Session, outlet: Outlet) -> None:
    open_till(session, make_till(session, outlet))


CASES: dict[str, tuple[Case, set[Remainder]]] = {
    "an order": (_order, {Remainder.ORDERS, Remainder.STOCK}),
    "goods": (_stock, {Remainder.STOCK}),
    "an agreement": (_agreement, {Remainder.AGREEMENTS}),
    "money owed": (_owed, {Remainder.OWED, Remainder.STATEMENTS}),
    "a delivery": (_delivery, {Remainder.DELIVERIES}),
    "a transfer on its way here": (_transfer, {Remainder.TRANSFERS}),
    "a count": (_count, {Remainder.COUNTS}),
    "a shift": (_shift, {Remainder.SHIFTS, Remainder.DEVICES}),
}


@pytest.mark.parametrize("case", list(CASES))
def test_an_outlet_where_something_goes_on_is_not_closed_and_the_list_says_what(session: Session, case: str) -> None:
    arrange, expected = CASES[case]
    outlet = make_outlet(session)
    arrange(session, outlet)
    session.flush()
    assert set(list_remaining(session, outlet)) == expected
    with pytest.raises(StillInUse):
        close_outlet(session, SYSTEM, outlet, "Sewa habis")
    assert outlet.is_active


def test_partners_quotes_orders_and_offers_stand_in_the_way(session: Session) -> None:
    trade = make_trade(session)
    request(session, trade)
    assert {Remainder.QUOTES, Remainder.OFFERS} <= set(list_remaining(session, trade.outlet))
    bought(session, trade)
    assert list_remaining(session, trade.outlet)[Remainder.TRADE] == 1


def test_an_empty_outlet_is_closed_once_and_opened_again(session: Session) -> None:
    outlet = make_outlet(session)
    kept = [view.code for view in list_outlets(session)]
    assert outlet.code in kept
    for _twice in range(2):
        close_outlet(session, make_actor(session), outlet, "Sewa habis")
    assert outlet.code not in [view.code for view in list_outlets(session)]
    acts = audit.list_for(session, f"outlet:{outlet.code}")
    assert [(entry.action, entry.details) for entry in acts] == [("outlet.closed", {"reason": "Sewa habis"})]
    reopen_outlet(session, make_actor(session), outlet)
    assert [view.code for view in list_outlets(session)] == kept


def test_nothing_begins_at_a_closed_outlet(session: Session) -> None:
    outlet, elsewhere = make_outlet(session), make_goods(session, 1)
    close_outlet(session, SYSTEM, outlet, "Sewa habis")
    with pytest.raises(InvalidInput):
        stock.receive_stock(session, SYSTEM, outlet, elsewhere.variant, elsewhere.batch, 1, "delivery")
    with pytest.raises(InvalidInput):
        make_agreement(session, outlet)
    with pytest.raises(InvalidInput):
        transfers.open_transfer(session, SYSTEM, elsewhere.outlet, outlet)


def test_who_leads_an_outlet_does_not_close_it_and_nobody_without_a_reason(session: Session) -> None:
    outlet = make_outlet(session)
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    for act in (lambda: close_outlet(session, lead, outlet, "Sewa habis"), lambda: reopen_outlet(session, lead, outlet)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(InvalidInput):
        close_outlet(session, make_actor(session), outlet, "  ")
    assert outlet.is_active


def test_once_its_last_statement_is_closed_only_a_makers_money_is_left(session: Session) -> None:
    outlet = make_outlet(session)
    agreement = make_agreement(session, outlet)
    correct_balance(session, SYSTEM, agreement.id, 50_000, "Kurang bayar", "k" * 16)
    agreements.end_agreement(session, SYSTEM, agreement.id, clock.today(outlet.zone))
    assert Remainder.STATEMENTS in list_remaining(session, outlet)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        statements.close_statement(session, SYSTEM, agreement.id, clock.today(outlet.zone) - timedelta(days=1))
    assert set(list_remaining(session, outlet)) == {Remainder.OWED}
