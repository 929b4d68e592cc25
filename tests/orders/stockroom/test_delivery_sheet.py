"""Importing a delivery: looking writes nothing, good rows go on, bad ones say why, a second run changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.gtin import make_internal_number
from catalog.models.stock import Batch
from kernel import clock
from kernel.errors import Conflict
from kernel.people import Permission
from orders.models.delivery import Delivery, DeliveryLine
from orders.stockroom import deliveries, delivery_sheet
from orders.stockroom.delivery_sheet import PlannedRow, RowResult
from tests.make import make_product, make_variant
from tests.make_stockroom import Room, make_room

GOOD = (clock.today() + timedelta(days=120)).isoformat()


@pytest.fixture
def room(session: Session) -> Room:
    return make_room(session, shelf_life_days=180)


def _delivery(session: Session, room: Room) -> Delivery:
    made = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    return deliveries.get_delivery(session, room.manager, Permission.EDIT_STOCK, made.code)


def _said(rows: list[PlannedRow]) -> list[RowResult]:
    return [row.result for row in rows]


def test_good_rows_go_on_and_bad_ones_say_why(session: Session, room: Room) -> None:
    room.variant.internal_number = make_internal_number(room.variant.id)
    other = make_variant(session, room.product, gtin="8991234567891")
    stranger = make_product(session).variants[0]
    session.flush()
    past = (clock.today() - timedelta(days=3)).strftime("%d/%m/%Y")
    data = f"""Barcode,Jumlah,Lot,Dibuat,Baik sebelum
{room.variant.code},12,A-1,,{GOOD}
{room.variant.internal_number},3,,,{GOOD}
8991234567891,4.0,A-1,,{GOOD}
{room.variant.code},5,A-2,,{past}
{room.variant.code},-5,A-3,,{GOOD}
{room.variant.code},lima,A-4,,{GOOD}
{stranger.code},5,A-5,,{GOOD}
999,5,A-6,,{GOOD}
{room.variant.code},5,A-7,,31/02/2027
{room.variant.code},7,A-1,,{GOOD}
{room.variant.code},=1+1,A-8,,{GOOD}
{other.code},5,kode terlalu panjang sekali,,{GOOD}
""".encode()
    delivery = _delivery(session, room)
    planned = delivery_sheet.plan_sheet(session, delivery, "titipan.csv", data)
    assert _said(planned) == [RowResult.NEW] * 3 + [RowResult.REFUSED] * 9
    assert all(row.reason for row in planned if row.result is RowResult.REFUSED)
    assert "past its best-before" in planned[3].reason
    assert planned[9].params == {"quantity": 12}
    assert session.scalar(select(func.count()).select_from(DeliveryLine)) == 0, "looking writes nothing"
    assert session.scalar(select(func.count()).select_from(Batch)) == 0
    done = delivery_sheet.import_sheet(session, delivery, "titipan.csv", data)
    assert _said(done) == _said(planned)
    assert [(line.quantity, line.lot_code[-2:]) for line in delivery.lines] == [(12, "-1"), (3, "-1"), (4, "-1")]
    fresh = deliveries.get_delivery(session, room.manager, Permission.EDIT_STOCK, delivery.code)
    again = delivery_sheet.import_sheet(session, fresh, "titipan.csv", data)
    assert _said(again) == [RowResult.KNOWN] * 3 + [RowResult.REFUSED] * 9
    assert len(fresh.lines) == 3


def test_three_percent_bad_rows_stop_nothing(session: Session, room: Room) -> None:
    lines = [f"{room.variant.code},{number},L{number:03d},{GOOD}" for number in range(1, 101)]
    for place in (10, 50, 90):
        lines[place] = lines[place].replace(room.variant.code, "TIDAKADA")
    data = ("kode,qty,lot,exp\n" + "\n".join(lines)).encode()
    delivery = _delivery(session, room)
    rows = delivery_sheet.import_sheet(session, delivery, "titipan.csv", data)
    assert (_said(rows).count(RowResult.NEW), _said(rows).count(RowResult.REFUSED)) == (97, 3)
    assert [row.number for row in rows if row.result is RowResult.REFUSED] == [12, 52, 92]


def test_the_same_pack_twice_in_one_file_is_told(session: Session, room: Room) -> None:
    data = f"kode,jumlah,lot,exp\n{room.variant.code},5,A-1,{GOOD}\n{room.variant.code},5,A-1,{GOOD}\n".encode()
    assert _said(delivery_sheet.plan_sheet(session, _delivery(session, room), "x.csv", data)) == [RowResult.NEW, RowResult.REFUSED]


def test_a_counted_delivery_takes_no_list(session: Session, room: Room) -> None:
    data = f"kode,jumlah,lot,exp\n{room.variant.code},5,A-1,{GOOD}\n".encode()
    delivery = _delivery(session, room)
    delivery_sheet.import_sheet(session, delivery, "x.csv", data)
    deliveries.confirm_count(session, room.manager, delivery.id)
    with pytest.raises(Conflict):
        delivery_sheet.import_sheet(session, delivery, "x.csv", data)
