"""The till's journal at the server: each signed entry is claimed by its id, applied once, and answered the same for ever (F18)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock, crashpoints
from kernel.errors import N_, InvalidInput, NotFound
from kernel.inserts import insert_keyed_new, known_object
from kernel.people import SYSTEM, Actor, Permission
from kernel.prepared import Prepared
from orders.counter import late, locking
from orders.counter.answers import Answer, Envelope, NotUnderstood, RescueResult
from orders.counter.applying import apply_entry, keep_answer, report_clock, set_aside, try_entry
from orders.counter.incidents import end_incident
from orders.counter.reading import UNREADABLE, Arrival, is_entry, is_signed, read_envelope, read_text
from orders.counter.till_books import TillBooks
from orders.models.shift import CounterIncident
from orders.models.till import EntrySource, EntryState, Till, TillDevice, TillEntry

__all__ = ["Answer", "Envelope", "NotUnderstood", "RescueResult", "decide_entry", "receive_entries", "receive_rescue"]

_REVOKED = N_("The device had been revoked.")
_DISMISSED = N_("A manager decided that this did not happen.")
_devices = cast(Table, TillDevice.__table__)
_LAST = Prepared(
    _devices.update()
    .where(_devices.c.id == bindparam("device"), _devices.c.last_sequence < bindparam("last", type_=_devices.c.last_sequence.type))
    .values(last_sequence=bindparam("last", type_=_devices.c.last_sequence.type))
)
_WAITING = (EntryState.REFUSED, EntryState.QUARANTINED)


def receive_entries(
    session: Session,
    device: TillDevice,
    envelopes: Sequence[Envelope],
    *,
    device_now: datetime | None,
    source: EntrySource = EntrySource.SYNC,
) -> list[Answer]:
    """Apply a device's entries in the order of their numbers; one answer each, in the order they came.

    An id that was claimed before gets its stored answer, also when two workers hold the same batch at this moment. What cannot be
    understood is refused and set aside, the others go on; a revoked device's entries wait in quarantine. `device_now` is
    the device's clock at this moment; None for a file.
    """
    session.flush()
    moment = clock.now()
    clock_there = moment + timedelta(seconds=device.skew_s) if device_now is None else device_now
    answers = {each.id: Answer(each.id, EntryState.REFUSED, UNREADABLE) for each in envelopes if not is_entry(each)}
    once = {each.id: each for each in sorted(envelopes, key=lambda each: each.sequence) if each.id not in answers}
    arrivals = [read_envelope(device, each, clock_there, moment) for each in once.values()]
    fresh = _claim(session, device, arrivals, source, moment)
    answers |= _apply_all(session, books_of(session, device), fresh)
    answers |= _stored(session, [each for each in once if each not in answers])
    crashpoints.here("entries.applied")
    return [answers[each.id] for each in envelopes]


def decide_entry(session: Session, actor: Actor, entry_id: str, accept: bool, note: str = "") -> TillEntry:
    """A manager's word about a refused or quarantined entry (its UUID): it happened after all, or it did not. Twice is once.

    Raises NotUnderstood, or what else its effect is refused with, when it still cannot be applied; NotFound for other outlets'.
    """
    entry, books = _lock_entry(session, actor, entry_id)
    if entry.state not in _WAITING:
        return entry
    note = " ".join(note.split())[:240]
    if accept:
        body = read_text(entry.body)
        if body is None:
            raise NotUnderstood
        locking.take_ahead(session, books, [body])
        answer = apply_entry(session, books, entry, body)
        late.after_sales(session, books, [(entry, body)])
    else:
        answer = Answer(entry.entry_id, EntryState.REFUSED, _DISMISSED)
    _settle(session, actor, entry, answer, EntryState.ACCEPTED if accept else EntryState.DISMISSED, note)
    audit.record(session, actor, "entry.accepted" if accept else "entry.dismissed", f"entry:{entry.entry_id}", {"note": note})
    return entry


def receive_rescue(session: Session, actor: Actor, text: str) -> RescueResult:
    """Take in the file that a device saved when it could not send: JSON `{"device": code, "entries": [envelopes]}`.

    Whoever uploads it, the entries are the signing device's (A25): what its key did not sign is left out. Twice is once.
    Raises InvalidInput for a file that is none, NotFound for a device of an outlet whose tills the person does not manage.
    """
    code, envelopes = _read_file(text)
    device = session.scalar(select(TillDevice).where(TillDevice.code == code))
    if device is None:
        raise NotFound(N_("The device that wrote this file is not known here."))
    books = books_of(session, device)
    if not actor.can(Permission.MANAGE_TILLS, area_code=books.outlet.area_code, outlet_id=books.outlet.id):
        raise NotFound
    sound = [each for each in envelopes if is_entry(each) and is_signed(device, each)]
    known = session.scalars(select(TillEntry.entry_id).where(TillEntry.entry_id.in_({each.id for each in sound}))).all()
    answers = receive_entries(session, device, sound, device_now=None, source=EntrySource.RESCUE)
    result = RescueResult(code, answers, len(known), len(envelopes) - len(sound))
    details = {"entries": len(envelopes), "known": result.known, "altered": result.altered}
    audit.record(session, actor, "till.rescued", f"device:{code}", details)
    return result


def books_of(session: Session, device: TillDevice) -> TillBooks:
    """The books of a device's till."""
    till = session.get_one(Till, device.till_id)
    return TillBooks(session, till, session.get_one(Outlet, till.outlet_id), device)


def _claim(
    session: Session, device: TillDevice, arrivals: Sequence[Arrival], source: EntrySource, moment: datetime
) -> list[tuple[TillEntry, Arrival]]:
    """Write down which entries are ours to apply, before anything else; a rival with the same ones is waited for."""
    rows = [_row(device, each, source, moment) for each in arrivals]
    ids = insert_keyed_new(session, TillEntry, rows, key="entry_id")
    fresh = []
    for row, arrival in zip(rows, arrivals, strict=True):
        if (key := ids.get(row["entry_id"])) is not None:
            entry = known_object(TillEntry, {"id": key, **row})
            session.add(entry)
            fresh.append((entry, arrival))
    if fresh:
        last = fresh[-1][0].sequence
        _LAST.run(session, {"device": device.id, "last": last})
    return fresh


def _row(device: TillDevice, arrival: Arrival, source: EntrySource, moment: datetime) -> dict[str, Any]:
    envelope, timing = arrival.envelope, arrival.timing
    return {
        "entry_id": envelope.id,
        "till_id": device.till_id,
        "device_id": device.id,
        "sequence": envelope.sequence,
        "kind": arrival.kind,
        "source": source,
        "body": envelope.body,
        "signature": envelope.signature[:120],
        "shift_code": arrival.shift_code,
        "made_at": timing.made_at,
        "happened_at": timing.happened_at,
        "skew_s": timing.skew_s,
        "received_at": moment,
        "state": EntryState.ACCEPTED,
        "reason": "",
        "answer": {},
        "decided_at": None,
        "decided_by_id": None,
    }


def _apply_all(session: Session, books: TillBooks, fresh: Sequence[tuple[TillEntry, Arrival]]) -> dict[str, Answer]:
    """Each entry on its own: one that is refused takes nothing with it."""
    is_revoked = books.device is not None and books.device.revoked_at is not None
    sound = [each.body for _entry, each in fresh if each.body is not None and not each.mistake]
    if sound and not is_revoked:
        locking.take_ahead(session, books, sound)
    answers, applied, has_reported = {}, [], False
    for entry, arrival in fresh:
        key = entry.id
        answer = _answer_to(session, books, entry, arrival, is_revoked)
        if answer.state is not EntryState.ACCEPTED:
            set_aside(session, books, entry, answer)
        elif arrival.body is not None:
            applied.append((entry, arrival.body))
            if arrival.timing.is_off and not has_reported:
                report_clock(session, books, entry)
                has_reported = True
        keep_answer(session, key, answer)
        answers[answer.id] = answer
    late.after_sales(session, books, applied)
    for entry, body in late.returns_that_waited(session, books, applied):
        answer = try_entry(session, books, entry, body)
        if answer.state is EntryState.ACCEPTED:
            _settle(session, SYSTEM, entry, answer, EntryState.ACCEPTED, "")
    return answers


def _answer_to(session: Session, books: TillBooks, entry: TillEntry, arrival: Arrival, is_revoked: bool) -> Answer:
    entry_id = arrival.envelope.id
    if is_revoked:
        return Answer(entry_id, EntryState.QUARANTINED, _REVOKED)
    if arrival.body is None or arrival.mistake:
        return Answer(entry_id, EntryState.REFUSED, arrival.mistake)
    return try_entry(session, books, entry, arrival.body, arrival.envelope.phone)


def _settle(session: Session, actor: Actor, entry: TillEntry, answer: Answer, state: EntryState, note: str) -> None:
    """An entry that had been set aside is decided, and with it its incident."""
    keep_answer(session, entry.id, answer, state)
    session.refresh(entry)
    entry.decided_at, entry.decided_by_id = clock.now(), actor.user_id
    waiting = select(CounterIncident).where(CounterIncident.entry_id == entry.id, CounterIncident.resolved_at.is_(None))
    for incident in session.scalars(waiting):
        if incident.kind.value.endswith("_entry"):
            end_incident(session, actor, incident, "accepted" if state is EntryState.ACCEPTED else "dismissed", note)
    session.flush()


def _stored(session: Session, entry_ids: Iterable[str]) -> dict[str, Answer]:
    """What was answered before."""
    ids = list(entry_ids)
    if not ids:
        return {}
    rows = session.execute(select(TillEntry.entry_id, TillEntry.answer).where(TillEntry.entry_id.in_(ids)))
    return {row.entry_id: _read_answer(row.entry_id, row.answer) for row in rows}


def _read_answer(entry_id: str, said: dict[str, Any]) -> Answer:
    return Answer(entry_id, EntryState(said["state"]), said["message"], said["order"], said["params"])


def _lock_entry(session: Session, actor: Actor, entry_id: str) -> tuple[TillEntry, TillBooks]:
    statement = select(TillEntry).where(TillEntry.entry_id == entry_id).with_for_update().execution_options(populate_existing=True)
    entry = session.scalar(statement)
    if entry is None:
        raise NotFound
    till = session.get_one(Till, entry.till_id)
    outlet = session.get_one(Outlet, till.outlet_id)
    if not actor.can(Permission.MANAGE_TILLS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    device = session.get_one(TillDevice, entry.device_id) if entry.device_id is not None else None
    return entry, TillBooks(session, till, outlet, device)


def _read_file(text: str) -> tuple[str, list[Envelope]]:
    """Whose file it is, and what it holds."""
    try:
        said = json.loads(text)
        entries = [replace(Envelope("", 0, "", ""), **_envelope(each)) for each in said["entries"]]
        return str(said["device"]), entries
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidInput(N_("This is not a file that a till has saved."), field="file") from None


def _envelope(said: dict[str, Any]) -> dict[str, Any]:
    wanted = {"id": str, "sequence": int, "body": str, "signature": str}
    found = {name: said[name] for name in wanted}
    if any(type(found[name]) is not kind for name, kind in wanted.items()):
        raise TypeError
    phone = said.get("phone", "")
    return found | {"phone": phone if isinstance(phone, str) else ""}
