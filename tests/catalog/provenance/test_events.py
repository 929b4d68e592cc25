"""Events read from lots, records and movements: whole, in the reader's reach, and without papers for the public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import ListingState
from catalog.models.stock import MovementKind, Outlet
from catalog.provenance.epcis import Commissioned, Moved, Transformed
from catalog.provenance.events import Asked, list_public_events, read_events
from catalog.provenance.transformations import Making, Material, record_transformation
from kernel import clock
from kernel.errors import NotFound
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


def test_everybody_is_told_the_beginning_the_making_that_counts_and_the_first_arrival_at_each_outlet(session: Session) -> None:
    goods = make_goods(session, 12)
    elsewhere = make_outlet(session)
    for outlet in (goods.outlet, elsewhere):
        stock.receive_stock(session, SYSTEM, outlet, goods.variant, goods.batch, 5, "delivery:again")
    stock.take_held(session, stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:X"), "order:X")
    for who in ("Salah", "Dapur"):
        material = Material(name_id="Ubi", lot="karung 7")
        made_on = clock.today() - timedelta(days=8)
        making = Making(made_on=made_on, area_code=BETUNG, processed_by=who, materials=[material], note="rahasia")
        record_transformation(session, SYSTEM, goods.batch, making)
    begun, made, *moved = list_public_events(session, goods.product.slug, goods.batch.lot_code.lower())
    assert isinstance(begun, Commissioned)
    assert isinstance(made, Transformed)
    assert (made.processed_by, made.note, made.inputs[0].lot, made.corrected_by) == ("Dapur", "", "", "")
    told = [(event.kind, event.outlet_code, event.is_counted, event.reference) for event in moved if isinstance(event, Moved)]
    assert told == [(MovementKind.RECEIVED, goods.outlet.code, False, ""), (MovementKind.RECEIVED, elsewhere.code, False, "")]


def test_lots_of_products_that_were_never_public_tell_nothing(session: Session) -> None:
    goods = make_goods(session, 12)
    goods.product.state, goods.product.published_at = ListingState.DRAFT, None
    session.flush()
    with pytest.raises(NotFound):
        list_public_events(session, goods.product.slug, goods.batch.lot_code)


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
