"""The trace of a lot: back and on, whole as CSV and EPCIS, and only what the person may see."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, LossCause, MovementKind
from catalog.provenance.trace import list_flows
from catalog.provenance.transformations import Making, Material, record_transformation
from catalog.stock import correct_stock, hold_stock, receive_stock, take_back, take_held
from kernel import clock
from kernel.people import SYSTEM
from tests.cast import OUTLET_MANAGER, World, browser_of
from tests.catalog.provenance.test_epcis import validator
from tests.make import BETUNG, TALANG_BULANG
from tests.make_stock import make_goods

pytestmark = pytest.mark.one_database


@pytest.fixture
def manager(app: Flask, session: Session, world: World) -> FlaskClient:
    return browser_of(app, session, world, OUTLET_MANAGER)


def lot_of(session: Session, world: World) -> Batch:
    batch = session.query(Batch).filter_by(lot_code=world.words["lot"]).one()
    materials = [Material(name_id="=Nanas", origin_code=TALANG_BULANG, supplier="Tani Maju")]
    making = Making(made_on=batch.produced_on or clock.today(), area_code=BETUNG, processed_by="Dapur Betung", materials=materials)
    record_transformation(session, SYSTEM, batch, making)
    session.commit()
    return batch


def test_units_that_came_are_sold_lost_or_left(session: Session) -> None:
    goods = make_goods(session, 20)
    sold = hold_stock(session, goods.outlet.id, {goods.variant.id: 5}, "order:X")
    take_held(session, sold, "order:X")
    take_back(session, sold[:1], "return:X", fit=True)
    correct_stock(
        session, SYSTEM, goods.outlet, goods.variant, goods.batch, 17, "Sobek", kind=MovementKind.WRITTEN_OFF, cause=LossCause.DAMAGED
    )
    receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 3, "delivery:Y")
    (flow,) = list_flows(session, goods.batch, ())
    assert (flow.came, flow.sold, flow.came_back, flow.lost, flow.left) == (23, 5, 5, 3, 20)


def test_the_page_shows_both_directions(session: Session, world: World, manager: FlaskClient) -> None:
    lot_of(session, world)
    page = manager.get(world.address("/office/trace/{product}/{lot}"))
    assert page.status_code == 200
    for said in ("Dapur Betung", "=Nanas", "Talang Bulang", "Tani Maju", world.words["order"]):
        assert said in page.text


def test_the_csv_is_whole_and_no_formula(session: Session, world: World, manager: FlaskClient) -> None:
    lot_of(session, world)
    answer = manager.get(world.address("/office/trace-files/csv/{product}/{lot}"))
    rows = list(csv.reader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {7}
    assert any(row[1] == "'=Nanas" and row[4] == "Tani Maju" for row in rows)
    assert any(row[6] == world.words["order"] for row in rows)


def test_the_events_of_a_lot_and_of_a_month_are_valid(session: Session, world: World, manager: FlaskClient) -> None:
    lot_of(session, world)
    for address in (world.address("/office/trace-files/jsonld/{product}/{lot}"), "/office/events.jsonld"):
        answer = manager.get(address)
        assert answer.content_type == "application/ld+json"
        document = json.loads(answer.get_data(as_text=True))
        validator().validate(document)
        assert {event["type"] for event in document["epcisBody"]["eventList"]} == {"ObjectEvent", "TransformationEvent"}


def test_a_period_is_checked(manager: FlaskClient) -> None:
    today = clock.today()
    assert manager.get(f"/office/events.jsonld?from={today}&until={today - timedelta(days=1)}").status_code == 400
    assert manager.get(f"/office/events.jsonld?from={today - timedelta(days=500)}&until={today}").status_code == 400
    assert manager.get("/office/events.jsonld?from=soon").status_code == 400
