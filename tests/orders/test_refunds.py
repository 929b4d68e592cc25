"""Refunds: by line, in whole, with a second person; with stock, ledger and doctor in agreement after each."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import MovementKind, StockMovement
from kernel import audit
from kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Actor, Role
from orders import fulfilment, ledger, payouts, queries, refund_queries, refunds
from orders.fulfilment import OrderPaid
from orders.gateways import ProviderRefundState, RefundFacts
from orders.invariants import check_all
from orders.models.order import Order, OrderLine
from orders.models.payment import Account
from orders.models.refund import Refund, RefundLine
from orders.refund_states import RefundReason, RefundState, RefundWay, WayNotPossible
from orders.refunds import NothingToRefund, RefundWaits, SecondPersonNeeded, TooManyUnits
from orders.states import OrderState, PaymentState, WrongState
from tests.make import make_actor, make_outlet
from tests.make_orders import PICKUP, pay, payment_of, place
from tests.make_stock import Goods, make_goods

PROVIDER, CASH, TRANSFER = RefundWay


def lines_of(session: Session, order: Order) -> Sequence[OrderLine]:
    return session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)).all()


def refund(
    session: Session, order: Order, *quantities: int, fit: bool = True, way: RefundWay = PROVIDER, actor: Actor = SYSTEM, **changes: object
) -> Refund:
    """So many of each line; all of the order when no quantity is given."""
    lines = lines_of(session, order)
    wanted = zip(lines, quantities or [line.quantity for line in lines], strict=False)
    values = {"reason": RefundReason.DAMAGED, "way": way, "key": uuid4().hex} | changes
    return refunds.request_refund(session, actor, order.id, {line.id: (quantity, fit) for line, quantity in wanted}, **values)  # type: ignore[arg-type]


def give(session: Session, wanted: Refund, state: ProviderRefundState = ProviderRefundState.SUCCEEDED) -> Refund:
    """The provider says that the refund is done."""
    payouts.record_sent(session, wanted.id)
    return payouts.settle_refund(session, wanted.id, RefundFacts(f"re_{wanted.id}", state, wanted.amount, "idr"))


def on_shelf(session: Session, goods: Goods) -> tuple[int, int]:
    session.refresh(goods.level)
    return goods.level.on_hand, goods.level.held


def handed_over(session: Session, goods: Goods, quantity: int = 3) -> Order:
    order = pay(session, place(session, goods, quantity=quantity))
    return fulfilment.hand_over(session, SYSTEM, order.id, order.code)


class TestWholeOrders:
    def test_a_paid_order_is_cancelled_by_refunding_all_of_it(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order = pay(session, place(session, goods, quantity=2))
        with pytest.raises(OrderPaid):
            fulfilment.cancel_order(session, SYSTEM, order.id, "habis")
        wanted = refund(session, order)
        assert (wanted.amount, wanted.state, wanted.code) == (50_000, RefundState.REQUESTED, f"{order.code}-R1")
        assert (order.state, order.hold_until, on_shelf(session, goods)) == (OrderState.CANCELLED, None, (5, 0))
        assert check_all(session) == []
        give(session, wanted)
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert (wanted.state, ledger.refunded(session, order.id)) == (RefundState.SUCCEEDED, 50_000)
        assert check_all(session) == []
        with pytest.raises(WrongState):
            fulfilment.hand_over(session, SYSTEM, order.id, order.code)

    def test_goods_that_were_handed_over_come_back_once_and_the_order_stays_completed(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order = handed_over(session, goods, 3)
        assert on_shelf(session, goods) == (2, 0)
        give(session, refund(session, order))
        assert (order.state, on_shelf(session, goods)) == (OrderState.COMPLETED, (5, 0))
        kinds = session.scalars(select(StockMovement.kind).order_by(StockMovement.id.desc()).limit(1)).all()
        assert kinds == [MovementKind.RETURNED]
        assert check_all(session) == []

    def test_what_cannot_be_sold_again_is_written_off(self, session: Session) -> None:
        goods = make_goods(session, 5)
        give(session, refund(session, handed_over(session, goods, 3), 2, fit=False))
        assert on_shelf(session, goods) == (2, 0)
        give(session, refund(session, pay(session, place(session, goods, quantity=2)), fit=False))
        assert on_shelf(session, goods) == (0, 0)
        assert check_all(session) == []

    def test_cash_goes_back_as_it_came(self, session: Session) -> None:
        goods = make_goods(session, 5, price=8_350)
        order = place(session, goods, quantity=3, payment_method=PICKUP)  # Rp25.050, in cash Rp25.000
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        wanted = refund(session, order, way=CASH)
        assert payouts.cash_to_give(session, wanted) == 25_000
        payouts.record_paid_out(session, SYSTEM, wanted.id, "Pembeli Contoh")
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert check_all(session) == []

    def test_part_of_it_in_cash_is_rounded_in_the_buyers_favour(self, session: Session) -> None:
        order = place(session, make_goods(session, 5, price=8_350), quantity=3, payment_method=PICKUP)
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        wanted = refund(session, order, 1, way=CASH)
        payouts.record_paid_out(session, SYSTEM, wanted.id, "Pembeli Contoh")
        assert ledger.balance(session, order.id)[Account.CASH] == 25_000 - 8_400
        assert check_all(session) == []

    def test_a_transfer_leaves_the_bank_account(self, session: Session) -> None:
        order = place(session, make_goods(session, 5), quantity=2, payment_method=PICKUP)
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        wanted = refund(session, order, 1, way=TRANSFER)
        payouts.record_paid_out(session, SYSTEM, wanted.id, "TRF 20261121-7")
        assert ledger.balance(session, order.id)[Account.BANK] == -25_000
        assert wanted.provider_reference == "TRF 20261121-7"


class TestPartsOfOrders:
    def test_the_rest_is_handed_over(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order = pay(session, place(session, goods, quantity=3))
        give(session, refund(session, order, 1))
        assert (order.state, on_shelf(session, goods)) == (OrderState.CONFIRMED, (5, 2))
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        assert on_shelf(session, goods) == (3, 0)
        give(session, refund(session, order, 2))
        assert on_shelf(session, goods) == (5, 0)
        with pytest.raises(NothingToRefund):
            refund(session, order, 1)
        view = queries.get_order_by_token(session, order.token)
        assert (view.paid, view.refunded, view.lines[0].refunded, len(view.refunds)) == (75_000, 75_000, 3, 2)
        assert check_all(session) == []

    def test_the_price_is_the_one_that_was_paid(self, session: Session) -> None:
        dear = make_goods(session, 5, price=33_333)
        cheap = make_goods(session, 5, price=1_001, outlet=dear.outlet)
        order = pay(session, place(session, dear, cheap, quantity=2))
        first = refund(session, order, 0, 1)
        assert (first.amount, refund(session, order, 2, 0).amount, refund(session, order, 0, 1).amount) == (1_001, 66_666, 1_001)
        assert order.state is OrderState.CANCELLED

    @pytest.mark.parametrize("quantity", [-1, 4, 10**9])
    def test_never_more_units_than_were_sold(self, session: Session, quantity: int) -> None:
        order = pay(session, place(session, make_goods(session, 5), quantity=3))
        with pytest.raises((TooManyUnits, InvalidInput)):
            refund(session, order, quantity)

    def test_nothing_and_foreign_lines_are_refused(self, session: Session) -> None:
        goods = make_goods(session, 9)
        order, other = pay(session, place(session, goods)), pay(session, place(session, goods))
        for wanted in ({}, {lines_of(session, order)[0].id: (0, True)}, {lines_of(session, other)[0].id: (1, True)}):
            with pytest.raises(InvalidInput):
                refunds.request_refund(session, SYSTEM, order.id, wanted, RefundReason.OTHER, PROVIDER, uuid4().hex)

    def test_unpaid_orders_have_nothing_to_give_back(self, session: Session) -> None:
        goods = make_goods(session, 9)
        cancelled = place(session, goods)
        fulfilment.cancel_order(session, SYSTEM, cancelled.id, "habis")
        for order in (place(session, goods), place(session, goods, payment_method=PICKUP), cancelled):
            with pytest.raises(NothingToRefund):
                refund(session, order)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_any_row_of_partial_refunds_keeps_the_books(self, session: Session, data: st.DataObject) -> None:
        """F10: the sum never exceeds what was captured, and no more comes back than was sold, whatever is asked for."""
        first = make_goods(session, 20, price=data.draw(st.integers(1, 90_000), "price"))
        second = make_goods(session, 20, price=data.draw(st.integers(1, 90_000), "price"), outlet=first.outlet)
        order = pay(session, place(session, first, second, quantity=data.draw(st.integers(1, 5), "sold")))
        if data.draw(st.booleans(), "handed over"):
            fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        sold = session.scalar(select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == order.id)) or 0
        for quantities in data.draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=6), "refunds"):
            fit, ends = data.draw(st.booleans()), data.draw(st.sampled_from(list(ProviderRefundState)))
            try:
                give(session, refund(session, order, *quantities, fit=fit, approval_above=10**9), ends)
            except DomainError:
                continue
        mine = Refund.order_id == order.id
        promised = session.scalar(select(func.coalesce(func.sum(Refund.amount), 0)).where(mine)) or 0
        back = session.scalar(select(func.coalesce(func.sum(RefundLine.quantity), 0)).join(Refund).where(mine)) or 0
        assert ledger.refunded(session, order.id) <= promised <= order.total
        assert back <= sold
        assert (back == sold) == (promised == order.total)
        assert check_all(session) == []


class TestOnce:
    def test_a_double_click_is_one_refund(self, session: Session) -> None:
        goods = make_goods(session, 5)
        order, key = pay(session, place(session, goods, quantity=2)), uuid4().hex
        assert refund(session, order, 1, key=key).id == refund(session, order, 1, key=key).id
        assert on_shelf(session, goods) == (5, 1)
        assert session.scalar(select(func.count(Refund.id))) == 1
        other = pay(session, place(session, goods))
        with pytest.raises(Conflict):
            refund(session, other, key=key)
        with pytest.raises(InvalidInput):
            refund(session, other, key="short")

    def test_the_guard_holds_when_somebody_was_faster(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        """The number that was free when the past was read is taken now: refused, whatever lock there was."""
        order = pay(session, place(session, make_goods(session, 5), quantity=2))
        past = refunds.read_past(session, order.id, payment_of(session, order).id)
        refund(session, order, 1)
        monkeypatch.setattr(refunds, "read_past", lambda *_: past)
        with pytest.raises(Conflict):
            refund(session, order, 2)


class TestTheSecondPerson:
    def test_a_large_refund_changes_nothing_until_somebody_else_agrees(self, session: Session) -> None:
        goods = make_goods(session, 50)
        order = pay(session, place(session, goods, quantity=21))
        lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
        other_lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
        wanted = refund(session, order, actor=lead)
        assert (wanted.authorised_at, order.state, on_shelf(session, goods)) == (None, OrderState.CONFIRMED, (50, 21))
        assert payouts.record_sent(session, wanted.id) is None
        with pytest.raises(RefundWaits):
            fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        with pytest.raises(RefundWaits):
            refund(session, order, 1)
        with pytest.raises(SecondPersonNeeded):
            refunds.approve_refund(session, lead, wanted.id)
        for _click in range(2):
            refunds.approve_refund(session, other_lead, wanted.id)
        assert (wanted.approved_by_id, order.state, on_shelf(session, goods)) == (other_lead.user_id, OrderState.CANCELLED, (50, 0))
        with pytest.raises(WrongState):
            refunds.reject_refund(session, other_lead, wanted.id)
        give(session, wanted)
        assert check_all(session) == []

    def test_small_refunds_of_one_order_add_up_to_a_large_one(self, session: Session) -> None:
        order = pay(session, place(session, make_goods(session, 50), quantity=21))
        assert refund(session, order, 20).authorised_at is not None
        assert refund(session, order, 1).authorised_at is None

    def test_a_rejected_refund_frees_its_amount(self, session: Session) -> None:
        goods = make_goods(session, 50)
        order = pay(session, place(session, goods, quantity=21))
        wanted = refund(session, order)
        for _click in range(2):
            refunds.reject_refund(session, SYSTEM, wanted.id)
        with pytest.raises(WrongState):
            refunds.approve_refund(session, SYSTEM, wanted.id)
        assert refund(session, order, 1).number == 2
        assert check_all(session) == []

    def test_only_staff_of_this_outlet_may_ask_and_only_leads_agree(self, session: Session) -> None:
        goods = make_goods(session, 50)
        order = pay(session, place(session, goods, quantity=21))
        elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
        for stranger in (GUEST, elsewhere, make_actor(session, Role.CURATOR), make_actor(session, Role.SHOPPER)):
            with pytest.raises(NotAllowed):
                refund(session, order, actor=stranger)
        cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
        wanted = refund(session, order, actor=cashier)
        for stranger in (cashier, elsewhere):
            with pytest.raises(NotAllowed):
                refunds.approve_refund(session, stranger, wanted.id)
            with pytest.raises(NotAllowed):
                refunds.reject_refund(session, stranger, wanted.id)


class TestPaymentsInReview:
    def test_money_for_a_cancelled_order_goes_back_whole(self, session: Session) -> None:
        order = place(session, make_goods(session))
        fulfilment.cancel_order(session, SYSTEM, order.id, "habis")
        pay(session, order)
        payment = payment_of(session, order)
        assert refund_queries.find_returnable(session, order.id) is payment
        with pytest.raises(NothingToRefund):
            refund(session, order)
        wanted = refunds.return_payment(session, SYSTEM, payment.id, PROVIDER, uuid4().hex)
        with pytest.raises(NothingToRefund):
            refunds.return_payment(session, SYSTEM, payment.id, PROVIDER, uuid4().hex)
        give(session, wanted)
        assert payment_of(session, order).state is PaymentState.RETURNED
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert check_all(session) == []

    def test_money_that_does_not_match_was_never_booked_and_cannot_go_back_here(self, session: Session) -> None:
        order = place(session, make_goods(session))
        pay(session, order, amount=1)
        with pytest.raises(NothingToRefund):
            refunds.return_payment(session, SYSTEM, payment_of(session, order).id, PROVIDER, uuid4().hex)


def test_each_act_leaves_its_trace(session: Session) -> None:
    order = pay(session, place(session, make_goods(session), quantity=2))
    give(session, refund(session, order))
    actions = [entry.action for entry in audit.list_for(session, f"order:{order.code}")]
    assert actions[:3] == ["refund.succeeded", "order.cancelled", "refund.requested"]


@pytest.mark.parametrize("way", [CASH, TRANSFER])
def test_money_goes_back_the_way_it_came_where_the_provider_can(session: Session, way: RefundWay) -> None:
    goods = make_goods(session)
    with pytest.raises(WayNotPossible):
        refund(session, pay(session, place(session, goods)), way=way)
    cash = place(session, goods, payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, cash.id, cash.code)
    with pytest.raises(WayNotPossible):
        refund(session, cash, way=PROVIDER)
