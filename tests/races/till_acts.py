"""What racers at tills do: deliver entries, sell the last piece, give leases back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast
from uuid import uuid4

from sqlalchemy import Engine, Table, bindparam, select
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import StockLevel
from kernel import clock
from kernel.prepared import Prepared
from orders.counter import leases
from orders.counter.entries import Envelope, receive_entries
from orders.models.till import StockLease, TillDevice
from tests.races.acts import place
from tests.races.racing import writing

Start = Callable[[], object]


def deliver(engine: Engine, start: Start, device_id: int, batches: Sequence[Sequence[Envelope]], guarded: bool = True) -> list[str]:
    """A worker that takes deliveries of one device, each in a transaction; how each entry was answered.

    Without the guard a counter's sale takes what it likes off the shelf and says nothing.
    """
    if not guarded:
        levels = cast(Table, StockLevel.__table__)
        units = bindparam("quantity", type_=levels.c.on_hand.type)
        blind = levels.update().where(levels.c.id == bindparam("level")).values(on_hand=levels.c.on_hand - units)
        stock_locks.SELL = Prepared(blind.returning((levels.c.on_hand - levels.c.held).label("free")))
    start()
    found = []
    for envelopes in batches:
        with writing(engine) as session:
            device = session.get_one(TillDevice, device_id)
            answers = receive_entries(session, device, envelopes, device_now=clock.now())
            found += [answer.state.value for answer in answers]
    return found


def buy_each(engine: Engine, start: Start, outlet_id: int, variant_ids: Sequence[int]) -> list[str]:
    """One unit of each in turn, as a buyer on the web: `sold` or `sold out`."""
    start()
    found = []
    for variant_id in variant_ids:
        try:
            with writing(engine) as session:
                place(session, outlet_id, {variant_id: 1}, uuid4().hex)
            found.append("sold")
        except stock.OutOfStock:
            found.append("sold out")
    return found


def buy_or_deliver(
    engine: Engine,
    start: Start,
    place_id: int,
    variant_ids: Sequence[int] | None,
    batches: Sequence[Sequence[Envelope]] | None,
    guarded: bool,
) -> list[str]:
    """A buyer on the web (at an outlet) or a till's worker (for a device)."""
    if variant_ids is not None:
        return buy_each(engine, start, place_id, variant_ids)
    return deliver(engine, start, place_id, batches or [], guarded)


def end_leases(engine: Engine, start: Start, guarded: bool) -> int:
    """A worker that gives back what ran out; without the guard it believes what it saw before the others began."""
    with Session(engine) as session:
        seen = session.execute(select(StockLease.level_id, StockLease.quantity)).all()
    start()
    with writing(engine) as session:
        if guarded:
            return leases.end_expired_leases(session)
        try:
            for level_id, quantity in seen:
                stock_locks.release_levels(session, [stock_locks.Allocation(level_id, 0, quantity)])
        except stock_locks.StockBroken:
            session.rollback()
            return -1
    return len(seen)
