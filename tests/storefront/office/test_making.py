"""Writing down in the office how a lot was made, and what visitors read of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.stock import Batch
from catalog.provenance.transformations import find_transformation
from kernel import clock
from tests.cast import CURATOR, World, browser_of
from tests.make import TALANG_BULANG, make_batch, make_product
from tests.storefront.shop.test_batch import words_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def lot(session: Session, world: World) -> tuple[Product, Batch]:
    product = session.query(Product).filter_by(slug=world.words["product"]).one()
    return product, session.query(Batch).filter_by(product_id=product.id, lot_code=world.words["lot"]).one()


@pytest.fixture
def curator(app: Flask, session: Session, world: World) -> FlaskClient:
    return browser_of(app, session, world, CURATOR)


def form(**changes: str) -> dict[str, str]:
    return {
        "made_on": f"{clock.today():%Y-%m-%d}",
        "area_code": "Betung · 16.12.04.2001",
        "processed_by": "Rumah Olah Betung",
        "note": "",
        "row0-name_id": "Nanas",
        "row0-name_en": "Pineapple",
        "row0-origin_code": f"Talang Bulang · {TALANG_BULANG}",
        "row0-supplier": "Kelompok Tani Maju",
        "row0-quantity": "40",
        "row0-unit": "kg",
        "row0-lot": "KT-7",
    } | changes


def test_a_lot_is_written_down_and_read_by_visitors(
    session: Session, world: World, lot: tuple[Product, Batch], curator: FlaskClient, client: FlaskClient
) -> None:
    product, batch = lot
    address = f"/office/products/{product.slug}/lots/{batch.lot_code}"
    assert curator.get(address).status_code == 200
    sent = form(made_on=f"{batch.produced_on:%Y-%m-%d}")
    assert curator.post(address, data=sent).status_code == 303
    found = find_transformation(session, batch)
    assert found is not None
    assert (found.inputs[0].quantity, found.inputs[0].lot) == (40_000, "KT-7")
    assert "Rumah Olah Betung" in curator.get(f"/office/products/{product.slug}/lots").text
    words = words_of(client.get(f"/products/{product.slug}/batches/{batch.lot_code}").text)
    for said in (
        "Nanas, 40 kg",
        "Desa Talang Bulang, Kec. Talang Ubi",
        "Kelompok Tani Maju",
        "Buatan Desa Betung, Kec. Abab",
        "oleh Rumah Olah Betung",
    ):
        assert said in words
    assert "Pineapple" in client.get(f"/en/products/{product.slug}/batches/{batch.lot_code}").text
    assert 'value="40"' in curator.get(address).text


def test_what_was_typed_stays_when_it_is_refused(lot: tuple[Product, Batch], curator: FlaskClient) -> None:
    product, batch = lot
    address = f"/office/products/{product.slug}/lots/{batch.lot_code}"
    for wrong in (
        {"row0-unit": ""},
        {"row0-origin_code": "Negeri Antah"},
        {"made_on": "2999-01-01"},
        {"processed_by": ""},
        {"row0-lot": f"{product.slug}/NONE"},
    ):
        answer = curator.post(address, data=form(made_on=f"{batch.produced_on:%Y-%m-%d}") | wrong)
        assert answer.status_code == 422, wrong
        assert "Kelompok Tani Maju" in answer.text


def test_a_lot_of_ours_is_named_by_product_and_code(session: Session, lot: tuple[Product, Batch], curator: FlaskClient) -> None:
    product, batch = lot
    flour = make_product(session)
    used = make_batch(session, flour)
    session.commit()
    sent = form(made_on=f"{batch.produced_on:%Y-%m-%d}") | {"row0-lot": f"{flour.slug}/{used.lot_code}"}
    assert curator.post(f"/office/products/{product.slug}/lots/{batch.lot_code}", data=sent).status_code == 303
    found = find_transformation(session, batch)
    assert found is not None
    assert found.inputs[0].input_batch_id == used.id
