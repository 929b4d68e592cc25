"""The lead runs the tills: a live board, devices, PINs, limits, what to ask the makers for."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from orders.counter import devices, entries
from orders.counter.devices import pair_device
from orders.models.till import Till, TillDevice
from tests.cast import ADMINISTRATOR, CASHIER, OUTLET_MANAGER, World
from tests.conftest import StatementCounter
from tests.make import make_outlet
from tests.make_counter import Tablet, cash_tender, knows_pin, make_device, make_key, make_supervisor, make_till, public_key_of, tender
from tests.make_stock import Goods, make_goods
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    """Where the cast works."""
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


@pytest.fixture
def goods(session: Session, outlet: Outlet) -> Goods:
    """Twelve units at Rp25.000 on its shelf."""
    return make_goods(session, 12, outlet=outlet)


@pytest.fixture
def tablet(session: Session, world: World, outlet: Outlet) -> Tablet:
    """A second till's tablet, in the cashier's hand."""
    return make_device(session, make_till(session, outlet, name="Kasir meja"), world.people[CASHIER])


def send(session: Session, tablet: Tablet, *bodies: dict[str, object]) -> list[entries.Answer]:
    """Deliver entries as a till does."""
    answers = entries.receive_entries(session, tablet.device, [tablet.sign(body) for body in bodies], device_now=clock.now())
    session.commit()
    return answers


def test_the_board_shows_each_till_and_the_day(sign_in: SignIn, session: Session, world: World, tablet: Tablet, goods: Goods) -> None:
    split = [cash_tender(20_000), tender("qris", 30_000, "RRN1234")]
    send(session, tablet, tablet.opened(), tablet.sale(goods), tablet.sale((goods, 2), tenders=split))
    devices.record_contact(session, tablet.device, 3, "2026.1", 300)
    session.commit()
    page = sign_in(OUTLET_MANAGER).get(world.address("/en/office/tills/{outlet}")).text
    assert "Kasir meja" in page
    assert "3 not synced" in page
    assert "Its clock is 5 minutes ahead." in page
    assert "Rp75.000" in page
    assert "2 sales" in page
    assert "Rp45.000" in page, "cash of both sales"
    assert "Rp30.000" in page, "QRIS of the split one"
    assert tablet.cashier.name in page
    assert "RRN1234" not in page


def test_another_day_can_be_looked_at_and_nonsense_is_today(sign_in: SignIn, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), world.address("/en/office/tills/{outlet}")
    assert "The counter on 1 February 2026" in browser.get(f"{address}?day=2026-02-01").text
    for day in ("nonsense", "2999-01-01", "2026-02-30"):
        assert "Today at the counter" in browser.get(f"{address}?day={day}").text


def test_the_board_asks_the_database_little(
    sign_in: SignIn, session: Session, world: World, outlet: Outlet, goods: Goods, count_statements: StatementCounter
) -> None:
    for number in range(4):
        tablet = make_device(session, make_till(session, outlet, name=f"Kasir {number}"), world.people[CASHIER])
        send(session, tablet, tablet.opened(), tablet.sale(goods))
    browser = sign_in(OUTLET_MANAGER)
    with count_statements() as statements:
        browser.get(world.address("/office/tills/{outlet}"))
    assert len(statements) <= 10


def test_a_till_is_made_renamed_and_closed_down(sign_in: SignIn, session: Session, world: World) -> None:
    manager, address = sign_in(OUTLET_MANAGER), world.address("/en/office/tills/{outlet}")
    refused = manager.post(f"{address}/new", data={"name": ""})
    assert refused.status_code == 422
    made = manager.post(f"{address}/new", data={"name": "Kasir pintu"})
    assert made.headers["Location"].endswith("/2")
    assert manager.post(f"{address}/2", data={"name": "Kasir depan", "lease_units": "200", "is_active": "y"}).status_code == 422
    assert manager.post(f"{address}/2", data={"name": "Kasir depan", "lease_units": "3", "is_active": "y"}).status_code == 303
    assert manager.post(f"{address}/2", data={"name": "Kasir depan", "lease_units": "3"}).status_code == 303
    till = session.scalars(select(Till).where(Till.number == 2).execution_options(populate_existing=True)).one()
    assert (till.name, till.lease_units, till.is_active) == ("Kasir depan", 3, False)
    assert manager.get(f"{address}/9").status_code == 404
    in_use = manager.post(f"{address}/1", data={"name": "Kasir 1", "lease_units": "0"})
    assert in_use.status_code == 422, "its device is revoked first"


def test_a_code_pairs_one_device_and_is_shown_once(sign_in: SignIn, session: Session, world: World) -> None:
    manager, address = sign_in(OUTLET_MANAGER), world.address("/en/office/tills/{outlet}")
    manager.post(f"{address}/new", data={"name": "Kasir pintu"})
    shown = manager.post(f"{address}/2/pair")
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    code = re.search(r'class="pairing-code"[^>]*>(\d{4}) (\d{4})<', shown.text)
    assert code
    assert "pairing-qr" in shown.text
    assert code[1] + code[2] not in manager.get(f"{address}/2").text
    device, _token = pair_device(session, code[1] + code[2], "Tablet baru", public_key_of(make_key()))
    session.commit()
    assert "Tablet baru" in manager.get(f"{address}/2").text
    taken = manager.post(f"{address}/2/pair")
    assert taken.status_code == 303
    assert "Tablet baru is still paired" in manager.get(f"{address}/2").text
    assert device.till.number == 2


def test_a_stolen_device_is_revoked_after_asking_once_more(sign_in: SignIn, session: Session, world: World) -> None:
    manager, address = sign_in(OUTLET_MANAGER), world.address("/en/office/tills/{outlet}/devices/{device}/revoke")
    device = session.scalars(select(TillDevice).where(TillDevice.code == world.words["device"])).one()
    devices.record_contact(session, device, 2, "1", 0)
    session.commit()
    assert "2 entries are still on the device" in manager.get(address).text
    assert device.revoked_at is None
    for _click in range(2):
        assert manager.post(address).status_code == 303
    session.refresh(device)
    assert device.revoked_at is not None
    assert [entry.action for entry in audit.list_for(session, f"till:{world.words['outlet']}-1")].count("till.device_revoked") == 1
    elsewhere = world.address("/en/office/tills/XXXX/devices/{device}/revoke")
    assert manager.get(elsewhere).status_code == 404


def test_a_lead_sets_pins_and_everybody_their_own(sign_in: SignIn, session: Session, world: World) -> None:
    manager, cashier = sign_in(OUTLET_MANAGER), sign_in(CASHIER)
    address = world.address("/en/office/tills/{outlet}/staff")
    assert "none yet" in manager.get(address).text
    person = f"{address}/{world.people[CASHIER].code}"
    assert manager.post(person, data={"pin": "402913", "again": "402914"}).status_code == 422
    weak = manager.post(person, data={"pin": "123456", "again": "123456"})
    assert weak.status_code == 422
    assert "402913" not in weak.text, "a PIN is never shown again"
    assert manager.post(person, data={"pin": "402913", "again": "402913"}).status_code == 303
    assert knows_pin(session, world.people[CASHIER].id, "402913")
    assert manager.get(f"{address}/{world.people[ADMINISTRATOR].code[::-1]}").status_code == 404
    assert cashier.post("/en/office/tills/pin", data={"pin": "840517", "again": "840517"}).status_code == 303
    assert knows_pin(session, world.people[CASHIER].id, "840517")
    assert cashier.get(address).status_code == 403


def test_a_lead_of_another_outlet_reaches_nothing(sign_in: SignIn, session: Session, world: World) -> None:
    world.people["stranger"] = make_supervisor(session, make_outlet(session))
    session.commit()
    stranger = sign_in("stranger")
    for path in ("", "/1", "/shifts", "/shifts/{shift}", "/staff", "/restock", "/rescue", "/devices/{device}/revoke"):
        assert stranger.get(world.address("/office/tills/{outlet}" + path)).status_code == 404, path
    assert stranger.get(world.address("/office/tills/incidents/{incident}")).status_code == 404
    assert world.words["incident"] not in stranger.get("/office/tills/incidents").text


def test_what_runs_out_is_asked_of_its_maker(sign_in: SignIn, session: Session, world: World, tablet: Tablet, goods: Goods) -> None:
    manager, address = sign_in(OUTLET_MANAGER), world.address("/en/office/tills/{outlet}/restock")
    assert "Nothing needs to be asked for" in manager.get(address).text
    send(session, tablet, tablet.opened(), tablet.sale((goods, 10)))
    page = manager.get(address).text
    assert "about 2 days" in page, "two are left of ten sold in 14 days"
    assert "<strong>13</strong>" in page, "21 days at this pace are 15, less the two"
    assert "wa.me" in page
