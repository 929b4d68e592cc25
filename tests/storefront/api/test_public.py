"""What everybody may read through the API: published facts, followed page by page, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.product import ListingState
from catalog.models.stock import BatchState
from kernel import clock
from tests.catalog.provenance.test_epcis import validator
from tests.conftest import StatementCounter
from tests.make import make_maker, make_outlet, make_product
from tests.make_catalogue import make_certificate
from tests.make_stock import make_goods, stock_up


def test_a_product_says_what_its_page_says(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    stock_up(session, product, make_outlet(session), 3)
    session.commit()
    found = client.get(f"/api/v1/products/{product.slug}").get_json()
    assert found["name"] == {"id": product.name_id, "en": product.name_en}
    assert found["url"] == f"http://localhost/products/{product.slug}"
    [variant] = found["variants"]
    assert variant["price"] == 25_000
    assert variant["in_stock"] is True


def test_our_own_numbers_never_stand_where_a_gtin_belongs(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    product.variants[0].internal_number = "2000000000015"
    session.commit()
    assert "2000000000015" not in client.get(f"/api/v1/products/{product.slug}").get_data(as_text=True)


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.WITHDRAWN])
def test_a_product_that_is_not_live_is_not_there(client: FlaskClient, session: Session, state: ListingState) -> None:
    product = make_product(session, state=state)
    session.commit()
    assert client.get(f"/api/v1/products/{product.slug}").status_code == 404
    assert product.slug not in client.get("/api/v1/products?limit=100").get_data(as_text=True)


def test_a_hidden_phone_number_stays_hidden(client: FlaskClient, session: Session) -> None:
    shy = make_maker(session, phone="+6281234567890", is_phone_public=False)
    open_one = make_maker(session, phone="+6281234567891", is_phone_public=True)
    session.commit()
    assert client.get(f"/api/v1/makers/{shy.slug}").get_json()["phone"] is None
    assert client.get(f"/api/v1/makers/{open_one.slug}").get_json()["phone"] == "+6281234567891"


def test_a_walk_meets_every_product_once(client: FlaskClient, session: Session) -> None:
    moment = clock.now() - timedelta(hours=1)
    slugs = [make_product(session, updated_at=moment).slug for _ in range(7)]
    session.commit()
    met: list[str] = []
    cursor, more = "", True
    while more:
        page = client.get("/api/v1/products?limit=3" + (f"&cursor={cursor}" if cursor else "")).get_json()
        met += [item["slug"] for item in page["items"]]
        cursor, more = page["cursor"], page["has_more"]
    assert sorted(met) == sorted(slugs)


def test_who_comes_back_hears_what_changed_and_what_was_taken_away(client: FlaskClient, session: Session) -> None:
    old = clock.now() - timedelta(hours=1)
    stays, changes, leaves = (make_product(session, updated_at=old) for _ in range(3))
    session.commit()
    cursor = client.get("/api/v1/products").get_json()["cursor"]
    changes.updated_at = clock.now()
    leaves.state, leaves.updated_at = ListingState.WITHDRAWN, clock.now()
    session.commit()
    page = client.get(f"/api/v1/products?cursor={cursor}").get_json()
    assert [item["slug"] for item in page["items"]] == [changes.slug]
    assert page["removed"] == [leaves.slug]
    assert stays.slug not in str(page)


def test_a_row_that_was_committed_late_is_not_missed(client: FlaskClient, session: Session) -> None:
    """Its change carries an earlier time than rows that were seen already."""
    now = clock.now()
    make_product(session, updated_at=now)
    session.commit()
    cursor = client.get("/api/v1/products").get_json()["cursor"]
    late = make_product(session, updated_at=now - timedelta(seconds=3))
    session.commit()
    assert late.slug in [item["slug"] for item in client.get(f"/api/v1/products?cursor={cursor}").get_json()["items"]]


def test_a_page_of_a_hundred_takes_as_many_statements_as_one_of_two(
    client: FlaskClient, session: Session, count_statements: StatementCounter
) -> None:
    for _ in range(12):
        make_product(session)
    session.commit()
    client.get("/api/v1/products?limit=2")
    with count_statements() as few:
        client.get("/api/v1/products?limit=2")
    with count_statements() as many:
        client.get("/api/v1/products?limit=100")
    assert len(few) == len(many) == 1


def test_villages_come_with_their_standing(client: FlaskClient, session: Session) -> None:
    make_maker(session)
    session.commit()
    found = client.get("/api/v1/villages").get_json()
    assert found["area"] == "16.12"
    assert {village["name"] for village in found["items"]} >= {"Betung", "Karang Agung"}


def test_a_lot_says_where_it_comes_from_and_that_it_was_stopped(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session)
    make_certificate(session, product_id=goods.product.id)
    address = f"/api/v1/products/{goods.product.slug}/batch?lot={goods.batch.lot_code}"
    session.commit()
    found = client.get(address).get_json()
    assert (found["lot"], found["state"]) == (goods.batch.lot_code, "open")
    assert [paper["kind"] for paper in found["papers"]] == ["pirt"]
    assert found["journey"][0]["place"] == goods.outlet.name
    goods.batch.state, goods.batch.state_reason = BatchState.RECALLED, "Salah label"
    session.commit()
    assert client.get(address).get_json()["state_reason"] == "Salah label"
    assert client.get(f"/api/v1/products/{goods.product.slug}/batch?lot=NOTHERE").status_code == 404
    assert client.get(f"/api/v1/products/{goods.product.slug}/batch").status_code == 422


def test_the_events_of_a_lot_are_an_epcis_document_without_anybodys_orders(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 12)
    session.commit()
    address = client.get(f"/api/v1/products/{goods.product.slug}/batch?lot={goods.batch.lot_code}").get_json()["events"]
    response = client.get(address)
    assert response.content_type == "application/ld+json"
    document = json.loads(response.text)
    validator().validate(document)
    events = document["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in events] == ["commissioning", "receiving"]
    assert "bizTransactionList" not in response.text
    assert "quantity" not in events[1]["quantityList"][0]
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert client.get(f"/api/v1/products/{goods.product.slug}/batch/events?lot=NOTHERE").status_code == 404
