"""The shelves of the shop."""

import pytest
from sqlalchemy.orm import Session

from catalog.categories import create_category, get_category, list_categories
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Role
from tests.make import make_actor


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
