"""Money of partners: in parts, by transfer or card, never more than is owed, and credit that follows it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from orders import ledger, payments
from orders.gateways import NullGateway
from orders.invariants import check_all
from orders.manual_payments import ProofTaken
from orders.models.payment import Account, Payment
from orders.models.purchase import PurchaseOrder
from orders.payments import PaymentUndecided
from orders.refunds import NothingToRefund, RefundReason, RefundWay, request_refund
from orders.states import PaymentState, ReviewReason
from orders.wholesale import credit, receivables
from orders.wholesale.receivables import MoreThanOutstanding, NothingOutstanding
from tests.make import make_actor
from tests.make_trade import Trade, bought, invoiced, key, make_trade


def owing(session: Session, cases: int = 20) -> tuple[Trade, PurchaseOrder]:
    trade = make_trade(session)
    return trade, session.get_one(PurchaseOrder, invoiced(session, trade, cases).purchase_id)


def open_page(session: Session, trade: Trade, purchase: PurchaseOrder, gateway: NullGateway) -> Payment:
    payment = receivables.open_card_payment(session, trade.buyer, purchase.id)
    request = receivables.request_of(session, payment, purchase, success_url="https://shop.example/", cancel_url="https://shop.example/")
    return payments.record_started(session, payment.id, gateway.start(request))


def test_an_invoice_is_paid_in_parts_and_credit_is_free_again_as_money_comes(session: Session) -> None:
    trade, purchase = owing(session)
    receivables.record_transfer(session, SYSTEM, purchase.id, 3_000_000, "TRX-0001")
    assert (purchase.outstanding, credit.used(session, trade.partner.id)) == (purchase.total - 3_000_000, purchase.total - 3_000_000)
    receivables.record_transfer(session, SYSTEM, purchase.id, purchase.outstanding, "TRX-0002")
    assert (purchase.outstanding, credit.used(session, trade.partner.id)) == (0, 0)
    balance = ledger.balance(session, purchase.order_id or 0)
    assert (balance[Account.RECEIVABLE], balance[Account.BANK]) == (0, purchase.total)
    assert check_all(session) == []


def test_more_than_is_outstanding_is_refused_and_a_number_confirms_one_payment(session: Session) -> None:
    _trade, purchase = owing(session)
    with pytest.raises(MoreThanOutstanding):
        receivables.record_transfer(session, SYSTEM, purchase.id, purchase.total + 1, "TRX-0001")
    receivables.record_transfer(session, SYSTEM, purchase.id, 1_000, "TRX-0001")
    with pytest.raises(ProofTaken), session.begin_nested():
        receivables.record_transfer(session, SYSTEM, purchase.id, 1_000, "trx-0001")
    receivables.record_transfer(session, SYSTEM, purchase.id, purchase.outstanding, "TRX-0002")
    with pytest.raises(NothingOutstanding):
        receivables.record_transfer(session, SYSTEM, purchase.id, 1, "TRX-0003")


def test_only_whoever_answers_for_the_money_records_it(session: Session) -> None:
    trade, purchase = owing(session, 4)
    for actor in (trade.buyer, make_actor(session, Role.CURATOR, area_prefix="16.12")):
        with pytest.raises(NotAllowed):
            receivables.record_transfer(session, actor, purchase.id, 1_000, "TRX-0001")


def test_an_order_that_is_not_placed_takes_no_money(session: Session) -> None:
    trade = make_trade(session)
    with pytest.raises(NothingOutstanding):
        receivables.record_transfer(session, SYSTEM, bought(session, trade).id, 1_000, "TRX-0001")


def test_the_rest_is_paid_by_card_through_the_gateway(session: Session) -> None:
    trade, purchase = owing(session)
    receivables.record_transfer(session, SYSTEM, purchase.id, 3_000_000, "TRX-0001")
    gateway = NullGateway()
    payment = open_page(session, trade, purchase, gateway)
    assert payment.amount == purchase.total - 3_000_000
    with pytest.raises(PaymentUndecided):
        receivables.open_card_payment(session, trade.buyer, purchase.id)
    payments.settle(session, payment.id, gateway.settle(payment.reference or ""))
    session.refresh(purchase)
    assert (purchase.outstanding, payment.state) == (0, PaymentState.PAID)
    assert check_all(session) == []


def test_a_page_that_could_not_be_opened_is_opened_again(session: Session) -> None:
    trade, purchase = owing(session, 4)
    first = receivables.open_card_payment(session, trade.buyer, purchase.id)
    assert receivables.open_card_payment(session, trade.buyer, purchase.id).id == first.id


def test_a_rival_pays_for_nobody_elses_order(session: Session) -> None:
    _trade, purchase = owing(session, 4)
    with pytest.raises(NotFound):
        receivables.open_card_payment(session, make_trade(session).buyer, purchase.id)


def test_money_that_comes_twice_waits_for_a_person(session: Session) -> None:
    trade, purchase = owing(session, 4)
    gateway = NullGateway()
    payment = open_page(session, trade, purchase, gateway)
    receivables.record_transfer(session, SYSTEM, purchase.id, purchase.outstanding, "TRX-0001")
    payments.settle(session, payment.id, gateway.settle(payment.reference or ""))
    session.refresh(purchase)
    assert (payment.state, payment.review_reason, purchase.paid) == (PaymentState.REVIEW, ReviewReason.PAID_TWICE, purchase.total)
    assert check_all(session) == []


def test_a_partners_goods_are_credited_and_never_refunded_like_a_shoppers(session: Session) -> None:
    _trade, purchase = owing(session, 4)
    receivables.record_transfer(session, SYSTEM, purchase.id, purchase.outstanding, "TRX-0001")
    payment = session.scalars(select(Payment)).one()
    with pytest.raises(NothingToRefund):
        request_refund(session, SYSTEM, payment.order_id, {}, RefundReason.DAMAGED, RefundWay.TRANSFER, key())
