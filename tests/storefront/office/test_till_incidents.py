"""Each incident has an action that ends it; a second click changes nothing, and who did it is kept."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet, StockLevel
from kernel import accounts, audit, clock
from kernel.people import Actor
from orders.counter import devices, entries, unmatched
from orders.counter.incidents import RESOLUTIONS
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.shift import CounterIncident, CounterSale, IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryState, TillEntry
from storefront.office import incident_words
from tests.cast import CASHIER, OUTLET_MANAGER, World
from tests.conftest import StatementCounter
from tests.make_consignment import breaches
from tests.make_counter import Tablet, make_device, make_till, tender
from tests.make_orders import PICKUP, place
from tests.make_stock import Goods, make_goods, stock_up
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    """Where the cast works."""
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


@pytest.fixture
def goods(session: Session, outlet: Outlet) -> Goods:
    """Three units at Rp25.000 on its shelf."""
    return make_goods(session, 3, outlet=outlet)


@pytest.fixture
def tablet(session: Session, world: World, outlet: Outlet) -> Tablet:
    """A second till's tablet, its shift open."""
    made = make_device(session, make_till(session, outlet), world.people[CASHIER])
    send(session, made, made.opened())
    return made


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """The lead's browser."""
    return sign_in(OUTLET_MANAGER)


def send(session: Session, tablet: Tablet, *bodies: dict[str, object] | str) -> list[entries.Answer]:
    """Deliver entries as a till does."""
    answers = entries.receive_entries(session, tablet.device, [tablet.sign(body) for body in bodies], device_now=clock.now())
    session.commit()
    return answers


def incident_of(session: Session, kind: IncidentKind) -> CounterIncident:
    """The one of this kind, read anew."""
    statement = select(CounterIncident).where(CounterIncident.kind == kind, CounterIncident.key != "clock:cast")
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def read_level(session: Session, goods: Goods) -> StockLevel:
    """Where the goods stand, read anew."""
    statement = select(StockLevel).where(StockLevel.variant_id == goods.variant.id)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def test_the_list_is_narrowed_by_kind_state_and_outlet(manager: FlaskClient, session: Session, world: World, tablet: Tablet) -> None:
    base = "/en/office/tills/incidents"
    code = world.words["incident"]
    assert f"incidents/{code}" in manager.get(base).text
    assert f"incidents/{code}" in manager.get(f"{base}?kind=clock_off&outlet={world.words['outlet']}").text
    for query in ("kind=oversold", "show=resolved"):
        assert f"incidents/{code}" not in manager.get(f"{base}?{query}").text, query
    assert "Nothing waits here" in manager.get(f"{base}?kind=oversold").text
    assert f"incidents/{code}" in manager.get(f"{base}?kind=nonsense&show=nonsense&outlet=XX").text


def test_ending_one_is_kept_and_a_second_click_changes_nothing(manager: FlaskClient, session: Session, world: World) -> None:
    address = world.address("/en/office/tills/incidents/{incident}")
    assert manager.post(f"{address}/resolve", data={"resolution": "counted"}).status_code == 422, "a word of another kind"
    for note in ("Jam tablet dibetulkan.", "Lagi."):
        assert manager.post(f"{address}/resolve", data={"resolution": "set", "note": note}).status_code == 303
    page = manager.get(address).text
    assert "The clock is set" in page
    assert "Jam tablet dibetulkan." in page
    assert "Lagi." not in page
    assert world.people[OUTLET_MANAGER].name in page
    (entry,) = audit.list_for(session, f"incident:{world.words['incident']}")
    assert entry.action == "incident.resolved"


def test_what_was_oversold_is_counted_before_it_ends(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods
) -> None:
    waiting = place(session, goods, quantity=2, payment_method=PICKUP)
    send(session, tablet, tablet.sale((goods, 2)))
    level, incident = read_level(session, goods), incident_of(session, IncidentKind.OVERSOLD)
    assert (level.on_hand, level.held, level.oversold) == (1, 2, 1)
    address = f"/en/office/tills/incidents/{incident.code}"
    page = manager.get(address).text
    assert waiting.code in page
    assert "1 unit that was promised is missing" in page
    assert f"/office/orders/{waiting.code}/cancel" in page
    refused = manager.post(f"{address}/resolve", data={"resolution": "counted", "note": "Sudah saya lihat."})
    assert refused.status_code == 422
    assert "still short of these units" in refused.text
    assert "Sudah saya lihat." in refused.text, "what was typed stays"
    lot = f"/office/stock/{world.words['outlet']}/correct/{goods.variant.code}/{goods.batch.lot_code}"
    assert lot in page
    assert manager.post(lot, data={"counted": "2", "kind": "corrected", "reason": "Dihitung ulang."}).status_code == 303
    assert manager.post(f"{address}/resolve", data={"resolution": "counted"}).status_code == 303
    level = read_level(session, goods)
    assert (level.on_hand, level.held, level.oversold) == (2, 2, 0)


def test_a_refused_entry_is_read_and_taken_in_or_dismissed(manager: FlaskClient, session: Session, tablet: Tablet, goods: Goods) -> None:
    wrong = tablet.sale(goods, total=1)
    (answer,) = send(session, tablet, wrong)
    assert answer.state is EntryState.REFUSED
    incident = incident_of(session, IncidentKind.REFUSED_ENTRY)
    address = f"/en/office/tills/incidents/{incident.code}"
    page = manager.get(address).text
    assert wrong["receipt"] in page
    assert "1 × " in page
    assert manager.post(f"{address}/decide", data={"decision": "dismiss", "note": ""}).status_code == 422, "a reason is needed"
    still = manager.post(f"{address}/decide", data={"decision": "accept", "note": "Terima saja."})
    assert still.status_code == 422, "sums that do not add up cannot be booked"
    by_word = manager.post(f"{address}/resolve", data={"resolution": "dismissed"})
    assert by_word.status_code == 422
    for _click in range(2):
        assert manager.post(f"{address}/decide", data={"decision": "dismiss", "note": "Salah ketik."}).status_code == 303
    entry = session.scalars(select(TillEntry).where(TillEntry.entry_id == answer.id).execution_options(populate_existing=True)).one()
    assert entry.state is EntryState.DISMISSED
    assert "Salah ketik." in manager.get(address).text


def test_what_cannot_be_read_at_all_is_shown_as_it_came(manager: FlaskClient, session: Session, tablet: Tablet) -> None:
    send(session, tablet, json.dumps({"kind": "sale", "odd": "<script>alert(1)</script>", "shift": tablet.shift}))
    incident = incident_of(session, IncidentKind.REFUSED_ENTRY)
    page = manager.get(f"/en/office/tills/incidents/{incident.code}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_revoked_devices_entries_are_decided_together(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods
) -> None:
    devices.revoke_device(session, tablet_manager(world), tablet.device.code)
    send(session, tablet, tablet.sale(goods), tablet.sale(goods))
    assert session.scalar(select(func.count(CounterSale.id))) == 0
    kinds = select(CounterIncident).where(CounterIncident.kind == IncidentKind.QUARANTINED_ENTRY)
    first, second = session.scalars(kinds).all()
    assert "All 2 entries of this device" in manager.get(f"/en/office/tills/incidents/{first.code}").text
    decide = f"/en/office/tills/{world.words['outlet']}/devices/{tablet.device.code}/entries"
    manager.post(decide, data={"decision": "accept", "note": ""})
    assert session.scalar(select(func.count(CounterSale.id))) == 0, "a reason is needed"
    for _click in range(2):
        assert manager.post(decide, data={"decision": "accept", "note": "Struknya cocok."}).status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count(CounterSale.id))) == 2
    assert second.resolved_at is not None
    assert "Taken into the books" in manager.get(f"/en/office/tills/incidents/{second.code}").text


def tablet_manager(world: World) -> Actor:
    """The lead as an actor."""
    return accounts.as_actor(world.people[OUTLET_MANAGER])


def test_money_no_list_has_shown_is_marked_as_found(manager: FlaskClient, session: Session, tablet: Tablet, goods: Goods) -> None:
    tablet.device.paired_at -= timedelta(days=9)
    send(session, tablet, tablet.sale(goods, tenders=[tender("card", 25_000, "APPR77")], at=clock.now() - timedelta(days=6)))
    assert unmatched.open_unmatched(session) == 1
    session.commit()
    incident = incident_of(session, IncidentKind.UNMATCHED_TENDER)
    address = f"/en/office/tills/incidents/{incident.code}"
    page = manager.get(address).text
    assert "APPR77" in page
    assert "/office/settlements" in page
    for _click in range(2):
        assert manager.post(f"{address}/resolve", data={"resolution": "found"}).status_code == 303
    payment = session.scalars(select(Payment).where(Payment.proof == "APPR77").execution_options(populate_existing=True)).one()
    assert payment.matched_at is not None


def test_a_rescue_file_counts_once_whoever_uploads_it(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods
) -> None:
    saved = [asdict(tablet.sign(tablet.sale(goods))), asdict(tablet.sign(tablet.sale(goods, total=1)))]
    altered = saved[0] | {"id": "0b6f0f5e-8f6e-4a67-9b7a-2f6b8c1d9e10"}
    text = json.dumps({"device": tablet.device.code, "entries": [*saved, altered]})
    address = world.address("/en/office/tills/{outlet}/rescue")
    counts = []
    for _upload in range(2):
        answer = manager.post(
            address, data={"file": (io.BytesIO(text.encode()), "etalase-rescue.json")}, content_type="multipart/form-data"
        )
        assert answer.status_code == 200
        assert "Left out: not signed by the device" in answer.text
        assert saved[1]["id"] in answer.text
        counts.append(session.scalar(select(func.count(Order.id)).where(Order.channel == "counter")))
    assert counts == [1, 1]
    assert "Known before</dt><dd>2" in answer.text
    for data in (b"\xff\xfe", b"[]", b"{}", b"hello"):
        refused = manager.post(address, data={"file": (io.BytesIO(data), "x.json")}, content_type="multipart/form-data")
        assert refused.status_code == 422, data
    assert manager.post(address, data={}).status_code == 422


def test_a_shift_shows_figures_closings_and_its_journal(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods, count_statements: StatementCounter
) -> None:
    sale = tablet.sale(goods, note="<b>untuk Ibu</b>")
    send(session, tablet, sale, tablet.entry("cash_moved", direction="out", amount=50_000, reason="Beli es batu", supervision=None))
    address = world.address("/en/office/tills/{outlet}/shifts")
    assert "Till 2, shift 1" in manager.get(address).text
    with count_statements() as statements:
        page = manager.get(f"{address}/{tablet.shift}").text
    assert sale["receipt"] in page
    assert "Beli es batu" in page
    assert "&lt;b&gt;untuk Ibu&lt;/b&gt;" in page
    assert "Rp475.000" in page, "float and sale less what was taken out"
    assert len(statements) <= 22


def test_a_forgotten_shift_is_closed_with_what_was_counted(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods
) -> None:
    send(session, tablet, tablet.sale(goods))
    address = world.address("/en/office/tills/{outlet}/shifts/") + tablet.shift
    assert "Rp525.000" not in manager.get(f"{address}/close").text, "the count is blind"
    refused = manager.post(f"{address}/close", data={"cash": "lima", "note": ""})
    assert refused.status_code == 422
    assert 'value="lima"' in refused.text
    for _click in range(2):
        assert manager.post(f"{address}/close", data={"cash": "520.000", "note": "Tablet rusak."}).status_code == 303
    assert session.scalar(select(func.count(ShiftClosing.id))) == 1
    shift = session.scalars(select(Shift).where(Shift.code == tablet.shift).execution_options(populate_existing=True)).one()
    assert shift.closed_at is not None
    page = manager.get(address).text
    assert "−Rp5.000" in page
    assert "Tablet rusak." in page
    board = manager.get(world.address("/en/office/tills/{outlet}")).text
    assert f"/shifts/{tablet.shift}" in board, "the board leads to the shift that was just closed"


def test_a_shift_that_nobody_counted_is_named_and_led_to_and_has_no_difference(
    manager: FlaskClient, session: Session, world: World, tablet: Tablet, goods: Goods
) -> None:
    send(session, tablet, tablet.sale(goods))
    forgotten, tablet.shift = tablet.shift, str(uuid4())
    send(session, tablet, tablet.opened(number=2))
    page = manager.get(f"/en/office/tills/incidents/{incident_of(session, IncidentKind.SHIFT_INCOMPLETE).code}").text
    assert "the count at the end of shift 1" in page
    address = world.address("/en/office/tills/{outlet}/shifts")
    assert f'href="{address}/{forgotten}"' in page
    for shown in (manager.get(address).text, manager.get(f"{address}/{forgotten}").text):
        assert "not counted" in shown


def test_every_kind_has_words_for_what_it_means_and_how_it_ends() -> None:
    assert incident_words.KIND.keys() == incident_words.MEANING.keys() == set(IncidentKind)
    for kind, words in RESOLUTIONS.items():
        assert incident_words.RESOLUTION[kind].keys() >= set(words), kind


def test_an_order_that_was_hit_is_given_another_lot(
    session: Session, tablet: Tablet, outlet: Outlet, goods: Goods, manager: FlaskClient
) -> None:
    order = place(session, goods, quantity=2, payment_method=PICKUP)
    send(session, tablet, tablet.sale((goods, 3)))
    case = session.scalars(select(CounterIncident).where(CounterIncident.kind == IncidentKind.OVERSOLD)).one()
    page, move = f"/office/tills/incidents/{case.code}", f"/office/tills/incidents/{case.code}/orders/{order.code}/move"
    assert move in manager.get(page).get_data(as_text=True)
    assert "Lot lain tidak punya cukup" in manager.post(move, follow_redirects=True).get_data(as_text=True)
    stock_up(session, goods.product, outlet, 2)
    assert "2 barang pesanan kini dari lot lain" in manager.post(move, follow_redirects=True).get_data(as_text=True)
    assert manager.post(f"{page}/resolve", data={"resolution": "replaced", "note": ""}).status_code == 303
    assert breaches(session) == []
