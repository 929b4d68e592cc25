"""A device is paired by a code that works once, says who it is by a token, and can be revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock, throttle
from kernel.accounts import as_actor
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import Actor
from orders.counter import devices
from orders.counter.devices import KeyKnown, TillTaken, WrongPairingCode
from orders.counter.entries import receive_entries
from orders.models.shift import CounterSale, Shift
from orders.models.till import EntryState, PairingCode, TillDevice
from tests.make import make_outlet, make_user
from tests.make_counter import Tablet, deliver, make_device, make_key, make_supervisor, make_till, public_key_of
from tests.make_stock import make_goods


@pytest.fixture
def outlet(session: Session) -> Outlet:
    """Where tills stand."""
    return make_outlet(session)


@pytest.fixture
def manager(session: Session, outlet: Outlet) -> Actor:
    """Who manages its tills."""
    return as_actor(make_supervisor(session, outlet))


def pair(session: Session, code: str, label: str = "Tablet depan") -> tuple[TillDevice, str]:
    return devices.pair_device(session, code, label, public_key_of(make_key()))


def test_tills_are_numbered_and_only_managers_make_them(session: Session, outlet: Outlet, manager: Actor) -> None:
    first = devices.make_till(session, manager, outlet, " Kasir  depan ")
    second = devices.make_till(session, manager, outlet, "Kasir belakang", lease_units=2)
    assert [(till.number, till.name, till.lease_units) for till in (first, second)] == [(1, "Kasir depan", 0), (2, "Kasir belakang", 2)]
    with pytest.raises(NotAllowed):
        devices.make_till(session, as_actor(make_user(session)), outlet, "Kasir")
    for wrong in ({"number": 1}, {"number": 100}, {"lease_units": 100}):
        with pytest.raises(InvalidInput):
            devices.make_till(session, manager, outlet, "Kasir", **wrong)


def test_a_code_pairs_one_device_once(session: Session, outlet: Outlet, manager: Actor) -> None:
    till = devices.make_till(session, manager, outlet, "Kasir")
    code = devices.make_pairing_code(session, manager, till.id)
    assert len(code) == 8
    assert code.isdigit()
    assert code not in session.scalars(select(PairingCode.code_digest)).one()
    device, token = pair(session, f"{code[:4]} {code[4:]}")
    assert (device.series, device.label, device.till.outlet.code, device.paired_by_id) == (1, "Tablet depan", outlet.code, manager.user_id)
    assert token not in device.token_digest
    found = devices.find_device(session, token)
    assert found is not None
    assert found.id == device.id
    assert devices.find_device(session, token + "x") is None
    assert devices.find_device(session, "") is None
    with pytest.raises(WrongPairingCode):
        pair(session, code)


def test_a_code_is_too_old_after_ten_minutes_and_replaced_by_the_next(session: Session, outlet: Outlet, manager: Actor) -> None:
    till = devices.make_till(session, manager, outlet, "Kasir")
    with clock.at(clock.now() - timedelta(minutes=10, seconds=1)):
        old = devices.make_pairing_code(session, manager, till.id)
    with pytest.raises(WrongPairingCode):
        pair(session, old)
    first, second = devices.make_pairing_code(session, manager, till.id), devices.make_pairing_code(session, manager, till.id)
    with pytest.raises(WrongPairingCode):
        pair(session, first)
    assert pair(session, second)[0].till_id == till.id


def test_a_till_has_one_device_and_the_next_one_gets_its_own_series(session: Session, outlet: Outlet, manager: Actor) -> None:
    till = devices.make_till(session, manager, outlet, "Kasir", number=3)
    code = devices.make_pairing_code(session, manager, till.id)
    first, _token = pair(session, code)
    with pytest.raises(TillTaken):
        devices.make_pairing_code(session, manager, till.id)
    with pytest.raises(TillTaken):
        devices.change_till(session, manager, till.id, name="Kasir", lease_units=0, is_active=False)
    devices.revoke_device(session, manager, first.code)
    second, _token = pair(session, devices.make_pairing_code(session, manager, till.id))
    assert [devices.series_of(device) for device in (first, second)] == ["3", "3B"]
    second.series = 27
    assert devices.series_of(second) == "3AA"
    assert devices.next_running(session, second) == 1


def test_a_key_is_paired_once_and_must_be_one(session: Session, outlet: Outlet, manager: Actor) -> None:
    till = devices.make_till(session, manager, outlet, "Kasir")
    key = public_key_of(make_key())
    first, _token = devices.pair_device(session, devices.make_pairing_code(session, manager, till.id), "A", key)
    devices.revoke_device(session, manager, first.code)
    code = devices.make_pairing_code(session, manager, till.id)
    for wrong in ("", "abc", "AAAA", key[:-8]):
        with pytest.raises(InvalidInput):
            devices.pair_device(session, code, "B", wrong)
    with pytest.raises(KeyKnown):
        devices.pair_device(session, code, "B", key)


def test_guessing_codes_is_limited_for_an_address(session: Session) -> None:
    for _try in range(throttle.PAIRINGS_PER_ADDRESS):
        throttle.count_try(session, throttle.pairing_limits("s", "192.0.2.1"))
    with pytest.raises(throttle.TooManyTries):
        throttle.count_try(session, throttle.pairing_limits("s", "192.0.2.1"))
    assert throttle.count_try(session, throttle.pairing_limits("s", "192.0.2.2"))


def test_a_device_says_what_waits_on_it(session: Session) -> None:
    tablet = make_device(session)
    devices.record_contact(session, tablet.device, 12, "2026.11.22", -3600)
    device = tablet.device
    assert (device.waiting, device.app_version, device.skew_s) == (12, "2026.11.22", -3600)
    assert device.last_seen_at is not None
    devices.record_contact(session, device, -1, "x" * 50, 10**12)
    assert (device.waiting, device.app_version, device.skew_s) == (0, "x" * 20, 2**31 - 1)


def test_only_who_manages_the_outlets_tills_revokes(session: Session) -> None:
    tablet = make_device(session)
    stranger = as_actor(make_supervisor(session, make_outlet(session)))
    with pytest.raises(NotAllowed):
        devices.revoke_device(session, stranger, tablet.device.code)
    with pytest.raises(NotFound):
        devices.revoke_device(session, stranger, "NOBODY")


def test_a_revoked_device_loses_nothing_and_its_sales_wait_in_quarantine(session: Session) -> None:
    """F29: stolen, or its cashier dismissed; the shift stays open until the next one, or until it is counted."""
    tablet = make_device(session)
    goods = make_goods(session, 5, outlet=tablet.outlet)
    manager = as_actor(make_supervisor(session, tablet.outlet))
    deliver(session, tablet, tablet.opened(), tablet.sale(goods))
    devices.revoke_device(session, manager, tablet.device.code)
    first = tablet.device.revoked_at
    assert devices.revoke_device(session, manager, tablet.device.code).revoked_at == first, "twice is once"
    (answer,) = deliver(session, tablet, tablet.sale(goods))
    assert answer.state is EntryState.QUARANTINED
    assert session.query(CounterSale).count() == 1
    assert session.scalars(select(Shift)).one().closed_at is None
    found = devices.find_device(session, tablet.token)
    assert found is not None, "it may still deliver"
    assert found.revoked_at is not None


def test_leases_of_a_revoked_device_are_free_again(session: Session) -> None:
    from orders.counter.leases import list_leases, renew_leases

    tablet = make_device(session, make_till(session, lease_units=2))
    make_goods(session, 3, outlet=tablet.outlet)
    if not renew_leases(session, tablet.device):
        pytest.fail("a scarce variant should be leased")
    devices.revoke_device(session, as_actor(make_supervisor(session, tablet.outlet)), tablet.device.code)
    assert list_leases(session, tablet.device.id) == []
    assert renew_leases(session, tablet.device) == []


def test_entries_of_one_device_are_nothing_on_another(session: Session) -> None:
    """A25: a rescue file or a token elsewhere: what another key signed is refused, and an id counts once."""
    tablet = make_device(session)
    goods = make_goods(session, 5, outlet=tablet.outlet)
    thief: Tablet = make_device(session, make_till(session, tablet.outlet))
    opening, sale = tablet.sign(tablet.opened()), tablet.sign(tablet.sale(goods))
    stolen = receive_entries(session, thief.device, [sale], device_now=thief.now())
    assert [answer.state for answer in stolen] == [EntryState.REFUSED]
    assert session.query(CounterSale).count() == 0
    again = receive_entries(session, tablet.device, [opening], device_now=tablet.now())
    assert [answer.state for answer in again] == [EntryState.ACCEPTED]
    replayed = receive_entries(session, thief.device, [opening], device_now=thief.now())
    assert [answer.state for answer in replayed] == [EntryState.ACCEPTED], "its stored answer, told again"
    assert session.query(Shift).count() == 1


def test_two_devices_never_stand_for_one_till(session: Session) -> None:
    """The database itself refuses what a race would bring."""
    from sqlalchemy.exc import IntegrityError

    tablet = make_device(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_device(session, tablet.till, tablet.cashier)
    session.execute(update(TillDevice).values(revoked_at=clock.now()))
    assert make_device(session, tablet.till, tablet.cashier).device.series == 2
