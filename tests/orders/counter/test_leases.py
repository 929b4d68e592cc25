"""Units that a till keeps for itself: its share of what is scarce, used first when it sells, and given back once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import stock
from kernel import clock
from kernel.people import SYSTEM
from orders.counter.devices import revoke_device
from orders.counter.leases import SCARCE, end_expired_leases, list_leases, renew_leases
from orders.models.till import StockLease
from tests.make_consignment import breaches
from tests.make_counter import Tablet, incidents, make_till, open_till, sell
from tests.make_orders import place
from tests.make_stock import Goods, make_goods, stock_up


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A till that may keep three of each."""
    return open_till(session, make_till(session, lease_units=3))


def kept(session: Session, tablet: Tablet) -> dict[str, int]:
    return {each.variant_code: each.units for each in renew_leases(session, tablet.device)}


def free(session: Session, goods: Goods) -> int:
    return stock.available(session, [goods.variant.id])[goods.variant.id]


@pytest.mark.parametrize(("there", "share"), [(1, 0), (2, 1), (3, 1), (4, 2), (6, 3), (20, 3), (SCARCE, 3), (SCARCE + 1, 0)])
def test_a_till_shares_what_is_scarce_with_the_web(session: Session, tablet: Tablet, there: int, share: int) -> None:
    goods = make_goods(session, there, outlet=tablet.outlet)
    assert kept(session, tablet).get(goods.variant.code, 0) == share
    assert free(session, goods) == there - share
    assert breaches(session) == []


def test_two_tills_and_the_web_share_alike(session: Session, tablet: Tablet) -> None:
    other = open_till(session, make_till(session, tablet.outlet, lease_units=3))
    goods = make_goods(session, 6, outlet=tablet.outlet)
    assert kept(session, tablet) == kept(session, other) == {goods.variant.code: 2}
    assert free(session, goods) == 2
    assert breaches(session) == []


def test_a_till_that_keeps_nothing_holds_nothing(session: Session) -> None:
    tablet = open_till(session)
    make_goods(session, 6, outlet=tablet.outlet)
    assert kept(session, tablet) == {}


def test_renewing_changes_nothing_but_the_end(session: Session, tablet: Tablet) -> None:
    make_goods(session, 6, outlet=tablet.outlet)
    (first,) = renew_leases(session, tablet.device)
    (second,) = renew_leases(session, tablet.device)
    assert (first.units, second.units) == (3, 3)
    assert second.expires_at >= first.expires_at
    assert list_leases(session, tablet.device.id) == [second]
    assert breaches(session) == []


def test_the_share_shrinks_when_the_web_has_sold_its_part(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 6, outlet=tablet.outlet)
    kept(session, tablet)
    place(session, goods, quantity=3)
    assert kept(session, tablet) == {goods.variant.code: 1}
    assert free(session, goods) == 2
    assert breaches(session) == []


def test_its_own_units_are_sold_first(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 6, outlet=tablet.outlet)
    kept(session, tablet)
    place(session, goods, quantity=3)
    sell(session, tablet, (goods, 2))
    session.refresh(goods.level)
    assert (goods.level.on_hand, goods.level.held) == (4, 4)
    assert [each.units for each in list_leases(session, tablet.device.id)] == [1]
    sell(session, tablet, (goods, 1))
    assert incidents(session) == []
    assert breaches(session) == []


def test_another_till_does_not_sell_them_while_anything_is_free(session: Session, tablet: Tablet) -> None:
    other = open_till(session, make_till(session, tablet.outlet))
    goods = make_goods(session, 6, outlet=tablet.outlet)
    kept(session, tablet)
    sell(session, other, (goods, 3))
    assert incidents(session) == []
    assert [each.units for each in list_leases(session, tablet.device.id)] == [3]
    sell(session, other, (goods, 1))
    assert [each.quantity for each in incidents(session)] == [1]
    assert breaches(session) == []
    assert kept(session, tablet) == {goods.variant.code: 1}
    assert free(session, goods) == 1
    assert breaches(session) == []


def test_a_lease_that_is_over_ends_once(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 6, outlet=tablet.outlet)
    kept(session, tablet)
    assert end_expired_leases(session) == 0
    session.execute(update(StockLease).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert (end_expired_leases(session), end_expired_leases(session)) == (1, 0)
    assert free(session, goods) == 6
    assert list_leases(session, tablet.device.id) == []
    sell(session, tablet, (goods, 2))
    assert breaches(session) == []


def test_a_revoked_device_gives_everything_back(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 6, outlet=tablet.outlet)
    kept(session, tablet)
    revoke_device(session, SYSTEM, tablet.device.code)
    assert free(session, goods) == 6
    assert kept(session, tablet) == {}
    assert breaches(session) == []


def test_what_may_not_be_sold_is_not_kept(session: Session, tablet: Tablet) -> None:
    goods = make_goods(session, 6, outlet=tablet.outlet)
    past = stock_up(session, goods.product, tablet.outlet, 6, produced_on=None, best_before_on=clock.today() - timedelta(days=1))
    kept(session, tablet)
    leased = session.scalars(select(StockLease.level_id)).all()
    assert leased == [goods.level.id]
    assert past.level.id not in leased
