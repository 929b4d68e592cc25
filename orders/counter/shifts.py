"""Shifts: opening with a float, handing over, the blind count at the end, and restating when an entry comes late (docs/tills.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed
from kernel.money import LARGEST_AMOUNT
from kernel.people import Actor, Permission
from orders.counter.acting import note_act, subject_of, who_acted
from orders.counter.closings import (
    LATE_OPENING,
    LATE_REST,
    LATE_SALE,
    NOT_COUNTED,
    add_closing,
    close_forgotten_shift,
    end_case,
    recheck_closings,
    restate,
)
from orders.counter.devices import get_till, lock_till, next_shift_number
from orders.counter.figures import figures_of
from orders.counter.incidents import open_incident
from orders.counter.pins import get_cashier
from orders.models.shift import IncidentKind, Shift, ShiftClosing
from orders.models.till import EntryKind, Till, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import HandedOver, ShiftClosed, ShiftOpened

__all__ = [
    "LATE_SALE",
    "close_forgotten_shift",
    "close_shift",
    "figures_of",
    "find_open",
    "find_shift_of",
    "hand_over_shift",
    "open_shift",
    "open_without_device",
    "recheck_closings",
    "restate",
]


class ShiftElsewhere(Conflict):
    """A device named a shift of another till."""

    message = N_("This shift belongs to another till.")


class OpenedBefore(Conflict):
    """Two entries say that they opened the same shift."""

    message = N_("This shift was opened before.")


class ShiftOpen(Conflict):
    """A till has one open shift."""

    message = N_("This till has an open shift already. Please close it first.")


def open_shift(session: Session, entry: TillEntry, body: ShiftOpened) -> Shift:
    """A drawer with its float begins to sell. An older open shift of the till is over then, uncounted, with an incident.

    A stand-in that an earlier entry of the same shift had opened gets its float and number. Raises OpenedBefore.
    """
    till = get_till(session, entry.till_id, lock=True)
    acting = who_acted(session, till.outlet, body.cashier)
    shift = _find(session, till.id, entry.shift_code)
    if shift is not None and shift.opened_by_id is not None:
        raise OpenedBefore
    number = _free_number(session, till, body.number, entry.shift_code)
    if shift is None:
        facts = {"number": number, "opened_by_id": acting.cashier.id, "cashier_id": acting.cashier.id, "opening_float": body.opening_float}
        shift = _begin(session, till, entry, facts)
    else:
        shift.number, shift.opening_float = number, body.opening_float
        shift.opened_by_id, shift.opened_at = acting.cashier.id, entry.happened_at
        shift.business_date = _business_date(till, entry.happened_at)
        shift.cashier_id = shift.cashier_id or acting.cashier.id
        session.flush()
        end_case(session, f"unopened:{shift.code}", "arrived")
        restate(session, shift, LATE_OPENING)
    note_act(session, acting, shift, entry, "shift.opened", {"float": body.opening_float})
    return shift


def find_shift_of(session: Session, entry: TillEntry) -> Shift:
    """The shift that an entry belongs to; its till and outlet are loaded. Call it before any order or stock row.

    The till's row stays locked until the commit: what happens at one till is applied one after the other. When the opening
    entry has not come, a stand-in without float is opened, with an incident. `entry` must be in the database.
    """
    lock_till(session, entry.till_id)
    shift = _find(session, entry.till_id, entry.shift_code)
    if shift is None:
        shift = _stand_in(session, get_till(session, entry.till_id), entry)
    return shift


def find_open(session: Session, till_id: int) -> Shift | None:
    """The till's open shift, till and outlet loaded."""
    statement = (
        select(Shift).where(Shift.till_id == till_id, Shift.closed_at.is_(None)).options(joinedload(Shift.till).joinedload(Till.outlet))
    )
    return session.scalar(statement.execution_options(populate_existing=True))


def open_without_device(session: Session, actor: Actor, till_id: int, opening_float: int) -> Shift:
    """Begin a shift on the page that needs no JavaScript. Raises NotAllowed, InvalidInput, ShiftOpen."""
    till = get_till(session, till_id, lock=True)
    if not actor.can(Permission.SELL_AT_TILLS, area_code=till.outlet.area_code, outlet_id=till.outlet.id):
        raise NotAllowed
    if type(opening_float) is not int or not 0 <= opening_float <= LARGEST_AMOUNT:
        raise InvalidInput(field="float")
    if find_open(session, till.id) is not None:
        raise ShiftOpen
    moment = clock.now()
    facts = {"number": next_shift_number(session, till.id), "opening_float": opening_float, "opened_by_id": actor.user_id}
    shift = Shift(
        **facts, code=str(uuid4()), till_id=till.id, business_date=_business_date(till, moment), opened_at=moment, cashier_id=actor.user_id
    )
    session.add(shift)
    session.flush()
    audit.record(session, actor, "shift.opened", subject_of(till.outlet, till), {"shift": shift.number, "float": opening_float})
    return _find_loaded(session, shift)


def hand_over_shift(session: Session, entry: TillEntry, body: HandedOver) -> Shift:
    """Another person sells from now on; the latest entry that says so counts, whenever it comes."""
    shift = find_shift_of(session, entry)
    acting = who_acted(session, shift.till.outlet, body.cashier)
    taker = get_cashier(session, body.to)
    handed = (TillEntry.shift_code == shift.code, TillEntry.kind == EntryKind.HANDED_OVER, TillEntry.sequence > entry.sequence)
    if session.scalar(select(TillEntry.id).where(*handed).limit(1)) is None:
        shift.cashier_id = taker.id
        session.flush()
    note_act(session, acting, shift, entry, "shift.handed_over", {"to": taker.code, "counted": body.counted})
    restate(session, shift, LATE_REST)
    return shift


def close_shift(session: Session, entry: TillEntry, body: ShiftClosed) -> ShiftClosing:
    """The blind count. While earlier entries of the device are still on their way the closing is provisional."""
    shift = find_shift_of(session, entry)
    acting = who_acted(session, shift.till.outlet, body.cashier)
    shift.closed_at, shift.closed_by_id = entry.happened_at, acting.cashier.id
    session.flush()
    closing = add_closing(
        session, shift, {str(word): amount for word, amount in body.counted.items()}, [list(pair) for pair in body.denominations], body.note
    )
    end_case(session, f"uncounted:{shift.code}", "counted")
    differences = {method: amount - closing.expected.get(method, 0) for method, amount in closing.counted.items()}
    note_act(session, acting, shift, entry, "shift.closed", {"version": closing.version, "differences": differences})
    return closing


def _begin(session: Session, till: Till, entry: TillEntry, facts: Mapping[str, Any]) -> Shift:
    """A new shift for an entry. Of it and the till's open one, the one that its device opened first is over."""
    shift = Shift(
        **facts,
        code=entry.shift_code,
        till_id=till.id,
        device_id=entry.device_id,
        business_date=_business_date(till, entry.happened_at),
        opened_at=entry.happened_at,
    )
    rival = find_open(session, till.id)
    over = None
    if rival is not None:
        over = rival if _is_later(session, shift, entry, rival) else shift
        over.closed_at = entry.happened_at if over is rival else rival.opened_at
        session.flush()
    session.add(shift)
    session.flush()
    if over is not None:
        add_closing(session, over, {}, [], NOT_COUNTED)
        detail = {"missing": "count", "shift": over.code, "number": over.number}
        open_incident(session, IncidentKind.SHIFT_INCOMPLETE, f"uncounted:{over.code}", till.outlet_id, entry_id=entry.id, detail=detail)
    return _find_loaded(session, shift)


def _is_later(session: Session, shift: Shift, entry: TillEntry, rival: Shift) -> bool:
    """Whether `shift`, which `entry` begins, came after `rival`.

    Shifts of one device follow its own count of entries, whatever its clock said; a later device comes after an earlier one.
    """
    if shift.device_id is None or rival.device_id is None:
        return shift.opened_at >= rival.opened_at
    if shift.device_id != rival.device_id:
        return shift.device_id > rival.device_id
    known = select(func.min(TillEntry.sequence)).where(TillEntry.shift_code == rival.code, TillEntry.device_id == rival.device_id)
    return entry.sequence > (session.scalar(known) or 0)


def _stand_in(session: Session, till: Till, entry: TillEntry) -> Shift:
    shift = _begin(session, till, entry, {"number": next_shift_number(session, till.id), "opening_float": 0})
    detail = {"missing": "opening", "shift": shift.code, "number": shift.number}
    open_incident(session, IncidentKind.SHIFT_INCOMPLETE, f"unopened:{shift.code}", till.outlet_id, entry_id=entry.id, detail=detail)
    return shift


def _free_number(session: Session, till: Till, wanted: int, code: str) -> int:
    """The number that the till gave its shift. A stand-in that holds it moves on; a real shift keeps it."""
    holder = session.scalar(select(Shift).where(Shift.till_id == till.id, Shift.number == wanted, Shift.code != code))
    if holder is None:
        return wanted
    if holder.opened_by_id is not None:
        return next_shift_number(session, till.id)
    holder.number = next_shift_number(session, till.id)
    session.flush()
    return wanted


def _find(session: Session, till_id: int, code: str) -> Shift | None:
    statement = select(Shift).where(Shift.code == code).options(joinedload(Shift.till).joinedload(Till.outlet))
    shift = session.scalar(statement.execution_options(populate_existing=True))
    if shift is not None and shift.till_id != till_id:
        raise ShiftElsewhere
    return shift


def _find_loaded(session: Session, shift: Shift) -> Shift:
    session.refresh(shift, ["till"])
    return shift


def _business_date(till: Till, moment: datetime) -> date:
    return clock.local(moment, till.outlet.zone).date()
