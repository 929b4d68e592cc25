"""A lot that is blocked or recalled is sold nowhere: not in the shop, not in the search, not at the counter."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog import batch_blocks, stock
from catalog.queries.cards import list_product_cards
from catalog.queries.products import get_product_page
from catalog.search import source
from kernel import audit, clock
from kernel.errors import NotAllowed
from kernel.people import Role
from tests.make import KARANG_AGUNG, make_actor
from tests.make_stock import make_goods, stock_up


@pytest.mark.parametrize("stop", [batch_blocks.block_batch, batch_blocks.recall_batch])
def test_only_the_other_lots_are_counted(session: Session, stop) -> None:  # type: ignore[no-untyped-def]
    goods = make_goods(session, 10)
    stock_up(session, goods.product, goods.outlet, 4, lot_code="LAIN")
    manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
    stop(session, manager, goods.batch, "Ada laporan rasa aneh.")
    session.flush()
    assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 4}
    assert list_product_cards(session, [goods.product.id], "id")[0].available == 4
    assert [lot.lot_code for lot in get_product_page(session, goods.product.slug, "id", clock.today()).batches] == ["LAIN"]
    assert source.load_documents(session, [goods.product.id])[0].available == 4
    with pytest.raises(stock.OutOfStock):
        stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 5}, "order:test")


def test_what_was_promised_before_stays_in_the_house(session: Session) -> None:
    goods = make_goods(session, 10)
    held = stock.hold_stock(session, goods.outlet.id, {goods.variant.id: 2}, "order:test")
    batch_blocks.block_batch(session, make_actor(session), goods.batch, "Diperiksa dulu.")
    with pytest.raises(batch_blocks.BatchStopped, match="Diperiksa dulu"):
        stock.take_held(session, held, "order:test")
    stock.release_hold(session, held, "order:test")
    with pytest.raises(batch_blocks.BatchStopped):
        batch_blocks.check_open(session, [goods.batch.id])


def test_every_step_is_in_the_audit_and_needs_a_right(session: Session) -> None:
    goods = make_goods(session, 10)
    curator = make_actor(session, Role.CURATOR, area_prefix=KARANG_AGUNG[:5])
    for actor in (make_actor(session, Role.SHOPPER), make_actor(session, Role.CURATOR, area_prefix="11")):
        with pytest.raises(NotAllowed):
            batch_blocks.block_batch(session, actor, goods.batch, "Tanpa hak.")
    batch_blocks.block_batch(session, curator, goods.batch, "Izin sedang ditinjau.")
    batch_blocks.release_batch(session, curator, goods.batch, "Izin lengkap.")
    history = audit.list_for(session, batch_blocks.subject_of(session, goods.batch))
    assert [(entry.action, entry.details["reason"]) for entry in history] == [
        ("batch.released", "Izin lengkap."),
        ("batch.blocked", "Izin sedang ditinjau."),
    ]
