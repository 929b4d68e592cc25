"""Collections: made, put in order, and seen from their first day to their last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog import collections as verbs
from catalog.collections import CollectionFacts, CollectionState
from catalog.models.product import ListingState
from catalog.queries.home import get_home_page
from catalog.queries.window import get_collection_page
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from tests.make import make_actor, make_product
from tests.make_catalogue import make_photo
from tests.make_window import make_collection

DAY = timedelta(days=1)


def test_products_are_put_in_moved_and_taken_out(session: Session) -> None:
    first, second, third = (make_product(session) for _ in range(3))
    collection = make_collection(session, first, second, third, first)
    verbs.move_product(session, SYSTEM, collection, third, -5)
    verbs.remove_product(session, SYSTEM, collection, first)
    found = verbs.get_collection(session, collection.slug)
    assert [item.product_id for item in found.items] == [third.id, second.id]
    verbs.remove_collection(session, SYSTEM, found)
    with pytest.raises(NotFound):
        verbs.get_collection(session, collection.slug)


def test_a_collection_is_seen_from_its_first_day_on(session: Session) -> None:
    today = clock.today()
    product, draft = make_product(session), make_product(session, state=ListingState.DRAFT)
    make_photo(session, product_id=product.id, name="gambar1")
    collection = make_collection(session, draft, product, starts_on=today + DAY, ends_on=today + 2 * DAY)
    with pytest.raises(NotFound):
        get_collection_page(session, collection.slug, "id", today)
    page = get_collection_page(session, collection.slug, "en", today + DAY)
    assert (page.title, [card.product_id for card in page.products], page.is_over) == ("Gifts for Lebaran", [product.id], False)
    assert get_collection_page(session, collection.slug, "id", today + 3 * DAY).is_over
    states = [verbs.state_on(collection, today + number * DAY) for number in (0, 1, 2, 3)]
    assert states == [CollectionState.COMING, CollectionState.SHOWN, CollectionState.SHOWN, CollectionState.ENDED]
    for number, shown in ((0, 0), (1, 1), (2, 1), (3, 0)):
        home = get_home_page(session, "16.12", 2026, "id", today + number * DAY)
        assert len(home.collections) == shown
    card = get_home_page(session, "16.12", 2026, "id", today + DAY).collections[0]
    assert (card.title, card.count, [picture.name for picture in card.pictures]) == ("Oleh-oleh Lebaran", 1, ["gambar1"])


def test_the_first_three_that_are_live_stand_for_it_each_with_its_first_photo(session: Session) -> None:
    products = [make_product(session) for _ in range(5)]
    photos = [make_photo(session, product_id=product.id) for product in products]
    make_photo(session, product_id=products[0].id)
    products[1].state = ListingState.DRAFT
    make_collection(session, products[3], *products[:3], products[4])
    (card,) = get_home_page(session, "16.12", 2026, "id", clock.today()).collections
    assert [picture.name for picture in card.pictures] == [photos[index].name for index in (3, 0, 2)]
    assert card.count == 4


def test_one_without_live_products_or_off_the_home_page_does_not_stand_there(session: Session) -> None:
    make_collection(session)
    make_collection(session, make_product(session), is_on_home=False)
    assert get_home_page(session, "16.12", 2026, "id", clock.today()).collections == ()


def test_wrong_days_and_too_many_products_are_refused(session: Session) -> None:
    today = clock.today()
    with pytest.raises(InvalidInput):
        verbs.create_collection(session, SYSTEM, CollectionFacts(title_id="X", starts_on=today, ends_on=today - DAY))
    collection = make_collection(session, *(make_product(session) for _ in range(verbs.MOST_ITEMS)))
    with pytest.raises(InvalidInput):
        verbs.add_product(session, SYSTEM, collection, make_product(session))


def test_a_mentor_dresses_no_window(session: Session) -> None:
    with pytest.raises(NotAllowed):
        verbs.create_collection(session, make_actor(session, Role.MENTOR), CollectionFacts(title_id="X", starts_on=clock.today()))
