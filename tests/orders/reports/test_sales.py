"""Reports add up to the books, whatever was sold, brought back, lost or called off."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.stock import LossCause, MovementKind, Outlet
from catalog.stock_moves import Change, change_levels
from kernel import clock
from kernel.clock import ZONES
from kernel.people import SYSTEM, Actor, Grant, Role
from orders import refunds
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry
from orders.models.order import Order, OrderLine
from orders.refund_states import RefundReason, ways_for
from orders.reports import goods as shelf
from orders.reports import losses, money, sales
from orders.reports.period import Period
from orders.reports.sales import Grouping, Sums
from orders.reports.scope import Scope, list_report_outlets
from orders.wholesale import invoices, packing, receiving
from orders.wholesale.invoices import Back
from orders.wholesale.packing import Load
from orders.wholesale.receiving import Claim
from tests.make import make_outlet
from tests.make_consignment import change, make_agreement, make_consigned, sell
from tests.make_counter import cash_tender, line_of, open_till, tender
from tests.make_counter import sell as sell_at_counter
from tests.make_orders import pay, place
from tests.make_stock import make_goods, stock_up
from tests.make_trade import UNITS, Trade, divided, make_trade, places, receive, stock_cases

NOON = datetime(2026, 11, 21, 5, tzinfo=ZONES["WIB"])


def scope_of(session: Session, *outlets: Outlet, first: date | None = None, last: date | None = None) -> Scope:
    """The last sixty days of the outlets, or the days given, beside as many before."""
    last = last or clock.today()
    first = first or last - timedelta(days=60)
    wanted = {outlet.id for outlet in outlets}
    places = tuple(place for place in list_report_outlets(session, SYSTEM) if place.id in wanted)
    days = timedelta(days=(last - first).days + 1)
    return Scope(places, Period(first, last), Period(first - days, first - timedelta(days=1)))


def bring_back(session: Session, order: Order, units: int = 1, *, fit: bool = True) -> None:
    """The buyer brings units of the first line back and is promised the money."""
    line_id = session.scalars(select(OrderLine.id).where(OrderLine.order_id == order.id).order_by(OrderLine.position)).first()
    payment = refunds.find_paid(session, order.id)
    assert line_id is not None
    assert payment is not None
    way = sorted(ways_for(payment.method))[0]
    wanted = {line_id: (units, fit)}
    refunds.request_refund(session, SYSTEM, order.id, wanted, RefundReason.OTHER, way, uuid4().hex, approval_above=10**9)


def in_books(session: Session, outlet: Outlet, account: ConsignmentAccount) -> int:
    """The sum on an account of all agreements of an outlet."""
    statement = select(func.coalesce(func.sum(ConsignmentEntry.amount), 0)).where(ConsignmentEntry.account == account)
    return int(session.scalar(statement.join(Agreement).where(Agreement.outlet_id == outlet.id)) or 0)


class TestTotals:
    @pytest.mark.parametrize("seed", range(4))
    def test_any_trade_adds_up_to_the_books(self, session: Session, seed: int) -> None:
        dice = random.Random(seed)
        outlet, other = make_outlet(session), make_outlet(session, zone="WIT")
        with time_machine.travel(NOON - timedelta(days=40), tick=False):
            shelves = [
                make_consigned(session, make_agreement(session, place), 60, price=dice.randrange(1, 90) * 333)
                for place in [outlet] * 3 + [other]
            ]
            own = make_goods(session, 60, outlet=outlet, price=7_777)
        orders: list[Order] = []
        own_sold = 0
        for day in range(30, -1, -3):
            with time_machine.travel(NOON - timedelta(days=day, hours=dice.randrange(24)), tick=False):
                units = dice.randrange(1, 4)
                orders.append(sell(session, dice.choice(shelves), quantity=units))
                if day % 2:
                    orders.append(sell(session, own, quantity=units))
                    own_sold += units * 7_777
                    if dice.random() < 0.5:
                        bring_back(session, orders[-1], fit=dice.random() < 0.5)
                        own_sold -= 7_777
                pay(session, place(session, dice.choice(shelves)))  # paid, not collected: not sold yet
                if dice.random() < 0.5:
                    bring_back(session, orders[0] if day == 30 else orders[-1 if not day % 2 else -2], fit=dice.random() < 0.5)
                change(session, shelves[0], -1, dice.choice([MovementKind.COUNTED, MovementKind.WRITTEN_OFF]))
        with time_machine.travel(NOON + timedelta(days=1), tick=False):
            scope = scope_of(session, outlet)
            found = sales.sum_sales(session, scope)
            books, _before = money.sum_makers(session, scope)
            booked = {account: in_books(session, outlet, account) for account in ConsignmentAccount}
            assert (books.sales, books.commission) == (booked[ConsignmentAccount.SALES], -booked[ConsignmentAccount.COMMISSION])
            assert found.now.gross - found.now.own == booked[ConsignmentAccount.SALES]
            assert found.now.commission == -booked[ConsignmentAccount.COMMISSION]
            assert found.now.own == own_sold
            assert found.now.gross == found.now.share + found.now.commission + found.now.own
            assert sum(row.paid for row in losses.list_losses(session, scope)) == books.losses == booked[ConsignmentAccount.LOSSES]
            assert sum(row.paid for row in losses.list_lost_goods(session, scope)) == books.losses
            total = Sums()
            for bucket in found.buckets.values():
                total.add(bucket)
            assert total == found.now
            for grouping in Grouping:
                total = Sums()
                for row in sales.group_sales(session, scope, grouping):
                    total.add(row.now)
                assert total == found.now, grouping
            lines = list(sales.stream_lines(session, scope))
            assert len(lines) == sales.count_lines(session, scope)
            assert sum(line.gross for line in lines) == found.now.gross
            assert sum(row.sold for row in shelf.list_goods(session, scope)) == found.now.quantity
            both = sales.sum_sales(session, scope_of(session, outlet, other)).now.gross
            assert both == found.now.gross + in_books(session, other, ConsignmentAccount.SALES)

    def test_a_promise_is_not_a_sale(self, session: Session) -> None:
        outlet = make_outlet(session)
        goods = make_consigned(session, make_agreement(session, outlet))
        pay(session, place(session, goods))
        assert sales.sum_sales(session, scope_of(session, outlet)).now == Sums()

    def test_nothing_at_all_is_nothing(self, session: Session) -> None:
        scope = scope_of(session)
        assert sales.sum_sales(session, scope).now == Sums()
        assert shelf.list_goods(session, scope) == []
        assert losses.list_losses(session, scope) == []
        assert losses.weigh_risk(session, scope) == losses.AtRisk()


class TestDays:
    def test_a_day_ends_at_the_outlets_own_midnight(self, session: Session) -> None:
        """15.30 UTC is 22.30 in Pendopo and already tomorrow, 00.30, in Jayapura."""
        west, east = make_outlet(session), make_outlet(session, zone="WIT")
        with time_machine.travel(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), tick=False):
            for outlet in (west, east):
                sell(session, make_consigned(session, make_agreement(session, outlet), price=10_000))
        with time_machine.travel(NOON, tick=False):
            day = date(2026, 11, 20)
            found = [sales.sum_sales(session, scope_of(session, outlet, first=day, last=day)) for outlet in (west, east)]
            assert [one.now.gross for one in found] == [10_000, 0]
            both = sales.sum_sales(session, scope_of(session, west, east, first=day, last=date(2026, 11, 21)))
            assert [sums.gross for sums in both.buckets.values()] == [10_000, 10_000]

    def test_the_period_before_stands_beside(self, session: Session) -> None:
        outlet = make_outlet(session)
        with time_machine.travel(NOON - timedelta(days=1), tick=False):
            goods = make_consigned(session, make_agreement(session, outlet), price=10_000)
            sell(session, goods, quantity=3)
        with time_machine.travel(NOON, tick=False):
            sell(session, goods)
            today = clock.today()
            found = sales.sum_sales(session, scope_of(session, outlet, first=today, last=today))
            assert (found.now.gross, found.before.gross) == (10_000, 30_000)


class TestGoods:
    def test_sell_through_and_days_on_the_shelf(self, session: Session) -> None:
        outlet = make_outlet(session)
        with time_machine.travel(NOON - timedelta(days=20), tick=False):
            goods = make_consigned(session, make_agreement(session, outlet), 10)
        with time_machine.travel(NOON - timedelta(days=10), tick=False):
            sell(session, goods, quantity=2)
        with time_machine.travel(NOON, tick=False):
            sell(session, goods, quantity=2)
            row = shelf.list_goods(session, scope_of(session, outlet))[0]
            assert (row.opening, row.came_in, row.sold, row.lost, row.closing) == (0, 10, 4, 0, 6)
            assert (row.sell_through_bps, row.days_to_sell, row.days_standing) == (4_000, 15, 20)
            today = clock.today()
            row = shelf.list_goods(session, scope_of(session, outlet, first=today, last=today))[0]
            assert (row.opening, row.came_in, row.sold, row.closing, row.sell_through_bps) == (8, 0, 2, 6, 2_500)

    def test_what_expires_and_what_was_lost_has_its_worth(self, session: Session) -> None:
        outlet = make_outlet(session)
        agreement = make_agreement(session, outlet)
        today = clock.today()
        make_consigned(
            session, agreement, 3, price=10_000, best_before_on=today - timedelta(days=1), produced_on=today - timedelta(days=90)
        )
        make_consigned(
            session, agreement, 4, price=10_000, best_before_on=today + timedelta(days=9), produced_on=today - timedelta(days=90)
        )
        goods = make_consigned(session, agreement, 5, price=10_000, best_before_on=None)
        own = make_goods(session, 5, outlet=outlet, price=5_000)
        change_levels(session, SYSTEM, [Change(own.level.id, -2)], MovementKind.COUNTED, reason="uji coba")
        change(session, goods, -2, MovementKind.WRITTEN_OFF)
        scope = scope_of(session, outlet)
        assert losses.weigh_risk(session, scope) == losses.AtRisk(3, 30_000, 4, 40_000)
        found = [(row.cause, row.is_own, row.quantity, row.worth, row.paid) for row in losses.list_losses(session, scope)]
        assert found == [(LossCause.DAMAGED, False, 2, 20_000, 17_000), (LossCause.LOST, True, 2, 10_000, 0)]


class TestReach:
    def test_people_see_their_own_outlets_only(self, session: Session) -> None:
        mine, other = make_outlet(session), make_outlet(session)
        manager = Actor(1, "M", (Grant(Role.OUTLET_MANAGER, outlet_id=mine.id),))
        assert [place.code for place in list_report_outlets(session, manager)] == [mine.code]
        curator = Actor(2, "K", (Grant(Role.CURATOR, area_prefix=mine.area_code),))
        assert {place.code for place in list_report_outlets(session, curator)} == {
            place.code for place in (mine, other) if place.area_code == mine.area_code
        }
        assert list_report_outlets(session, Actor(3, "C", (Grant(Role.CURATOR, area_prefix="94"),))) == ()
        assert list_report_outlets(session, Actor(4, "T", (Grant(Role.CASHIER, outlet_id=mine.id),))) == ()


class TestCounter:
    def test_a_variant_on_two_lines_of_a_receipt_counts_once_for_each(self, session: Session) -> None:
        tablet = open_till(session)
        own = make_goods(session, 20, outlet=tablet.outlet, price=10_000)
        consigned = make_consigned(session, make_agreement(session, tablet.outlet), 20, price=20_000)
        twice = [line_of((goods, 2)) for goods in (own, consigned)] + [line_of((goods, 3)) for goods in (own, consigned)]
        sell_at_counter(session, tablet, lines=twice)
        found = sales.sum_sales(session, scope_of(session, tablet.outlet)).now
        assert (found.quantity, found.gross, found.own) == (10, 150_000, 50_000)

    def test_a_split_payment_is_spread_over_its_ways_to_the_rupiah(self, session: Session) -> None:
        tablet = open_till(session)
        goods = make_goods(session, 20, outlet=tablet.outlet, price=10_001)
        split = [cash_tender(10_000), tender("qris", 10_002, "RRN0001"), tender("card", 10_001, "APPR01")]
        sell_at_counter(session, tablet, (goods, 3), tenders=split)
        sell_at_counter(session, tablet, goods)
        scope = scope_of(session, tablet.outlet)
        rows = {row.key: row.now for row in sales.group_sales(session, scope, Grouping.PAYMENT)}
        assert rows.keys() == {"cash", "qris", "card_terminal"}
        assert sum(row.gross for row in rows.values()) == 4 * 10_001
        assert sum(row.quantity for row in rows.values()) == 4
        assert rows["cash"].quantity == 2
        (line,) = [line for line in sales.list_lines(session, scope, 10) if line.quantity == 3]
        assert set(line.methods) == {"cash", "qris", "card_terminal"}


class TestWholesale:
    def test_what_a_partner_does_not_keep_is_taken_off_whoever_owned_it(self, session: Session) -> None:
        """The first maker's goods are the outlet's own, the second's are consigned."""
        trade = make_trade(session)
        own = session.get_one(Product, trade.first.product_id)
        session.refresh(own, ["variants"])
        stock_up(session, own, trade.outlet, 20 * UNITS)
        stock_cases(session, trade, trade.second, 20)
        purchase = divided(session, trade, 20)
        packing.pack(session, SYSTEM, purchase.id)
        packing.dispatch(session, SYSTEM, purchase.id, Load("Truk"))
        self.check(session, trade, 20 * UNITS)
        delivered = places(session, purchase)
        claims = {place: Claim(short=1, damaged=2, short_dated=3) for place in delivered}
        receive(session, trade, purchase, claims)
        receiving.settle_claims(session, SYSTEM, purchase.id, claims)
        self.check(session, trade, 20 * UNITS - 6 * len(delivered))
        invoice = invoices.issue_invoice(session, SYSTEM, purchase.id)
        back = {place: Back(5, is_fit) for place, is_fit in zip(delivered, (True, False), strict=True)}
        invoices.credit_goods(session, SYSTEM, invoice.id, back, "Rasanya lain", uuid4().hex)
        self.check(session, trade, 20 * UNITS - 11 * len(delivered))
        scope = scope_of(session, trade.outlet)
        before = money.sum_buyers(session, scope)[0].discounts
        invoices.credit_allowance(session, SYSTEM, invoice.id, 10_000, "Terlambat", uuid4().hex)
        buyers = money.sum_buyers(session, scope)[0]
        assert (buyers.allowances, buyers.discounts) == (10_000, before), "what a partner is let off is no discount on makers' goods"
        assert {row.key for row in sales.group_sales(session, scope, Grouping.PAYMENT)} == {""}, "bought on an invoice, paid or not"

    def check(self, session: Session, trade: Trade, units: int) -> None:
        """Units at the partner's price, in every report, and part of them the outlet's own."""
        scope = scope_of(session, trade.outlet)
        found = sales.sum_sales(session, scope).now
        assert (found.quantity, found.gross) == (units, units * 16_000)
        assert 0 < found.own < found.gross
        assert found.gross - found.own == in_books(session, trade.outlet, ConsignmentAccount.SALES)
        for grouping in Grouping:
            assert sum(row.now.gross for row in sales.group_sales(session, scope, grouping)) == found.gross, grouping
        assert sum(line.gross for line in sales.list_lines(session, scope, 50)) == found.gross
        assert sum(row.sold for row in shelf.list_goods(session, scope)) == units
        assert sales.count_orders(session, scope) == (1, 0)
