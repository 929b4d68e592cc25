"""Papers: what they say is what the ledger says, and nothing is on paper before it is true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from catalog import stock
from kernel import clock
from kernel.errors import NotFound
from kernel.people import SYSTEM, Role
from orders import documents, fulfilment, ledger, queries
from orders.documents import Documents, PackingSlip, SaleKind, amount_in_words
from orders.models.order import Order
from orders.models.payment import Account
from orders.states import WrongState
from tests.conftest import StatementCounter
from tests.make import make_actor, make_batch, make_outlet
from tests.make_orders import PICKUP, pay, place
from tests.make_stock import make_goods, stock_up


def view_of(session: Session, order: Order, language: str = "id") -> queries.OrderView:
    session.flush()
    return queries.get_order_by_token(session, order.token, language)


def slip_of(session: Session, order: Order) -> PackingSlip:
    return documents.make_slip(session, view_of(session, order))


def test_a_confirmation_is_there_from_the_first_moment(session: Session) -> None:
    document = documents.make_confirmation(view_of(session, place(session, make_goods(session), quantity=2)))
    assert (document.kind, document.amount_in_question, document.rounding, document.tax) == (SaleKind.CONFIRMATION, 50_000, 0, None)


def test_an_order_that_is_over_has_no_confirmation(session: Session) -> None:
    order = place(session, make_goods(session), payment_method=PICKUP)
    fulfilment.cancel_order(session, make_actor(session, Role.ADMINISTRATOR), order.id, "Tidak jadi.")
    with pytest.raises(NotFound):
        documents.make_confirmation(view_of(session, order))


def test_there_is_no_receipt_before_the_money(session: Session) -> None:
    view = view_of(session, place(session, make_goods(session)))
    assert documents.documents_of(view) == Documents(confirmation=True, receipt=False, slip=False, label=False)
    with pytest.raises(NotFound):
        documents.read_receipt(session, view)


def test_a_receipt_says_what_the_ledger_says(session: Session) -> None:
    order = place(session, make_goods(session, price=25_037), quantity=3)
    pay(session, order)
    view = view_of(session, order)
    receipt = documents.read_receipt(session, view)
    assert documents.documents_of(view) == Documents(confirmation=True, receipt=True, slip=True, label=False)
    assert receipt.given == ledger.balance(session, order.id)[Account.STRIPE] == view.paid == 75_111
    assert receipt.rounding == 0


def test_a_cash_receipt_has_the_rounding_of_the_ledger(session: Session) -> None:
    goods = make_goods(session, price=25_037)
    order = place(session, goods, payment_method=PICKUP)
    before = documents.make_confirmation(view_of(session, order))
    assert (before.rounding, before.amount_in_question) == (-37, 25_000)
    fulfilment.hand_over(session, make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id), order.id, order.code)
    receipt = documents.read_receipt(session, view_of(session, order))
    books = ledger.balance(session, order.id)
    assert (receipt.given, receipt.rounding) == (books[Account.CASH], -books[Account.ROUNDING]) == (25_000, -37)
    assert receipt.received[0].amount == receipt.order.total == 25_037


def test_money_that_waits_for_a_person_makes_no_receipt(session: Session) -> None:
    order = place(session, make_goods(session), payment_method=PICKUP)
    fulfilment.cancel_order(session, make_actor(session, Role.ADMINISTRATOR), order.id, "Tidak jadi.")
    other = place(session, make_goods(session))
    pay(session, other, amount=100)
    for each in (order, other):
        with pytest.raises(NotFound):
            documents.read_receipt(session, view_of(session, each))


def test_ppn_stands_only_on_the_documents_of_a_registered_seller(session: Session) -> None:
    goods = make_goods(session, outlet=make_outlet(session, is_taxable=True))
    order = place(session, goods)
    tax = documents.make_confirmation(view_of(session, order)).tax
    assert tax is not None
    assert (tax.tax, tax.net, tax.rate.rate_bps) == (2_477, 22_523, 1_200)


def test_an_old_order_stays_without_ppn_when_its_seller_registers(session: Session) -> None:
    goods = make_goods(session)
    order = place(session, goods)
    goods.outlet.is_taxable = True
    assert documents.find_tax(view_of(session, order)) is None


def test_a_slip_takes_first_what_expires_first(session: Session) -> None:
    goods = make_goods(session, 2)
    soon = make_batch(session, goods.product, lot_code="SEGERA", best_before_on=clock.today() + timedelta(days=9))
    stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, soon, 2, "delivery:test")
    slip = slip_of(session, place(session, goods, quantity=3, payment_method=PICKUP))
    assert [(pick.lot_code, pick.quantity) for pick in slip.lines[0].picks] == [("SEGERA", 2), (goods.batch.lot_code, 1)]
    assert slip.pieces == 3


def test_goods_of_an_unpaid_order_are_not_packed(session: Session) -> None:
    order = place(session, make_goods(session))
    with pytest.raises(WrongState):
        slip_of(session, order)


def test_slips_are_printed_once_each_and_only_of_what_may_be_packed(session: Session) -> None:
    goods = make_goods(session)
    cashier = make_actor(session, Role.CASHIER, outlet_id=goods.outlet.id)
    to_pack = [place(session, goods, payment_method=PICKUP) for _ in range(2)]
    unpaid = place(session, goods)
    codes = [to_pack[1].code, unpaid.code, to_pack[0].code.lower(), to_pack[1].code, ""]
    slips = documents.list_slips(session, cashier, codes, "id")
    assert [slip.order.code for slip in slips] == [to_pack[1].code, to_pack[0].code]


def test_slips_of_another_outlet_are_not_found(session: Session) -> None:
    goods = make_goods(session)
    order = place(session, goods, payment_method=PICKUP)
    stranger = make_actor(session, Role.CASHIER, outlet_id=make_outlet(session).id)
    with pytest.raises(NotFound):
        documents.list_slips(session, stranger, [order.code], "id")


def test_a_receipt_costs_one_statement_more_than_the_page(session: Session, count_statements: StatementCounter) -> None:
    order = place(session, make_goods(session))
    pay(session, order)
    view = view_of(session, order)
    with count_statements() as statements:
        documents.read_receipt(session, view)
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("amount", "indonesian", "english"),
    [
        (25_000, "dua puluh lima ribu rupiah", "twenty-five thousand rupiah"),
        (1_000, "seribu rupiah", "one thousand rupiah"),
        (100, "seratus rupiah", "one hundred rupiah"),
        (11_011, "sebelas ribu sebelas rupiah", "eleven thousand and eleven rupiah"),
        (1_100_000, "satu juta seratus ribu rupiah", "one million, one hundred thousand rupiah"),
    ],
)
def test_amounts_are_said_in_words(amount: int, indonesian: str, english: str) -> None:
    assert amount_in_words(amount, "id") == indonesian
    assert amount_in_words(amount, "en") == english


@given(st.integers(1, 10**10))
def test_different_amounts_have_different_words(amount: int) -> None:
    for language in ("id", "en"):
        assert amount_in_words(amount, language) != amount_in_words(amount + 1, language)


def test_two_items_of_two_makers_stand_on_two_lines(session: Session) -> None:
    goods = make_goods(session)
    other = stock_up(session, make_goods(session, outlet=goods.outlet).product, goods.outlet, 3)
    slip = slip_of(session, place(session, goods, other, payment_method=PICKUP))
    assert len({line.maker_name for line in slip.lines}) == 2
