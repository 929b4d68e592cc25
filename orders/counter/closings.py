"""Closings of shifts: the blind count beside what was expected, and the next version when an entry comes late (docs/tills.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.money import LARGEST_AMOUNT
from kernel.people import SYSTEM, Actor
from orders.counter.acting import subject_of
from orders.counter.devices import check_may_manage, get_till
from orders.counter.figures import NOTE_BREAK, TENDERS, expected_of, last_closing
from orders.counter.incidents import end_incident
from orders.models.shift import CounterIncident, Shift, ShiftClosing
from orders.models.till import EntryKind, EntryState, Till, TillDevice, TillEntry

LATE_SALE = N_("Restated: a sale came late.")
LATE_RETURN = N_("Restated: a return came late.")
LATE_CASH = N_("Restated: cash that was put in or taken out came late.")
LATE_OPENING = N_("Restated: the opening with its float came late.")
LATE_REST = N_("Complete: nothing of this shift is on its way any more.")
NOT_COUNTED = N_("Not counted: the next shift began.")
COUNTED_AT_OFFICE = N_("Counted and closed by a manager.")


class CountedBefore(Conflict):
    """The shift was closed with a count."""

    message = N_("This shift was counted and closed already.")


def close_forgotten_shift(session: Session, actor: Actor, code: str, counted: Mapping[str, int], note: str = "") -> ShiftClosing:
    """A manager ends a shift that its till did not or cannot count any more; what a till still brings restates it.

    `counted` is whole rupiah by method (`TENDERS`). Raises NotFound, NotAllowed, InvalidInput, CountedBefore.
    """
    shift = session.scalar(select(Shift).where(Shift.code == code).options(joinedload(Shift.till).joinedload(Till.outlet)))
    if shift is None:
        raise NotFound
    till = get_till(session, shift.till_id, lock=True)
    check_may_manage(actor, till.outlet)
    session.refresh(shift, ["closed_at", "closed_by_id"])
    last = last_closing(session, shift.id)
    if shift.closed_at is not None and last is not None and last.counted:
        raise CountedBefore
    note = " ".join(note.split())
    if "cash" not in counted or any(
        method not in TENDERS or type(amount) is not int or not 0 <= amount <= LARGEST_AMOUNT for method, amount in counted.items()
    ):
        raise InvalidInput(N_("Please count the cash, and use whole rupiah."), field="counted")
    if len(note) > 160:
        raise InvalidInput(field="note")
    if shift.closed_at is None:
        shift.closed_at = clock.now()
    shift.closed_by_id = actor.user_id
    session.flush()
    closing = add_closing(session, shift, dict(counted), [], _joined(COUNTED_AT_OFFICE, note))
    end_case(session, f"uncounted:{shift.code}", "counted", actor)
    details = {"shift": shift.number, "version": closing.version, "counted": dict(counted)}
    audit.record(session, actor, "shift.closed", subject_of(till.outlet, till), details)
    return closing


def restate(session: Session, shift: Shift, note: str, detail: str = "") -> ShiftClosing | None:
    """Call it after an entry was applied to a shift from `find_shift_of`: adds the next closing when the old one is not true any more.

    `note` is a msgid such as LATE_SALE; `detail` what is not translated, such as a receipt number. None when nothing changed.
    """
    if shift.closed_at is None:
        return None
    last = last_closing(session, shift.id)
    if last is None:
        return None
    expected, is_provisional = expected_of(session, shift), _is_provisional(session, shift, bool(last.counted))
    if last.expected == expected and last.is_provisional == is_provisional:
        return None
    return add_closing(session, shift, last.counted, last.denominations, _joined(note, detail))


def recheck_closings(session: Session, till_id: int) -> int:
    """Closings that waited for entries and need not any more become final; how many. Called when a till says that nothing waits."""
    newest = select(func.max(ShiftClosing.version)).where(ShiftClosing.shift_id == Shift.id).correlate(Shift).scalar_subquery()
    waiting = (
        select(Shift, ShiftClosing)
        .join(ShiftClosing, ShiftClosing.shift_id == Shift.id)
        .where(Shift.till_id == till_id, Shift.closed_at.is_not(None), ShiftClosing.is_provisional, ShiftClosing.version == newest)
    )
    found = [shift for shift, closing in session.execute(waiting) if closing.counted]
    if not found:
        return 0
    get_till(session, till_id, lock=True)
    return sum(restate(session, shift, LATE_REST) is not None for shift in found)


def add_closing(session: Session, shift: Shift, counted: dict[str, int], denominations: list[Any], note: str) -> ShiftClosing:
    """The next version, with what is expected now."""
    version = session.scalar(select(func.max(ShiftClosing.version)).where(ShiftClosing.shift_id == shift.id)) or 0
    closing = ShiftClosing(
        shift_id=shift.id,
        version=version + 1,
        made_at=clock.now(),
        counted=counted,
        expected=expected_of(session, shift),
        denominations=denominations,
        is_provisional=_is_provisional(session, shift, bool(counted)),
        note=note[:240],
    )
    session.add(closing)
    session.flush()
    return closing


def end_case(session: Session, key: str, resolution: str, actor: Actor = SYSTEM) -> None:
    """End the open incident of that key, if there is one: what was missing is here."""
    incident = session.scalar(select(CounterIncident).where(CounterIncident.key == key, CounterIncident.resolved_at.is_(None)))
    if incident is not None:
        end_incident(session, actor, incident, resolution)


def _is_provisional(session: Session, shift: Shift, is_counted: bool) -> bool:
    """Whether more may come: nobody counted, the opening is missing, or numbers between opening and close are."""
    if not is_counted or shift.opened_by_id is None:
        return True
    if shift.device_id is None:
        return False
    of_shift = (TillEntry.shift_code == shift.code, TillEntry.device_id == shift.device_id, TillEntry.state == EntryState.ACCEPTED)
    first = session.scalar(select(func.min(TillEntry.sequence)).where(*of_shift, TillEntry.kind == EntryKind.SHIFT_OPENED))
    last = session.scalar(select(func.max(TillEntry.sequence)).where(*of_shift, TillEntry.kind == EntryKind.SHIFT_CLOSED))
    if last is None:  # closed at the office: the device's own word is all there is
        return bool(session.scalar(select(TillDevice.waiting).where(TillDevice.id == shift.device_id)))
    here = select(func.count(func.distinct(TillEntry.sequence))).where(TillEntry.device_id == shift.device_id)
    return first is None or (session.scalar(here.where(TillEntry.sequence.between(first, last))) or 0) < last - first + 1


def _joined(note: str, detail: str) -> str:
    return f"{note}{NOTE_BREAK}{detail}" if detail else note
