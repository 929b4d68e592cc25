"""What must leave the process (mail, later webhooks) as rows written in the same transaction, drained by the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base

#: After this many tries a message waits for a person; the delays double from half a minute to about eight hours.
MAX_ATTEMPTS = 11

Deliver = Callable[[dict[str, Any]], None]


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
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
        moment = clock.now()
        session.add(OutboxMessage(key=key, kind=kind, payload=dict(payload), created_at=moment, due_at=moment))


def list_due(session: Session, limit: int = 50) -> list[OutboxMessage]:
    """Messages whose time has come, oldest first; rows another worker holds are skipped (PostgreSQL)."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.due_at <= clock.now(), OutboxMessage.attempts < MAX_ATTEMPTS)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(statement))


def record_sent(message: OutboxMessage) -> None:
    """The receiver took it."""
    message.sent_at = clock.now()
    message.last_error = ""


def record_failure(message: OutboxMessage, error: Exception) -> None:
    """Note the failure and wait twice as long as before. Only the error's type is kept: its text may hold personal data."""
    message.attempts += 1
    message.last_error = type(error).__name__
    message.due_at = clock.now() + timedelta(seconds=30 * 2 ** min(message.attempts, 10))
