"""Incidents: what did not fit the books at a till is opened once, seen by a manager, and ended with a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.people import Actor, Permission
from orders.models.shift import CounterIncident, IncidentKind

#: Words for how an incident ended; each kind has its own.
RESOLUTIONS: dict[IncidentKind, tuple[str, ...]] = {
    IncidentKind.OVERSOLD: ("counted", "received", "refunded", "waits", "replaced"),
    IncidentKind.STOPPED_BATCH: ("buyer_told", "goods_back", "harmless"),
    IncidentKind.REFERENCE_TWICE: ("paid", "not_paid"),
    IncidentKind.UNMATCHED_TENDER: ("found", "not_paid"),
    IncidentKind.PRICE_DIFFERS: ("seen",),
    IncidentKind.VOUCHER_OVER: ("seen",),
    IncidentKind.CLOCK_OFF: ("set",),
    IncidentKind.NOT_ALLOWED: ("allowed", "talked"),
    #: It ends by itself when the opening or the count comes (orders.counter.closings).
    IncidentKind.SHIFT_INCOMPLETE: ("seen",),
    #: Entries end their incident by being decided (`entries.decide_entry`).
    IncidentKind.REFUSED_ENTRY: ("accepted", "dismissed"),
    IncidentKind.QUARANTINED_ENTRY: ("accepted", "dismissed"),
}
_DECIDED = frozenset({IncidentKind.REFUSED_ENTRY, IncidentKind.QUARANTINED_ENTRY})


class DecideTheEntry(Conflict):
    """The incident is about an entry: it ends when the entry is accepted or dismissed."""

    message = N_("Please accept or dismiss the entry itself.")


def open_incident(
    session: Session,
    kind: IncidentKind,
    key: str,
    outlet_id: int,
    *,
    entry_id: int | None = None,
    order_id: int | None = None,
    level_id: int | None = None,
    payment_id: int | None = None,
    quantity: int = 0,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Open a case once: `key` names it, such as `oversold:<entry>:<level>`. Whether it is new. `detail` holds what JSON can."""
    row = {
        "code": make_code(),
        "key": key,
        "outlet_id": outlet_id,
        "kind": kind,
        "entry_id": entry_id,
        "order_id": order_id,
        "level_id": level_id,
        "payment_id": payment_id,
        "quantity": quantity,
        "detail": dict(detail or {}),
        "opened_at": clock.now(),
        "resolved_at": None,
        "resolved_by_id": None,
    }
    return bool(insert_new(session, CounterIncident, [row]))


def get_incident(session: Session, actor: Actor, code: str) -> CounterIncident:
    """An incident of an outlet whose tills the person manages; NotFound elsewhere."""
    row = session.execute(
        select(CounterIncident, Outlet).join(Outlet, Outlet.id == CounterIncident.outlet_id).where(CounterIncident.code == code)
    ).first()
    if row is None or not actor.can(Permission.MANAGE_TILLS, area_code=row[1].area_code, outlet_id=row[1].id):
        raise NotFound
    incident: CounterIncident = row[0]
    return incident


def resolve_incident(session: Session, actor: Actor, code: str, resolution: str, note: str = "") -> CounterIncident:
    """End an incident with one of its kind's words (RESOLUTIONS). Twice is once.

    What was oversold ends only when the books can do without it: raises overselling.StillMissing before that, and
    DecideTheEntry, InvalidInput, NotFound.
    """
    incident = get_incident(session, actor, code)
    if incident.kind in _DECIDED:
        raise DecideTheEntry
    if resolution not in RESOLUTIONS[incident.kind]:
        raise InvalidInput(field="resolution")
    note = " ".join(note.split())
    if len(note) > 240:
        raise InvalidInput(N_("Please keep the note under 240 letters."), field="note")
    if incident.kind is IncidentKind.OVERSOLD:
        from orders.counter.overselling import lock_level_of  # it needs this module

        lock_level_of(session, incident)
    if end_incident(session, actor, incident, resolution, note) and incident.kind is IncidentKind.OVERSOLD:
        from orders.counter.overselling import settle_level

        settle_level(session, incident)
    return incident


def end_incident(session: Session, actor: Actor, incident: CounterIncident, resolution: str, note: str = "") -> bool:
    """Mark it ended, unless somebody else has; whether it was us."""
    values = {"resolved_at": clock.now(), "resolved_by_id": actor.user_id, "resolution": resolution, "note": note}
    statement = update(CounterIncident).where(CounterIncident.id == incident.id, CounterIncident.resolved_at.is_(None))
    done = session.execute(
        statement.values(**values).returning(CounterIncident.id), execution_options={"synchronize_session": False}
    ).scalar()
    session.refresh(incident)
    if done is not None:
        details = {"kind": incident.kind.value, "resolution": resolution, "note": note}
        audit.record(session, actor, "incident.resolved", f"incident:{incident.code}", details)
    return done is not None
