"""Outlets, batches, and how many units of each variant and batch stand where; every change is a movement."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area, Degrees
from kernel.base import Base, enum_column, only_where


class Outlet(Base):
    """A souvenir centre: where goods stand and buyers collect. The operator is the merchant of record."""

    __tablename__ = "outlets"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    operator_name: Mapped[str] = mapped_column(String(160))
    operator_npwp: Mapped[str] = mapped_column(String(16), default="")
    #: Whether the operator is registered for PPN (PKP). An order remembers how it was on its day.
    is_taxable: Mapped[bool] = mapped_column(default=False)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    address: Mapped[str] = mapped_column(String(240))
    phone: Mapped[str] = mapped_column(String(20), default="")
    latitude: Mapped[float | None] = mapped_column(Degrees)
    longitude: Mapped[float | None] = mapped_column(Degrees)
    #: Seven entries from Monday: ["08:00", "20:00"] in the outlet's zone, or null when closed.
    opening_hours: Mapped[list[Any]] = mapped_column(JSON)
    #: Days on which it stays closed whatever the week says, as ISO dates in order.
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    #: WIB, WITA or WIT.
    zone: Mapped[str] = mapped_column(String(4))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    #: The text of the outlet's own static QRIS code; empty: QRIS is not offered. Written by orders.outlet_payments only.
    qris_payload: Mapped[str] = mapped_column(String(512), default="")
    #: Where a bank transfer goes: all three, or none and transfers are not offered.
    bank_name: Mapped[str] = mapped_column(String(60), default="")
    bank_account_number: Mapped[str] = mapped_column(String(30), default="")
    bank_account_name: Mapped[str] = mapped_column(String(120), default="")
    #: Above these a second person must agree (docs/permissions.md): a voucher's rate, what a voucher can cost in all,
    #: the total of a packed order that is cancelled, and the value of goods that a correction takes out of the books.
    voucher_percent_limit_bps: Mapped[int] = mapped_column(default=2_000)
    voucher_worth_limit: Mapped[int] = mapped_column(BigInteger, default=1_000_000)
    packed_cancel_limit: Mapped[int] = mapped_column(BigInteger, default=0)
    correction_limit: Mapped[int] = mapped_column(BigInteger, default=250_000)
    #: Above these a till asks for a supervisor's PIN: a discount, and cash that is taken out of the drawer.
    till_discount_limit_bps: Mapped[int] = mapped_column(default=1_000)
    cash_out_limit: Mapped[int] = mapped_column(BigInteger, default=100_000)
    receipt_footer: Mapped[str] = mapped_column(String(160), default="")

    area: Mapped[Area] = relationship(lazy="raise")


class BatchState(StrEnum):
    """Whether a lot may be sold. Blocked: somebody looks into it. Recalled: it is taken back from everybody."""

    OPEN = "open"
    BLOCKED = "blocked"
    RECALLED = "recalled"


class Batch(Base):
    """One production lot of a product. Crafts without a date have a lot code and no best-before."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    lot_code: Mapped[str] = mapped_column(String(20))
    produced_on: Mapped[date | None]
    best_before_on: Mapped[date | None]
    created_at: Mapped[datetime]
    #: Written by catalog.batch_blocks only; anything but open is not sold, counted or moved.
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState, 10), default=BatchState.OPEN, server_default="open")
    state_reason: Mapped[str] = mapped_column(String(240), default="", server_default="")
    state_changed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("product_id", "lot_code"),
        CheckConstraint("best_before_on IS NULL OR produced_on IS NULL OR best_before_on >= produced_on", name="dates_in_order"),
    )


class StockLevel(Base):
    """Units of one variant, batch and owner at one outlet: on hand, and of those held for orders. Written by catalog.stock only."""

    __tablename__ = "stock_levels"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    #: Whose goods these are: a maker's agreement (orders.models.agreement), or None for the outlet's own.
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    on_hand: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    #: Units that a counter sold beyond what stood in the books, until their incidents are resolved (docs/stock.md).
    oversold: Mapped[int] = mapped_column(default=0, server_default="0")

    batch: Mapped[Batch] = relationship(lazy="raise")

    __table_args__ = (
        # One level per owner. Two indexes, because a unique one takes every NULL for another value.
        Index("uq_stock_levels_own", "outlet_id", "variant_id", "batch_id", unique=True, **only_where("agreement_id IS NULL")),
        Index("uq_stock_levels_consigned", "agreement_id", "variant_id", "batch_id", unique=True, **only_where("agreement_id IS NOT NULL")),
        CheckConstraint("oversold >= 0 AND on_hand + oversold >= 0", name="on_hand_not_negative"),
        CheckConstraint("held >= 0 AND held <= on_hand + oversold", name="held_within_on_hand"),
    )


class MovementKind(StrEnum):
    """Why a level changed."""

    RECEIVED = "received"
    HELD = "held"
    RELEASED = "released"
    SOLD = "sold"
    CORRECTED = "corrected"
    WRITTEN_OFF = "written_off"
    #: A buyer brought it back; what goes back to its maker is `returned_to_maker`.
    RETURNED = "returned"
    RETURNED_TO_MAKER = "returned_to_maker"
    #: Between outlets: two movements with one reference.
    MOVED = "moved"
    #: A difference that a count found.
    COUNTED = "counted"


class LossCause(StrEnum):
    """Why units were written off."""

    DAMAGED = "damaged"
    EXPIRED = "expired"
    LOST = "lost"
    SAMPLE = "sample"


class StockMovement(Base):
    """One change of one level, never changed or deleted: a level's on_hand and held are the sums of its movements."""

    __tablename__ = "stock_movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    kind: Mapped[MovementKind] = mapped_column(enum_column(MovementKind, 20))
    #: With `written_off`; the older ones say it in `reason` only.
    cause: Mapped[LossCause | None] = mapped_column(enum_column(LossCause, 10))
    on_hand_change: Mapped[int] = mapped_column(default=0)
    held_change: Mapped[int] = mapped_column(default=0)
    #: What caused it, as a word and code: `order:K7QTX4MN`, `delivery:…`.
    reference: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(240), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]

    __table_args__ = (
        Index(None, "reference"),
        CheckConstraint("on_hand_change <> 0 OR held_change <> 0", name="changes_something"),
    )
