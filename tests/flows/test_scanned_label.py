"""From the printed label to phone and till: the office prints, the dots are read, the right lot opens in both languages and is sold."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, MovementKind, StockLevel, StockMovement
from catalog.stock import receive_stock
from kernel.people import SYSTEM
from orders.counter import shifts
from orders.models.till import Till
from tests.cast import CASHIER, CURATOR, World, browser_of
from tests.make import make_batch
from tests.make_counter import make_till
from tests.storefront.documents.test_pack_labels import dots
from tests.storefront.shop.test_batch import words_of

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("gtin", ["8999999000011", None])
def test_a_printed_label_opens_and_sells_the_right_lot(
    app: Flask, client: FlaskClient, session: Session, world: World, gtin: str | None
) -> None:
    first = session.scalars(select(Batch).where(Batch.lot_code == world.words["lot"])).one()
    level = session.scalars(select(StockLevel).where(StockLevel.batch_id == first.id)).first()
    assert level is not None
    product, variant, outlet = (session.get_one(*key) for key in _keys(first, level))
    variant.gtin = gtin
    # The second lot keeps longer, so the shelf would sell the first: only the scanned code can choose it.
    second = make_batch(session, product, lot_code="LAIN/2", best_before_on=None)
    receive_stock(session, SYSTEM, outlet, variant, second, 5, "delivery:X")
    session.commit()

    office = browser_of(app, session, world, CURATOR)
    sent = {"stock": "58x60", "kind": "pack", "language": "id", "dpi": "203", "file": "pdf", "first": "", "count-1": "1"}
    printed = office.post(f"/office/products/{product.slug}/labels/{second.lot_code}", data=sent)
    assert printed.mimetype == "application/pdf", printed.text
    (code,) = zxingcpp.read_barcodes(dots(printed.data, 203)[0])
    assert ("/01/" in code.text) == (gtin is not None)

    for language, said in (("id-ID", "Kode batch LAIN/2"), ("en-GB", "Batch code LAIN/2")):
        page = client.get(urlsplit(code.text).path, headers={"Accept-Language": language}, follow_redirects=True)
        assert page.status_code == 200
        assert said in words_of(page.text)

    till = make_till(session, outlet)
    assert isinstance(till, Till)
    counter = browser_of(app, session, world, CASHIER)
    shifts.open_without_device(session, SYSTEM, till.id, 200_000)
    session.commit()
    address = f"/counter/plain/{outlet.code}/{till.number}"
    form = counter.get(address).text
    key = re.findall(r'name="key"[^>]* value="([^"]*)"', form)[-1]
    sold = counter.post(address, data={"key": key, "code-1": code.text, "quantity-1": "2", "method": "cash", "language": "id"})
    assert sold.status_code == 303, words_of(sold.text)
    session.expire_all()
    rows = session.execute(
        select(Batch.lot_code, StockMovement.on_hand_change)
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockMovement.kind == MovementKind.SOLD, Batch.product_id == product.id)
    ).all()
    assert [tuple(row) for row in rows] == [("LAIN/2", -2)]


def _keys(batch: Batch, level: StockLevel) -> tuple[tuple[type, int], ...]:
    from catalog.models.product import Product, Variant
    from catalog.models.stock import Outlet

    return (Product, batch.product_id), (Variant, level.variant_id), (Outlet, level.outlet_id)
