"""What the portal counts: days on the maker's clock, months, returns, what expires, and when the next statement comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from kernel import clock
from kernel.errors import NotFound
from orders.consignment.periods import midnight
from orders.portal import figures
from orders.portal.figures import Sold
from tests.make_consignment import day, make_agreement, make_consigned, sell

MIDNIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # 21 November begins in WIB


def test_a_sale_belongs_to_the_day_on_the_makers_clock(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = make_agreement(session, starts_on=date(2026, 1, 1))
    goods = make_consigned(session, agreement, 10)
    for moment in (MIDNIGHT - timedelta(seconds=1), MIDNIGHT):
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
        sell(session, goods)
    days = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)]
    one = Sold(1, 25_000, 21_250)
    assert figures.sold_by_day(session, [agreement.id], days, "WIB") == dict(zip(days, [Sold(), one, one], strict=True))
    assert figures.sold_by_day(session, [agreement.id], days, "WIT")[date(2026, 11, 21)] == Sold(2, 50_000, 42_500)
    assert figures.sold_today_and_since(session, [agreement.id], days[-1], days[-1].replace(day=1), "WIB") == (one, Sold(2, 50_000, 42_500))


def test_products_are_told_by_what_they_earned(session: Session) -> None:
    agreement = make_agreement(session)
    little, much = make_consigned(session, agreement), make_consigned(session, agreement)
    foreign = make_consigned(session, make_agreement(session))
    sell(session, little)
    sell(session, much, quantity=3)
    sell(session, foreign)
    page = figures.list_sold_products(session, [agreement.id], midnight(day(-1), "WIB"), midnight(day(1), "WIB"))
    assert [(row.slug, row.units) for row in page.rows] == [(much.product.slug, 3), (little.product.slug, 1)]
    assert page.total == 2


def test_places_tell_what_is_owed_and_left(session: Session) -> None:
    agreement = make_agreement(session)
    sell(session, make_consigned(session, agreement, 10), quantity=2)
    ended = make_agreement(session, maker=session.get_one(Maker, agreement.maker_id))
    ended.ends_on = clock.today()
    session.flush()
    places = {place.code: place for place in figures.list_places(session, agreement.maker_id)}
    here, there = places[agreement.code], places[ended.code]
    assert (here.owed, here.on_hand, here.on_its_way, here.is_open) == (42_500, 8, 0, True)
    assert (there.owed, there.on_hand, there.is_open) == (0, 0, False)
    with pytest.raises(NotFound):
        figures.get_place([there], agreement.code)


def test_what_expires_is_found_by_the_agreed_days(session: Session) -> None:
    early, usual = make_agreement(session, pull_out_days=60), make_agreement(session)
    soon = make_consigned(session, early, best_before_on=day(55))
    make_consigned(session, usual, best_before_on=day(55))
    near = make_consigned(session, usual, best_before_on=day(29))
    for agreement, goods in ((early, soon), (usual, near)):
        found = figures.list_expiring(session, figures.list_places(session, agreement.maker_id))
        assert [lot.level_id for lot in found] == [goods.level.id]
