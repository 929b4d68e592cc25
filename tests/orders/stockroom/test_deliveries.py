"""Deliveries: both sides confirm, stock is received once, and every refusal says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks
from catalog.models.stock import Batch, MovementKind, StockMovement
from catalog.stock_balances import check_balances
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Permission, Role
from orders.consignment import agreements
from orders.consignment.agreements import NoAgreement
from orders.models.agreement import TermsModel
from orders.models.delivery import Condition, ConfirmedBy, DeliveryState
from orders.stockroom import deliveries, delivery_lines
from orders.stockroom.deliveries import CountChanged
from orders.stockroom.delivery_lines import OtherMaker, RefusedBatch
from tests.make import make_actor, make_batch, make_maker, make_outlet, make_product
from tests.make_stockroom import SIGNATURE, fresh, levels_of, make_delivery, make_room, receive


def test_both_sides_confirm_and_the_goods_stand_on_the_shelf_under_the_makers_agreement(session: Session) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room, fresh(12, lot_code="a-1"), fresh(5, accepted=4, refusal_reason="Satu kemasan sobek."))
    assert levels_of(session, room.outlet) == []
    deliveries.confirm_count(session, room.manager, delivery.id)
    assert levels_of(session, room.outlet) == [], "one side alone changes nothing"
    deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu Contoh")
    assert [(level.on_hand, level.agreement_id) for level in levels_of(session, room.outlet)] == [
        (12, room.agreement.id),
        (4, room.agreement.id),
    ]
    moved = session.scalars(select(StockMovement)).all()
    assert {(move.kind, move.reference) for move in moved} == {(MovementKind.RECEIVED, f"delivery:{delivery.code}")}
    assert {move.actor_id for move in moved} == {room.manager.user_id}
    lot = session.scalars(select(Batch).where(Batch.lot_code == "A-1")).one()
    found = deliveries.get_delivery(session, room.manager, Permission.VIEW_STOCK, delivery.code)
    assert found.lines[0].batch_id == lot.id
    assert (found.state, found.confirmed_by, found.confirmed_name) == (DeliveryState.RECEIVED, ConfirmedBy.LINK, "Ibu Contoh")
    assert check_balances(session) == []
    said = [entry.action for entry in audit.list_for(session, f"delivery:{delivery.code}")]
    assert said == ["delivery.received", "delivery.counted", "delivery.opened"]


def test_confirming_twice_books_once(session: Session) -> None:
    room = make_room(session)
    delivery = receive(session, room, fresh(7))
    again = deliveries.confirm_by_maker(session, delivery.id, delivery.revision, ConfirmedBy.CODE, "Orang lain")
    assert again.confirmed_name == "Ibu Contoh"
    assert [level.on_hand for level in levels_of(session, room.outlet)] == [7]


def test_what_the_outlet_buys_becomes_its_own(session: Session) -> None:
    room = make_room(session, model=TermsModel.PURCHASE)

    agreements.set_maker_price(session, SYSTEM, room.agreement.id, room.variant, 18_000, clock.today() - timedelta(days=30))
    receive(session, room, fresh(3))
    assert [(level.on_hand, level.agreement_id) for level in levels_of(session, room.outlet)] == [(3, None)]


def test_without_an_agreement_nothing_is_opened(session: Session) -> None:
    room = make_room(session)
    with pytest.raises(NoAgreement):
        deliveries.open_delivery(session, room.manager, room.outlet, make_maker(session))


def test_an_agreement_that_ended_meanwhile_stops_the_booking(session: Session) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room, fresh(3))
    deliveries.confirm_count(session, room.manager, delivery.id)
    agreements.end_agreement(session, SYSTEM, room.agreement.id, clock.today())
    with pytest.raises(InvalidInput, match="no agreement"), session.begin_nested():
        deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu")
    assert levels_of(session, room.outlet) == []


def test_the_makers_word_is_needed_for_the_count_that_stands(session: Session) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room, fresh(10))
    with pytest.raises(CountChanged):
        deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu")
    deliveries.confirm_count(session, room.manager, delivery.id)
    old_code = deliveries.maker_code("secret", delivery)
    assert deliveries.is_maker_code("secret", delivery, f" {old_code[:3].lower()}-{old_code[3:]} ")
    deliveries.reopen_count(session, room.manager, delivery.id)
    assert not deliveries.is_maker_code("secret", delivery, old_code)
    line = delivery_lines.get_line(delivery, 1)
    delivery_lines.change_line(session, delivery, line, fresh(10, lot_code=line.lot_code, accepted=8, refusal_reason="Dua bocor."))
    deliveries.confirm_count(session, room.manager, delivery.id)
    with pytest.raises(CountChanged):
        deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu")
    deliveries.confirm_by_maker(session, delivery.id, 2, ConfirmedBy.LINK, "Ibu")
    assert [level.on_hand for level in levels_of(session, room.outlet)] == [8]


def test_a_counted_delivery_is_not_edited(session: Session) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room)
    deliveries.confirm_count(session, room.manager, delivery.id)
    session.refresh(delivery, ["state"])
    with pytest.raises(Conflict):
        delivery_lines.add_line(session, delivery, room.variant, fresh(1))
    with pytest.raises(Conflict):
        deliveries.confirm_count(session, room.manager, delivery.id)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"produced_on": -60, "best_before_on": -1}, "best_before_on"),
        ({"produced_on": -60, "best_before_on": 10}, "best_before_on"),
        ({"produced_on": -5, "best_before_on": -10}, "best_before_on"),
        ({"produced_on": 2, "best_before_on": 90}, "produced_on"),
        ({"produced_on": None, "best_before_on": None}, "best_before_on"),
        ({"produced_on": None, "best_before_on": 20_000}, "best_before_on"),
    ],
)
def test_a_batch_that_cannot_be_sold_is_refused_with_the_reason(session: Session, days: dict[str, int | None], field: str) -> None:
    room = make_room(session, shelf_life_days=90)
    delivery = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    dates = {name: None if value is None else clock.today() + timedelta(days=value) for name, value in days.items()}
    with pytest.raises((RefusedBatch, InvalidInput)) as refused:
        delivery_lines.add_line(session, delivery, room.variant, fresh(5, **dates))
    assert refused.value.field == field
    assert delivery.lines == []


def test_goods_that_are_sent_home_stand_on_the_note_with_the_reason(session: Session) -> None:
    room = make_room(session)
    yesterday = clock.today() - timedelta(days=1)
    gone = fresh(5, best_before_on=yesterday, produced_on=None, accepted=0, condition=Condition.SHORT_DATED)
    delivery = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    with pytest.raises(InvalidInput, match="why not everything"):
        delivery_lines.add_line(session, delivery, room.variant, gone)
    delivery_lines.add_line(session, delivery, room.variant, replace(gone, refusal_reason="Sudah lewat tanggal."))
    deliveries.confirm_count(session, room.manager, delivery.id)
    deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.SIGNATURE, "Ibu", signature=SIGNATURE)
    assert levels_of(session, room.outlet) == []


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_an_impossible_quantity_is_refused(session: Session, quantity: int) -> None:
    room = make_room(session)
    delivery = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    with pytest.raises(InvalidInput):
        delivery_lines.add_line(session, delivery, room.variant, fresh(quantity))
    with pytest.raises(InvalidInput):
        delivery_lines.add_line(session, delivery, room.variant, fresh(3, accepted=4))


def test_the_goods_of_another_maker_are_refused(session: Session) -> None:
    room = make_room(session)
    delivery = deliveries.open_delivery(session, room.manager, room.outlet, room.maker)
    with pytest.raises(OtherMaker):
        delivery_lines.add_line(session, delivery, make_product(session).variants[0], fresh())


def test_lots_get_codes_of_the_day_and_keep_one_date(session: Session) -> None:
    room = make_room(session)
    make_batch(session, room.product, lot_code=f"{fresh().produced_on:%y%m%d}-1")
    delivery = make_delivery(session, room, fresh(2), fresh(3, best_before_on=clock.today() + timedelta(days=90)))
    assert [line.lot_code[-2:] for line in delivery.lines] == ["-2", "-3"]
    make_batch(session, room.product, lot_code="K-1", best_before_on=clock.today() + timedelta(days=40))
    with pytest.raises(InvalidInput, match="another best-before"):
        delivery_lines.add_line(session, delivery, room.variant, fresh(2, lot_code="k-1"))
    known = delivery_lines.add_line(session, delivery, room.variant, fresh(2, lot_code="k-1", produced_on=None, best_before_on=None))
    assert known.best_before_on == clock.today() + timedelta(days=40)
    with pytest.raises(InvalidInput, match="stand on the note"):
        delivery_lines.add_line(session, delivery, room.variant, fresh(1, lot_code="K-1", produced_on=None, best_before_on=None))


def test_a_lot_that_is_blocked_or_expired_meanwhile_is_not_received(session: Session) -> None:
    room = make_room(session)
    batch = make_batch(session, room.product, lot_code="R-1", produced_on=None)
    delivery = make_delivery(session, room, fresh(2, lot_code="R-1", produced_on=None, best_before_on=None))
    deliveries.confirm_count(session, room.manager, delivery.id)
    batch_blocks.block_batch(session, room.manager, batch, "Ada laporan rasa aneh.")
    with pytest.raises(batch_blocks.BatchStopped, match="rasa aneh"), session.begin_nested():
        deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu")
    session.expire_all()
    assert deliveries.get_delivery(session, room.manager, Permission.VIEW_STOCK, delivery.code).state is DeliveryState.COUNTED
    batch_blocks.release_batch(session, room.manager, batch, "Sudah diperiksa.")
    deliveries.confirm_by_maker(session, delivery.id, 1, ConfirmedBy.LINK, "Ibu")
    assert [level.on_hand for level in levels_of(session, room.outlet)] == [2]


@pytest.mark.parametrize(
    "drawn",
    [
        "",
        "M1 1",
        "M10 10" * 7,
        "M10 10" * 9,
        SIGNATURE + '"/><script>',
        SIGNATURE.replace("L20 ", "L900 "),
        SIGNATURE * 200,
        SIGNATURE.lower(),
    ],
)
def test_what_is_no_signature_is_refused(drawn: str) -> None:
    with pytest.raises(InvalidInput):
        deliveries.check_signature(drawn)


def test_only_the_outlets_own_people_receive(session: Session) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room)
    cashier = make_actor(session, Role.CASHIER, outlet_id=room.outlet.id)
    elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    for actor in (cashier, elsewhere):
        with pytest.raises(NotAllowed):
            deliveries.open_delivery(session, actor, room.outlet, room.maker)
        with pytest.raises(NotAllowed):
            deliveries.confirm_count(session, actor, delivery.id)
    assert deliveries.get_delivery(session, cashier, Permission.VIEW_STOCK, delivery.code).id == delivery.id
    with pytest.raises(NotFound):
        deliveries.get_delivery(session, elsewhere, Permission.VIEW_STOCK, delivery.code)


def test_an_announced_delivery_arrives_or_is_cancelled(session: Session) -> None:
    room = make_room(session)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(InvalidInput):
        deliveries.announce_delivery(session, SYSTEM, room.outlet, room.maker, expected_on=tomorrow - timedelta(days=3))
    first = deliveries.announce_delivery(session, SYSTEM, room.outlet, room.maker, expected_on=tomorrow)
    assert deliveries.mark_brought(session, room.manager, first.id, "Pak Sopir").state is DeliveryState.BROUGHT
    with pytest.raises(InvalidInput, match="nothing on this delivery"):
        deliveries.confirm_count(session, room.manager, first.id)
    with pytest.raises(InvalidInput):
        deliveries.cancel_delivery(session, room.manager, first.id, " ")
    deliveries.cancel_delivery(session, room.manager, first.id, "Tidak jadi datang.")
    with pytest.raises(Conflict):
        deliveries.mark_brought(session, room.manager, first.id)
