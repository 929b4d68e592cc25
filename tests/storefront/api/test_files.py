"""A partner's feed: its own offers at its own prices, by key or by an address that ends with the key, and never anybody else's."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders.models.partner import PartnerGroup
from orders.wholesale import api_keys, price_lists
from orders.wholesale.tiers import Tier
from storefront.feed_links import feed_address
from tests.make_api import Trade, call, make_key, make_trade
from tests.make_wholesale import make_buyer, make_group, make_partner


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def address(app: Flask, code: str, ending: str) -> str:
    with app.test_request_context():
        return feed_address(code, ending).removeprefix("http://localhost")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_feed_holds_the_partners_own_prices(app: Flask, client: FlaskClient, session: Session, trade: Trade) -> None:
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 15_151)], group=session.get_one(PartnerGroup, trade.partner.group_id))
    session.commit()
    answer = call(client, trade.secret, "/feeds/offers.csv")
    [row] = rows(answer.text)
    assert (row["offer"], row["unit_price"], row["prices"]) == (trade.offer.code, "15151", "2:15151")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert rows(client.get(address(app, trade.key.code, "csv")).text) == [row]
    [offer] = client.get(address(app, trade.key.code, "json")).get_json()["items"]
    assert offer == call(client, trade.secret, f"/offers/{trade.offer.code}").get_json()


def test_a_rivals_feed_is_its_own(client: FlaskClient, session: Session, trade: Trade) -> None:
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 15_151)], group=session.get_one(PartnerGroup, trade.partner.group_id))
    rival = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals", sees_everything=False), name="Saingan")
    _key, secret = make_key(session, rival, make_buyer(session, rival))
    session.commit()
    for ending in ("csv", "json"):
        text = call(client, secret, f"/feeds/offers.{ending}").text
        assert "15151" not in text
        assert trade.offer.code not in text


def test_the_address_ends_with_the_key(app: Flask, client: FlaskClient, session: Session, trade: Trade) -> None:
    place = address(app, trade.key.code, "csv")
    api_keys.revoke_key(session, SYSTEM, trade.partner, trade.key.code)
    session.commit()
    assert client.get(place).status_code == 404
    assert call(client, trade.secret, "/feeds/offers.csv").status_code == 401


@pytest.mark.one_database
def test_a_changed_address_opens_nothing(app: Flask, client: FlaskClient, trade: Trade) -> None:
    token = address(app, trade.key.code, "csv").split("/")[4]
    for wrong in (token[:-1], token + "x", trade.key.code, "x" * 300):
        assert client.get(f"/api/v1/feeds/{wrong}/offers.csv").status_code == 404


def test_a_key_without_the_scope_has_no_feed(app: Flask, client: FlaskClient, session: Session, trade: Trade) -> None:
    key, secret = make_key(session, trade.partner, trade.person, ("orders.read",))
    session.commit()
    assert call(client, secret, "/feeds/offers.json").status_code == 403
    assert client.get(address(app, key.code, "json")).status_code == 403
