"""Closed statements never change: what comes late stands on the next one, and every figure is the ledger's (F24)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog.models.stock import LossCause, MovementKind
from kernel import clock
from kernel.errors import NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from orders import fulfilment
from orders.consignment import agreements, fees, goods, ledger, sales, statement_content, statements
from orders.consignment.statements import AlreadyClosed, NotOverYet
from orders.models.agreement import Agreement, Rhythm, TermsModel
from orders.models.order import OrderState
from tests.make import make_actor, make_outlet
from tests.make_consignment import breaches, change, day, draft_content, make_agreement, make_consigned, sell, terms
from tests.make_orders import pay, place
from tests.orders.test_refunds import refund

NOON = "2026-11-20T05:00:00+00:00"


def sell_late(session: Session, *wares: object, occurred_at: object) -> None:
    """A sale that was made offline at `occurred_at` and is only written now."""
    order = pay(session, place(session, *wares))  # type: ignore[arg-type]
    held = fulfilment.allocations_of(session, [order.id])[order.id]
    from catalog import stock

    stock.take_held(session, held, f"order:{order.code}")
    sales.book_sales(session, order.id, f"order:{order.code}", occurred_at=occurred_at)  # type: ignore[arg-type]
    order.state, order.hold_until, order.completed_at = OrderState.COMPLETED, None, clock.now()
    session.flush()


class TestClosing:
    def test_a_statement_adds_up(self, session: Session) -> None:
        with time_machine.travel(NOON, tick=False):
            agreement = make_agreement(session)
            chips = make_consigned(session, agreement, 20)
            rice = make_consigned(session, agreement, 5, price=10_000)
            order = sell(session, chips, rice, quantity=3)
            refund(session, order, 1, 0)
            change(session, rice, -2, MovementKind.RETURNED_TO_MAKER)
            goods.write_off(session, SYSTEM, chips.level.id, 4, LossCause.DAMAGED, "terjatuh")
            change(session, chips, -1, MovementKind.COUNTED)
        with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
            closed = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))
        content = statement_content.read(closed.content)
        by_code = {line.code: line for line in content.lines}
        line = by_code[chips.variant.code]
        assert (line.received, line.sold, line.returned, line.damaged, line.lost, line.on_hand) == (20, 3, 1, 4, 1, 13)
        assert (by_code[rice.variant.code].returned_to_maker, by_code[rice.variant.code].on_hand) == (2, 0)
        assert (content.gross, content.commission, content.share) == (80_000, 12_000, 68_000)
        assert content.losses == 5 * 21_250
        assert content.owed == content.share + content.losses == ledger.owed(session, [agreement.id])[agreement.id] == closed.owed
        assert statement_content.write(content) == closed.content
        for goods_on_shelf in (chips, rice):
            session.refresh(goods_on_shelf.level)
            assert by_code[goods_on_shelf.variant.code].on_hand == goods_on_shelf.level.on_hand
        assert breaches(session) == []

    def test_late_sales_stand_on_the_next_statement_and_the_closed_one_keeps_its_hash(self, session: Session) -> None:
        """F24: twenty sales arrive from a till that was offline while the period was closed."""
        with time_machine.travel(NOON, tick=False):
            agreement = make_agreement(session)
            wares = make_consigned(session, agreement, 40)
            sell(session, wares)
            happened = clock.now()
        with time_machine.travel("2026-11-22T05:00:00+00:00", tick=False):
            first = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 21))
            before = (first.content, first.content_hash)
            for _sale in range(20):
                sell_late(session, wares, occurred_at=happened)
            assert ledger.owed(session, [agreement.id], first.until_at)[agreement.id] == 21_250
        with time_machine.travel("2026-11-23T05:00:00+00:00", tick=False):
            second = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 22))
        session.refresh(first)
        assert (first.content, first.content_hash) == before
        content = statement_content.read(second.content)
        assert (content.opening, content.total("sold"), content.share, content.owed) == (21_250, 20, 425_000, 446_250)
        assert (content.previous_hash, content.total("on_hand")) == (first.content_hash, 19)
        assert breaches(session) == []

    def test_what_happened_before_the_end_and_is_written_before_closing_belongs_to_the_period(self, session: Session) -> None:
        with time_machine.travel(NOON, tick=False):
            agreement = make_agreement(session)
            wares = make_consigned(session, agreement)
            happened = clock.now()
        with time_machine.travel("2026-11-22T05:00:00+00:00", tick=False):
            sell_late(session, wares, occurred_at=happened)
            sell(session, wares)
            closed = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))
            assert statement_content.read(closed.content).total("sold") == 1
            assert closed.owed == 21_250

    def test_the_day_ends_at_midnight_of_the_outlet(self, session: Session) -> None:
        outlet = make_outlet(session, zone="WITA")
        with time_machine.travel("2026-11-20T15:59:59+00:00", tick=False):  # 23.59 WITA
            agreement = make_agreement(session, outlet)
            wares = make_consigned(session, agreement)
            sell(session, wares)
        with time_machine.travel("2026-11-20T16:00:00+00:00", tick=False):  # midnight
            sell(session, wares, quantity=2)
            closed = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))
        assert closed.owed == 21_250

    def test_a_day_that_is_not_over_or_closed_already_is_refused(self, session: Session) -> None:
        agreement = make_agreement(session)
        with pytest.raises(NotOverYet):
            statements.close_statement(session, SYSTEM, agreement.id, day(0))
        statements.close_statement(session, SYSTEM, agreement.id, day(-1))
        for again in (day(-1), day(-5)):
            with pytest.raises(AlreadyClosed):
                statements.close_statement(session, SYSTEM, agreement.id, again)

    def test_only_whoever_manages_agreements_closes_and_sees_it(self, session: Session) -> None:
        agreement = make_agreement(session)
        cashier = make_actor(session, Role.CASHIER, outlet_id=agreement.outlet_id)
        elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
        for stranger in (cashier, elsewhere):
            with pytest.raises(NotAllowed):
                statements.close_statement(session, stranger, agreement.id, day(-1))
        closed = statements.close_statement(session, SYSTEM, agreement.id, day(-1))
        with pytest.raises(NotFound):
            statements.get_statement(session, elsewhere, closed.code)
        manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=agreement.outlet_id)
        assert statements.get_statement(session, manager, closed.code).id == closed.id

    @pytest.mark.parametrize("act", ["UPDATE maker_statements SET owed = owed + 1", "DELETE FROM maker_statements"])
    def test_the_database_refuses_to_change_a_closed_statement(self, session: Session, act: str) -> None:
        statements.close_statement(session, SYSTEM, make_agreement(session).id, day(-1))
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(act))

    def test_a_draft_is_what_closing_would_say(self, session: Session) -> None:
        with time_machine.travel(NOON, tick=False):
            agreement = make_agreement(session)
            sell(session, make_consigned(session, agreement))
        with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
            draft = draft_content(session, agreement.id)
            closed = statement_content.read(statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20)).content)
        assert (draft.lines, draft.owed) == (closed.lines, closed.owed)


class TestFees:
    def test_each_month_costs_its_fee_once(self, session: Session) -> None:
        with time_machine.travel("2026-09-10T05:00:00+00:00", tick=False):
            agreement = make_agreement(session, model=TermsModel.MONTHLY_FEE, fee=40_000, starts_on=date(2026, 9, 10))
        with time_machine.travel("2026-11-05T05:00:00+00:00", tick=False):
            agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=date(2026, 11, 15)))
            first = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 10, 31))
            second = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 4))
        assert (first.owed, second.owed) == (-80_000, -120_000)
        with time_machine.travel("2027-01-05T05:00:00+00:00", tick=False):
            third = statements.close_statement(session, SYSTEM, agreement.id, date(2027, 1, 4))
        assert third.owed == -120_000
        assert [note.reason for note in statement_content.read(first.content).notes] == ["2026-09", "2026-10"]

    def test_a_correction_is_booked_once_and_says_why(self, session: Session) -> None:
        agreement = make_agreement(session)
        for _click in range(2):
            fees.correct_balance(session, SYSTEM, agreement.id, -5_000, "Kelebihan bayar bulan lalu", "k" * 16)
        closed = statements.close_statement(session, SYSTEM, agreement.id, day(-1))
        assert (closed.owed, ledger.owed(session, [agreement.id])[agreement.id]) == (0, -5_000)
        content = draft_content(session, agreement.id)
        assert [(note.amount, note.reason) for note in content.notes] == [(-5_000, "Kelebihan bayar bulan lalu")]


def test_due_is_what_the_rhythm_says(session: Session) -> None:
    with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):  # a Saturday
        outlet = make_outlet(session)
        for rhythm, rhythm_day in ((Rhythm.MONTHLY, 5), (Rhythm.WEEKLY, 6), (Rhythm.ON_CALL, 0), (Rhythm.FORTNIGHTLY, 0)):
            make_agreement(session, outlet, rhythm=rhythm, rhythm_day=rhythm_day, starts_on=date(2026, 10, 1))
        due = statements.list_due(session, outlet)
        assert [each.up_to for each in due] == [date(2026, 11, 4), date(2026, 11, 20), date(2026, 11, 11)]
        for each in due:
            statements.close_statement(session, SYSTEM, each.agreement_id, each.up_to)
        assert statements.list_due(session, outlet) == []


def test_an_ended_agreement_is_due_until_its_goods_and_facts_are_told(session: Session) -> None:
    outlet = make_outlet(session)
    with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
        agreement = make_agreement(session, outlet, starts_on=date(2026, 10, 1))
        wares = make_consigned(session, agreement, 1)
        agreements.end_agreement(session, SYSTEM, agreement.id, date(2026, 11, 21))
        statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 4))
    with time_machine.travel("2026-12-05T05:00:00+00:00", tick=False):
        assert [each.up_to for each in statements.list_due(session, outlet)] == [date(2026, 12, 4)], "one pack is still there"
        sell(session, wares)
        statements.close_statement(session, SYSTEM, agreement.id, date(2026, 12, 4))
    with time_machine.travel("2027-01-05T05:00:00+00:00", tick=False):
        assert [each.up_to for each in statements.list_due(session, outlet)] == [date(2027, 1, 4)], "the sale is not told"
        statements.close_statement(session, SYSTEM, agreement.id, date(2027, 1, 4))
    with time_machine.travel("2027-02-05T05:00:00+00:00", tick=False):
        assert statements.list_due(session, outlet) == []


def test_the_stream_of_sales_is_the_statements_own(session: Session) -> None:
    with time_machine.travel(NOON, tick=False):
        agreement = make_agreement(session)
        wares = make_consigned(session, agreement)
        order = sell(session, wares, quantity=2)
        refund(session, order, 1)
    with time_machine.travel("2026-11-21T05:00:00+00:00", tick=False):
        closed = statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 20))
        sell(session, wares)
    rows = list(statements.stream_sales(session, closed))
    assert [row.quantity for row in rows] == [2, -1]
    assert sum(row.share for row in rows) == closed.owed
    assert rows[0].occurred_at + timedelta(0) == rows[0].occurred_at
    assert session.get_one(Agreement, agreement.id).closed_until_at == closed.until_at
