"""The till's journal at the server: each signed entry is claimed by its id, applied once, and answered the same for ever (F18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.errors import N_, DomainError
from kernel.people import Actor
from orders.models.till import EntrySource, EntryState, TillDevice, TillEntry


class NotUnderstood(DomainError):
    """What an entry says makes no sense here: it is set aside for a manager. `message` says why, in words for people."""

    message = N_("This entry cannot be read.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One entry as a till sends it: the signed text, and beside it the buyer's phone, which is forgotten by the till."""

    id: str
    sequence: int
    body: str
    signature: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an entry; told again whenever it is delivered again. `reason` is an English msgid, filled in."""

    id: str
    state: EntryState
    reason: str = ""
    order_code: str | None = None


@dataclass(frozen=True, slots=True)
class RescueResult:
    """What a rescue file brought: answers, and how many entries were left out because they were altered or not this device's."""

    device_code: str
    answers: list[Answer]
    known: int
    altered: int


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
    the device's clock at this moment.
    """
    raise NotImplementedError


def decide_entry(session: Session, actor: Actor, entry_id: str, accept: bool, note: str = "") -> TillEntry:
    """A manager's word about a refused or quarantined entry (its UUID): it happened after all, or it did not. Twice is once.

    Raises NotUnderstood when it still cannot be applied, NotFound for other outlets' entries.
    """
    raise NotImplementedError


def receive_rescue(session: Session, actor: Actor, text: str) -> RescueResult:
    """Take in the file that a device saved when it could not send: JSON `{"device": code, "entries": [envelopes]}`.

    Whoever uploads it, the entries are the signing device's (A25): what its key did not sign is left out. Twice is once.
    Raises InvalidInput for a file that is none, NotFound for a device of an outlet whose tills the person does not manage.
    """
    raise NotImplementedError
