"""A13: who tries stolen cards here opens few pages, and a third card that fails closes the page and makes a pause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import clock, throttle
from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import PaymentState
from tests.faults.market import CONTACT, Market, market_at
from tests.payments import CARD_DECLINED, CARD_OK, StripeStandIn


@pytest.fixture
def market(fresh_database_url: str, tmp_path: Path, stripe_stand_in: StripeStandIn) -> Iterator[Market]:
    """With the limits of production."""
    with market_at(fresh_database_url, tmp_path, stripe_stand_in, card_pages=5) as market:
        yield market


def open_pages(market: Market) -> int:
    return len(list(market.stand_in.bank.store.of_kind("checkout.session")))


def order(market: Market, client: FlaskClient, address: str) -> str:
    """One order by card; where the browser is sent."""
    base = {"REMOTE_ADDR": address}
    client.post("/cart/lines", data={"variant": market.goods.variant.code, "quantity": "1"}, environ_overrides=base)
    answer = client.post("/checkout", data=market.form(client) | CONTACT, environ_overrides=base)
    assert answer.status_code == 303
    return answer.location or ""


@pytest.mark.parametrize("tries", [12, pytest.param(300, marks=pytest.mark.long)])
def test_a_bot_at_one_address_opens_five_pages_whatever_cookies_it_throws_away(market: Market, tries: int) -> None:
    for _try in range(tries):
        order(market, market.app.test_client(), "192.0.2.7")
    assert open_pages(market) == 5
    assert order(market, market.app.test_client(), "192.0.2.8").startswith(market.stand_in.url), "another address goes on"


def test_one_cart_opens_five_pages_from_whatever_address(market: Market) -> None:
    client = market.app.test_client()
    places = [order(market, client, f"192.0.2.{number}") for number in range(1, 9)]
    assert open_pages(market) == 5
    page = client.get(places[-1]).text
    assert "Terlalu banyak pembayaran kartu" in page
    assert 'value="pay_at_pickup"' in page
    answer = client.post(f"{places[-1]}/payment", data={"payment_method": "pay_at_pickup"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Terlalu banyak" not in answer.text
    with time_machine.travel(clock.now() + throttle.CARD_WINDOW + timedelta(seconds=5)):
        assert client.post(f"{places[-2]}/payment", data={"payment_method": "stripe"}).location.startswith(market.stand_in.url)


def test_three_failed_cards_close_the_page_and_pause_the_order(market: Market) -> None:
    client = market.app.test_client()
    page = order(market, client, "192.0.2.9")
    for _card in range(3):
        market.stand_in.pay(page, CARD_DECLINED)
        (event,) = market.events("payment_intent.payment_failed")[-1:]
        for _delivery in range(2):  # told twice, counted once
            assert market.deliver(event).status_code == 200
    payment = market.ask(select(Payment))
    assert payment.state is PaymentState.EXPIRED
    assert market.stand_in.pay(page, CARD_OK).status != 303, "the page takes no card any more"
    assert market.stand_in.totals()["captured"] == 0
    address = f"/orders/{market.ask(select(Order.token))}"
    assert client.post(f"{address}/payment", data={"payment_method": "stripe"}).location == address
    assert open_pages(market) == 1
    assert "Terlalu banyak pembayaran kartu" in client.get(address).text
    with time_machine.travel(clock.now() + throttle.CARD_WINDOW + timedelta(seconds=5)):
        again = client.post(f"{address}/payment", data={"payment_method": "stripe"})
        assert again.location.startswith(market.stand_in.url)
    market.check()


def test_two_failed_cards_are_human(market: Market) -> None:
    page = order(market, market.app.test_client(), "192.0.2.10")
    for _card in range(2):
        market.stand_in.pay(page, CARD_DECLINED)
    for event in market.events("payment_intent.payment_failed"):
        market.deliver(event)
    assert market.stand_in.pay(page, CARD_OK).status == 303
    for event in market.events("checkout.session.completed"):
        market.deliver(event)
    assert market.ask(select(Payment.state)) is PaymentState.PAID
    market.check()
