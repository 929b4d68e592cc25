"""Stock: what may be promised, out of which batch, and that every change leaves a movement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.search import SearchQueueEntry
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from catalog.stock_balances import check_balances
from catalog.stock_locks import Allocation, StockBroken
from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Role
from tests.conftest import StatementCounter
from tests.make import make_actor, make_outlet, make_product, make_variant
from tests.make_stock import make_goods, on_hand_and_held, stock_up


def movements(session: Session, level_id: int) -> list[tuple[MovementKind, int, int]]:
    rows = session.scalars(select(StockMovement).where(StockMovement.level_id == level_id).order_by(StockMovement.id))
    return [(row.kind, row.on_hand_change, row.held_change) for row in rows]


def dirty(session: Session) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(SearchQueueEntry)) or 0


class TestReceiving:
    def test_units_arrive_on_the_level_of_their_batch_with_a_movement_and_an_audit_row(self, session: Session) -> None:
        goods = make_goods(session, 10)
        stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 5, "delivery:SJ-2")
        assert on_hand_and_held(session, goods) == (15, 0)
        assert movements(session, goods.level.id) == [(MovementKind.RECEIVED, 10, 0), (MovementKind.RECEIVED, 5, 0)]
        assert audit.list_for(session, f"variant:{goods.variant.code}")[0].details["quantity"] == 5

    @pytest.mark.parametrize("quantity", [0, -1, 100_001, 1.5, True, float("nan")])
    def test_a_quantity_that_cannot_be_is_refused(self, session: Session, quantity: int) -> None:
        goods = make_goods(session)
        with pytest.raises(InvalidInput):
            stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, quantity, "delivery:x")
        assert on_hand_and_held(session, goods) == (10, 0)

    def test_a_batch_of_another_product_is_refused(self, session: Session) -> None:
        goods, other = make_goods(session), make_goods(session)
        with pytest.raises(InvalidInput):
            stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, other.batch, 1, "delivery:x")

    def test_only_those_who_manage_this_outlet_may_change_its_stock(self, session: Session) -> None:
        goods = make_goods(session)
        manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
        stock.receive_stock(session, manager, goods.outlet, goods.variant, goods.batch, 1, "delivery:x")
        elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
        cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
        for stranger in (elsewhere, cashier, GUEST):
            with pytest.raises(NotAllowed):
                stock.receive_stock(session, stranger, goods.outlet, goods.variant, goods.batch, 1, "delivery:x")
            with pytest.raises(NotAllowed):
                stock.correct_stock(session, stranger, goods.outlet, goods.variant, goods.batch, 1, "hitung ulang")


class TestCorrecting:
    def test_the_count_becomes_the_truth_and_the_difference_a_movement(self, session: Session) -> None:
        goods = make_goods(session, 10)
        stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 7, "tiga hilang saat dihitung")
        assert on_hand_and_held(session, goods) == (7, 0)
        assert movements(session, goods.level.id)[-1] == (MovementKind.CORRECTED, -3, 0)

    def test_broken_goods_are_written_off(self, session: Session) -> None:
        goods = make_goods(session, 10)
        stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 8, "pecah", kind=MovementKind.WRITTEN_OFF)
        assert movements(session, goods.level.id)[-1] == (MovementKind.WRITTEN_OFF, -2, 0)

    def test_the_same_count_changes_nothing(self, session: Session) -> None:
        goods = make_goods(session, 10)
        stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 10, "hitung rutin")
        assert len(movements(session, goods.level.id)) == 1

    @pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 241])
    def test_a_reason_is_required(self, session: Session, reason: str) -> None:
        goods = make_goods(session)
        with pytest.raises(InvalidInput, match="reason"):
            stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 1, reason)

    def test_a_count_below_what_is_held_is_refused_and_says_how_many(self, session: Session) -> None:
        goods = make_goods(session, 10)
        stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 4}, "order:A")
        with pytest.raises(stock.BelowHeld) as refusal:
            stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 3, "hitung ulang")
        assert refusal.value.params == {"held": 4}
        stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 4, "hitung ulang")
        assert on_hand_and_held(session, goods) == (4, 4)


class TestHolding:
    def test_a_hold_is_not_available_to_others(self, session: Session) -> None:
        goods = make_goods(session, 10)
        held = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 4}, "order:A")
        assert held == [Allocation(goods.level.id, goods.variant.id, 4)]
        assert on_hand_and_held(session, goods) == (10, 4)
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 6}

    def test_the_batch_that_expires_first_goes_first_and_one_without_a_date_last(self, session: Session) -> None:
        outlet, product, today = make_outlet(session), make_product(session), clock.today()
        undated = stock_up(session, product, outlet, 5, produced_on=None, best_before_on=None)
        late = stock_up(session, product, outlet, 5, best_before_on=today + timedelta(days=90))
        soon = stock_up(session, product, outlet, 5, best_before_on=today + timedelta(days=9))
        held = stock.hold_stock(session, outlet.id, {soon.variant.id: 12}, "order:A")
        assert {allocation.level_id: allocation.quantity for allocation in held} == {
            soon.level.id: 5,
            late.level.id: 5,
            undated.level.id: 2,
        }

    def test_an_expired_batch_is_never_promised_and_its_last_day_still_counts(self, session: Session) -> None:
        outlet, product, today = make_outlet(session), make_product(session), clock.today()
        goods = stock_up(session, product, outlet, 5, best_before_on=today)
        assert stock.available(session, [goods.variant.id], outlet.id) == {goods.variant.id: 5}
        with time_machine.travel(clock.now() + timedelta(days=1)):
            assert stock.available(session, [goods.variant.id], outlet.id) == {goods.variant.id: 0}
            with pytest.raises(stock.OutOfStock):
                stock.hold_stock(session, outlet.id, {goods.variant.id: 1}, "order:A")

    def test_the_day_ends_where_the_outlet_stands(self, session: Session) -> None:
        product = make_product(session)
        with time_machine.travel(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), tick=False):
            west, east = make_outlet(session, zone="WIB"), make_outlet(session, zone="WIT")
            goods = stock_up(session, product, west, 2, best_before_on=clock.today())
            stock_up(session, product, east, 3, best_before_on=clock.today())
        with time_machine.travel(datetime(2026, 11, 21, 15, 30, tzinfo=UTC), tick=False):  # 22.30 WIB, 00.30 WIT next day
            assert stock.available(session, [goods.variant.id], west.id) == {goods.variant.id: 2}
            assert stock.available(session, [goods.variant.id], east.id) == {goods.variant.id: 0}

    def test_too_much_is_refused_naming_each_item_and_what_is_left(self, session: Session) -> None:
        outlet = make_outlet(session)
        scarce, plenty = make_goods(session, 2, outlet=outlet), make_goods(session, 50, outlet=outlet)
        with pytest.raises(stock.OutOfStock) as refusal:
            stock.hold_stock(session, outlet.id, {scarce.variant.id: 3, plenty.variant.id: 5}, "order:A")
        (item,) = refusal.value.items
        assert (item.variant_id, item.wanted, item.available) == (scarce.variant.id, 3, 2)
        assert item.name_id == f"{scarce.product.name_id}, 250 g"
        assert on_hand_and_held(session, plenty) == (50, 0)

    def test_stock_of_another_outlet_does_not_count(self, session: Session) -> None:
        goods = make_goods(session, 5)
        with pytest.raises(stock.OutOfStock):
            stock.hold_stock(session, make_outlet(session).id, {goods.variant.id: 1}, "order:A")

    def test_the_last_piece_is_not_for_those_who_pay_later(self, session: Session) -> None:
        goods = make_goods(session, 2)
        with pytest.raises(stock.LastPiece) as refusal:
            stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:A", leave=1)
        assert refusal.value.items[0].available == 1
        stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 1}, "order:B", leave=1)
        with pytest.raises(stock.LastPiece):
            stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 1}, "order:C", leave=1)
        stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 1}, "order:D")

    def test_when_there_is_nothing_at_all_paying_now_does_not_help(self, session: Session) -> None:
        goods = make_goods(session, 1)
        with pytest.raises(stock.OutOfStock) as refusal:
            stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:A", leave=1)
        assert not isinstance(refusal.value, stock.LastPiece)

    def test_a_lost_race_gives_back_what_was_held_and_tries_again(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        outlet = make_outlet(session)
        first, second = make_goods(session, 5, outlet=outlet), make_goods(session, 5, outlet=outlet)
        hold_level, lost = stock_locks.hold_level, []

        def lose_once(session: Session, allocation: Allocation) -> int | None:
            if allocation.level_id == second.level.id and not lost:
                lost.append(allocation)
                return None
            return hold_level(session, allocation)

        monkeypatch.setattr(stock_locks, "hold_level", lose_once)
        stock.hold_stock(session, outlet.id, {first.variant.id: 2, second.variant.id: 2}, "order:A")
        assert lost
        assert (on_hand_and_held(session, first), on_hand_and_held(session, second)) == ((5, 2), (5, 2))

    def test_losing_every_race_ends_in_a_refusal_with_nothing_held(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        outlet = make_outlet(session)
        first, second = make_goods(session, 5, outlet=outlet), make_goods(session, 5, outlet=outlet)
        hold_level = stock_locks.hold_level
        monkeypatch.setattr(stock_locks, "hold_level", lambda s, a: None if a.level_id == second.level.id else hold_level(s, a))
        with pytest.raises(stock.Conflict):
            stock.hold_stock(session, outlet.id, {first.variant.id: 2, second.variant.id: 2}, "order:A")
        assert on_hand_and_held(session, first) == (5, 0)

    def test_levels_are_taken_in_id_order_whatever_the_cart_says(self) -> None:
        mixed = [Allocation(9, 1, 1), Allocation(2, 2, 1), Allocation(5, 3, 1)]
        assert [allocation.level_id for allocation in stock_locks.in_lock_order(mixed)] == [2, 5, 9]

    def test_holding_two_items_is_four_statements(self, session: Session, count_statements: StatementCounter) -> None:
        outlet = make_outlet(session)
        first, second = make_goods(session, 5, outlet=outlet), make_goods(session, 5, outlet=outlet)
        session.flush()
        with count_statements() as statements:
            stock.hold_stock(session, outlet.id, {first.variant.id: 1, second.variant.id: 1}, "order:A")
        assert len(statements) == 4, statements  # read, two guarded updates, movements


class TestReleasingAndSelling:
    def test_released_units_are_available_again(self, session: Session) -> None:
        goods = make_goods(session, 3)
        held = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 3}, "order:A")
        stock.release_hold(session, held, "order:A")
        assert on_hand_and_held(session, goods) == (3, 0)
        assert movements(session, goods.level.id)[-1] == (MovementKind.RELEASED, 0, -3)

    def test_sold_units_leave_on_hand_and_held_together(self, session: Session) -> None:
        goods = make_goods(session, 3)
        held = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:A")
        stock.take_held(session, held, "order:A")
        assert on_hand_and_held(session, goods) == (1, 0)
        assert movements(session, goods.level.id)[-1] == (MovementKind.SOLD, -2, -2)

    def test_giving_back_more_than_is_held_stops_everything(self, session: Session) -> None:
        goods = make_goods(session, 3)
        with pytest.raises(StockBroken):
            stock.release_hold(session, [Allocation(goods.level.id, goods.variant.id, 1)], "order:A")

    def test_the_search_hears_when_the_last_unit_goes_and_when_it_returns(self, session: Session) -> None:
        goods = make_goods(session, 3)
        before = dirty(session)
        first = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:A")
        assert dirty(session) == before
        last = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 1}, "order:B")
        assert dirty(session) == before + 1
        stock.release_hold(session, last, "order:B")
        assert dirty(session) == before + 2
        stock.release_hold(session, first, "order:A")
        assert dirty(session) == before + 2


class TestTheBooks:
    def test_the_availability_of_many_variants_is_one_statement(self, session: Session, count_statements: StatementCounter) -> None:
        goods = [make_goods(session, number) for number in (1, 2, 3)]
        ids = [each.variant.id for each in goods] + [make_variant(session, goods[0].product).id]
        with count_statements() as statements:
            assert list(stock.available(session, ids).values()) == [1, 2, 3, 0]
        assert len(statements) == 1

    def test_a_closed_outlet_offers_nothing(self, session: Session) -> None:
        goods = make_goods(session, 5)
        goods.outlet.is_active = False
        session.flush()
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 0}

    def test_a_level_that_lies_is_found(self, session: Session) -> None:
        goods = make_goods(session, 5)
        session.execute(text("UPDATE stock_levels SET on_hand = 6 WHERE id = :id"), {"id": goods.level.id})
        (broken,) = check_balances(session)
        assert (broken.level_id, broken.on_hand, broken.moved_on_hand) == (goods.level.id, 6, 5)
        session.execute(text("UPDATE stock_levels SET on_hand = 5 WHERE id = :id"), {"id": goods.level.id})

    @pytest.mark.parametrize("held", [-1, 6])
    def test_the_database_itself_refuses_to_hold_what_is_not_there(self, session: Session, held: int) -> None:
        goods = make_goods(session, 5)
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text("UPDATE stock_levels SET held = :held WHERE id = :id"), {"id": goods.level.id, "held": held})

    @pytest.mark.parametrize("act", ["UPDATE stock_movements SET on_hand_change = 9", "DELETE FROM stock_movements"])
    def test_the_database_itself_refuses_to_change_a_movement(self, session: Session, act: str) -> None:
        make_goods(session, 5)
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(act))

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(st.tuples(st.sampled_from(["hold", "release", "sell", "receive", "correct"]), st.integers(0, 8)), min_size=1, max_size=25)
    )
    def test_no_sequence_of_acts_makes_the_books_disagree(self, session: Session, acts: list[tuple[str, int]]) -> None:
        goods = make_goods(session, 5)
        where = (goods.outlet, goods.variant, goods.batch)
        held: list[list[Allocation]] = []
        on_hand = 5
        for act, number in acts:
            promised = sum(a.quantity for hold in held for a in hold)
            if act == "hold" and number:
                if promised + number <= on_hand:
                    held.append(stock.hold_stock(session, goods.outlet.id, {goods.variant.id: number}, "order:A"))
                else:
                    with pytest.raises(stock.OutOfStock):
                        stock.hold_stock(session, goods.outlet.id, {goods.variant.id: number}, "order:A")
            elif act == "release" and held:
                stock.release_hold(session, held.pop(), "order:A")
            elif act == "sell" and held:
                sold = held.pop()
                stock.take_held(session, sold, "order:A")
                on_hand -= sum(a.quantity for a in sold)
            elif act == "receive" and number:
                stock.receive_stock(session, SYSTEM, *where, number, "delivery:x")
                on_hand += number
            elif act == "correct" and number >= promised:
                stock.correct_stock(session, SYSTEM, *where, number, "hitung ulang")
                on_hand = number
        level = session.scalars(select(StockLevel).where(StockLevel.id == goods.level.id).execution_options(populate_existing=True)).one()
        assert (level.on_hand, level.held) == (on_hand, sum(a.quantity for hold in held for a in hold))
        assert check_balances(session) == []
