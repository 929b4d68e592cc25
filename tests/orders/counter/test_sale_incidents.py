"""What a manager hears of when a sale did not go by the rules: its price, what a cashier may not do alone, its voucher."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import ListingState, Price
from catalog.models.stock import Outlet
from kernel import clock
from orders.models.shift import IncidentKind
from orders.models.voucher import VoucherUse
from tests.make_consignment import breaches
from tests.make_counter import (
    Tablet,
    incidents,
    line_of,
    make_device,
    make_supervisor,
    sale_of,
    sell,
)
from tests.make_stock import make_goods
from tests.make_vouchers import make_voucher


class TestThePriceOfTheReceipt:
    """F28."""

    def test_is_honoured_and_the_difference_kept(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet, price=30_000)
        order = sell(session, tablet, lines=[line_of((goods, 2), price=25_000)])
        assert order.total == 50_000
        assert sale_of(session, order).price_difference == -10_000
        (incident,) = incidents(session)
        assert incident.kind is IncidentKind.PRICE_DIFFERS
        assert incident.detail["lines"][0]["our_price"] == 30_000
        assert breaches(session) == []

    def test_of_the_day_it_was_sold_is_ours(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        today = clock.today(tablet.outlet.zone)
        price = session.scalars(select(Price).where(Price.variant_id == goods.variant.id)).one()
        price.ends_on = today - timedelta(days=1)
        session.add(Price(variant_id=goods.variant.id, amount=40_000, starts_on=today))
        order = sell(session, tablet, lines=[line_of(goods, price=25_000)], at=clock.now() - timedelta(days=1))
        assert (sale_of(session, order).price_difference, incidents(session)) == (0, [])

    @pytest.mark.parametrize("change", ["withdrawn", "inactive", "no price"])
    def test_stands_although_the_product_is_gone(self, session: Session, tablet: Tablet, change: str) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        body = tablet.sale(goods)
        if change == "withdrawn":
            goods.product.state = ListingState.WITHDRAWN
        elif change == "inactive":
            goods.variant.is_active = False
        else:
            session.delete(session.scalars(select(Price).where(Price.variant_id == goods.variant.id)).one())
        order = sell(session, tablet, body=body)
        assert order.total == 25_000
        assert [each.kind for each in incidents(session)] == [IncidentKind.PRICE_DIFFERS]

    def test_stands_although_the_outlet_became_taxable(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        session.get_one(Outlet, tablet.outlet.id).is_taxable = True
        assert sell(session, tablet, goods).is_taxable
        assert incidents(session) == []


class TestWhatACashierMayNotDoAlone:
    """A18."""

    def test_a_discount_within_the_limit_is_nobodys_business(self, session: Session, tablet: Tablet) -> None:
        order = sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), discount=2_500, reason="langganan")
        assert (order.discount_total, sale_of(session, order).counter_discount, incidents(session)) == (2_500, 2_500, [])
        assert breaches(session) == []

    def test_beyond_it_a_manager_is_told(self, session: Session, tablet: Tablet) -> None:
        sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), discount=2_501)
        (incident,) = incidents(session)
        assert incident.kind is IncidentKind.NOT_ALLOWED
        assert incident.detail["what"] == ["discount_beyond_limit"]

    def test_unless_a_supervisor_allowed_it(self, session: Session, tablet: Tablet) -> None:
        boss = make_supervisor(session, tablet.outlet)
        supervision = {"code": boss.code, "reason": "kemasan penyok"}
        order = sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), discount=9_000, supervision=supervision)
        assert (sale_of(session, order).supervisor_id, incidents(session)) == (boss.id, [])

    def test_a_supervisor_of_another_outlet_allows_nothing(self, session: Session, tablet: Tablet) -> None:
        boss = make_supervisor(session, make_device(session).outlet)
        supervision = {"code": boss.code, "reason": "kemasan penyok"}
        sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), discount=9_000, supervision=supervision)
        assert [each.kind for each in incidents(session)] == [IncidentKind.NOT_ALLOWED]

    def test_a_price_changed_by_hand_needs_somebody(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        order = sell(session, tablet, lines=[line_of(goods) | {"unit_price": 20_000}])
        assert (order.total, sale_of(session, order).price_difference) == (20_000, -5_000)
        assert [each.detail["what"] for each in incidents(session)] == [["price_changed"]]

    def test_somebody_who_was_dismissed_sells_with_an_incident(self, session: Session, tablet: Tablet) -> None:
        tablet.cashier.is_active = False
        sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet))
        assert [each.detail["what"] for each in incidents(session)] == [["person_may_not_sell"]]


class TestVouchers:
    def test_one_that_is_good_is_used(self, session: Session, tablet: Tablet) -> None:
        voucher = make_voucher(session, tablet.outlet)
        goods = make_goods(session, 5, outlet=tablet.outlet)
        order = sell(session, tablet, goods, voucher=voucher.code, voucher_discount=10_000, discount=500)
        assert session.scalars(select(VoucherUse.amount).where(VoucherUse.order_id == order.id)).all() == [10_000]
        assert (sale_of(session, order).counter_discount, incidents(session)) == (500, [])
        assert breaches(session) == []

    def test_one_that_is_used_up_stands_as_the_counters_discount(self, session: Session, tablet: Tablet) -> None:
        voucher = make_voucher(session, tablet.outlet, use_limit=1)
        goods = make_goods(session, 5, outlet=tablet.outlet)
        sell(session, tablet, goods, voucher=voucher.code, voucher_discount=10_000)
        order = sell(session, tablet, goods, voucher=voucher.code, voucher_discount=10_000)
        assert sale_of(session, order).counter_discount == 10_000
        (incident,) = incidents(session)
        assert (incident.kind, incident.detail["why"]) == (IncidentKind.VOUCHER_OVER, "used_up")
        assert breaches(session) == []

    @pytest.mark.parametrize("code", ["K7QTX4MN34", "asal"])
    def test_one_that_nobody_knows_opens_an_incident(self, session: Session, tablet: Tablet, code: str) -> None:
        sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), voucher=code, voucher_discount=5_000)
        assert [each.detail["why"] for each in incidents(session)] == ["unknown"]
        assert breaches(session) == []

    def test_one_that_took_off_more_than_its_terms_is_used_with_an_incident(self, session: Session, tablet: Tablet) -> None:
        voucher = make_voucher(session, tablet.outlet)
        sell(session, tablet, make_goods(session, 5, outlet=tablet.outlet), voucher=voucher.code, voucher_discount=12_000)
        assert [each.detail["why"] for each in incidents(session)] == ["other_amount"]
        assert breaches(session) == []
