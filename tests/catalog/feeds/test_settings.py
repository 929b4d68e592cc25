"""Who sets feeds up, and what their settings may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from catalog.feeds import items, settings
from catalog.feeds.settings import FeedFacts
from catalog.models.feed import Feed, StockRule
from catalog.models.product import HalalState
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Grant, Role
from tests.make import make_product
from tests.make_catalogue import make_certificate

HOME = "16.12"
FACTS = FeedFacts(
    is_active=True,
    takes_everything=True,
    markup_bps=0,
    title_template="{name}",
    stock_rule=StockRule.FIXED,
    stock_share_bps=5_000,
    stock_units=4,
)


def _slugs(session: Session, feed: Feed) -> list[str]:
    return [item.product_slug for item in items.stream_items(session, feed, "id", clock.today(), with_samples=True)]


def test_a_curator_of_another_regency_cannot_change_them(session: Session) -> None:
    elsewhere = Actor(1, "Elsewhere", (Grant(Role.CURATOR, area_prefix="16.01"),))
    with pytest.raises(NotAllowed):
        settings.change_feed(session, elsewhere, HOME, settings.find_feed(session, "google"), FACTS)


def test_a_search_engine_gets_our_own_price(session: Session) -> None:
    with pytest.raises(InvalidInput) as refusal:
        settings.change_feed(session, SYSTEM, HOME, settings.find_feed(session, "google"), replace(FACTS, markup_bps=500))
    assert refusal.value.field == "markup"


def test_an_unknown_receiver_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        settings.find_feed(session, "bazaar")


def test_left_out_products_stay_here_and_chosen_ones_go(session: Session) -> None:
    first, second = make_product(session), make_product(session)
    for product in (first, second):
        make_certificate(session, product_id=product.id)
    feed = settings.find_feed(session, "meta")
    settings.choose_product(session, SYSTEM, HOME, feed, first.slug, goes_out=False)
    settings.choose_product(session, SYSTEM, HOME, feed, first.slug, goes_out=False)
    assert second.slug in _slugs(session, feed)
    assert first.slug not in _slugs(session, feed)
    settings.change_feed(session, SYSTEM, HOME, feed, replace(FACTS, takes_everything=False))
    assert _slugs(session, feed) == []
    settings.choose_product(session, SYSTEM, HOME, feed, first.slug, goes_out=True)
    assert _slugs(session, feed) == [first.slug]
    assert [each.slug for each in items.list_others(session, feed)] == [second.slug]


def test_a_shelf_gets_the_receivers_name_and_loses_it(session: Session) -> None:
    make_product(session, halal_state=HalalState.NOT_APPLICABLE)
    feed = settings.find_feed(session, "shopee")
    for name in ("100629", "101937", ""):
        settings.name_category(session, SYSTEM, HOME, feed, "makanan-ringan", name)
        [item] = items.list_items(session, feed, "id", clock.today(), after=0, limit=5)
        assert item.receiver_category == name
