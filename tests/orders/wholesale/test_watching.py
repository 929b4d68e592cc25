"""What days and sales change about offers is told once, to those who see the offer, and counts as a change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from kernel import clock
from kernel.people import SYSTEM
from orders.models.webhook import WebhookDelivery, WebhookEvent
from orders.wholesale import price_lists, watching, webhooks
from orders.wholesale.tiers import Tier
from tests.make_api import Trade, make_trade
from tests.make_catalogue import make_certificate
from tests.make_wholesale import make_group, make_partner

EVENTS = [event.value for event in WebhookEvent if event is not WebhookEvent.PING]


@pytest.fixture
def trade(session: Session) -> Trade:
    trade = make_trade(session)
    webhooks.subscribe(session, SYSTEM, trade.partner, "https://mart.example.com/", EVENTS, sealing_secret="tests")
    return trade


def told(session: Session) -> list[tuple[str, str]]:
    statement = select(WebhookDelivery.event, WebhookDelivery.subject).order_by(WebhookDelivery.id)
    return [(event.value, subject) for event, subject in session.execute(statement)]


def product_of(session: Session, trade: Trade) -> int:
    return session.get_one(Variant, trade.offer.variant_id).product_id


def test_a_paper_that_ran_out_is_told_once(session: Session, trade: Trade) -> None:
    last = clock.today() - timedelta(days=1)
    make_certificate(session, product_id=product_of(session, trade), valid_until_on=last)
    make_certificate(session, product_id=product_of(session, trade), valid_until_on=clock.today())
    assert (watching.tell_expired_papers(session), watching.tell_expired_papers(session)) == (1, 0)
    assert told(session) == [("paper.expired", f"offer:{trade.offer.code}:pirt:{last}")]


def test_low_stock_is_told_once_a_day(session: Session, trade: Trade) -> None:
    assert watching.tell_low_stock(session) == 0
    trade.offer.minimum_cases = 5
    session.flush()
    assert (watching.tell_low_stock(session), watching.tell_low_stock(session)) == (1, 0)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert watching.tell_low_stock(session) == 1


def test_who_does_not_see_the_offer_hears_nothing_of_it(session: Session, trade: Trade) -> None:
    rival = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals", sees_everything=False), name="Saingan")
    hook, _secret = webhooks.subscribe(session, SYSTEM, rival, "https://rival.example.com/", EVENTS, sealing_secret="tests")
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 17_500)])
    watching.tell_low_stock(session)
    assert [event for event, _subject in told(session)] == ["price.changed"]
    assert session.scalars(select(WebhookDelivery).where(WebhookDelivery.subscription_id == hook.id)).all() == []


def test_a_price_of_one_group_is_told_to_that_group(session: Session, trade: Trade) -> None:
    others = make_group(session, trade.outlet, "Hotel")
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 17_500)], group=others)
    assert told(session) == []


def test_no_figure_leaves_with_a_message(session: Session, trade: Trade) -> None:
    price_lists.set_prices(session, SYSTEM, trade.offer, [Tier(2, 17_531)])
    bodies = " ".join(session.scalars(select(WebhookDelivery.body)))
    assert trade.offer.code in bodies
    assert "17531" not in bodies


def test_what_only_a_date_changes_counts_as_changed_once(session: Session, trade: Trade) -> None:
    long_ago = clock.now() - timedelta(days=30)
    yesterday: date = clock.today() - timedelta(days=1)
    make_certificate(session, product_id=product_of(session, trade), valid_until_on=yesterday)
    trade.offer.updated_at = long_ago
    session.flush()
    assert watching.touch_turned(session) >= 1
    session.refresh(trade.offer)
    first: datetime = trade.offer.updated_at
    assert first > long_ago
    watching.touch_turned(session)
    session.refresh(trade.offer)
    assert trade.offer.updated_at == first
