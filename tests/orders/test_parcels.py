"""Parcels: an order leaves once, its goods with it, and comes to be delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM, Role
from orders import fulfilment, ledger, parcels, refunds, retention
from orders.fulfilment import NotForPickup
from orders.invariants import check_all
from orders.models.order import OrderLine
from orders.models.payment import Account
from orders.parcels import NotForShipping, ParcelFacts
from orders.queries import get_order_by_token
from orders.refund_states import RefundReason, RefundWay
from orders.refunds import NothingToRefund, RefundWaits
from orders.states import OrderState, WrongState
from tests.make import make_actor, make_outlet
from tests.make_orders import pay, place
from tests.make_shipping import PARCEL, make_zone, paid_sent, place_sent
from tests.make_stock import Goods, make_goods


@pytest.fixture
def goods(session: Session) -> Goods:
    found = make_goods(session, 10)
    make_zone(session, found.outlet)
    return found


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def on_shelf(session: Session, goods: Goods) -> tuple[int, int]:
    session.refresh(goods.level)
    return goods.level.on_hand, goods.level.held


def refund(session: Session, order_id: int, units: int = 0, key: str = "r" * 20, **changes: object) -> refunds.Refund:
    lines = {line_id: (units, True) for line_id in session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id)) if units}
    return refunds.request_refund(session, SYSTEM, order_id, lines, RefundReason.OTHER, RefundWay.PROVIDER, key, **changes)  # type: ignore[arg-type]


class TestShipping:
    def test_goods_leave_with_the_parcel_and_the_buyer_is_told(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods, quantity=2)
        cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
        fulfilment.mark_ready(session, cashier, order.id)
        parcels.ship_order(session, cashier, order.id, [PARCEL, ParcelFacts("Kurir Contoh")])
        assert (order.state, on_shelf(session, goods)) == (OrderState.SHIPPED, (8, 0))
        assert letters(session)[-1] == "mail.order_shipped"
        assert "mail.order_ready" not in letters(session)
        view = get_order_by_token(session, order.token)
        assert view.shipping is not None
        assert [(each.position, each.tracking_number, each.weight_g) for each in view.shipping.parcels] == [
            (1, "CTH123456789", 1_200),
            (2, "", None),
        ]

    def test_it_may_leave_without_having_been_marked_as_packed(self, session: Session, goods: Goods) -> None:
        assert parcels.ship_order(session, SYSTEM, paid_sent(session, goods).id, [PARCEL]).state is OrderState.SHIPPED

    def test_nobody_ships_twice_or_before_the_money(self, session: Session, goods: Goods) -> None:
        order = place_sent(session, goods)
        with pytest.raises(WrongState):
            parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        pay(session, order)
        parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        with pytest.raises(WrongState):
            parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        assert on_shelf(session, goods) == (9, 0)

    def test_what_is_collected_is_not_shipped_and_what_is_sent_not_handed_over(self, session: Session, goods: Goods) -> None:
        collected, sent = place(session, goods), paid_sent(session, goods)
        pay(session, collected)
        with pytest.raises(NotForShipping):
            parcels.ship_order(session, SYSTEM, collected.id, [PARCEL])
        with pytest.raises(NotForPickup):
            fulfilment.hand_over(session, SYSTEM, sent.id, sent.code)

    @pytest.mark.parametrize(
        "wrong", [[], [PARCEL] * 21, [ParcelFacts(" ")], [ParcelFacts("x" * 61)], [ParcelFacts("A", "x" * 61)], [ParcelFacts("A", "1", 0)]]
    )
    def test_parcels_that_make_no_sense_are_refused(self, session: Session, goods: Goods, wrong: list[ParcelFacts]) -> None:
        with pytest.raises(InvalidInput):
            parcels.ship_order(session, SYSTEM, paid_sent(session, goods).id, wrong)

    def test_only_staff_of_this_outlet_may_act(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods)
        for actor in (make_actor(session, Role.CASHIER, outlet_id=make_outlet(session).id), make_actor(session, Role.CURATOR)):
            for act in (
                lambda who: parcels.ship_order(session, who, order.id, [PARCEL]),
                lambda who: parcels.confirm_delivered(session, who, order.id),
                lambda who: parcels.correct_parcel(session, who, order.id, 1, PARCEL),
            ):
                with pytest.raises(NotAllowed):
                    act(actor)

    def test_a_refund_that_waits_stops_the_parcel(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods)
        refund(session, order.id, 1, approval_above=1)
        with pytest.raises(RefundWaits):
            parcels.ship_order(session, SYSTEM, order.id, [PARCEL])

    def test_a_number_that_comes_later_is_written_down(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods)
        parcels.ship_order(session, SYSTEM, order.id, [ParcelFacts("Kurir Contoh")])
        assert parcels.correct_parcel(session, SYSTEM, order.id, 1, PARCEL).tracking_number == "CTH123456789"
        with pytest.raises(NotFound):
            parcels.correct_parcel(session, SYSTEM, order.id, 2, PARCEL)


class TestDelivery:
    def test_delivered_ends_the_order(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods)
        with pytest.raises(WrongState):
            parcels.confirm_delivered(session, SYSTEM, order.id)
        parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        assert parcels.confirm_delivered(session, SYSTEM, order.id).state is OrderState.COMPLETED
        view = get_order_by_token(session, order.token)
        assert view.shipping is not None
        assert view.shipping.parcels[0].delivered_at == order.completed_at
        assert [entry.action for entry in audit.list_for(session, f"order:{order.code}")][:2] == ["order.delivered", "order.shipped"]

    def test_after_three_weeks_it_counts_as_delivered_once(self, session: Session, goods: Goods) -> None:
        old, new = paid_sent(session, goods), paid_sent(session, goods)
        for order in (old, new):
            parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        old.shipped_at = clock.now() - parcels.ASSUMED_AFTER - timedelta(minutes=1)
        session.flush()
        assert parcels.complete_old(session) == [old.code]
        assert parcels.complete_old(session) == []
        assert (old.state, new.state) == (OrderState.COMPLETED, OrderState.SHIPPED)


class TestRefunding:
    def test_a_part_leaves_shipping_and_the_whole_gives_it_back(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods, quantity=2)
        assert refund(session, order.id, 1).amount == 25_000
        assert ledger.balance(session, order.id)[Account.SHIPPING] == -10_000
        last = refund(session, order.id, 1, "s" * 20)
        assert (last.amount, last.shipping_amount, order.state) == (35_000, 10_000, OrderState.CANCELLED)
        assert ledger.balance(session, order.id)[Account.SHIPPING] == 0
        assert check_all(session) == []

    def test_shipping_alone_goes_back_once(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods, quantity=2)
        late = refund(session, order.id, with_shipping=True)
        assert (late.amount, late.shipping_amount, order.state) == (10_000, 10_000, OrderState.CONFIRMED)
        with pytest.raises(NothingToRefund):
            refund(session, order.id, key="s" * 20, with_shipping=True)
        rest = refund(session, order.id, 2, "t" * 20)
        assert (rest.amount, rest.shipping_amount) == (50_000, 0)
        assert check_all(session) == []

    def test_a_line_and_its_shipping_together(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods, quantity=2)
        both = refund(session, order.id, 1, with_shipping=True)
        assert (both.amount, both.shipping_amount) == (35_000, 10_000)
        assert check_all(session) == []

    def test_goods_on_their_way_come_back_to_their_batch(self, session: Session, goods: Goods) -> None:
        order = paid_sent(session, goods, quantity=2)
        parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
        refund(session, order.id, 2)
        assert (order.state, on_shelf(session, goods)) == (OrderState.SHIPPED, (10, 0))
        assert parcels.confirm_delivered(session, SYSTEM, order.id).state is OrderState.COMPLETED
        assert check_all(session) == []

    def test_an_order_without_shipping_has_none_to_give_back(self, session: Session, goods: Goods) -> None:
        order = place(session, goods)
        pay(session, order)
        with pytest.raises(NothingToRefund):
            refund(session, order.id, with_shipping=True)


def test_an_address_is_forgotten_with_its_buyer(session: Session, goods: Goods) -> None:
    order = paid_sent(session, goods)
    parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
    order.placed_at = clock.now() - retention.KEPT - timedelta(days=1)
    session.flush()
    assert retention.forget_old_buyers(session) == 0  # it is still on its way
    parcels.confirm_delivered(session, SYSTEM, order.id)
    assert retention.forget_old_buyers(session) == 1
    view = get_order_by_token(session, order.token)
    assert view.shipping is not None
    assert (view.shipping.lines, view.shipping.village_code, view.shipping.zone_name) == ((), None, "Dalam PALI")
