"""I5: what must always be true of shifts and their drawers, as queries that name what is not (orders.invariants runs them)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from orders.counter.figures import TENDERS
from orders.models.payment import Account, LedgerEntry, Payment
from orders.models.refund import Refund
from orders.models.shift import CashDirection, CashMove, CounterReturn, CounterSale, Shift, ShiftClosing
from orders.models.till import TillEntry

#: What is only ever added (migration 0015). Of these the closings carry our own moment, by which the chain of digests goes.
APPEND_ONLY = ("shift_closings", "cash_moves", "counter_sales", "counter_returns")
CHAINED = ("shift_closings",)


def check_shifts(session: Session) -> Iterator[str]:
    """I5: per shift, expected cash = float + cash sales − cash refunds ± drawer moves, by receipts and by the ledger alike.

    And the last closing says so, whatever came late; versions have no gap.
    """
    receipts, books = _sum_all(session, _RECEIPTS), _sum_all(session, _BOOKS)
    paid: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for shift_id, method, amount in session.execute(_other_tenders()):
        paid[shift_id][method] = int(amount)
    for shift_id, code, opening_float, is_closed, versions, highest, expected in session.execute(_shifts()):
        drawer, by_ledger = opening_float + receipts[shift_id], opening_float + books[shift_id]
        if drawer != by_ledger:
            yield f"shift {code}: by its receipts {drawer} are in the drawer, by the ledger {by_ledger}"
        if is_closed != bool(versions) or versions != (highest or 0):
            yield f"shift {code} is {'closed' if is_closed else 'open'} and has {versions} closings up to version {highest or 0}"
        elif expected is not None:
            wanted = {word: paid[shift_id].get(method, 0) for word, method in TENDERS.items()} | {"cash": drawer}
            if expected != wanted:
                yield f"shift {code}: its last closing expects {expected}, its receipts say {wanted}"
    for code, number in session.execute(_strays()):
        yield f"receipt {number} belongs to shift {code} of another till"


def _sum_all(session: Session, statements: Any) -> defaultdict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for make in statements:
        for shift_id, amount in session.execute(make()):
            found[shift_id] += int(amount)
    return found


@cache
def _shifts() -> Any:
    closings = (
        select(ShiftClosing.shift_id, func.count().label("versions"), func.max(ShiftClosing.version).label("highest"))
        .group_by(ShiftClosing.shift_id)
        .subquery()
    )
    last = and_(ShiftClosing.shift_id == Shift.id, ShiftClosing.version == closings.c.highest)
    return (
        select(
            Shift.id,
            Shift.code,
            Shift.opening_float,
            Shift.closed_at.is_not(None),
            func.coalesce(closings.c.versions, 0),
            closings.c.highest,
            ShiftClosing.expected,
        )
        .outerjoin(closings, closings.c.shift_id == Shift.id)
        .outerjoin(ShiftClosing, last)
        .order_by(Shift.id)
    )


@cache
def _cash_of_sales() -> Any:
    return select(CounterSale.shift_id, func.sum(CounterSale.cash_given - CounterSale.cash_change)).group_by(CounterSale.shift_id)


@cache
def _cash_of_returns() -> Any:
    return select(CounterReturn.shift_id, -func.sum(CounterReturn.cash)).group_by(CounterReturn.shift_id)


@cache
def _moves() -> Any:
    signed = case((CashMove.direction == CashDirection.IN, CashMove.amount), else_=-CashMove.amount)
    return select(CashMove.shift_id, func.sum(signed)).group_by(CashMove.shift_id)


@cache
def _booked_sales() -> Any:
    is_payment = and_(LedgerEntry.account == Account.CASH, LedgerEntry.payment_id.is_not(None))
    return (
        select(CounterSale.shift_id, func.sum(LedgerEntry.amount))
        .join(LedgerEntry, and_(LedgerEntry.order_id == CounterSale.order_id, is_payment))
        .group_by(CounterSale.shift_id)
    )


@cache
def _booked_returns() -> Any:
    given = and_(LedgerEntry.posting == "refund:" + Refund.code + ":given", LedgerEntry.account == Account.CASH)
    return (
        select(CounterReturn.shift_id, func.sum(LedgerEntry.amount))
        .join(Refund, Refund.id == CounterReturn.refund_id)
        .join(LedgerEntry, given)
        .group_by(CounterReturn.shift_id)
    )


@cache
def _other_tenders() -> Any:
    return (
        select(CounterSale.shift_id, Payment.method, func.sum(Payment.amount))
        .join(Payment, Payment.order_id == CounterSale.order_id)
        .where(Payment.paid_at.is_not(None))
        .group_by(CounterSale.shift_id, Payment.method)
    )


@cache
def _strays() -> Any:
    return (
        select(Shift.code, CounterSale.receipt_number)
        .join(CounterSale, CounterSale.shift_id == Shift.id)
        .join(TillEntry, TillEntry.id == CounterSale.entry_id)
        .where(TillEntry.till_id != Shift.till_id)
        .order_by(CounterSale.id)
    )


_RECEIPTS = (_cash_of_sales, _cash_of_returns, _moves)
_BOOKS = (_booked_sales, _booked_returns, _moves)
