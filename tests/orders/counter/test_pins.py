"""PINs: who sets whose, which are too easy, and who a till knows."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.accounts import as_actor
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Grant, Role, User
from orders.counter import pins
from orders.counter.bodies import Supervision
from orders.counter.pins import WeakPin
from orders.models.till import TillPin
from tests.make import make_outlet, make_user
from tests.make_counter import knows_pin, make_cashier, make_supervisor


@pytest.fixture
def outlet(session: Session) -> Outlet:
    """Where they work."""
    return make_outlet(session)


@pytest.fixture
def cashier(session: Session, outlet: Outlet) -> User:
    """Who sells."""
    return make_cashier(session, outlet)


@pytest.fixture
def supervisor(session: Session, outlet: Outlet) -> User:
    """Who allows more."""
    return make_supervisor(session, outlet)


def test_a_pin_is_kept_as_a_till_checks_it(session: Session, cashier: User) -> None:
    pins.set_pin(session, as_actor(cashier), cashier, "482913")
    row = session.scalars(select(TillPin)).one()
    derived = hashlib.pbkdf2_hmac("sha256", b"482913", bytes.fromhex(row.salt), 100_000).hex()
    assert (len(row.salt), row.iterations, row.verifier) == (32, 100_000, derived)
    assert knows_pin(session, cashier.id, "482913")
    assert not knows_pin(session, cashier.id, "482914")
    pins.set_pin(session, as_actor(cashier), cashier, "731946")
    assert not knows_pin(session, cashier.id, "482913")
    assert session.query(TillPin).count() == 1


@pytest.mark.parametrize("pin", ["123456", "654321", "890123", "000000", "111112", "121212", "123123", "979797"])
def test_pins_that_anybody_tries_first_are_refused(session: Session, cashier: User, pin: str) -> None:
    with pytest.raises(WeakPin):
        pins.set_pin(session, as_actor(cashier), cashier, pin)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "٤٨٢٩١٣"])
def test_a_pin_is_six_plain_digits(session: Session, cashier: User, pin: str) -> None:
    with pytest.raises(InvalidInput):
        pins.set_pin(session, as_actor(cashier), cashier, pin)


def test_a_manager_sets_a_cashiers_pin_and_nobody_a_managers(session: Session, outlet: Outlet, cashier: User, supervisor: User) -> None:
    pins.set_pin(session, as_actor(supervisor), cashier, "482913", outlet=outlet)
    colleague = make_supervisor(session, outlet)
    elsewhere = make_supervisor(session, make_outlet(session))
    refused = [(as_actor(cashier), colleague, outlet), (as_actor(colleague), supervisor, outlet), (as_actor(colleague), cashier, None)]
    refused += [(as_actor(elsewhere), cashier, outlet), (as_actor(supervisor), make_user(session), outlet)]
    for actor, person, place in refused:
        with pytest.raises(NotAllowed):
            pins.set_pin(session, actor, person, "731946", outlet=place)
    pins.set_pin(session, SYSTEM, supervisor, "731946")


def test_a_till_knows_the_people_of_its_outlet(session: Session, outlet: Outlet, cashier: User, supervisor: User) -> None:
    make_cashier(session, make_outlet(session))
    make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    gone = make_cashier(session, outlet)
    gone.is_active = False
    administrator = make_user(session, Grant(Role.ADMINISTRATOR), Grant(Role.CASHIER, outlet_id=outlet.id))
    make_user(session, Grant(Role.ADMINISTRATOR, area_prefix="31"))
    pins.set_pin(session, as_actor(cashier), cashier, "482913")
    staff = {member.code: member for member in pins.list_staff(session, outlet)}
    wanted = {cashier.code: False, supervisor.code: True, administrator.code: True}
    assert {code: member.is_supervisor for code, member in staff.items()} == wanted
    assert staff[cashier.code].iterations == 100_000
    assert (staff[supervisor.code].salt, staff[supervisor.code].verifier) == (None, None)


def test_a_supervisor_is_somebody_who_manages_tills_here_now(session: Session, outlet: Outlet, cashier: User, supervisor: User) -> None:
    def allowed(by: User | None, at_till: User = cashier) -> User | None:
        word = Supervision(code=by.code, reason="Barang rusak") if by else None
        person = pins.get_cashier(session, at_till.code)
        return pins.find_supervisor(session, outlet, person, word)

    assert allowed(None) is None
    assert allowed(cashier) is None
    assert allowed(supervisor) == supervisor
    assert allowed(None, supervisor) == supervisor, "who manages tills needs nobody else"
    assert allowed(make_supervisor(session, make_outlet(session))) is None
    supervisor.is_active = False
    session.flush()
    assert allowed(supervisor) is None
    with pytest.raises(pins.UnknownCashier):
        pins.get_cashier(session, "NOBODY")
