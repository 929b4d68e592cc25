"""Shifts and what happened in them: sales, returns, cash in and out, closings, and incidents a manager has to end."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column, only_where
from kernel.ids import make_code
from orders.models.order import Order
from orders.models.refund import Refund
from orders.models.till import Till


class Shift(Base):
    """From opening a till with its float to the counted close. One is open per till."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A UUID made by the till.
    code: Mapped[str] = mapped_column(String(36), unique=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("tills.id"), index=True)
    #: Empty when it was opened on the page that needs no JavaScript.
    device_id: Mapped[int | None] = mapped_column(ForeignKey("till_devices.id"), index=True)
    #: Counts the till's shifts.
    number: Mapped[int]
    business_date: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: Who sells now: changes when the shift is handed over.
    cashier_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    opening_float: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    till: Mapped[Till] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("till_id", "number"),
        Index("uq_shifts_open", "till_id", unique=True, **only_where("closed_at IS NULL")),
        Index(None, "business_date"),
        CheckConstraint("opening_float >= 0", name="float_not_negative"),
    )


class ShiftClosing(Base):
    """A Z report: what was counted beside what was expected. A late sale adds the next version; none is ever changed."""

    __tablename__ = "shift_closings"

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    version: Mapped[int]
    made_at: Mapped[datetime]
    #: Whole rupiah by method: {"cash": 1250000, "qris": …}; counted cash also by denomination.
    counted: Mapped[dict[str, Any]] = mapped_column(JSON)
    expected: Mapped[dict[str, Any]] = mapped_column(JSON)
    denominations: Mapped[list[Any]] = mapped_column(JSON)
    #: More entries of this shift were still on the till when it was closed.
    is_provisional: Mapped[bool]
    note: Mapped[str] = mapped_column(String(240), default="")

    __table_args__ = (UniqueConstraint("shift_id", "version"),)


class CashDirection(StrEnum):
    """Money put into a drawer or taken out, beside sales."""

    IN = "in"
    OUT = "out"


class CashMove(Base):
    """Cash that went into or out of a drawer for a reason: change fetched, a purchase, a bank deposit."""

    __tablename__ = "cash_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("till_entries.id"), unique=True)
    direction: Mapped[CashDirection] = mapped_column(enum_column(CashDirection, 4))
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(240))
    moved_at: Mapped[datetime]
    cashier_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)


class CounterSale(Base):
    """What a counter adds to an order: its receipt, its shift, who sold and who allowed what."""

    __tablename__ = "counter_sales"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("till_entries.id"), unique=True)
    #: `<outlet>-<till>-<business date>-<running number>`, as printed.
    receipt_number: Mapped[str] = mapped_column(String(40), unique=True)
    running: Mapped[int]
    sold_at: Mapped[datetime]
    #: The outlet's calendar day of `sold_at`, whatever the device believed.
    business_date: Mapped[date] = mapped_column(index=True)
    cashier_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: The part of the order's discount that the counter gave; the rest is a voucher's.
    counter_discount: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str] = mapped_column(String(240), default="")
    #: What was paid at the prices of the receipt, less what it would have been at our own of that day.
    price_difference: Mapped[int] = mapped_column(BigInteger, default=0)
    cash_given: Mapped[int] = mapped_column(BigInteger, default=0)
    cash_change: Mapped[int] = mapped_column(BigInteger, default=0)

    order: Mapped[Order] = relationship(lazy="raise")
    shift: Mapped[Shift] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("cash_change >= 0 AND cash_change <= cash_given", name="change_within_given"),
        CheckConstraint("counter_discount >= 0", name="discount_not_negative"),
    )


class CounterReturn(Base):
    """What a counter adds to a refund: its receipt and its shift."""

    __tablename__ = "counter_returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("till_entries.id"), unique=True)
    receipt_number: Mapped[str] = mapped_column(String(40), unique=True)
    running: Mapped[int]
    returned_at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    cashier_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: What left the drawer: 0 unless it was paid back in cash.
    cash: Mapped[int] = mapped_column(BigInteger)

    refund: Mapped[Refund] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("cash >= 0", name="cash_not_negative"),)


class IncidentKind(StrEnum):
    """What a manager has to look at."""

    #: More was sold than stood in the books: `quantity` units of `level_id`.
    OVERSOLD = "oversold"
    #: A lot that was expired, blocked or recalled was sold.
    STOPPED_BATCH = "stopped_batch"
    #: The number of a QRIS, card or transfer payment was used before.
    REFERENCE_TWICE = "reference_twice"
    #: Money that staff say came and that no settlement list shows after some days.
    UNMATCHED_TENDER = "unmatched_tender"
    PRICE_DIFFERS = "price_differs"
    #: A voucher was accepted that was over, or not good for this.
    VOUCHER_OVER = "voucher_over"
    CLOCK_OFF = "clock_off"
    #: A discount, price or return beyond the outlet's limits without a supervisor.
    NOT_ALLOWED = "not_allowed"
    #: A shift whose opening has not come, or that nobody counted before the next one began.
    SHIFT_INCOMPLETE = "shift_incomplete"
    REFUSED_ENTRY = "refused_entry"
    QUARANTINED_ENTRY = "quarantined_entry"


class CounterIncident(Base):
    """Something at a till that did not fit the books, with what a manager did about it."""

    __tablename__ = "counter_incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    #: Names the case, so that it is opened once however often it is met: `oversold:<entry>:<level>`.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    kind: Mapped[IncidentKind] = mapped_column(enum_column(IncidentKind, 20))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("till_entries.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=0)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    resolution: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(240), default="")

    __table_args__ = (Index(None, "outlet_id", "resolved_at"),)
