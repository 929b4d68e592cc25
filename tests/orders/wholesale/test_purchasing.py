"""Buying: at the quoted price while it holds and once, at list price within the minimums, within limits and credit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from kernel import accounts, clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from orders.invariants import check_all
from orders.models.purchase import PurchaseLine, PurchaseOrder
from orders.wholesale import credit, offers, price_lists, purchasing
from orders.wholesale.credit import CreditUsedUp
from orders.wholesale.goods import NotOnList
from orders.wholesale.purchasing import NumberTaken, PriceMoved
from orders.wholesale.states import NotYourTurn, PurchaseState, WrongStage
from orders.wholesale.tiers import Tier
from tests.make import make_actor
from tests.make_trade import Trade, bought, divided, key, make_trade, offered, order_of, request, stock_cases
from tests.make_wholesale import make_buyer


def count(session: Session) -> int:
    return session.scalar(select(func.count(PurchaseOrder.id))) or 0


class TestAcceptingAQuote:
    def test_it_is_bought_at_the_quoted_price_whatever_the_list_says_since(self, session: Session) -> None:
        trade = make_trade(session)
        quote = offered(session, trade, 20, 16_000, freight=150_000, terms_bps=500)
        price_lists.set_prices(session, SYSTEM, trade.offer, (Tier(1, 24_000),))
        offers.close_offer(session, SYSTEM, trade.offer)
        purchase = purchasing.accept_quote(session, trade.buyer, quote.id, quote.turn, "PO/2026-11/7", key())
        assert (purchase.goods, purchase.terms, purchase.freight) == (7_680_000, 384_000, 150_000)
        assert (purchase.total, purchase.owed, purchase.payment_days) == (7_446_000, 7_446_000, 30)
        line = session.scalars(select(PurchaseLine).where(PurchaseLine.purchase_id == purchase.id)).one()
        assert (line.cases, line.units_per_case, line.unit_price) == (20, 24, 16_000)

    def test_accepted_twice_with_the_same_number_is_one_order(self, session: Session) -> None:
        trade = make_trade(session)
        quote = offered(session, trade)
        seen = quote.turn
        first = purchasing.accept_quote(session, trade.buyer, quote.id, seen, "PO-1", key())
        assert purchasing.accept_quote(session, trade.buyer, quote.id, seen, "PO-1", key()).id == first.id
        with pytest.raises(NotYourTurn):
            purchasing.accept_quote(session, trade.buyer, quote.id, seen, "PO-2", key())
        assert count(session) == 1

    def test_the_last_day_counts_and_the_day_after_does_not(self, session: Session) -> None:
        trade = make_trade(session)
        with clock.at(clock.now() - timedelta(days=10)):
            today, over = (
                offered(session, trade, valid_until_on=clock.today() + timedelta(days=10)),
                offered(session, trade, valid_until_on=clock.today() + timedelta(days=9)),
            )
        purchasing.accept_quote(session, trade.buyer, today.id, today.turn, "PO-1", key())
        with pytest.raises(NotYourTurn):
            purchasing.accept_quote(session, trade.buyer, over.id, over.turn, "PO-2", key())

    def test_what_is_only_asked_for_cannot_be_accepted(self, session: Session) -> None:
        trade = make_trade(session)
        quote = request(session, trade)
        with pytest.raises(NotYourTurn):
            purchasing.accept_quote(session, trade.buyer, quote.id, quote.turn, "PO-1", key())

    def test_a_rival_does_not_even_find_it(self, session: Session) -> None:
        trade, rival = make_trade(session), make_trade(session)
        quote = offered(session, trade)
        with pytest.raises(NotFound):
            purchasing.accept_quote(session, rival.buyer, quote.id, quote.turn, "PO-1", key())

    def test_a_number_is_good_for_one_order_of_a_partner_and_free_for_others(self, session: Session) -> None:
        trade, other = make_trade(session), make_trade(session)
        bought(session, trade, number="PO-1")
        bought(session, other, number="PO-1")
        quote = offered(session, trade)
        with pytest.raises(NumberTaken):
            purchasing.accept_quote(session, trade.buyer, quote.id, quote.turn, "PO-1", key())

    @pytest.mark.parametrize("number", ["", "   ", "=HYPERLINK()", "x" * 41, "PO\u202e1", "<b>"])
    def test_a_number_that_is_none_is_refused(self, session: Session, number: str) -> None:
        trade = make_trade(session)
        quote = offered(session, trade)
        with pytest.raises(InvalidInput):
            purchasing.accept_quote(session, trade.buyer, quote.id, quote.turn, number, key())


class TestBuyingFromTheList:
    def buy(self, session: Session, trade: Trade, cases: int = 20, **changes: object) -> PurchaseOrder:
        values = {"branch_code": trade.branch, "partner_number": "PO-1", "key": key()} | changes
        return purchasing.order_from_list(session, trade.buyer, {trade.offer.id: cases}, **values)  # type: ignore[arg-type]

    def test_the_step_that_the_quantity_reaches_is_the_price(self, session: Session) -> None:
        trade = make_trade(session, terms={"trading_terms_bps": 1_000})
        purchase = self.buy(session, trade, 10)
        assert (purchase.goods, purchase.terms, purchase.total) == (240 * 17_000, 408_000, 3_672_000)
        assert purchase.state is PurchaseState.OPEN

    def test_the_same_form_buys_once(self, session: Session) -> None:
        trade, form = make_trade(session), key()
        assert self.buy(session, trade, key=form).id == self.buy(session, trade, key=form).id
        assert count(session) == 1

    def test_below_a_minimum_nothing_is_sold(self, session: Session) -> None:
        trade = make_trade(session)
        with pytest.raises(InvalidInput):
            self.buy(session, trade, 1)
        offers.set_seller_terms(session, SYSTEM, trade.outlet, first_order_minimum=5_000_000, reorder_minimum=1_000_000, payment_days=0)
        with pytest.raises(InvalidInput):
            self.buy(session, trade, 10)
        bought(session, trade, number="PO-0")
        self.buy(session, trade, 10)

    def test_flavours_count_together(self, session: Session) -> None:
        trade = make_trade(session)
        mix = offers.create_mix(session, SYSTEM, trade.outlet, name_id="Keripik", name_en="Chips", minimum_cases=12)
        offers.set_mix(session, SYSTEM, trade.offer, mix)
        with pytest.raises(InvalidInput):
            self.buy(session, trade, 11)
        self.buy(session, trade, 12)

    def test_without_a_list_price_a_quote_is_needed(self, session: Session) -> None:
        trade = make_trade(session)
        price_lists.set_prices(session, SYSTEM, trade.offer, (Tier(50, 15_000),))
        with pytest.raises(NotOnList):
            self.buy(session, trade, 20)

    def test_a_total_that_moved_since_the_page_is_shown_first(self, session: Session) -> None:
        trade = make_trade(session)
        with pytest.raises(PriceMoved) as refusal:
            self.buy(session, trade, 20, seen_total=1)
        assert refusal.value.total == 480 * 17_000

    def test_what_is_not_delivered_there_is_refused(self, session: Session) -> None:
        trade = make_trade(session)
        trade.offer.delivery_prefixes = ["16.01"]
        session.flush()
        with pytest.raises(InvalidInput):
            self.buy(session, trade)

    def test_an_offer_that_was_closed_is_gone(self, session: Session) -> None:
        trade = make_trade(session)
        offers.close_offer(session, SYSTEM, trade.offer)
        with pytest.raises(NotFound):
            self.buy(session, trade)


class TestLimitsAndCredit:
    def test_above_a_buyers_limit_an_approver_decides_and_nothing_binds_before(self, session: Session) -> None:
        trade = make_trade(session)
        junior = accounts.as_actor(make_buyer(session, trade.partner, is_approver=False, order_limit=1_000_000))
        quote = offered(session, trade)
        purchase = purchasing.accept_quote(session, junior, quote.id, quote.turn, "PO-1", key())
        assert (purchase.state, credit.used(session, trade.partner.id)) == (PurchaseState.WAITING, 0)
        with pytest.raises(NotAllowed):
            purchasing.approve_purchase(session, junior, purchase.id)
        purchasing.approve_purchase(session, trade.buyer, purchase.id)
        assert (purchase.state, credit.used(session, trade.partner.id)) == (PurchaseState.OPEN, purchase.total)
        assert check_all(session) == []

    def test_a_month_has_a_limit_too(self, session: Session) -> None:
        trade = make_trade(session)
        junior = accounts.as_actor(make_buyer(session, trade.partner, is_approver=False, month_limit=10_000_000))
        states = []
        for number in range(2):
            quote = offered(session, trade)
            states.append(purchasing.accept_quote(session, junior, quote.id, quote.turn, f"PO-{number}", key()).state)
        assert states == [PurchaseState.OPEN, PurchaseState.WAITING]

    def test_whoever_bought_takes_back_what_still_waits_and_the_office_does_not(self, session: Session) -> None:
        trade = make_trade(session)
        junior, other = (make_buyer(session, trade.partner, is_approver=False, order_limit=1) for _each in range(2))
        quote = offered(session, trade)
        purchase = purchasing.accept_quote(session, accounts.as_actor(junior), quote.id, quote.turn, "PO-1", key())
        with pytest.raises(WrongStage):
            purchasing.cancel_purchase(session, SYSTEM, purchase.id, "Tidak jadi")
        with pytest.raises(NotAllowed):
            purchasing.cancel_purchase(session, accounts.as_actor(other), purchase.id, "Tidak jadi")
        purchasing.cancel_purchase(session, accounts.as_actor(junior), purchase.id, "Tidak jadi")
        assert (purchase.state, purchase.owed, credit.used(session, trade.partner.id)) == (PurchaseState.CANCELLED, 0, 0)
        with pytest.raises(WrongStage):
            purchasing.approve_purchase(session, trade.buyer, purchase.id)
        assert check_all(session) == []

    def test_an_approver_may_say_no(self, session: Session) -> None:
        trade = make_trade(session)
        junior = accounts.as_actor(make_buyer(session, trade.partner, is_approver=False, order_limit=1))
        quote = offered(session, trade)
        purchase = purchasing.accept_quote(session, junior, quote.id, quote.turn, "PO-1", key())
        purchasing.reject_purchase(session, trade.buyer, purchase.id, "Bulan depan saja")
        assert (purchase.state, purchase.owed) == (PurchaseState.REJECTED, 0)
        assert check_all(session) == []

    def test_a_partner_never_owes_more_than_its_credit(self, session: Session) -> None:
        trade = make_trade(session, terms={"credit_limit": 10_000_000})
        bought(session, trade, number="PO-1")
        with pytest.raises(CreditUsedUp) as refusal:
            bought(session, trade, number="PO-2")
        assert refusal.value.missing == 2 * 7_680_000 - 10_000_000

    def test_without_credit_an_order_is_paid_in_advance(self, session: Session) -> None:
        trade = make_trade(session, terms={"credit_limit": 0})
        purchase = bought(session, trade)
        assert (purchase.is_prepaid, credit.used(session, trade.partner.id)) == (True, 0)


class TestCallingOff:
    def test_goods_capacity_and_credit_are_free_again(self, session: Session) -> None:
        trade = make_trade(session)
        level = stock_cases(session, trade, trade.first, 4).level
        purchase = divided(session, trade)
        session.refresh(level)
        assert level.held == 4 * 24
        purchasing.cancel_purchase(session, SYSTEM, purchase.id, "Mitra tutup")
        session.refresh(level)
        assert (level.held, credit.used(session, trade.partner.id), purchase.outstanding) == (0, 0, 0)
        assert check_all(session) == []
        assert divided(session, trade, number="PO-2").state is PurchaseState.PREPARING

    def test_the_partner_may_until_makers_are_at_work(self, session: Session) -> None:
        trade = make_trade(session)
        purchasing.cancel_purchase(session, trade.buyer, bought(session, trade).id, "Salah jumlah")
        later = divided(session, trade, number="PO-2")
        with pytest.raises(NotAllowed):
            purchasing.cancel_purchase(session, trade.buyer, later.id, "Salah jumlah")

    def test_nobody_else_may(self, session: Session) -> None:
        trade, rival = make_trade(session), make_trade(session)
        purchase = bought(session, trade)
        with pytest.raises(NotFound):
            purchasing.cancel_purchase(session, rival.buyer, purchase.id, "Iseng saja")
        with pytest.raises(NotAllowed):
            purchasing.cancel_purchase(session, make_actor(session, Role.CASHIER, outlet_id=trade.outlet.id), purchase.id, "Iseng saja")

    def test_twice_is_refused(self, session: Session) -> None:
        trade = make_trade(session)
        purchase = bought(session, trade)
        purchasing.cancel_purchase(session, SYSTEM, purchase.id, "Mitra tutup")
        with pytest.raises(WrongStage):
            purchasing.cancel_purchase(session, SYSTEM, purchase.id, "Mitra tutup")


def test_the_placed_order_is_of_the_channel_wholesale_and_costs_what_was_bought(session: Session) -> None:
    trade = make_trade(session)
    purchase = divided(session, trade, freight=150_000, terms_bps=700)
    order = order_of(session, purchase)
    assert (order.channel.value, order.total, order.discount_total) == ("wholesale", purchase.total, purchase.terms)
    assert session.scalar(select(func.count(Variant.id))) == 2
