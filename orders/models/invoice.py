"""Invoices of partners and credit notes: frozen when they are issued, each with a number of its seller's year without gaps."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from orders.models.partner import Partner
from orders.models.purchase import PurchaseOrder


class CreditKind(StrEnum):
    """What a credit note is for."""

    #: Units that were accepted and turned out wrong: their makers' sale is undone.
    GOODS = "goods"
    #: Money only, at the seller's cost.
    ALLOWANCE = "allowance"


class InvoiceLine(Base):
    """Units of one order line that the partner kept. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "invoice_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    position: Mapped[int]
    quantity: Mapped[int]
    unit_price: Mapped[int] = mapped_column(BigInteger)
    #: Its part of the trading terms.
    discount: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("invoice_id", "order_line_id"),
        CheckConstraint("quantity > 0 AND unit_price > 0", name="line_positive"),
        CheckConstraint("discount BETWEEN 0 AND unit_price * quantity", name="discount_within_line"),
    )


class Invoice(Base):
    """What a partner is asked to pay. Never changed or deleted (a trigger refuses both): what is paid stands with the purchase order."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `INV-T1-2026-0001`: the seller's code, the year, the running number.
    code: Mapped[str] = mapped_column(String(30), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    year: Mapped[int]
    running: Mapped[int]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    #: As they were on its day.
    buyer_name: Mapped[str] = mapped_column(String(160))
    buyer_address: Mapped[str] = mapped_column(String(300))
    buyer_npwp: Mapped[str] = mapped_column(String(16), default="")
    issued_on: Mapped[date]
    due_on: Mapped[date]
    goods: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[int] = mapped_column(BigInteger)
    freight: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    is_taxable: Mapped[bool]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    lines: Mapped[list[InvoiceLine]] = relationship(lazy="raise", order_by=InvoiceLine.position)
    purchase: Mapped[PurchaseOrder] = relationship(lazy="raise")
    partner: Mapped[Partner] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("outlet_id", "year", "running"),
        Index(None, "partner_id", "issued_on"),
        Index(None, "outlet_id", "due_on"),
        CheckConstraint("total = goods - terms + freight AND total > 0", name="total_exact"),
        CheckConstraint("due_on >= issued_on", name="due_after_issue"),
    )


class CreditNoteLine(Base):
    """Units of one batch that are not paid for after all. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "credit_note_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_note_id: Mapped[int] = mapped_column(ForeignKey("credit_notes.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    quantity: Mapped[int]
    discount: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    #: Back on the shelf; otherwise written off.
    is_fit: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("credit_note_id", "order_line_id", "level_id"),
        CheckConstraint("quantity > 0 AND discount >= 0 AND amount >= 0", name="line_possible"),
    )


class CreditNote(Base):
    """What an invoice is worth less. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "credit_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `CN-T1-2026-0001`.
    code: Mapped[str] = mapped_column(String(30), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    year: Mapped[int]
    running: Mapped[int]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    kind: Mapped[CreditKind] = mapped_column(enum_column(CreditKind, 10))
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(240))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    lines: Mapped[list[CreditNoteLine]] = relationship(lazy="raise", order_by=CreditNoteLine.id)
    invoice: Mapped[Invoice] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("outlet_id", "year", "running"), CheckConstraint("amount > 0", name="amount_positive"))
