"""Events read from lots, records and movements: whole, in the reader's reach, and without papers for the public."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from catalog.models.stock import MovementKind, Outlet
from catalog.provenance.epcis import Commissioned, Moved, Transformed
from catalog.provenance.events import Asked, read_events
from catalog.provenance.transformations import Making, Material, record_transformation
from kernel import clock
from kernel.people import SYSTEM
from tests.conftest import StatementCounter
from tests.make import BETUNG, make_outlet
from tests.make_stock import make_goods, stock_up


def test_a_lot_has_its_beginning_its_making_and_what_happened_to_it(session: Session) -> None:
    goods = make_goods(session, 12)
    making = Making(made_on=clock.today() - timedelta(days=8), area_code=BETUNG, processed_by="Dapur", materials=[Material(name_id="Ubi")])
    record_transformation(session, SYSTEM, goods.batch, making)
    begun, made, moved = list(read_events(session, Asked(batches=[goods.batch.id], is_private=True)))
    assert isinstance(begun, Commissioned)
    assert (begun.lots[0].lot, begun.area_code) == (goods.batch.lot_code, goods.product.village_code)
    assert isinstance(made, Transformed)
    assert (made.area_code, made.inputs[0].name) == (BETUNG, "Ubi")
    assert isinstance(moved, Moved)
    assert (moved.kind, moved.change, moved.outlet_code) == (MovementKind.RECEIVED, 12, goods.outlet.code)


def test_the_public_sees_no_papers(session: Session) -> None:
    goods = make_goods(session, 12)
    shown = [event for event in read_events(session, Asked(batches=[goods.batch.id])) if isinstance(event, Moved)]
    assert [event.reference for event in shown] == [""]
    private = [event for event in read_events(session, Asked(batches=[goods.batch.id], is_private=True)) if isinstance(event, Moved)]
    assert all(event.reference for event in private)


def test_movements_are_those_of_the_outlets_in_reach_and_of_the_time(session: Session) -> None:
    goods = make_goods(session, 12)
    elsewhere = make_outlet(session)
    stock_up(session, goods.product, elsewhere, 5)
    outlets = [event.outlet_code for event in read_events(session, Asked(reach=(Outlet.id == elsewhere.id,))) if isinstance(event, Moved)]
    assert outlets == [elsewhere.code]
    tomorrow = clock.now() + timedelta(days=1)
    assert list(read_events(session, Asked(since=tomorrow))) == []
    assert list(read_events(session, Asked(until=clock.now() - timedelta(days=400)))) == []


def test_many_movements_need_no_more_statements(session: Session, count_statements: StatementCounter) -> None:
    goods = make_goods(session, 12)
    with count_statements() as few:
        list(read_events(session, Asked(batches=[goods.batch.id])))
    for _time in range(10):
        stock_up(session, goods.product, goods.outlet, 1)
    with count_statements() as many:
        found = list(read_events(session, Asked()))
    assert len(found) > 10
    assert len(many) == len(few)
