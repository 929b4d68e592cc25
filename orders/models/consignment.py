"""Facts of consignment: units sold and lost with their terms frozen, the ledger of each agreement, and closed statements."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import LossCause
from kernel.base import Base, enum_column, only_where
from orders.models.agreement import Agreement, Bearer

_FIRST = "reverses_id IS NULL"
_REVERSAL = "reverses_id IS NOT NULL"


class ConsignmentSale(Base):
    """Units of one level sold on one order line, with the terms of that moment. A negative row takes units of a sale back.

    Never changed or deleted (a trigger refuses both).
    """

    __tablename__ = "consignment_sales"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    terms_id: Mapped[int] = mapped_column(ForeignKey("agreement_terms.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("consignment_sales.id"))
    #: `order:K7QTX4MN`, or `refund:K7QTX4MN-R1` for what came back.
    reference: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int]
    #: Selling price × quantity = share of the maker + commission of the outlet.
    gross: Mapped[int] = mapped_column(BigInteger)
    share: Mapped[int] = mapped_column(BigInteger)
    commission: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    booked_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "agreement_id", "booked_at"),
        Index("uq_consignment_sales_line_level", "line_id", "level_id", unique=True, **only_where(_FIRST)),
        Index("ix_consignment_sales_reverses_id", "reverses_id", **only_where(_REVERSAL)),
        CheckConstraint("gross = share + commission", name="gross_is_split"),
        CheckConstraint("(reverses_id IS NULL AND quantity > 0) OR (reverses_id IS NOT NULL AND quantity < 0)", name="sign_fits"),
    )


class ConsignmentLoss(Base):
    """Units of a level that were written off or missing at a count, and who bears it; negative when they were found again.

    Booked from the stock movement, so that no way of writing off can forget the maker. Never changed or deleted.
    """

    __tablename__ = "consignment_losses"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    terms_id: Mapped[int] = mapped_column(ForeignKey("agreement_terms.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("stock_movements.id"))
    #: The loss of which units were found again.
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("consignment_losses.id"), index=True)
    cause: Mapped[LossCause] = mapped_column(enum_column(LossCause, 10))
    borne_by: Mapped[Bearer] = mapped_column(enum_column(Bearer, 8))
    quantity: Mapped[int]
    #: What the outlet owes the maker for it; 0 when the maker bears it.
    amount: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    booked_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "agreement_id", "booked_at"),
        Index("uq_consignment_losses_movement", "movement_id", unique=True, **only_where(_FIRST)),
        UniqueConstraint("movement_id", "reverses_id"),
        CheckConstraint("quantity <> 0", name="quantity_not_zero"),
    )


class ConsignmentAccount(StrEnum):
    """Accounts of an agreement's books, kept by the outlet. Debits are positive, credits negative; each posting sums to zero."""

    #: Credit: what the outlet owes the maker.
    OWED = "owed"
    #: Debit: what buyers paid for the goods.
    SALES = "sales"
    #: Credit: the outlet's part of it.
    COMMISSION = "commission"
    #: Debit: goods the outlet has to pay for although nobody bought them.
    LOSSES = "losses"
    #: Debit: goods bought outright.
    PURCHASES = "purchases"
    #: Credit: monthly fees.
    FEES = "fees"
    #: Credit: money given to the maker.
    PAID_OUT = "paid_out"
    #: Either side: put right by hand, with a reason.
    CORRECTIONS = "corrections"


class EntryKind(StrEnum):
    """Of what kind of fact a posting is, as statements group them."""

    SALE = "sale"
    RETURN = "return"
    LOSS = "loss"
    PURCHASE = "purchase"
    FEE = "fee"
    PAYOUT = "payout"
    CORRECTION = "correction"


class ConsignmentEntry(Base):
    """One side of a posting about one agreement. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "consignment_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    #: Names the fact, e.g. `sale:4711`; unique per account, so that it is posted once.
    posting: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, 12))
    account: Mapped[ConsignmentAccount] = mapped_column(enum_column(ConsignmentAccount, 12))
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(240), default="")
    #: When it was written, when it happened, and under which moment it stands in the books: later than it happened when the
    #: statement was closed meanwhile.
    recorded_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    booked_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("posting", "account"),
        Index(None, "agreement_id", "booked_at"),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
    )


class MakerStatement(Base):
    """What a maker was told about one period. Never changed or deleted; later facts stand on the next one."""

    __tablename__ = "maker_statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: For people: the agreement's code and the number, `K7QTX4MN-S1`.
    code: Mapped[str] = mapped_column(String(16), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    number: Mapped[int]
    #: Entries booked from `from_at` (None: from the beginning) to just before `until_at`.
    from_at: Mapped[datetime | None]
    until_at: Mapped[datetime]
    #: Canonical JSON (orders.consignment.statements) and its SHA-256; the content names the hash of the one before.
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    #: What the maker earned by sales in the period, returns taken off; what is public is summed from here.
    share: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    agreement: Mapped[Agreement] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("agreement_id", "number"), UniqueConstraint("agreement_id", "until_at"))
