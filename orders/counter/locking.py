"""What a batch of entries is going to touch, taken before the first of them is applied, in the house's one order (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.counter.devices import lock_till
from orders.counter.till_books import TillBooks
from orders.models.order import Order
from orders.models.shift import CounterSale
from orders.models.voucher import Voucher
from orders.vouchers import tidy_code

if TYPE_CHECKING:
    from orders.counter.bodies import Body


def take_ahead(session: Session, books: TillBooks, bodies: Sequence[Body]) -> None:
    """The till itself, orders, vouchers, stock levels, makers' books: a batch holds many, and would meet buyers in opposite order.

    Also reads goods and people for all entries at once. SQLite has one writer anyway.
    """
    lock_till(session, books.till.id)
    sales = [body for body in bodies if body.kind == "sale"]
    if session.get_bind().dialect.name != "sqlite":
        receipts = sorted({body.original for body in bodies if body.kind == "return"})
        if receipts:
            orders = select(CounterSale.order_id).where(CounterSale.receipt_number.in_(receipts))
            session.execute(select(Order.id).where(Order.id.in_(orders)).order_by(Order.id).with_for_update())
        codes = sorted({tidy_code(body.voucher) for body in sales if body.voucher_discount})
        if codes:
            session.execute(select(Voucher.id).where(Voucher.code.in_(codes)).order_by(Voucher.id).with_for_update())
    books.read_people({body.cashier for body in bodies} | {body.supervision.code for body in sales if body.supervision})
    lines = [line.variant for body in sales for line in body.lines]
    lines += [line.variant for body in bodies if body.kind == "return" for line in body.lines]
    books.read_goods(lines)
    if sales:
        books.makers()
