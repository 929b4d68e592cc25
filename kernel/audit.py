"""Who did what to which record, written in the same transaction as the act and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.inserts import insert_rows
from kernel.people import Actor


class AuditEntry(Base):
    """One act. `subject` is a table-like word and code such as `product:keripik-ubi-kencur`; `details` holds no secret."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(160))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index(None, "subject", "at"),)


def record(session: Session, actor: Actor, action: str, subject: str, details: Mapping[str, Any] | None = None) -> None:
    """Add one audit entry in the caller's transaction."""
    entry = {
        "at": clock.now(),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "action": action,
        "subject": subject,
        "details": dict(details or {}),
    }
    insert_rows(session, AuditEntry, [entry])


def list_for(session: Session, subject: str, limit: int = 50) -> list[AuditEntry]:
    """The newest acts on `subject` first."""
    statement = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
    return list(session.scalars(statement))
