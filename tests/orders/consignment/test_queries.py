"""What pages read about makers' goods: exact figures in few statements."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from orders.consignment import queries
from tests.conftest import StatementCounter
from tests.make_consignment import make_agreement, make_consigned, sell


def test_agreements_are_listed_with_shelf_and_debt_in_four_statements(session: Session, count_statements: StatementCounter) -> None:
    first = make_agreement(session)
    outlet = session.get_one(Outlet, first.outlet_id)
    for _number in range(5):
        make_agreement(session, outlet)
    sell(session, make_consigned(session, first), quantity=4)
    outlet_id = outlet.id
    with count_statements() as sent:
        rows = queries.list_at_outlet(session, outlet_id)
    assert len(sent) <= 4
    assert [(row.on_hand, row.owed) for row in rows if row.agreement_id == first.id] == [(6, 85_000)]
    assert len(rows) == 6


def test_the_shelf_begins_with_what_expires_first(session: Session) -> None:
    agreement = make_agreement(session)
    today = clock.today()
    make_consigned(session, agreement, 3, best_before_on=None)
    make_consigned(session, agreement, 2, best_before_on=today + timedelta(days=90))
    make_consigned(session, agreement, 1, best_before_on=today + timedelta(days=9))
    assert [line.on_hand for line in queries.list_shelf(session, [agreement.id])] == [1, 2, 3]
