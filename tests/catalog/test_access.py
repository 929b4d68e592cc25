"""Rights reach as far as the area of the grant, never further."""

import pytest

from catalog.access import ensure_can
from kernel.errors import NotAllowed
from kernel.people import GUEST, SYSTEM, Actor, Grant, Permission, Role

CURATOR = Actor(user_id=1, name="Kurator", grants=(Grant(Role.CURATOR, area_prefix="16.12"),))


def test_a_curator_reaches_the_own_regency_only() -> None:
    ensure_can(CURATOR, Permission.EDIT_PRODUCTS, "16.12.01.2001")
    with pytest.raises(NotAllowed):
        ensure_can(CURATOR, Permission.EDIT_PRODUCTS, "16.13.01.2001")


def test_every_area_named_must_be_reached() -> None:
    with pytest.raises(NotAllowed):
        ensure_can(CURATOR, Permission.EDIT_PRODUCTS, "16.12.01.2001", "63.05.03.2009")


@pytest.mark.parametrize("area_codes", [(), ("16.12.01.2001",)])
def test_a_stranger_may_do_nothing(area_codes: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed):
        ensure_can(GUEST, Permission.EDIT_PRODUCTS, *area_codes)


def test_the_system_may_do_everything() -> None:
    ensure_can(SYSTEM, Permission.PUBLISH_PRODUCTS, "16.12.01.2001")
