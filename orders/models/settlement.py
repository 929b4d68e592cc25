"""Uploaded bank statements and QRIS settlement lists, and the lines of them that were posted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from orders.gateways import PaymentMethod


class StatementFile(Base):
    """A list as it was uploaded, kept 30 days so that it can be looked at before and after posting."""

    __tablename__ = "statement_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(enum_column(PaymentMethod, 20))
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    uploaded_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]

    outlet: Mapped[Outlet] = relationship(lazy="raise")

    __table_args__ = (Index(None, "uploaded_at"),)


class StatementLine(Base):
    """One line that told of one payment, posted once: `row_hash` is the same whenever the same line is imported again."""

    __tablename__ = "statement_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(enum_column(PaymentMethod, 20))
    row_hash: Mapped[str] = mapped_column(String(64), unique=True)
    booked_on: Mapped[date | None]
    description: Mapped[str] = mapped_column(String(500))
    reference: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int] = mapped_column(BigInteger)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), unique=True)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    imported_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
