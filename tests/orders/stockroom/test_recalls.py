"""A lot that is stopped: nobody can buy or collect it, and everybody who has it is listed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog import batch_blocks, stock
from catalog.models.stock import Batch, BatchState
from catalog.stock import OutOfStock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import Role
from orders import fulfilment
from orders.models.order import OrderState
from orders.stockroom import recalls
from tests.make import make_actor, make_outlet
from tests.make_consignment import sell
from tests.make_orders import pay, place
from tests.make_stock import Goods
from tests.make_stockroom import fresh, levels_of, make_room, receive


def test_a_recalled_lot_is_sold_nowhere_and_its_buyers_are_listed(session: Session) -> None:
    room = make_room(session)
    receive(session, room, fresh(10))
    level = levels_of(session, room.outlet)[0]
    batch = session.get_one(Batch, level.batch_id)
    goods = Goods(room.product, room.variant, batch, room.outlet, level)
    handed = sell(session, goods, quantity=2)
    waiting = pay(session, place(session, goods))
    batch_blocks.recall_batch(session, room.manager, batch, "Izin edar ditarik.")
    assert stock.available(session, [room.variant.id]) == {room.variant.id: 0}
    with pytest.raises(OutOfStock):
        place(session, goods)
    with pytest.raises(batch_blocks.BatchStopped, match="Izin edar ditarik"), session.begin_nested():
        fulfilment.hand_over(session, room.manager, waiting.id, waiting.code)
    found = recalls.list_recipients(session, room.manager, batch)
    assert [(each.code, each.quantity, each.state is OrderState.COMPLETED) for each in found] == [
        (handed.code, 2, True),
        (waiting.code, 1, False),
    ]
    assert found[0].phone
    assert [(place_.on_hand, place_.held) for place_ in recalls.list_whereabouts(session, room.manager, batch)] == [(8, 1)]
    listed = recalls.list_lots(session, room.manager, only=BatchState.RECALLED).rows
    assert [(row.lot_code, row.on_hand) for row in listed] == [(batch.lot_code, 8)]
    assert recalls.list_lots(session, room.manager, text=batch.lot_code.lower()).total == 1
    assert recalls.list_lots(session, room.manager, text="zzz").total == 0


def test_a_recall_is_ended_by_somebody_else(session: Session) -> None:
    room = make_room(session)
    receive(session, room, fresh(10))
    batch = session.get_one(Batch, levels_of(session, room.outlet)[0].batch_id)
    with pytest.raises(InvalidInput):
        batch_blocks.block_batch(session, room.manager, batch, " ")
    batch_blocks.block_batch(session, room.manager, batch, "Diperiksa dulu.")
    with pytest.raises(Conflict):
        batch_blocks.block_batch(session, room.manager, batch, "Sekali lagi.")
    batch_blocks.recall_batch(session, room.manager, batch, "Ternyata benar.")
    with pytest.raises(batch_blocks.OwnRecall, match="another person"):
        batch_blocks.release_batch(session, room.manager, batch, "Salah paham.")
    batch_blocks.release_batch(session, make_actor(session, Role.ADMINISTRATOR), batch, "Hasil uji baik.")
    assert (batch.state, batch.state_reason) == (BatchState.OPEN, "")
    assert stock.available(session, [room.variant.id]) == {room.variant.id: 10}
    with pytest.raises(NotAllowed):
        batch_blocks.block_batch(session, make_actor(session, Role.CASHIER, outlet_id=room.outlet.id), batch, "Iseng saja.")


def test_lots_of_other_outlets_are_not_shown(session: Session) -> None:
    room = make_room(session)
    receive(session, room, fresh(10))
    batch = session.get_one(Batch, levels_of(session, room.outlet)[0].batch_id)
    elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    assert recalls.get_lot(session, room.manager, room.product.slug, batch.lot_code)[1].id == batch.id
    with pytest.raises(NotFound):
        recalls.get_lot(session, elsewhere, room.product.slug, batch.lot_code)
    assert recalls.list_lots(session, elsewhere).rows == []
    assert recalls.list_recipients(session, elsewhere, batch) == []
