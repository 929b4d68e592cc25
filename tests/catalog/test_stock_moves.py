"""Stock in bulk: every change has its movement, and nothing that is promised leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock, stock_moves
from catalog.models.stock import LossCause, MovementKind, StockLevel, StockMovement
from catalog.stock_balances import check_balances
from catalog.stock_locks import Allocation
from catalog.stock_moves import Change, Key, NotOnShelf
from kernel.errors import InvalidInput
from kernel.people import SYSTEM
from tests.make import make_batch, make_outlet
from tests.make_stock import make_goods


def _figures(session: Session) -> list[tuple[int, int]]:
    found = session.scalars(select(StockLevel).order_by(StockLevel.id).execution_options(populate_existing=True))
    return [(level.on_hand, level.held) for level in found]


def test_many_lots_are_received_into_old_and_new_levels(session: Session) -> None:
    goods = make_goods(session, 10)
    other = make_batch(session, goods.product)
    old, new = (Key(goods.outlet.id, goods.variant.id, batch.id, None) for batch in (goods.batch, other))
    levels = stock_moves.receive_many(session, SYSTEM, [(old, 5), (new, 2), (old, 1)], "delivery:ABC")
    assert levels[old] == goods.level.id
    assert _figures(session) == [(16, 0), (2, 0)]
    moved = session.scalars(select(StockMovement.on_hand_change).where(StockMovement.reference == "delivery:ABC")).all()
    assert sorted(moved) == [2, 6]
    assert check_balances(session) == []
    assert stock_moves.receive_many(session, SYSTEM, [], "delivery:NONE") == {}


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_an_impossible_quantity_is_refused_before_anything_is_written(session: Session, quantity: int) -> None:
    goods = make_goods(session, 10)
    key = Key(goods.outlet.id, goods.variant.id, goods.batch.id, None)
    with pytest.raises(InvalidInput):
        stock_moves.receive_many(session, SYSTEM, [(key, 1), (key, quantity)], "delivery:ABC")
    assert _figures(session) == [(10, 0)]


def test_no_change_takes_what_is_promised(session: Session) -> None:
    goods = make_goods(session, 10)
    stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 4}, "order:test")
    with pytest.raises(NotOnShelf) as refused:
        stock_moves.change_levels(session, SYSTEM, [Change(goods.level.id, -7)], MovementKind.RETURNED_TO_MAKER)
    assert refused.value.params == {"free": 6, "lot": goods.batch.lot_code}
    stock_moves.change_levels(session, SYSTEM, [Change(goods.level.id, -6)], MovementKind.WRITTEN_OFF, cause=LossCause.LOST)
    stock_moves.change_levels(session, SYSTEM, [Change(goods.level.id, 0)], MovementKind.COUNTED)
    assert _figures(session) == [(4, 4)]
    assert check_balances(session) == []


def test_what_is_set_aside_moves_to_another_outlet_or_comes_back(session: Session) -> None:
    goods, other = make_goods(session, 10), make_outlet(session)
    aside = Allocation(goods.level.id, goods.variant.id, 4)
    stock_moves.set_aside(session, SYSTEM, [aside], "transfer:A")
    with pytest.raises(NotOnShelf):
        stock_moves.set_aside(session, SYSTEM, [Allocation(goods.level.id, goods.variant.id, 7)], "transfer:B")
    stock_moves.put_back(session, SYSTEM, [Allocation(goods.level.id, goods.variant.id, 1)], "transfer:A")
    target = Key(other.id, goods.variant.id, goods.batch.id, None)
    stock_moves.move_set_aside(session, SYSTEM, [(Allocation(goods.level.id, goods.variant.id, 3), target)], "transfer:A")
    assert _figures(session) == [(7, 0), (3, 0)]
    moved = session.scalars(select(StockMovement.on_hand_change).where(StockMovement.kind == MovementKind.MOVED)).all()
    assert sorted(moved) == [-3, 3]
    assert check_balances(session) == []
