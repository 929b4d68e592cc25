"""What one person may not do alone: asked for, decided by somebody else, and done once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import MovementKind
from kernel import audit
from kernel.errors import ApprovalNeeded, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Actor, Role
from orders import approvals, fulfilment
from orders.invariants import check_all
from orders.models.approval import Approval, ApprovalKind, ApprovalState
from orders.models.order import Order
from orders.refunds import SecondPersonNeeded
from orders.states import OrderState, WrongState
from tests.make import make_actor, make_outlet
from tests.make_orders import PICKUP, place
from tests.make_stock import Goods, make_goods

COUNTED = MovementKind.CORRECTED


@pytest.fixture
def goods(session: Session) -> Goods:
    """Twenty packs at Rp25.000: eleven of them are worth more than the limit."""
    return make_goods(session, 20)


@pytest.fixture
def cashier(session: Session, goods: Goods) -> Actor:
    return make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)


@pytest.fixture
def lead(session: Session, goods: Goods) -> Actor:
    return make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)


@pytest.fixture
def second(session: Session, goods: Goods) -> Actor:
    return make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)


def packed(session: Session, goods: Goods) -> Order:
    order = place(session, goods, payment_method=PICKUP)
    return fulfilment.mark_ready(session, SYSTEM, order.id)


def correct(session: Session, actor: Actor, goods: Goods, counted: int, reason: str = "Hilang") -> Approval | None:
    return approvals.correct_or_ask(session, actor, goods.outlet, goods.variant, goods.batch, counted, reason, COUNTED)


class TestPackedOrders:
    def test_a_cashier_asks_and_the_lead_decides(self, session: Session, goods: Goods, cashier: Actor, lead: Actor) -> None:
        order = packed(session, goods)
        with pytest.raises(ApprovalNeeded):
            fulfilment.cancel_order(session, cashier, order.id, "Tidak diambil")
        asked = approvals.cancel_or_ask(session, cashier, order.id, "Tidak diambil")
        assert asked is not None
        assert (asked.kind, asked.worth, order.state) == (ApprovalKind.CANCEL_PACKED, 25_000, OrderState.READY)
        approvals.decide(session, lead, asked.id, agrees=True)
        assert order.state is OrderState.CANCELLED
        session.refresh(goods.level)
        assert goods.level.held == 0
        actions = [entry.action for entry in audit.list_for(session, f"order:{order.code}")]
        assert {"approval.asked", "approval.agreed", "order.cancelled"} <= set(actions)

    def test_asking_twice_is_one_request(self, session: Session, goods: Goods, cashier: Actor) -> None:
        order = packed(session, goods)
        first = approvals.cancel_or_ask(session, cashier, order.id, "Tidak diambil")
        again = approvals.cancel_or_ask(session, cashier, order.id, "Tidak diambil")
        assert first is not None
        assert first is again

    def test_before_packing_one_person_is_enough(self, session: Session, goods: Goods, cashier: Actor) -> None:
        order = place(session, goods, payment_method=PICKUP)
        assert approvals.cancel_or_ask(session, cashier, order.id, "Batal") is None
        assert order.state is OrderState.CANCELLED

    def test_up_to_the_outlets_limit_one_person_is_enough(self, session: Session, goods: Goods, cashier: Actor) -> None:
        goods.outlet.packed_cancel_limit = 25_000
        assert approvals.cancel_or_ask(session, cashier, packed(session, goods).id, "Batal") is None

    def test_the_buyer_and_the_system_need_nobody(self, session: Session, goods: Goods) -> None:
        mine, other = packed(session, goods), packed(session, goods)
        fulfilment.cancel_order(session, GUEST, mine.id, "batal", token=mine.token)
        fulfilment.cancel_order(session, SYSTEM, other.id, "batal")
        assert {mine.state, other.state} == {OrderState.CANCELLED}

    def test_an_order_that_was_handed_over_meanwhile_stays_sold(self, session: Session, goods: Goods, cashier: Actor, lead: Actor) -> None:
        order = packed(session, goods)
        asked = approvals.cancel_or_ask(session, cashier, order.id, "Tidak diambil")
        assert asked is not None
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        with pytest.raises(WrongState):
            approvals.decide(session, lead, asked.id, agrees=True)


class TestCorrections:
    def test_small_losses_and_any_gain_need_nobody(self, session: Session, goods: Goods, lead: Actor) -> None:
        assert correct(session, lead, goods, 10) is None
        assert correct(session, lead, goods, 99) is None
        session.refresh(goods.level)
        assert goods.level.on_hand == 99

    def test_a_large_loss_waits_until_somebody_else_agrees(self, session: Session, goods: Goods, lead: Actor, second: Actor) -> None:
        with pytest.raises(ApprovalNeeded):
            stock.correct_stock(session, lead, goods.outlet, goods.variant, goods.batch, 9, "Hilang")
        asked = correct(session, lead, goods, 9)
        session.refresh(goods.level)
        assert asked is not None
        assert (asked.worth, goods.level.on_hand) == (275_000, 20)
        for _twice in range(2):
            approvals.decide(session, second, asked.id, agrees=True)
        session.refresh(goods.level)
        assert goods.level.on_hand == 9
        assert check_all(session) == []

    def test_stock_that_moved_since_the_count_is_counted_again(self, session: Session, goods: Goods, lead: Actor, second: Actor) -> None:
        asked = correct(session, lead, goods, 9)
        stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 5, "delivery:x")
        assert asked is not None
        with pytest.raises(Conflict):
            approvals.decide(session, second, asked.id, agrees=True)

    def test_a_request_needs_a_reason(self, session: Session, goods: Goods, lead: Actor) -> None:
        with pytest.raises(InvalidInput):
            correct(session, lead, goods, 9, reason=" ")


class TestDeciding:
    def test_nobody_decides_what_they_asked_for(self, session: Session, goods: Goods, lead: Actor) -> None:
        asked = correct(session, lead, goods, 0)
        assert asked is not None
        for agrees in (True, False):
            with pytest.raises(SecondPersonNeeded):
                approvals.decide(session, lead, asked.id, agrees=agrees)

    def test_a_rejected_request_changes_nothing_and_cannot_be_agreed_to(
        self, session: Session, goods: Goods, lead: Actor, second: Actor
    ) -> None:
        asked = correct(session, lead, goods, 0)
        assert asked is not None
        approvals.decide(session, second, asked.id, agrees=False)
        with pytest.raises(Conflict):
            approvals.decide(session, second, asked.id, agrees=True)
        session.refresh(goods.level)
        assert (goods.level.on_hand, asked.state) == (20, ApprovalState.REJECTED)
        assert approvals.count_undecided(session, second) == (0, 0)

    def test_who_lacks_the_permission_or_the_outlet_is_refused(self, session: Session, goods: Goods, lead: Actor, cashier: Actor) -> None:
        asked = correct(session, lead, goods, 0)
        assert asked is not None
        stranger = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
        for actor in (cashier, stranger):
            with pytest.raises(NotAllowed):
                approvals.decide(session, actor, asked.id, agrees=True)
        with pytest.raises(NotFound):
            approvals.get_approval(session, stranger, asked.code)
        assert approvals.list_approvals(session, stranger, None).total == 0
        assert approvals.list_approvals(session, cashier, ApprovalState.WAITING).total == 1

    def test_an_unknown_request_is_not_found(self, session: Session, lead: Actor) -> None:
        with pytest.raises(NotFound):
            approvals.decide(session, lead, 10**6, agrees=True)


def test_only_one_module_speaks_for_the_second_person() -> None:
    """`approved=True` anywhere else would be a way around the limits."""
    from tests.house.sources import modules, name

    speakers = {name(path) for path in modules() if "approved=True" in path.read_text()}
    assert speakers == {"orders/approvals.py"}


def test_every_request_is_one_row(session: Session, goods: Goods, lead: Actor) -> None:
    correct(session, lead, goods, 0)
    correct(session, lead, goods, 1)
    assert len(session.scalars(select(Approval)).all()) == 2
