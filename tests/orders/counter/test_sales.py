"""Counter sales: a receipt becomes an order with lines, payments, stock and credit; what does not fit opens incidents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks, stock
from catalog.models.maker import Maker
from catalog.models.stock import Batch, StockLevel
from kernel import clock
from kernel.people import SYSTEM
from orders import ledger
from orders.consignment.ledger import owed
from orders.counter.incidents import resolve_incident
from orders.counter.overselling import StillMissing
from orders.fulfilment import cancel_order
from orders.models.consignment import ConsignmentSale
from orders.models.order import Channel, Order, OrderLine, OrderState
from orders.models.payment import Account, Payment
from orders.models.shift import IncidentKind
from tests.make import make_product
from tests.make_consignment import breaches, make_agreement, make_consigned
from tests.make_counter import (
    Tablet,
    cash_tender,
    incidents,
    level_of,
    levels_used,
    line_of,
    make_till,
    open_till,
    sale_of,
    sell,
    sell_refused,
    tender,
)
from tests.make_orders import PICKUP, place
from tests.make_stock import Goods, make_goods, stock_up


class TestAReceipt:
    def test_becomes_a_completed_and_paid_order(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        order = sell(session, tablet, (goods, 2))
        assert (order.channel, order.state, order.total) == (Channel.COUNTER, OrderState.COMPLETED, 50_000)
        line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
        assert (line.quantity, line.unit_price, line.line_total) == (2, 25_000, 50_000)
        payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
        assert (payment.amount, payment.state.value, payment.method.value) == (50_000, "paid", "cash")
        sale = sale_of(session, order)
        assert (sale.cashier_id, sale.running) == (tablet.cashier.id, 1)
        assert level_of(session, goods) == (3, 0, 0)
        assert incidents(session) == []
        assert breaches(session) == []

    def test_can_be_paid_in_several_ways(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet, price=25_030)
        tenders = [cash_tender(10_030, given=20_000), tender("qris", 10_000), tender("card", 5_000, "AB 1234")]
        order = sell(session, tablet, goods, tenders=tenders)
        balance = ledger.balance(session, order.id)
        assert [balance[account] for account in (Account.CASH, Account.QRIS, Account.CARD, Account.ROUNDING)] == [10_000, 10_000, 5_000, 30]
        assert balance[Account.RECEIVABLE] == 0
        sale = sale_of(session, order)
        assert (sale.cash_given, sale.cash_change) == (20_000, 10_000)
        assert breaches(session) == []

    def test_may_name_a_variant_on_several_lines(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        order = sell(session, tablet, lines=[line_of((goods, 2)), line_of((goods, 1), lot=goods.batch.lot_code)])
        assert session.scalars(select(OrderLine.quantity).where(OrderLine.order_id == order.id).order_by(OrderLine.position)).all() == [
            2,
            1,
        ]
        assert breaches(session) == []

    def test_keeps_a_phone_that_can_be_called_and_stands_without_one_that_cannot(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        assert sell(session, tablet, goods, phone="0812 3456 7890").contact_phone == "+6281234567890"
        assert sell(session, tablet, goods, phone="12").contact_phone == ""

    def test_flags_a_number_that_proved_another_payment(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        first = sell(session, tablet, goods, tenders=[tender("qris", 25_000, "778899")])
        second = sell(session, tablet, goods, tenders=[tender("qris", 25_000, "77 88 99")])
        (incident,) = incidents(session)
        assert incident.kind is IncidentKind.REFERENCE_TWICE
        assert incident.order_id == second.id
        assert incident.detail["other_order"] == first.code
        assert breaches(session) == []


class TestWhereTheUnitsCameFrom:
    def test_the_scanned_lot_is_taken_although_another_expires_first(self, session: Session, tablet: Tablet) -> None:
        first = make_goods(session, 5, outlet=tablet.outlet)
        later = stock_up(session, first.product, tablet.outlet, 5, best_before_on=clock.today() + timedelta(days=300))
        order = sell(session, tablet, lines=[line_of(first, lot=later.batch.lot_code)])
        assert levels_used(session, order) == [(later.level.id, 1)]

    def test_without_a_lot_the_first_that_expires_goes_first(self, session: Session, tablet: Tablet) -> None:
        later = make_goods(session, 5, outlet=tablet.outlet)
        first = stock_up(session, later.product, tablet.outlet, 2, best_before_on=clock.today() + timedelta(days=9))
        order = sell(session, tablet, (later, 3))
        assert levels_used(session, order) == [(first.level.id, 2), (later.level.id, 1)]

    def test_what_is_free_goes_before_what_was_promised(self, session: Session, tablet: Tablet) -> None:
        first = make_goods(session, 1, outlet=tablet.outlet)
        place(session, first)
        later = stock_up(session, first.product, tablet.outlet, 1, best_before_on=clock.today() + timedelta(days=300))
        order = sell(session, tablet, first)
        assert levels_used(session, order) == [(later.level.id, 1)]
        assert incidents(session) == []

    def test_a_variant_that_never_stood_here_is_its_makers_under_an_agreement(self, session: Session, tablet: Tablet) -> None:
        agreement = make_agreement(session, tablet.outlet)
        elsewhere = make_consigned(session, agreement, 1)
        product = make_product(session, maker=session.get_one(Maker, agreement.maker_id))
        goods = Goods(product, product.variants[0], elsewhere.batch, tablet.outlet, elsewhere.level)
        order = sell(session, tablet, goods)
        level = session.get_one(StockLevel, levels_used(session, order)[0][0])
        assert (level.agreement_id, level.on_hand, level.oversold) == (agreement.id, -1, 1)
        assert session.get_one(Batch, level.batch_id).lot_code == "KASIR"
        assert owed(session, [agreement.id])[agreement.id] == 21_250
        assert breaches(session) == []

    def test_a_variant_of_a_maker_without_agreement_is_the_outlets_own(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 3)
        order = sell(session, tablet, goods)
        level = session.get_one(StockLevel, levels_used(session, order)[0][0])
        assert (level.agreement_id, level.batch_id, level.on_hand) == (None, goods.batch.id, -1)

    def test_a_lot_nobody_knows_is_as_good_as_none(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 3, outlet=tablet.outlet)
        order = sell(session, tablet, lines=[line_of(goods, lot="TAK-DIKENAL")])
        assert levels_used(session, order) == [(goods.level.id, 1)]

    def test_makers_are_credited_when_it_was_sold(self, session: Session, tablet: Tablet) -> None:
        agreement = make_agreement(session, tablet.outlet)
        goods = make_consigned(session, agreement, 3)
        moment = clock.now() - timedelta(hours=3)
        sell(session, tablet, (goods, 2), at=moment)
        fact = session.scalars(select(ConsignmentSale)).one()
        assert (fact.quantity, fact.gross, fact.share) == (2, 50_000, 42_500)
        assert abs(fact.occurred_at - moment) < timedelta(seconds=5)
        assert breaches(session) == []


class TestGoodsThatShouldNotHaveBeenSold:
    @pytest.mark.parametrize("act", [batch_blocks.block_batch, batch_blocks.recall_batch])
    def test_a_stopped_lot_stands_with_an_incident(self, session: Session, tablet: Tablet, act: object) -> None:
        goods = make_goods(session, 3, outlet=tablet.outlet)
        act(session, SYSTEM, goods.batch, "ada keluhan")  # type: ignore[operator]
        sell(session, tablet, lines=[line_of(goods, lot=goods.batch.lot_code)])
        (incident,) = incidents(session)
        assert (incident.kind, incident.quantity, incident.detail["why"]) == (IncidentKind.STOPPED_BATCH, 1, "stopped")
        assert level_of(session, goods) == (2, 0, 0)
        assert breaches(session) == []

    def test_an_expired_lot_stands_with_an_incident(self, session: Session, tablet: Tablet) -> None:
        product = make_product(session)
        yesterday = clock.today() - timedelta(days=1)
        goods = stock_up(session, product, tablet.outlet, 3, produced_on=None, best_before_on=yesterday)
        sell(session, tablet, goods)
        assert [(each.kind, each.detail["why"]) for each in incidents(session)] == [(IncidentKind.STOPPED_BATCH, "expired")]

    def test_on_its_last_day_nothing_is_wrong(self, session: Session, tablet: Tablet) -> None:
        goods = stock_up(session, make_product(session), tablet.outlet, 3, best_before_on=clock.today(tablet.outlet.zone))
        sell(session, tablet, goods)
        assert incidents(session) == []


class TestOverselling:
    def test_two_tills_sell_the_last_item_and_both_stand(self, session: Session) -> None:
        """F19."""
        first = open_till(session)
        second = open_till(session, make_till(session, first.outlet))
        agreement = make_agreement(session, first.outlet)
        goods = make_consigned(session, agreement, 1)
        sell(session, first, goods)
        sell(session, second, goods)
        assert level_of(session, goods) == (-1, 0, 1)
        (incident,) = incidents(session)
        assert (incident.kind, incident.quantity, incident.level_id) == (IncidentKind.OVERSOLD, 1, goods.level.id)
        assert owed(session, [agreement.id])[agreement.id] == 2 * 21_250
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 0}
        assert breaches(session) == []

    def test_it_ends_only_with_a_count(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 1, outlet=tablet.outlet)
        sell(session, tablet, (goods, 2))
        (incident,) = incidents(session)
        with pytest.raises(StillMissing), session.begin_nested():
            resolve_incident(session, SYSTEM, incident.code, "counted")
        stock.correct_stock(session, SYSTEM, tablet.outlet, goods.variant, goods.batch, 0, "dihitung ulang")
        resolve_incident(session, SYSTEM, incident.code, "counted")
        assert level_of(session, goods) == (0, 0, 0)
        resolve_incident(session, SYSTEM, incident.code, "counted")
        assert level_of(session, goods) == (0, 0, 0)
        assert breaches(session) == []

    def test_goods_that_come_in_fill_the_gap(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 1, outlet=tablet.outlet)
        sell(session, tablet, (goods, 3))
        stock.receive_stock(session, SYSTEM, tablet.outlet, goods.variant, goods.batch, 5, "delivery:late")
        assert level_of(session, goods) == (3, 0, 2)
        resolve_incident(session, SYSTEM, incidents(session)[0].code, "received")
        assert level_of(session, goods) == (3, 0, 0)
        assert breaches(session) == []

    def test_a_promised_piece_that_was_sold_names_the_order_it_hits(self, session: Session, tablet: Tablet) -> None:
        """F16: the sale stands; it ends when the buyer was refunded or gave way."""
        goods = make_goods(session, 2, outlet=tablet.outlet)
        promised = place(session, goods, payment_method=PICKUP)
        sell(session, tablet, (goods, 2))
        assert level_of(session, goods) == (0, 1, 1)
        (incident,) = incidents(session)
        assert incident.detail["orders"] == [{"order": promised.code, "quantity": 1}]
        assert breaches(session) == []
        with pytest.raises(StillMissing), session.begin_nested():
            resolve_incident(session, SYSTEM, incident.code, "refunded")
        cancel_order(session, SYSTEM, promised.id, "terjual di kasir")
        resolve_incident(session, SYSTEM, incident.code, "refunded")
        assert level_of(session, goods) == (0, 0, 0)
        assert breaches(session) == []

    def test_what_one_lot_lacks_is_not_taken_from_another(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 1, outlet=tablet.outlet)
        sell(session, tablet, lines=[line_of((goods, 3), lot=goods.batch.lot_code)])
        stock_up(session, goods.product, tablet.outlet, 5)
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 5}
        place(session, goods, quantity=5)
        assert breaches(session) == []

    def test_two_lines_of_one_receipt_open_one_incident(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 1, outlet=tablet.outlet)
        sell(session, tablet, lines=[line_of((goods, 2)), line_of((goods, 2))])
        assert [each.quantity for each in incidents(session)] == [3]
        assert breaches(session) == []


class TestWhatDoesNotAddUp:
    @pytest.mark.parametrize(
        "changes",
        [
            {"subtotal": 24_000},
            {"total": 24_000, "tenders": [cash_tender(24_000)]},
            {"tenders": [cash_tender(24_000)]},
            {"discount": 1_000, "total": 24_000, "tenders": [cash_tender(24_000)], "lines_discount": 0},
            {"tenders": [{"method": "cash", "amount": 25_000, "cash": 25_000, "given": 30_000, "change": 4_000}]},
            {"tenders": [{"method": "cash", "amount": 25_000, "cash": 24_000, "given": 24_000, "change": 0}]},
        ],
    )
    def test_is_refused_and_changes_nothing(self, session: Session, tablet: Tablet, changes: dict[str, object]) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        body = tablet.sale(goods)
        changes = {key: value for key, value in changes.items() if key != "lines_discount"}
        reason = sell_refused(session, tablet, body | changes)
        assert reason
        assert level_of(session, goods) == (5, 0, 0)
        assert session.scalar(select(Order.id)) is None
        assert breaches(session) == []

    def test_an_unknown_variant_and_an_unknown_cashier_are_refused_by_name(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        assert "TIDAKADA" in sell_refused(session, tablet, tablet.sale(lines=[line_of(goods) | {"variant": "TIDAKADA"}]))
        assert "XXXXXXXX" in sell_refused(session, tablet, tablet.sale(goods, cashier="XXXXXXXX"))

    def test_a_receipt_number_that_was_used_is_refused(self, session: Session, tablet: Tablet) -> None:
        goods = make_goods(session, 5, outlet=tablet.outlet)
        first = tablet.sale(goods)
        sell(session, tablet, body=first)
        again = tablet.sale(goods) | {"receipt": first["receipt"]}
        assert first["receipt"] in sell_refused(session, tablet, again)
        assert level_of(session, goods) == (4, 0, 0)
