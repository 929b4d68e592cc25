"""What happens at a drawer beside sales: cash put in or taken out, openings without a sale, carts given up (docs/tills.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orders.counter.acting import CANCELLED_AFTER_PAYMENT, CASH_OUT, DRAWER_OFTEN, note_act, who_acted
from orders.counter.closings import LATE_CASH, LATE_REST, restate
from orders.counter.shifts import find_shift_of
from orders.models.shift import CashDirection, CashMove
from orders.models.till import EntryKind, EntryState, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import CartCancelled, CashMoved, DrawerOpened

#: How often a drawer is opened in a shift, to change a note for somebody, before it needs a supervisor.
FREE_OPENINGS = 3


def move_cash(session: Session, entry: TillEntry, body: CashMoved) -> CashMove:
    """Cash into or out of the drawer. More out than the outlet's limit without a supervisor opens an incident."""
    shift = find_shift_of(session, entry)
    acting = who_acted(session, shift.till.outlet, body.cashier, body.supervision)
    move = CashMove(
        shift_id=shift.id,
        entry_id=entry.id,
        direction=CashDirection(body.direction),
        amount=body.amount,
        reason=body.reason,
        moved_at=entry.happened_at,
        cashier_id=acting.cashier.id,
        supervisor_id=acting.supervisor_id,
    )
    session.add(move)
    session.flush()
    is_beyond = move.direction is CashDirection.OUT and body.amount > acting.outlet.cash_out_limit and acting.supervisor is None
    details = {"amount": body.amount, "reason": body.reason}
    note_act(session, acting, shift, entry, f"till.cash_{body.direction}", details, [CASH_OUT] if is_beyond else [])
    restate(session, shift, LATE_CASH)
    return move


def note_drawer(session: Session, entry: TillEntry, body: DrawerOpened) -> None:
    """The drawer was opened without a sale: in the shift's report, and an incident when it happens too often alone."""
    shift = find_shift_of(session, entry)
    acting = who_acted(session, shift.till.outlet, body.cashier, body.supervision)
    openings = select(func.count()).where(
        TillEntry.shift_code == shift.code, TillEntry.kind == EntryKind.DRAWER_OPENED, TillEntry.state == EntryState.ACCEPTED
    )
    before = session.scalar(openings.where(TillEntry.id != entry.id)) or 0
    is_often = acting.supervisor is None and before >= FREE_OPENINGS
    note_act(session, acting, shift, entry, "till.drawer_opened", {"reason": body.reason}, [DRAWER_OFTEN] if is_often else [])
    restate(session, shift, LATE_REST)


def note_cancelled(session: Session, entry: TillEntry, body: CartCancelled) -> None:
    """Goods were scanned and not bought: in the shift's report; after a payment had begun only with a supervisor, else an incident."""
    shift = find_shift_of(session, entry)
    acting = who_acted(session, shift.till.outlet, body.cashier, body.supervision)
    details = {"amount": body.total, "lines": len(body.lines), "reason": body.reason, "after_payment": body.after_payment}
    is_alone = body.after_payment and acting.supervisor is None
    note_act(session, acting, shift, entry, "till.cart_cancelled", details, [CANCELLED_AFTER_PAYMENT] if is_alone else [])
    restate(session, shift, LATE_REST)
