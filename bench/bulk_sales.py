"""A shop with very many sales for `./run bench consignment`: one real order is repeated inside the database, with all its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, func, select, text
from sqlalchemy.orm import Session

from kernel.base import Base
from kernel.people import SYSTEM
from orders import fulfilment
from orders.models.consignment import ConsignmentEntry, ConsignmentSale
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.payment import LedgerEntry, Payment
from tests.make_consignment import make_agreement, make_consigned
from tests.make_orders import pay, place

#: Lines of the order that is repeated; each is one unit of another product.
LINES = 8
PIECES = 100_000


def make_template(session: Session) -> tuple[int, int]:
    """An agreement with eight products on the shelf, and one order of all of them, paid and handed over: (agreement, order)."""
    agreement = make_agreement(session)
    goods = [make_consigned(session, agreement, PIECES, price=10_000 + 777 * number) for number in range(LINES)]
    order = pay(session, place(session, *goods))
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    return agreement.id, order.id


def repeat_order(session: Session, order_id: int, times: int) -> None:
    """`times` more of the order; stock, ledgers and the maker's books stay exact, so that the doctor has nothing to say."""
    order = session.get_one(Order, order_id)
    payment_id = session.scalars(select(Payment.id).where(Payment.order_id == order_id)).one()
    code, new = f"'{order.code}'", "('B' || i)"
    orders, payments = _free(session, Order), _free(session, Payment)
    same = {"order_id": f"{orders} + i"}
    _repeat(
        session,
        Order,
        f"id = {order_id}",
        times,
        {"id": f"{orders} + i", "code": new, "token": "'bench' || i", "checkout_key": "'key' || i"},
    )
    fresh = {"id": f"{payments} + i", "idempotency_key": "'bench' || i", "reference": "'bench' || i"}
    _repeat(session, Payment, f"id = {payment_id}", times, {**same, **fresh})
    posting = f"replace(replace(posting, {code}, {new}), 'payment:{payment_id}:', 'payment:' || ({payments} + i) || ':')"
    entry = {**same, "posting": posting, "payment_id": f"CASE WHEN payment_id IS NULL THEN NULL ELSE {payments} + i END"}
    _repeat(session, LedgerEntry, f"order_id = {order_id}", times, entry)
    for line_id in session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id)).all():
        lines, sales = _free(session, OrderLine), _free(session, ConsignmentSale)
        _repeat(session, OrderLine, f"id = {line_id}", times, {**same, "id": f"{lines} + i"})
        _repeat(session, OrderAllocation, f"line_id = {line_id}", times, {"line_id": f"{lines} + i"})
        sale_id = session.scalars(select(ConsignmentSale.id).where(ConsignmentSale.line_id == line_id)).one()
        sale = {"id": f"{sales} + i", "line_id": f"{lines} + i", "reference": f"'order:' || {new}"}
        _repeat(session, ConsignmentSale, f"id = {sale_id}", times, sale)
        _repeat(session, ConsignmentEntry, f"posting = 'sale:{sale_id}'", times, {"posting": f"'sale:' || ({sales} + i)"})
    movements = Base.registry.metadata.tables["stock_movements"]
    _repeat_table(session, movements, f"reference = 'order:{order.code}'", times, {"reference": f"'order:' || {new}"})
    sold = f"SELECT level_id FROM order_allocations a JOIN order_lines l ON l.id = a.line_id WHERE l.order_id = {order_id}"
    session.execute(text(f"UPDATE stock_levels SET on_hand = on_hand - :times WHERE id IN ({sold})"), {"times": times})


def _free(session: Session, model: type[Base]) -> int:
    """The largest id in use."""
    return session.scalar(select(func.max(cast(Table, model.__table__).c.id))) or 0


def _repeat(session: Session, model: type[Base], where: str, times: int, changes: Mapping[str, str]) -> None:
    _repeat_table(session, cast(Table, model.__table__), where, times, changes)


def _repeat_table(session: Session, table: Table, where: str, times: int, changes: Mapping[str, str]) -> None:
    """INSERT … SELECT of the rows found, `times` times with `i` from 1; ids are the database's own unless they are given."""
    columns = [column.name for column in table.columns if column.name != "id" or "id" in changes]
    values = ", ".join(changes.get(name, f"t.{name}") for name in columns)
    numbers = "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :times)"
    source = f"(SELECT * FROM {table.name} WHERE {where}) t"
    rows = f"SELECT {values} FROM {source} CROSS JOIN numbers"
    if session.get_bind().dialect.name == "sqlite":  # the numbers outside, so that rows are written in order of their ids
        rows = f"SELECT {values} FROM numbers CROSS JOIN {source}"
    statement = text(f"INSERT INTO {table.name} ({', '.join(columns)}) {numbers} {rows}").bindparams(bindparam("times", times))
    session.execute(statement)
