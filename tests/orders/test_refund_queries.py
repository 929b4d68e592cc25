"""Lists and views of refunds: what is left, what waits for whom, and only within reach."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from kernel.people import SYSTEM, Role
from orders import fulfilment, payouts, queries, refund_queries
from orders.gateways import ProviderRefundState
from orders.refund_queries import RefundQueue
from orders.refund_states import RefundWay
from orders.refunds import NothingToRefund
from tests.conftest import StatementCounter
from tests.make import make_actor, make_outlet
from tests.make_orders import PICKUP, pay, place
from tests.make_stock import make_goods
from tests.orders.test_refunds import give, lines_of, refund


def test_each_refund_waits_in_the_right_queue(session: Session) -> None:
    goods = make_goods(session, 60)
    cash = place(session, goods, payment_method=PICKUP)
    fulfilment.hand_over(session, SYSTEM, cash.id, cash.code)
    waits = {
        RefundQueue.APPROVAL: refund(session, pay(session, place(session, goods, quantity=21))),
        RefundQueue.PAYOUT: refund(session, cash, way=RefundWay.CASH),
        RefundQueue.PROVIDER: refund(session, pay(session, place(session, goods))),
        RefundQueue.FAILED: give(session, refund(session, pay(session, place(session, goods))), ProviderRefundState.FAILED),
    }
    give(session, refund(session, pay(session, place(session, goods))))
    cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
    elsewhere = make_actor(session, Role.CASHIER, outlet_id=make_outlet(session).id)
    assert refund_queries.count_queues(session, cashier) == dict.fromkeys(RefundQueue, 1)
    assert refund_queries.count_queues(session, elsewhere) == dict.fromkeys(RefundQueue, 0)
    for queue, wanted in waits.items():
        assert [each.id for each in refund_queries.list_refunds(session, cashier, queue).rows] == [wanted.id]
        assert refund_queries.list_refunds(session, elsewhere, queue).rows == []
    assert refund_queries.list_refunds(session, cashier, None).total == 5
    assert refund_queries.get_refund(session, cashier, waits[RefundQueue.PAYOUT].code.lower()).order.code == cash.code
    for stranger in (elsewhere, make_actor(session, Role.CURATOR)):
        with pytest.raises(NotFound):
            refund_queries.get_refund(session, stranger, waits[RefundQueue.PAYOUT].code)
    with pytest.raises(NotFound):
        refund_queries.get_refund(session, cashier, "AAAAAAAA-R1")


def test_a_preview_says_what_will_happen(session: Session) -> None:
    order = pay(session, place(session, make_goods(session), quantity=3))
    line = lines_of(session, order)[0]
    part = refund_queries.preview_refund(session, order.id, {line.id: (1, True)}, 100_000)
    assert (part.amount, part.is_whole, part.needs_second_person) == (25_000, False, False)
    refund(session, order, 2)
    assert refund_queries.read_left(session, order.id, {line.id: 3}).units == {line.id: 1}
    rest = refund_queries.preview_refund(session, order.id, {line.id: (1, True)}, 50_000)
    assert (rest.amount, rest.is_whole, rest.needs_second_person) == (25_000, True, True)
    refund(session, order, 1)
    assert refund_queries.read_left(session, order.id, {line.id: 3}).amount == 0
    with pytest.raises(NothingToRefund):
        refund_queries.preview_refund(session, place(session, make_goods(session)).id, {}, 0)


def test_the_buyers_page_shows_what_counts_in_six_statements(session: Session, count_statements: StatementCounter) -> None:
    order = pay(session, place(session, make_goods(session, 60), quantity=22))
    give(session, refund(session, order, 1))
    refund(session, order, 21)
    session.flush()
    session.expunge_all()
    with count_statements() as statements:
        view = queries.get_order_by_token(session, order.token, "en")
    assert len(statements) <= 6, statements
    assert [(each.code, each.counts, each.lines[0].quantity) for each in view.refunds] == [
        (f"{order.code}-R1", True, 1),
        (f"{order.code}-R2", False, 21),
    ]
    assert (view.refunded, view.lines[0].refunded, view.paid) == (25_000, 1, 550_000)


def test_qris_and_transfers_go_back_by_hand() -> None:
    from orders.gateways import PaymentMethod
    from orders.refund_states import ways_for

    for method in (PaymentMethod.QRIS, PaymentMethod.BANK_TRANSFER, PaymentMethod.PAY_AT_PICKUP):
        assert ways_for(method) == (RefundWay.CASH, RefundWay.TRANSFER)
    assert payouts.ACCOUNTS.keys() == set(RefundWay)
