"""A write that is sent twice happens once: the caller's key is claimed first, and the answer is kept with the work it answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.errors import N_, Conflict, InvalidInput
from kernel.inserts import insert_new

#: How long somebody who died at work keeps others waiting; no work of ours takes nearly as long.
LEASE = timedelta(seconds=60)
#: How long an answer is kept to be given again.
KEPT = timedelta(days=3)
_RAW = {"synchronize_session": False}


class IdempotentAnswer(Base):
    """One key of one caller: what was asked, and the answer once there is one."""

    __tablename__ = "idempotent_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose key it is, such as `partner:7`: two callers may use the same key.
    owner: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    #: SHA-256 of what was asked.
    asked: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    status: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("owner", "key"), Index(None, "claimed_at"))


class StillWorking(Conflict):
    """The first call with this key has not been answered yet."""

    message = N_("The first call with this key is still being worked on. Please ask again in a moment.")


class OtherRequest(InvalidInput):
    """The key was used for something else."""

    message = N_("This key was used for another request. Please make a new key for every new intent.")


class ClaimLost(Conflict):
    """The work took longer than the lease and somebody else has begun it anew: roll back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the work and to store its answer."""

    row_id: int
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first call was answered."""

    status: int
    body: str


def digest(*parts: bytes) -> str:
    """One fingerprint of everything that was asked."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def claim(session: Session, owner: str, key: str, asked: str) -> Claim | StoredAnswer:
    """Begin the work, or give the answer of before. Commit before the work begins, so that a rival sees the claim.

    Raises OtherRequest when the key stands for something else, StillWorking when its first call has no answer yet.
    """
    moment = clock.now()
    row = {"owner": owner, "key": key, "asked": asked, "claimed_at": moment, "answered_at": None, "status": None}
    if ids := insert_new(session, IdempotentAnswer, [row]):
        return Claim(ids[0], moment)
    statement = select(IdempotentAnswer).where(IdempotentAnswer.owner == owner, IdempotentAnswer.key == key)
    known = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if known is None:  # its first call was refused in this very moment
        raise StillWorking
    if known.asked != asked:
        raise OtherRequest
    if known.answered_at is not None and known.status is not None:
        return StoredAnswer(known.status, known.body)
    if known.claimed_at > moment - LEASE:
        raise StillWorking
    known.claimed_at = moment
    session.flush()
    return Claim(known.id, moment)


def store(session: Session, claimed: Claim, status: int, body: str) -> None:
    """Keep the answer, in the transaction of the work: both are there, or neither. Raises ClaimLost."""
    statement = (
        update(IdempotentAnswer)
        .where(
            IdempotentAnswer.id == claimed.row_id,
            IdempotentAnswer.claimed_at == claimed.claimed_at,
            IdempotentAnswer.answered_at.is_(None),
        )
        .values(answered_at=clock.now(), status=status, body=body)
        .returning(IdempotentAnswer.id)
    )
    if session.execute(statement, execution_options=_RAW).scalar() is None:
        raise ClaimLost


def release(session: Session, claimed: Claim) -> None:
    """The work was refused and nothing happened: the key is free, so that a corrected call may use it."""
    session.execute(
        delete(IdempotentAnswer).where(
            IdempotentAnswer.id == claimed.row_id,
            IdempotentAnswer.claimed_at == claimed.claimed_at,
            IdempotentAnswer.answered_at.is_(None),
        ),
        execution_options=_RAW,
    )


def purge(session: Session) -> int:
    """Forget answers that nobody asks for any more; how many. The worker calls this."""
    result = session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.claimed_at <= clock.now() - KEPT), execution_options=_RAW)
    return int(getattr(result, "rowcount", 0))
