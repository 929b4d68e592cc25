"""What must leave the process (mail, webhooks) as rows written in the same transaction, drained by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.inserts import insert_new

#: After this many tries a message waits for a person; the delays double from half a minute to about eight hours.
MAX_ATTEMPTS = 11
#: Programs of others are waited for longer: these kinds are tried more often, at most LONGEST_WAIT apart, over two and a half days.
MORE_ATTEMPTS = {"webhook": 19}
LONGEST_WAIT = {"webhook": timedelta(hours=6)}
#: How long a claimed message belongs to one sender.
LEASE = timedelta(minutes=5)


class OutboxMessage(Base):
    """One message to the outside. `key` makes enqueuing idempotent; `sent_at` is set once the receiver took it."""

    __tablename__ = "outbox_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "sent_at", "due_at"),)


def enqueue(session: Session, kind: str, key: str, payload: Mapping[str, Any]) -> None:
    """Add a message in the caller's transaction; a second one with the same key is dropped."""
    moment = clock.real_now()
    message = {"key": key, "kind": kind, "payload": dict(payload), "created_at": moment, "due_at": moment}
    insert_new(session, OutboxMessage, [message])


@dataclass(frozen=True, slots=True)
class Claim:
    """A message somebody has taken to send: the facts, without a row lock held."""

    message_id: int
    key: str
    kind: str
    payload: dict[str, Any]
    attempts: int = 1

    @property
    def is_last(self) -> bool:
        """Whether nobody tries again by themselves after this."""
        return self.attempts >= most_attempts(self.kind)


def most_attempts(kind: str) -> int:
    """How often a message of this kind is tried before it waits for a person."""
    return MORE_ATTEMPTS.get(kind, MAX_ATTEMPTS)


def claim_due(session: Session, limit: int = 20, prefix: str = "mail.") -> list[Claim]:
    """Take messages whose kind begins with `prefix` and whose time has come, oldest first, for LEASE.

    Sending happens after the commit, without a lock.

    Whoever dies while sending leaves the claim to run out; the message then goes out again under the same key.
    """
    moment = clock.now()
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.due_at <= moment,
            OutboxMessage.attempts < most_attempts(prefix),
            OutboxMessage.kind.startswith(prefix, autoescape=True),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claims = []
    for message in session.scalars(statement):
        message.due_at = moment + LEASE
        message.attempts += 1
        claims.append(Claim(message.id, message.key, message.kind, dict(message.payload), message.attempts))
    session.flush()
    return claims


def record_sent(session: Session, claim: Claim) -> None:
    """The receiver took it."""
    message = session.get_one(OutboxMessage, claim.message_id)
    message.sent_at = clock.now()
    message.last_error = ""


def record_failure(session: Session, claim: Claim, error: Exception) -> None:
    """Note the failure and wait twice as long as before. Only the error's type is kept: its text may hold personal data."""
    message = session.get_one(OutboxMessage, claim.message_id)
    message.last_error = type(error).__name__
    wait = timedelta(seconds=15 * 2 ** min(message.attempts, 11))
    message.due_at = clock.now() + min(wait, LONGEST_WAIT.get(claim.kind, wait))
