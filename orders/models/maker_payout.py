"""Money to makers: the bank account it goes to, and payouts in batches that two people agree to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column, only_where
from orders.models.agreement import Agreement

_OPEN = "settled_at IS NULL"
_UNDECIDED = "decided_at IS NULL"


class MakerAccount(Base):
    """A bank account of a maker, as one outlet knows it: asked for by one person, agreed to by another, used from `effective_at` on.

    Belongs to the agreement, not to the maker: another outlet's staff cannot turn this outlet's money away.
    """

    __tablename__ = "maker_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    bank_name: Mapped[str] = mapped_column(String(60))
    account_number: Mapped[str] = mapped_column(String(30))
    holder_name: Mapped[str] = mapped_column(String(120))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    requested_at: Mapped[datetime]
    #: The second person's yes or no.
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
    #: From when money may go there; None when it was refused.
    effective_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "agreement_id", "effective_at"),
        Index("uq_maker_accounts_undecided", "agreement_id", unique=True, **only_where(_UNDECIDED)),
        CheckConstraint("effective_at IS NULL OR decided_at IS NOT NULL", name="effective_only_when_decided"),
    )


class PayoutState(StrEnum):
    """How far a batch of payouts is."""

    PREPARED = "prepared"
    APPROVED = "approved"
    #: Every payout of it was paid or dropped.
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PayoutWay(StrEnum):
    """How a maker gets the money."""

    TRANSFER = "transfer"
    CASH = "cash"


class PayoutBatch(Base):
    """Payouts of one outlet that are prepared, approved and sent to the bank together."""

    __tablename__ = "payout_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    #: The form's own token, so that a double click is one batch.
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    state: Mapped[PayoutState] = mapped_column(enum_column(PayoutState, 12))
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    prepared_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    payouts: Mapped[list[MakerPayout]] = relationship(lazy="raise", order_by="MakerPayout.id", back_populates="batch")


class MakerPayout(Base):
    """Money for one agreement in a batch, with the account as it was when it was prepared.

    While it is open (`settled_at` is empty) no other can be prepared for the agreement: the unique index is the guard.
    """

    __tablename__ = "maker_payouts"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: For people and the bank's reference: the batch's code and the number in it, `K7QTX4MN-3`.
    code: Mapped[str] = mapped_column(String(14), unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batches.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    way: Mapped[PayoutWay] = mapped_column(enum_column(PayoutWay, 10))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("maker_accounts.id"), index=True)
    #: The bank's number or who took the cash, and the stored picture of the proof.
    reference: Mapped[str] = mapped_column(String(60), default="")
    proof: Mapped[str] = mapped_column(String(120), default="")
    paid_on: Mapped[date | None]
    #: When it was paid, or dropped (then `paid_on` stays empty).
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    batch: Mapped[PayoutBatch] = relationship(lazy="raise", back_populates="payouts")
    agreement: Mapped[Agreement] = relationship(lazy="raise")
    account: Mapped[MakerAccount | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("uq_maker_payouts_open", "agreement_id", unique=True, **only_where(_OPEN)),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(way = 'transfer') = (account_id IS NOT NULL)", name="account_fits_way"),
        CheckConstraint("paid_on IS NULL OR settled_at IS NOT NULL", name="paid_is_settled"),
    )
