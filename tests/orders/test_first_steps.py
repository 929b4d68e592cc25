"""What a new shop still lacks, told to whoever sets it up until it can sell."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog.programme_offices import OfficeFacts, save_office
from kernel.people import SYSTEM, Role
from orders.first_steps import CAN_WAIT, FirstStep, list_first_steps
from tests.conftest import StatementCounter
from tests.make import make_actor, make_areas, make_outlet, make_product
from tests.make_stock import stock_up


def test_an_empty_shop_lacks_everything_and_says_so_in_one_statement(session: Session, count_statements: StatementCounter) -> None:
    make_areas(session)
    administrator = make_actor(session)
    with count_statements() as seen:
        steps = list_first_steps(session, administrator)
    assert set(steps) == set(FirstStep)
    assert not any(steps.values())
    assert len(seen) == 1
    assert list_first_steps(session, make_actor(session, Role.CURATOR, area_prefix="16.12")) == {}


def test_a_shop_that_can_sell_needs_no_list_though_something_can_wait(session: Session) -> None:
    administrator = make_actor(session)
    outlet = make_outlet(session)
    product = make_product(session)
    save_office(session, SYSTEM, OfficeFacts(area_code="16.12", name_id="Dinas"))
    make_actor(session, Role.CASHIER, outlet_id=outlet.id)
    steps = list_first_steps(session, administrator)
    assert {step for step, done in steps.items() if not done} == {FirstStep.STOCK} | CAN_WAIT
    stock_up(session, product, outlet, 3)
    assert list_first_steps(session, administrator) == {}
