"""One entry has its effect, in a savepoint of its own; what cannot be applied is set aside with its reason, and the others go on."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, bindparam
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from kernel.errors import N_, DomainError
from kernel.prepared import Prepared
from orders.counter import sales
from orders.counter.answers import Answer
from orders.counter.incidents import open_incident
from orders.counter.till_books import TillBooks
from orders.models.shift import IncidentKind
from orders.models.till import EntryKind, EntryState, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import Body

_CANNOT_BE_APPLIED = N_("This entry could not be applied. It is kept; please tell whoever looks after the shop.")
_LONGEST_REASON = 240
#: Who applies what is not a sale; loaded when the first one comes, because they load pydantic.
_APPLIED_BY = {
    EntryKind.SHIFT_OPENED: ("shifts", "open_shift"),
    EntryKind.HANDED_OVER: ("shifts", "hand_over_shift"),
    EntryKind.SHIFT_CLOSED: ("shifts", "close_shift"),
    EntryKind.RETURN: ("returns", "record_return"),
    EntryKind.CASH_MOVED: ("cash", "move_cash"),
    EntryKind.DRAWER_OPENED: ("cash", "note_drawer"),
    EntryKind.CART_CANCELLED: ("cash", "note_cancelled"),
}
_entries = cast(Table, TillEntry.__table__)
_ANSWER = Prepared(
    _entries.update()
    .where(_entries.c.id == bindparam("entry"))
    .values(
        state=bindparam("new_state", type_=_entries.c.state.type),
        reason=bindparam("new_reason", type_=_entries.c.reason.type),
        answer=bindparam("new_answer", type_=_entries.c.answer.type),
    )
)
_ASIDE = {
    EntryState.REFUSED: IncidentKind.REFUSED_ENTRY,
    EntryState.QUARANTINED: IncidentKind.QUARANTINED_ENTRY,
}
_log = logging.getLogger(__name__)


def try_entry(session: Session, books: TillBooks, entry: TillEntry, body: Body, phone: str = "") -> Answer:
    """Apply an entry, or say why it is set aside. Trouble of the database itself goes on to the caller: the till tries again."""
    entry_id = entry.entry_id
    params: dict[str, Any] = {}
    try:
        with session.begin_nested():
            return apply_entry(session, books, entry, body, phone)
    except DomainError as refusal:
        reason, params = refusal.message, {name: _plain(value) for name, value in refusal.params.items()}
    except DBAPIError as error:
        if not isinstance(error, DataError | IntegrityError):
            raise
        _log.exception("entry %s does not fit the database", entry_id)
        reason = _CANNOT_BE_APPLIED
    except Exception:  # a mistake of ours must not stop a till for ever (F22): the entry is kept and can be applied later
        _log.exception("entry %s could not be applied", entry_id)
        reason = _CANNOT_BE_APPLIED
    books.forget()
    return Answer(entry_id, EntryState.REFUSED, reason, None, params)


def _plain(value: Any) -> Any:
    """What JSON can keep."""
    return value if isinstance(value, int | str) else str(value)


def apply_entry(session: Session, books: TillBooks, entry: TillEntry, body: Body, phone: str = "") -> Answer:
    """What happened at the till happens in the books. Raises DomainError when it cannot."""
    code = None
    if body.kind == "sale":
        code = sales.record(session, books, entry, body, phone).order.code
    else:
        module, verb = _APPLIED_BY[entry.kind]
        effect: Any = getattr(import_module(f"orders.counter.{module}"), verb)
        effect(session, entry, body)
    return Answer(entry.entry_id, EntryState.ACCEPTED, "", code)


def set_aside(session: Session, books: TillBooks, entry: TillEntry, answer: Answer) -> None:
    """A manager has to decide about it."""
    kind = _ASIDE[answer.state]
    detail = {"kind": entry.kind.value, "message": answer.message, "params": dict(answer.params)}
    detail |= {"device": books.device.code if books.device else ""}
    open_incident(session, kind, f"{kind.value}:{entry.id}", books.outlet.id, entry_id=entry.id, detail=detail)


def report_clock(session: Session, books: TillBooks, entry: TillEntry) -> None:
    """The device's clock is off: one incident for each device and day (F25)."""
    if books.device is None:
        return
    day = books.day_of(entry)
    detail = {"device": books.device.code, "skew_s": entry.skew_s, "made_at": entry.made_at.isoformat()}
    detail["happened_at"] = entry.happened_at.isoformat()
    key = f"{IncidentKind.CLOCK_OFF.value}:{books.device.id}:{day.isoformat()}"
    open_incident(session, IncidentKind.CLOCK_OFF, key, books.outlet.id, entry_id=entry.id, detail=detail)


def keep_answer(session: Session, entry_key: int, answer: Answer, state: EntryState | None = None) -> None:
    """Store what the till is told, now and whenever it asks again."""
    said = {"state": answer.state.value, "message": answer.message, "params": dict(answer.params), "order": answer.order_code}
    reason = answer.reason[:_LONGEST_REASON]
    values = {"entry": entry_key, "new_state": state or answer.state, "new_reason": reason, "new_answer": said}
    _ANSWER.run(session, values)
