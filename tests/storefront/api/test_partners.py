"""What a partner's key opens: its own offers and prices, and nothing of anybody else; how calls are counted and cached."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.product import HalalState
from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import SYSTEM
from kernel.quotas import BLOCK
from orders.models.offer import OfferState
from orders.models.partner import PartnerGroup, PartnerState
from orders.wholesale import partners, price_lists
from orders.wholesale.tiers import Tier
from storefront.api import callers
from tests.conftest import StatementCounter
from tests.make import make_outlet
from tests.make_api import Trade, call, make_key, make_trade
from tests.make_stock import make_goods
from tests.make_wholesale import make_buyer, make_group, make_offer, make_partner


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def test_an_offer_comes_with_everything_a_retailer_asks(client: FlaskClient, trade: Trade) -> None:
    [offer] = call(client, trade.secret, "/offers").get_json()["items"]
    assert offer["prices"] == [{"from_cases": 2, "unit_price": 18_000}, {"from_cases": 10, "unit_price": 17_000}]
    assert offer["case"]["units"] == 24
    assert offer["stock"]["units"] == 100
    assert offer["stock"]["full_cases"] == 4
    assert [month["units"] for month in offer["stock"]["free_capacity"]] == [1_000] * 3
    assert call(client, trade.secret, f"/offers/{trade.offer.code}").get_json() == offer


def test_prices_stock_and_papers_come_alone_too(client: FlaskClient, trade: Trade) -> None:
    [prices] = call(client, trade.secret, "/prices").get_json()["items"]
    [stock] = call(client, trade.secret, "/stock").get_json()["items"]
    [papers] = call(client, trade.secret, "/papers").get_json()["items"]
    assert {prices["offer"], stock["offer"], papers["offer"]} == {trade.offer.code}
    assert prices["prices"][0]["unit_price"] == 18_000


@pytest.mark.one_database
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eHg6eXk=", "Bearer etalase_wrong"])
def test_without_a_key_nothing_opens(client: FlaskClient, trade: Trade, header: str) -> None:
    answer = client.get("/api/v1/offers", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


def test_a_scope_that_is_missing_is_named(client: FlaskClient, session: Session, trade: Trade) -> None:
    _key, secret = make_key(session, trade.partner, trade.person, ("orders.read",))
    session.commit()
    answer = call(client, secret, "/offers", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_missing")
    assert "catalogue" in answer.get_json()["detail"]


def test_a_suspended_partner_sees_nothing(client: FlaskClient, session: Session, trade: Trade) -> None:
    partners.decide(session, SYSTEM, trade.partner.id, PartnerState.SUSPENDED, "Tunggakan")
    session.commit()
    assert call(client, trade.secret, "/offers").status_code == 403


def test_nothing_of_a_partners_answer_is_kept_by_others(client: FlaskClient, trade: Trade) -> None:
    answer = call(client, trade.secret, "/offers")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def _rival(session: Session, outlet: Outlet, *, sees_everything: bool = True) -> str:
    partner = make_partner(session, outlet, make_group(session, outlet, "Rivals", sees_everything=sees_everything), name="Saingan")
    _key, secret = make_key(session, partner, make_buyer(session, partner))
    session.commit()
    return secret


def test_a_rival_with_its_own_list_reads_its_own_prices(client: FlaskClient, session: Session, trade: Trade) -> None:
    group = session.get_one(PartnerGroup, trade.partner.group_id)
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 15_151)], group=group)
    secret = _rival(session, trade.outlet)
    mine, theirs = call(client, trade.secret, "/prices").text, call(client, secret, "/prices").text
    assert "15151" in mine
    assert "15151" not in theirs
    assert "18000" in theirs


def test_what_a_group_does_not_see_is_not_there(client: FlaskClient, session: Session, trade: Trade) -> None:
    secret = _rival(session, trade.outlet, sees_everything=False)
    assert call(client, secret, "/offers").get_json()["items"] == []
    assert call(client, secret, f"/offers/{trade.offer.code}").status_code == 404
    for address in ("/offers", "/prices", "/stock", "/papers"):
        assert trade.offer.code not in call(client, secret, f"{address}?changed_since=2026-01-01T00:00:00Z").text


def test_another_sellers_offers_are_not_there(client: FlaskClient, session: Session, trade: Trade) -> None:
    secret = _rival(session, make_outlet(session))
    assert call(client, secret, "/offers").get_json()["items"] == []
    assert call(client, secret, f"/offers/{trade.offer.code}").status_code == 404


def test_who_comes_back_hears_that_an_offer_is_gone(client: FlaskClient, session: Session, trade: Trade) -> None:
    cursor = call(client, trade.secret, "/offers").get_json()["cursor"]
    trade.offer.state, trade.offer.updated_at = OfferState.CLOSED, clock.now()
    session.commit()
    page = call(client, trade.secret, f"/offers?cursor={cursor}").get_json()
    assert (page["items"], page["removed"]) == ([], [trade.offer.code])


def test_a_page_of_offers_takes_a_fixed_number_of_statements(
    client: FlaskClient, session: Session, trade: Trade, count_statements: StatementCounter
) -> None:
    call(client, trade.secret, "/offers")
    with count_statements() as few:
        call(client, trade.secret, "/offers?limit=100")
    for _ in range(6):
        make_offer(session, trade.outlet, make_goods(session, 5, outlet=trade.outlet, halal_state=HalalState.NOT_APPLICABLE).variant)
    session.commit()
    with count_statements() as many:
        assert len(call(client, trade.secret, "/offers?limit=100").get_json()["items"]) == 7
    assert len(few) == len(many) <= 9


def test_calls_are_counted_and_the_last_one_is_refused_with_a_time(
    client: FlaskClient, session: Session, trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "CALLS_PER_MINUTE", BLOCK)
    answers = [call(client, trade.secret, "/prices") for _ in range(BLOCK + 1)]
    if {answer.status_code for answer in answers} == {200}:  # the minute turned meanwhile
        answers = [call(client, trade.secret, "/prices") for _ in range(BLOCK + 1)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert answers[0].headers["RateLimit-Limit"] == str(BLOCK)
    assert answers[0].headers["RateLimit-Remaining"] == str(BLOCK - 1)
    session.expire_all()
    assert trade.key.last_used_at is not None


def test_a_counted_call_writes_once_for_many(client: FlaskClient, trade: Trade, count_statements: StatementCounter) -> None:
    call(client, trade.secret, "/prices")
    with count_statements() as statements:
        for _ in range(3):
            call(client, trade.secret, "/prices")
    assert not [each for each in statements if each.startswith(("INSERT", "UPDATE"))]
