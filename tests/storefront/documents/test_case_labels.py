"""Labels of cartons: GS1-128 bars and the lot's symbol read back from the dots; and which partners have cases of a lot."""

from __future__ import annotations

import zxingcpp
from flask import Flask
from sqlalchemy.orm import Session

from catalog.gtin import check_digit
from catalog.models.stock import Batch, StockLevel
from orders.models.purchase import Carton
from orders.wholesale.cartons import list_case_labels, list_partners_of
from storefront.documents.case_labels import draw_cases
from tests.make_trade import dispatched, make_trade
from tests.storefront.documents.test_pack_labels import dots

ROOT = "https://etalase.example"


def test_every_carton_has_its_label_with_bars_only_for_a_registered_case(app: Flask, session: Session) -> None:
    trade = make_trade(session)
    digits = "1899999900001"
    trade.offer.case_gtin = digits + str(check_digit(digits))
    trade.first.gtin = "8999999000011"
    purchase = dispatched(session, trade)
    labels = list_case_labels(session, purchase.id)
    assert [label.number for label in labels] == list(range(1, len(labels) + 1))
    assert {label.of for label in labels} == {len(labels)}
    own = next(label for label in labels if label.variant_code == trade.first.code)
    other = next(label for label in labels if label.variant_code == trade.second.code)
    assert (own.case_gtin, other.case_gtin) == (trade.offer.case_gtin, None)
    with app.test_request_context():
        pages = dots(draw_cases([own, other], ROOT), 203)
    first, second = ({found.text for found in zxingcpp.read_barcodes(page)} for page in pages)
    dated = f"(15){own.best_before_on:%y%m%d}" if own.best_before_on else ""
    assert first == {f"{ROOT}/01/08999999000011/10/{own.lot}", f"(01){own.case_gtin}{dated}(10){own.lot}"}
    assert second == {f"{ROOT}/p/{other.variant_code}/{other.lot}"}


def test_a_lot_is_traced_to_the_partners_that_have_cartons_of_it(session: Session) -> None:
    trade = make_trade(session)
    purchase = dispatched(session, trade)
    carton = session.query(Carton).filter_by(purchase_id=purchase.id, number=1).one()
    batch = session.get_one(Batch, session.get_one(StockLevel, carton.level_id).batch_id)
    (found,) = list_partners_of(session, batch, ())
    assert (found.purchase_code, found.partner_name) == (purchase.code, trade.partner.name)
    assert found.units == sum(each.units for each in session.query(Carton).filter_by(level_id=carton.level_id))
