"""Acts that wait for a second person: what is to be done, who asked for it, and who decided (docs/permissions.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from kernel.people import User


class ApprovalKind(StrEnum):
    """What is to be done once somebody else agrees."""

    CANCEL_PACKED = "cancel_packed"  # end an order whose goods are packed and unpaid
    CORRECT_STOCK = "correct_stock"  # take goods worth more than the limit out of the books


class ApprovalState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    REJECTED = "rejected"


class Approval(Base):
    """One act above a limit of its outlet. Nothing of it happens before a second person agrees."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    kind: Mapped[ApprovalKind] = mapped_column(enum_column(ApprovalKind, 20))
    state: Mapped[ApprovalState] = mapped_column(enum_column(ApprovalState, 12))
    #: What it is about, as a word and code: `order:K7QTX4MN`, `variant:V000123`.
    subject: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(240))
    #: Rupiah at stake.
    worth: Mapped[int] = mapped_column(BigInteger)
    #: What the verb needs besides the subject.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    asked_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    __table_args__ = (Index(None, "state", "asked_at"), Index(None, "subject"))
