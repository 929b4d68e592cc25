"""A21: no wholesale figure stands in anything that is open to everybody: API, feeds, data dump, sitemap, the API's document."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from orders.wholesale.tiers import Tier
from tests.make_api import make_trade
from tests.make_catalogue import make_photo

pytestmark = pytest.mark.one_database

#: Figures that stand nowhere else.
PRICE, CASE, LEAD = 13_579, 37, 41
OPEN = (
    "/api/v1/products?limit=100",
    "/api/v1/products?changed_since=2020-01-01T00:00:00Z",
    "/api/v1/makers?limit=100",
    "/api/v1/villages",
    "/api/v1/openapi.json",
    "/developers",
    "/feeds/google.xml",
    "/feeds/google.tsv",
    "/feeds/meta.csv",
    "/feeds/products.jsonld",
    "/sitemap.xml",
)
KEYED = ("offers", "prices", "stock", "papers", "orders", "quotes", "invoices", "company", "feeds/offers.csv", "feeds/offers.json")


def test_a21_what_is_open_holds_no_wholesale_figure(client: FlaskClient, session: Session) -> None:
    trade = make_trade(session, tiers=(Tier(2, PRICE),), units_per_case=CASE, lead_days=LEAD)
    make_photo(session, product_id=session.get_one(Variant, trade.offer.variant_id).product_id)
    session.commit()
    for address in OPEN:
        answer = client.get(address)
        assert answer.status_code == 200, address
        for secret in (str(PRICE), "13.579", trade.offer.code, trade.partner.code, trade.partner.legal_name):
            assert secret not in answer.text, (address, secret)
        assert "units_per_case" not in answer.text or address.endswith("openapi.json"), address
    product = session.get_one(Variant, trade.offer.variant_id)
    assert product.code in client.get("/feeds/google.xml").text  # the feeds did hold the product


def test_a21_what_has_a_key_answers_nobody_else_and_is_kept_by_nobody(client: FlaskClient, session: Session) -> None:
    trade = make_trade(session, tiers=(Tier(2, PRICE),))
    for address in KEYED:
        refused = client.get(f"/api/v1/{address}")
        assert refused.status_code == 401, address
        assert str(PRICE) not in refused.text
        allowed = client.get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {trade.secret}"})
        assert allowed.get_data(), address
        assert allowed.status_code == 200, address
        assert allowed.headers["Cache-Control"] == "private, no-store", address
