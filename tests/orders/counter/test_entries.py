"""The journal at the server: claimed once, refused without harm to the others, quarantined, decided, rescued from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import InvalidInput, NotFound
from kernel.people import SYSTEM, Role
from orders.counter import sales
from orders.counter.answers import NotUnderstood
from orders.counter.devices import revoke_device
from orders.counter.entries import Envelope, decide_entry, receive_entries, receive_rescue
from orders.counter.incidents import DecideTheEntry, resolve_incident
from orders.models.order import Order
from orders.models.shift import CounterSale, IncidentKind
from orders.models.till import EntryKind, EntrySource, EntryState, TillEntry
from tests.make import make_actor
from tests.make_consignment import breaches
from tests.make_counter import Tablet, deliver, incidents, line_of, make_device, open_till, sell, sign
from tests.make_stock import Goods, make_goods

ACCEPTED, REFUSED, QUARANTINED = EntryState.ACCEPTED, EntryState.REFUSED, EntryState.QUARANTINED


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    return make_goods(session, 50, outlet=tablet.outlet)


def send(session: Session, tablet: Tablet, *envelopes: Envelope) -> list[EntryState]:
    return [answer.state for answer in receive_entries(session, tablet.device, envelopes, device_now=tablet.now())]


def count_orders(session: Session) -> int:
    return session.scalar(select(func.count(Order.id))) or 0


def entry_of(session: Session, envelope: Envelope) -> TillEntry:
    return session.scalars(select(TillEntry).where(TillEntry.entry_id == envelope.id).execution_options(populate_existing=True)).one()


class TestDelivery:
    def test_twice_is_once_with_the_same_answers(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        batch = [tablet.sign(tablet.sale(goods)) for _ in range(3)]
        first = receive_entries(session, tablet.device, batch, device_now=tablet.now())
        second = receive_entries(session, tablet.device, batch, device_now=tablet.now())
        assert first == second
        assert {answer.state for answer in first} == {ACCEPTED}
        assert count_orders(session) == 3
        assert breaches(session) == []

    def test_the_same_entry_twice_in_one_batch_is_once(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(goods))
        assert send(session, tablet, envelope, envelope) == [ACCEPTED, ACCEPTED]
        assert count_orders(session) == 1

    def test_entries_are_applied_in_the_order_of_their_numbers(self, session: Session) -> None:
        tablet = make_device(session)
        goods = make_goods(session, 5, outlet=tablet.outlet)
        opened, sold = tablet.sign(tablet.opened()), tablet.sign(tablet.sale(goods))
        assert send(session, tablet, sold, opened) == [ACCEPTED, ACCEPTED]
        assert [entry_of(session, each).kind for each in (sold, opened)] == [EntryKind.SALE, EntryKind.SHIFT_OPENED]

    def test_a_poison_entry_is_set_aside_and_the_others_pass(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        """F22."""
        good, bad, last = tablet.sign(tablet.sale(goods)), tablet.sign("{}"), tablet.sign(tablet.sale(goods))
        assert send(session, tablet, good, bad, last) == [ACCEPTED, REFUSED, ACCEPTED]
        assert count_orders(session) == 2
        (incident,) = incidents(session)
        assert (incident.kind, incident.entry_id) == (IncidentKind.REFUSED_ENTRY, entry_of(session, bad).id)
        assert breaches(session) == []

    @pytest.mark.parametrize(
        "text", ["", "[]", "null", '{"kind": "sale"}', "{" * 5_000, '{"kind": ["sale"]}', '{"kind":"sale","at":"never"}']
    )
    def test_what_is_no_body_is_refused_and_kept(self, session: Session, tablet: Tablet, text: str) -> None:
        envelope = tablet.sign(text)
        assert send(session, tablet, envelope) == [REFUSED]
        assert entry_of(session, envelope).body == text

    @pytest.mark.parametrize("changes", [{"id": "1"}, {"sequence": 0}, {"sequence": 2**40}, {"body": "a\x00b"}, {"signature": "\ud800"}])
    def test_what_no_database_takes_is_refused_without_being_kept(
        self, session: Session, tablet: Tablet, goods: Goods, changes: dict[str, object]
    ) -> None:
        broken = replace(tablet.sign(tablet.sale(goods)), **changes)
        assert send(session, tablet, broken, tablet.sign(tablet.sale(goods))) == [REFUSED, ACCEPTED]

    def test_an_entry_that_another_device_signed_is_refused(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        body = json.dumps(tablet.sale(goods))
        stranger = make_device(session)
        envelope = tablet.sign(body)
        assert send(session, tablet, replace(envelope, signature=sign(stranger.key, envelope.id, envelope.sequence, body))) == [REFUSED]

    @pytest.mark.parametrize("change", ["body", "sequence", "id"])
    def test_a_changed_entry_is_refused(self, session: Session, tablet: Tablet, goods: Goods, change: str) -> None:
        one, two = tablet.sign(tablet.sale(goods)), tablet.sign(tablet.sale(goods))
        assert send(session, tablet, replace(one, **{change: getattr(two, change)})) == [REFUSED]
        assert count_orders(session) == 0

    def test_a_mistake_of_ours_stops_no_till(self, session: Session, tablet: Tablet, goods: Goods, monkeypatch: pytest.MonkeyPatch) -> None:
        record = sales.record

        def fail(*arguments: object) -> CounterSale:
            record(*arguments)  # type: ignore[arg-type]
            raise RuntimeError("a mistake")

        monkeypatch.setattr(sales, "record", fail)
        envelope = tablet.sign(tablet.sale(goods))
        assert send(session, tablet, envelope) == [REFUSED]
        assert count_orders(session) == 0
        monkeypatch.undo()
        assert decide_entry(session, SYSTEM, envelope.id, True).state is ACCEPTED
        assert count_orders(session) == 1
        assert breaches(session) == []


class TestARevokedDevice:
    """F29."""

    def test_its_entries_wait_and_can_be_accepted(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(goods))
        revoke_device(session, SYSTEM, tablet.device.code)
        assert send(session, tablet, envelope) == [QUARANTINED]
        assert count_orders(session) == 0
        (incident,) = incidents(session)
        assert incident.kind is IncidentKind.QUARANTINED_ENTRY
        assert decide_entry(session, SYSTEM, envelope.id, True, "sudah dicocokkan").state is ACCEPTED
        assert count_orders(session) == 1
        assert send(session, tablet, envelope) == [ACCEPTED]
        assert [each.resolution for each in incidents(session)] == ["accepted"]
        assert breaches(session) == []

    def test_or_dismissed_for_good(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(goods))
        revoke_device(session, SYSTEM, tablet.device.code)
        send(session, tablet, envelope)
        assert decide_entry(session, SYSTEM, envelope.id, False, "bukan penjualan").state is EntryState.DISMISSED
        assert decide_entry(session, SYSTEM, envelope.id, True).state is EntryState.DISMISSED
        assert send(session, tablet, envelope) == [REFUSED]
        assert count_orders(session) == 0


class TestDeciding:
    def test_a_wrong_signature_can_be_believed(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(goods), signature="A" * 86)
        assert send(session, tablet, envelope) == [REFUSED]
        decide_entry(session, SYSTEM, envelope.id, True)
        decide_entry(session, SYSTEM, envelope.id, True)
        assert count_orders(session) == 1

    def test_what_cannot_be_read_can_only_be_dismissed(self, session: Session, tablet: Tablet) -> None:
        envelope = tablet.sign("{}")
        send(session, tablet, envelope)
        with pytest.raises(NotUnderstood):
            decide_entry(session, SYSTEM, envelope.id, True)
        assert decide_entry(session, SYSTEM, envelope.id, False).state is EntryState.DISMISSED

    def test_a_product_that_was_entered_since_makes_it_possible(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(lines=[line_of(goods) | {"variant": "BARU01"}]))
        assert send(session, tablet, envelope) == [REFUSED]
        goods.variant.code = "BARU01"
        session.flush()
        assert decide_entry(session, SYSTEM, envelope.id, True).state is ACCEPTED

    def test_strangers_find_nothing(self, session: Session, tablet: Tablet) -> None:
        envelope = tablet.sign("{}")
        send(session, tablet, envelope)
        for stranger in (make_actor(session, Role.CASHIER, outlet_id=tablet.outlet.id), make_actor(session, Role.SHOPPER)):
            with pytest.raises(NotFound):
                decide_entry(session, stranger, envelope.id, False)

    def test_its_incident_ends_with_the_entry_only(self, session: Session, tablet: Tablet) -> None:
        send(session, tablet, tablet.sign("{}"))
        with pytest.raises(DecideTheEntry):
            resolve_incident(session, SYSTEM, incidents(session)[0].code, "accepted")


class TestARescueFile:
    """A25 and F27."""

    def file_of(self, tablet: Tablet, *envelopes: Envelope) -> str:
        return json.dumps({"device": tablet.device.code, "entries": [asdict(each) for each in envelopes]})

    def test_twice_is_once_and_what_is_known_changes_nothing(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        batch = [tablet.sign(tablet.sale(goods)) for _ in range(3)]
        send(session, tablet, batch[0])
        first = receive_rescue(session, SYSTEM, self.file_of(tablet, *batch))
        assert (first.known, first.altered, {each.state for each in first.answers}) == (1, 0, {ACCEPTED})
        assert receive_rescue(session, SYSTEM, self.file_of(tablet, *batch)).known == 3
        assert send(session, tablet, *batch) == [ACCEPTED] * 3
        assert count_orders(session) == 3
        sources = set(session.scalars(select(TillEntry.source).where(TillEntry.kind == EntryKind.SALE)))
        assert sources == {EntrySource.SYNC, EntrySource.RESCUE}
        assert breaches(session) == []

    def test_what_was_altered_is_left_out_and_does_not_take_the_place_of_the_true_one(
        self, session: Session, tablet: Tablet, goods: Goods
    ) -> None:
        true = tablet.sign(tablet.sale(goods))
        forged = replace(true, body=true.body.replace("25000", "1000"))
        assert receive_rescue(session, SYSTEM, self.file_of(tablet, forged)).altered == 1
        assert send(session, tablet, true) == [ACCEPTED]
        assert count_orders(session) == 1

    def test_under_another_devices_name_nothing_is_taken(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        other = open_till(session)
        result = receive_rescue(session, SYSTEM, self.file_of(other, tablet.sign(tablet.sale(goods))))
        assert (result.altered, result.answers, count_orders(session)) == (1, [], 0)

    def test_a_revoked_devices_file_waits_in_quarantine(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        envelope = tablet.sign(tablet.sale(goods))
        revoke_device(session, SYSTEM, tablet.device.code)
        result = receive_rescue(session, SYSTEM, self.file_of(tablet, envelope))
        assert [each.state for each in result.answers] == [QUARANTINED]

    @pytest.mark.parametrize(
        "text", ["", "[]", "{}", '{"device": 1, "entries": 2}', '{"device": "X", "entries": [{"id": 1}]}', "{" * 9_000]
    )
    def test_another_file_is_refused(self, session: Session, text: str) -> None:
        with pytest.raises(InvalidInput):
            receive_rescue(session, SYSTEM, text)

    def test_only_who_manages_the_till_brings_it(self, session: Session, tablet: Tablet) -> None:
        stranger = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_device(session).outlet.id)
        with pytest.raises(NotFound):
            receive_rescue(session, stranger, self.file_of(tablet))


class TestClocks:
    """F25; the arithmetic is in test_timing."""

    @pytest.fixture(autouse=True)
    def _noon(self) -> Iterator[None]:
        """Sales of half an hour ago belong to the same day: in the first minutes after midnight in WIB they would not."""
        with time_machine.travel(clock.now().replace(hour=5, minute=0)):
            yield

    @pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=-365), timedelta(hours=7), timedelta(hours=-1)])
    def test_a_wrong_clock_is_corrected_and_reported_once(self, session: Session, tablet: Tablet, goods: Goods, ahead: timedelta) -> None:
        tablet.ahead, tablet.knows = ahead, False
        moment = clock.now() - timedelta(minutes=30)
        first = sell(session, tablet, goods, at=moment + ahead)
        sell(session, tablet, goods)
        assert abs(first.placed_at - moment) < timedelta(seconds=5)
        (incident,) = incidents(session)
        assert incident.kind is IncidentKind.CLOCK_OFF
        assert abs(incident.detail["skew_s"] - ahead.total_seconds()) < 5
        assert breaches(session) == []

    def test_a_clock_that_was_set_after_the_sale_is_seen_through(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        moment = clock.now() - timedelta(hours=1)
        body = tablet.sale(goods, at=moment - timedelta(days=40)) | {"ahead_ms": -40 * 86_400_000}
        order = sell(session, tablet, body=body)
        assert abs(order.placed_at - moment) < timedelta(seconds=5)

    def test_the_day_is_the_outlets(self, session: Session) -> None:
        """At 16.30 UTC it is 23.30 in WIB, half past midnight in WITA and half past one in WIT."""
        moment = (clock.now() - timedelta(days=1)).replace(hour=16, minute=30)
        days = {}
        for zone in clock.ZONES:
            tablet = open_till(session)
            tablet.outlet.zone = zone
            order = sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), at=moment)
            days[zone] = session.scalars(select(CounterSale.business_date).where(CounterSale.order_id == order.id)).one()
        assert days == {"WIB": moment.date(), "WITA": moment.date() + timedelta(days=1), "WIT": moment.date() + timedelta(days=1)}

    def test_the_order_of_a_devices_receipts_is_its_counter(self, session: Session, tablet: Tablet, goods: Goods) -> None:
        for hours in (5, -20, 3):
            tablet.ahead, tablet.knows = timedelta(hours=hours), False
            deliver(session, tablet, tablet.sale(goods))
        assert session.scalars(select(CounterSale.running).order_by(CounterSale.id)).all() == [1, 2, 3]
