"""Registration for tax and limits: who may change them, which way, and what orders remember."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from orders.outlet_rules import LIMITS, OutletRules, set_rules
from tests.make import make_actor, make_outlet
from tests.make_orders import place
from tests.make_stock import make_goods

RULES = OutletRules(False, "", 2_000, 1_000_000, 0, 250_000, 1_000, 100_000, "")


def test_an_order_remembers_the_registration_of_its_day(session: Session) -> None:
    goods = make_goods(session, 5)
    before = place(session, goods)
    set_rules(session, SYSTEM, goods.outlet, replace(RULES, is_taxable=True, operator_npwp="01.234.567.8-901.000"))
    after = place(session, goods)
    assert (before.is_taxable, after.is_taxable) == (False, True)
    assert goods.outlet.operator_npwp == "012345678901000"


def test_a_lead_lowers_limits_and_only_an_administrator_raises_them(session: Session) -> None:
    outlet = make_outlet(session)
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    administrator = make_actor(session, Role.ADMINISTRATOR)
    lower = replace(RULES, voucher_percent_limit_bps=500, voucher_worth_limit=1, correction_limit=0)
    set_rules(session, lead, outlet, lower)
    for name in LIMITS:
        with pytest.raises(InvalidInput) as refusal:
            set_rules(session, lead, outlet, replace(lower, **{name: getattr(lower, name) + 1}))
        assert refusal.value.field == name
    set_rules(session, administrator, outlet, RULES)
    assert outlet.voucher_worth_limit == 1_000_000


def test_the_change_is_kept_with_what_it_was(session: Session) -> None:
    outlet = make_outlet(session)
    set_rules(session, SYSTEM, outlet, RULES)
    assert audit.list_for(session, f"outlet:{outlet.code}") == []
    set_rules(session, SYSTEM, outlet, replace(RULES, correction_limit=1))
    (entry,) = audit.list_for(session, f"outlet:{outlet.code}")
    assert entry.details == {"correction_limit": {"from": 250_000, "to": 1}}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_taxable": True},
        {"operator_npwp": "123"},
        {"operator_npwp": "0" * 17},
        {"operator_npwp": "01234567890100x"},
        {"voucher_percent_limit_bps": 10_001},
        {"voucher_percent_limit_bps": -1},
        {"correction_limit": 1.5},
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        set_rules(session, SYSTEM, make_outlet(session), replace(RULES, **changes))  # type: ignore[arg-type]


def test_a_cashier_and_a_lead_from_elsewhere_are_refused(session: Session) -> None:
    outlet = make_outlet(session)
    for role, place_id in ((Role.CASHIER, outlet.id), (Role.OUTLET_MANAGER, make_outlet(session).id)):
        with pytest.raises(NotAllowed):
            set_rules(session, make_actor(session, role, outlet_id=place_id), outlet, RULES)
