"""Refunds: money that goes back to a buyer, line by line, and what became of the goods."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.refund_states import RefundReason, RefundState, RefundWay


class RefundLine(Base):
    """Units of one order line that are paid back, at the price they were sold for."""

    __tablename__ = "refund_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    #: The part of the order's discount that these units had: price x quantity = amount + discount.
    discount: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Whether the goods can be sold again; otherwise they are written off.
    back_to_stock: Mapped[bool]

    line: Mapped[OrderLine] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("refund_id", "line_id"),
        CheckConstraint("quantity > 0 AND amount >= 0 AND discount >= 0 AND amount + discount > 0", name="something_goes_back"),
    )


class Refund(Base):
    """Money for one order that goes back. Without lines and shipping it returns a whole payment that had no order to pay for.

    `number` counts the refunds of an order; that it is unique is the guard against two at the same moment.
    """

    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: For people: the order's code and the number, `K7QTX4MN-R1`.
    code: Mapped[str] = mapped_column(String(16), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    number: Mapped[int]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    #: The form's own token, so that a double click is one refund.
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    #: How much of the amount is for shipping.
    shipping_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[RefundReason] = mapped_column(enum_column(RefundReason, 20))
    reason_text: Mapped[str] = mapped_column(String(240), default="")
    way: Mapped[RefundWay] = mapped_column(enum_column(RefundWay, 12))
    state: Mapped[RefundState] = mapped_column(enum_column(RefundState, 12))
    #: Sent to the provider; a retry after a lost answer reuses it.
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    tries: Mapped[int] = mapped_column(default=1)
    #: The provider's id of it, the bank's reference of a transfer, or who received the cash.
    provider_reference: Mapped[str | None] = mapped_column(String(120))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: The second person, where one was needed.
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    #: When goods and ledger changed; empty while a second person has to agree.
    authorised_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise")
    payment: Mapped[Payment] = relationship(lazy="raise")
    lines: Mapped[list[RefundLine]] = relationship(lazy="raise", order_by=RefundLine.id)

    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        Index(None, "state", "sent_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("shipping_amount >= 0 AND shipping_amount <= amount", name="shipping_within_amount"),
    )
