"""What must always be true of tills' sales and incidents, as queries that name what is not (orders.invariants runs them)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from orders.models.order import Channel, Order, OrderState
from orders.models.shift import CounterIncident, CounterReturn, CounterSale, IncidentKind
from orders.models.till import EntryKind, EntryState, TillEntry


def check_oversold(session: Session) -> Iterator[str]:
    """I1: what a level may be short of is what its open incidents explain; nothing is short without one."""
    for level_id, oversold, explained in session.execute(_unexplained()):
        yield f"stock level {level_id} is oversold by {oversold}, its open incidents explain {explained}"


@cache
def _unexplained() -> Any:
    opened = (
        select(CounterIncident.level_id, func.sum(CounterIncident.quantity).label("quantity"))
        .where(CounterIncident.kind == IncidentKind.OVERSOLD, CounterIncident.resolved_at.is_(None))
        .group_by(CounterIncident.level_id)
        .subquery()
    )
    explained = func.coalesce(opened.c.quantity, 0)
    return (
        select(StockLevel.id, StockLevel.oversold, explained)
        .outerjoin(opened, opened.c.level_id == StockLevel.id)
        .where(StockLevel.oversold != explained)
        .order_by(StockLevel.id)
    )


def check_sales(session: Session) -> Iterator[str]:
    """I3: every accepted sale of a till is one order with one receipt, and no receipt number stands for two."""
    for entry_id, state, number in session.execute(_entries_without_effect()):
        yield f"entry {entry_id} ({state}) of a till has {number} receipts"
    for code, state, has_receipt in session.execute(_odd_orders()):
        yield f"counter order {code} ({state}) {'is not completed' if has_receipt else 'has no receipt'}"
    for device_id, running, number in session.execute(_repeated_numbers()):
        yield f"device {device_id} used the running number {running} for {number} receipts"


@cache
def _entries_without_effect() -> Any:
    made = func.count(CounterSale.id)
    is_accepted = TillEntry.state == EntryState.ACCEPTED
    return (
        select(TillEntry.entry_id, TillEntry.state, made)
        .outerjoin(CounterSale, CounterSale.entry_id == TillEntry.id)
        .where(TillEntry.kind == EntryKind.SALE)
        .group_by(TillEntry.id, TillEntry.entry_id, TillEntry.state)
        .having(or_(and_(is_accepted, made != 1), and_(~is_accepted, made != 0)))
        .order_by(TillEntry.id)
    )


@cache
def _odd_orders() -> Any:
    has_receipt = exists().where(CounterSale.order_id == Order.id)
    gone = (OrderState.COMPLETED, OrderState.CANCELLED)
    odd = or_(
        and_(Order.channel == Channel.COUNTER, or_(~has_receipt, Order.state.not_in(gone))),
        and_(Order.channel != Channel.COUNTER, has_receipt),
    )
    return select(Order.code, Order.state, has_receipt).where(odd).order_by(Order.id)


@cache
def _repeated_numbers() -> Any:
    receipts = union_all(
        select(CounterSale.entry_id, CounterSale.running), select(CounterReturn.entry_id, CounterReturn.running)
    ).subquery()
    return (
        select(TillEntry.device_id, receipts.c.running, func.count())
        .join(TillEntry, TillEntry.id == receipts.c.entry_id)
        .where(TillEntry.device_id.is_not(None))
        .group_by(TillEntry.device_id, receipts.c.running)
        .having(func.count() > 1)
        .order_by(TillEntry.device_id, receipts.c.running)
    )
