"""What an entry that came late sets right: a closed shift is restated, and a return that came before its sale is tried again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kernel.prepared import Prepared
from orders.counter.reading import read_text
from orders.counter.till_books import TillBooks
from orders.models.till import EntryKind, EntryState, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import Body

_WAITING = Prepared(
    select(TillEntry.id)
    .where(TillEntry.till_id == bindparam("till_id"), TillEntry.kind == EntryKind.RETURN, TillEntry.state == EntryState.REFUSED)
    .limit(1)
)
Applied = Sequence[tuple[TillEntry, "Body"]]


def after_sales(session: Session, books: TillBooks, applied: Applied) -> None:
    """Sales joined shifts that had been closed: each such shift is restated once, with a note of what came."""
    from orders.counter.shifts import LATE_SALE, restate

    totals: defaultdict[str, list[int]] = defaultdict(list)
    entry_of: dict[str, TillEntry] = {}
    for entry, body in applied:
        if body.kind == "sale":
            totals[entry.shift_code].append(body.total)
            entry_of[entry.shift_code] = entry
    for code, sums in totals.items():
        shift = books.shift_of(entry_of[code])
        if shift.closed_at is not None:
            amount = f"{sum(sums):,}".replace(",", ".")
            restate(session, shift, LATE_SALE, f"{len(sums)} × = Rp{amount}" if len(sums) > 1 else f"Rp{amount}")


def returns_that_waited(session: Session, books: TillBooks, applied: Applied) -> list[tuple[TillEntry, Body]]:
    """Refused returns of this till whose sale has come with these entries."""
    receipts = {body.receipt for _entry, body in applied if body.kind == "sale"}
    if not receipts:
        return []
    if not _WAITING.run(session, {"till_id": books.till.id}):
        return []
    waiting = select(TillEntry).where(
        TillEntry.till_id == books.till.id, TillEntry.kind == EntryKind.RETURN, TillEntry.state == EntryState.REFUSED
    )
    found = [(entry, read_text(entry.body)) for entry in session.scalars(waiting.order_by(TillEntry.id))]
    return [(entry, body) for entry, body in found if body is not None and body.kind == "return" and body.original in receipts]
