"""Payment attempts, the provider's events seen so far, and the append-only ledger of money facts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.states import PaymentState, ReviewReason

__all__ = ["Account", "LedgerEntry", "Payment", "PaymentState", "ProviderEvent", "ReviewReason"]


class Payment(Base):
    """One attempt to pay an order. Kept for ever, whatever became of it."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    attempt: Mapped[int]
    method: Mapped[PaymentMethod] = mapped_column(enum_column(PaymentMethod, 20))
    state: Mapped[PaymentState] = mapped_column(enum_column(PaymentState, 12))
    review_reason: Mapped[ReviewReason | None] = mapped_column(enum_column(ReviewReason, 12))
    amount: Mapped[int] = mapped_column(BigInteger)
    #: The provider's own id of the session or charge, once there is one.
    reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    redirect_url: Mapped[str | None] = mapped_column(String(2000))
    #: Sent to the provider; a retry of the same attempt reuses it.
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    #: For money that staff confirm (QRIS, transfer): the number in the merchant app or at the bank, and who saw it.
    proof: Mapped[str | None] = mapped_column(String(60))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: When its line was found in the bank statement or settlement list; the goods never wait for it.
    matched_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("order_id", "attempt"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(None, "method", "proof", unique=True),
    )


class ProviderEvent(Base):
    """An event of a provider that has had its effect; the unique pair makes a second delivery harmless."""

    __tablename__ = "provider_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("provider", "event_id"),)


class Account(StrEnum):
    """Accounts of the order ledger. Debits are positive, credits negative; each posting sums to zero."""

    RECEIVABLE = "receivable"
    SALES = "sales"
    SHIPPING = "shipping"
    #: What vouchers took off: sales stand at the listed price, this account is the difference.
    DISCOUNT = "discount"
    STRIPE = "stripe"
    #: On its way to the operator's account: confirmed in the merchant app, settled some days later.
    QRIS = "qris"
    BANK = "bank"
    #: On its way from the card terminal's bank.
    CARD = "card"
    CASH = "cash"
    ROUNDING = "rounding"


class LedgerEntry(Base):
    """One side of a posting about one order. Never changed or deleted (a database trigger refuses both)."""

    __tablename__ = "ledger_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Groups the sides of one posting, for example `order:K7QTX4MN:placed`; unique per account, so it is posted once.
    posting: Mapped[str] = mapped_column(String(80))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    account: Mapped[Account] = mapped_column(enum_column(Account, 20))
    amount: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("posting", "account"), CheckConstraint("amount <> 0", name="amount_not_zero"))
