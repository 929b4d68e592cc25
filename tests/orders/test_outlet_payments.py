"""Which local ways to pay an outlet takes, who may change them, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Actor, Grant, Role
from orders import outlet_payments, qris
from orders.gateways import PaymentMethod
from orders.outlet_payments import MethodNotPossible, PaymentDetails
from storefront.demo.seeding import sample_payment_details
from tests.make import make_outlet
from tests.make_payments import QRIS, TRANSFER, details, make_taking_outlet, static_qris

ALWAYS = {PaymentMethod.PAY_AT_PICKUP, PaymentMethod.STRIPE}


def test_an_outlet_without_details_takes_no_local_money(session: Session) -> None:
    outlet = make_outlet(session)
    assert outlet_payments.methods_of(outlet) == ALWAYS
    for method in (QRIS, TRANSFER):
        with pytest.raises(MethodNotPossible):
            outlet_payments.check_method(outlet, method, 25_000)


def test_an_outlet_takes_what_its_lead_entered(session: Session) -> None:
    outlet = make_outlet(session)
    lead = Actor(None, "lead", (Grant(Role.OUTLET_MANAGER, outlet_id=outlet.id),))
    outlet_payments.set_details(session, lead, outlet, PaymentDetails(qris_payload=f" {static_qris()}\n"))
    assert outlet_payments.methods_of(outlet) == ALWAYS | {QRIS}
    assert outlet.qris_payload == static_qris()
    outlet_payments.set_details(session, lead, outlet, details(qris_payload="", bank_account_number="000-111 2223"))
    assert outlet_payments.list_methods(session)[outlet.id] == ALWAYS | {TRANSFER}
    assert outlet.bank_account_number == "0001112223"


def test_whoever_changes_an_account_is_written_down_with_what_it_was(session: Session) -> None:
    outlet = make_taking_outlet(session)
    outlet_payments.set_details(session, SYSTEM, outlet, details(bank_account_number="99999999"))
    newest = audit.list_for(session, f"outlet:{outlet.code}")[0]
    assert newest.details == {"bank_account_number": {"from": "0001112223", "to": "99999999"}}


@pytest.mark.parametrize(
    "actor", [GUEST, Actor(1, "cashier", (Grant(Role.CASHIER),)), Actor(1, "lead", (Grant(Role.OUTLET_MANAGER, outlet_id=0),))]
)
def test_a_cashier_or_a_lead_of_elsewhere_changes_nothing(session: Session, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        outlet_payments.set_details(session, actor, make_outlet(session), details())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"qris_payload": "not a code"}, "qris_payload"),
        ({"qris_payload": static_qris()[:-1] + "0"}, "qris_payload"),
        ({"qris_payload": qris.for_amount(qris.parse(static_qris()), 5_000, "K7QTX4MN").payload}, "qris_payload"),
        ({"bank_name": ""}, "bank_name"),
        ({"bank_account_name": ""}, "bank_account_name"),
        ({"bank_account_number": "12"}, "bank_account_number"),
        ({"bank_account_number": "12AB34567"}, "bank_account_number"),
    ],
)
def test_details_that_could_lose_money_are_refused(session: Session, changes: dict[str, str], field: str) -> None:
    outlet = make_outlet(session)
    with pytest.raises(InvalidInput) as refusal:
        outlet_payments.set_details(session, SYSTEM, outlet, details(**changes))
    assert refusal.value.field == field
    assert outlet.bank_name == ""


def test_qris_carries_ten_million_and_not_a_rupiah_more(session: Session) -> None:
    outlet = make_taking_outlet(session)
    outlet_payments.check_method(outlet, QRIS, 10_000_000)
    outlet_payments.check_method(outlet, TRANSFER, 10_000_001)
    with pytest.raises(MethodNotPossible):
        outlet_payments.check_method(outlet, QRIS, 10_000_001)


def test_the_demo_outlet_has_a_sample_code_of_nobody(session: Session) -> None:
    outlet = outlet_payments.set_details(session, SYSTEM, make_outlet(session), sample_payment_details())
    assert "CONTOH" in qris.parse(outlet.qris_payload).merchant
    assert outlet_payments.methods_of(outlet) >= {QRIS, TRANSFER}
