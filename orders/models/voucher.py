"""Discount vouchers of an outlet, and which order used which (docs/vouchers.md)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base
from kernel.people import User
from orders.discounts import Terms
from orders.models.order import Order


class Voucher(Base):
    """A code that takes something off the goods of an order at one outlet: a rate or an amount, so many times, between two days."""

    __tablename__ = "vouchers"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    #: Made by us, never typed by staff: 45 bits without look-alikes.
    code: Mapped[str] = mapped_column(String(10), unique=True)
    #: What buyers and papers call it.
    label: Mapped[str] = mapped_column(String(80))
    percent_bps: Mapped[int | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    least_subtotal: Mapped[int] = mapped_column(BigInteger, default=0)
    most_discount: Mapped[int | None] = mapped_column(BigInteger)
    use_limit: Mapped[int]
    #: Orders that use it now; counted by the guarded claim of orders.vouchers only.
    uses: Mapped[int] = mapped_column(default=0)
    once_per_phone: Mapped[bool]
    #: Both days count, in the outlet's zone.
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    #: The second person, where the voucher is worth more than the outlet's limits. Without `approved_at` it does not work.
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    approved_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    created_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[created_by_id])
    approved_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[approved_by_id])

    __table_args__ = (
        CheckConstraint("uses >= 0 AND uses <= use_limit", name="uses_within_limit"),
        CheckConstraint("(percent_bps IS NULL) <> (amount IS NULL)", name="rate_or_amount"),
        CheckConstraint("percent_bps IS NULL OR percent_bps BETWEEN 1 AND 10000", name="rate_possible"),
        CheckConstraint("percent_bps IS NULL OR most_discount IS NOT NULL", name="rate_has_a_ceiling"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
    )

    @property
    def terms(self) -> Terms:
        """What it promises, for the arithmetic."""
        return Terms(self.percent_bps, self.amount, self.least_subtotal, self.most_discount)


class VoucherUse(Base):
    """One order's voucher. An order has at most one; one that ended without a sale has given its use back."""

    __tablename__ = "voucher_uses"

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]

    voucher: Mapped[Voucher] = relationship(lazy="raise")
    order: Mapped[Order] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
