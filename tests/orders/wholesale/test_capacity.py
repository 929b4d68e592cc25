"""The capacity calendar: never more than a month has, once for each name, given back once, and never below what is promised."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from kernel.errors import InvalidInput
from kernel.people import SYSTEM
from orders.models.offer import Offer, OfferSource
from orders.wholesale.capacity import Capacity, CapacityTaken, check_calendar, give_back_capacity, map_capacity, set_month, take_capacity
from tests.make import make_outlet, make_product
from tests.make_wholesale import make_offer

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def source(session: Session) -> OfferSource:
    """A maker of a thousand units a month."""
    offer: Offer = make_offer(session, make_outlet(session), make_product(session).variants[0])
    session.refresh(offer, ["sources"])
    return offer.sources[0]


def december(session: Session, source: OfferSource) -> Capacity:
    return map_capacity(session, [source.id], [DECEMBER])[source.id, DECEMBER]


def test_a_month_gives_what_it_has_and_no_more(session: Session, source: OfferSource) -> None:
    assert take_capacity(session, source.id, date(2026, 12, 24), 600, "line:1")
    assert december(session, source).free == 400
    with pytest.raises(CapacityTaken), session.begin_nested():
        take_capacity(session, source.id, DECEMBER, 401, "line:2")
    assert take_capacity(session, source.id, DECEMBER, 400, "line:2")
    assert take_capacity(session, source.id, JANUARY, 1_000, "line:3")
    assert december(session, source) == Capacity(1_000, 1_000)
    assert check_calendar(session) == []


def test_one_name_takes_once(session: Session, source: OfferSource) -> None:
    assert take_capacity(session, source.id, DECEMBER, 600, "line:1")
    assert not take_capacity(session, source.id, DECEMBER, 600, "line:1")
    assert december(session, source).taken == 600


def test_what_is_given_back_is_free_again_once(session: Session, source: OfferSource) -> None:
    take_capacity(session, source.id, DECEMBER, 600, "line:1")
    assert give_back_capacity(session, "line:1")
    assert not give_back_capacity(session, "line:1")
    assert not give_back_capacity(session, "line:unknown")
    assert december(session, source) == Capacity(1_000, 0)
    assert check_calendar(session) == []


def test_a_month_is_not_set_below_what_is_promised(session: Session, source: OfferSource) -> None:
    set_month(session, SYSTEM, source, DECEMBER, 1_500)
    take_capacity(session, source.id, DECEMBER, 1_200, "line:1")
    with pytest.raises(InvalidInput):
        set_month(session, SYSTEM, source, DECEMBER, 1_199)
    set_month(session, SYSTEM, source, DECEMBER, 1_200)
    assert december(session, source).free == 0


def test_a_wrong_sum_is_found(session: Session, source: OfferSource) -> None:
    take_capacity(session, source.id, DECEMBER, 600, "line:1")
    session.refresh(source, ["months"])
    source.months[0].taken = 599
    session.flush()
    assert len(check_calendar(session)) == 1
