"""The shelves of the shop."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.categories import change_category, count_products, create_category, get_category, list_categories
from catalog.models.product import ListingState
from catalog.models.search import SearchQueueEntry
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Role
from tests.make import make_actor, make_product


def test_shelves_come_in_their_order(session: Session) -> None:
    create_category(session, SYSTEM, name_id="Kerajinan", name_en="Crafts", position=2)
    create_category(session, make_actor(session, Role.CURATOR, area_prefix="16.12"), name_id="Makanan ringan", name_en="Snacks", position=1)
    assert [category.slug for category in list_categories(session)] == ["makanan-ringan", "kerajinan"]
    assert get_category(session, "kerajinan").name_en == "Crafts"


def test_a_shelf_without_a_name_and_a_stranger_are_refused(session: Session) -> None:
    with pytest.raises(InvalidInput):
        create_category(session, SYSTEM, name_id=" ", name_en="Crafts")
    with pytest.raises(NotAllowed):
        create_category(session, GUEST, name_id="Kerajinan", name_en="Crafts")
    with pytest.raises(NotFound):
        get_category(session, "nothing")


def test_a_shelf_is_renamed_under_its_address_and_its_live_products_are_indexed_anew(session: Session) -> None:
    product = make_product(session)
    draft = make_product(session, state=ListingState.DRAFT)
    shelf = get_category(session, "makanan-ringan")
    assert count_products(session) == {shelf.id: 2}
    session.execute(delete(SearchQueueEntry))
    change_category(session, SYSTEM, shelf, name_id="Camilan", name_en="Snacks", position=3)
    assert (get_category(session, "makanan-ringan").name_id, shelf.position) == ("Camilan", 3)
    waiting = session.scalars(select(SearchQueueEntry.product_id)).all()
    assert product.id in waiting
    assert draft.id not in waiting
    with pytest.raises(NotAllowed):
        change_category(session, GUEST, shelf, name_id="X", name_en="Y", position=1)
