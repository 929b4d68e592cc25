"""The stock room's papers: transfers between outlets, goods that go back to their maker, and blind counts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from kernel.ids import make_code


class TransferState(StrEnum):
    """How far goods between two outlets are. While `sent` they are held at the outlet they left."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class TransferLine(Base):
    """Units of one stock level that change outlets."""

    __tablename__ = "transfer_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    quantity: Mapped[int]
    received: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(240), default="")

    __table_args__ = (
        UniqueConstraint("transfer_id", "level_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("received IS NULL OR (received >= 0 AND received <= quantity)", name="received_within_quantity"),
    )


class Transfer(Base):
    """A note about goods on their way from one outlet to another."""

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    from_outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    to_outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    state: Mapped[TransferState] = mapped_column(enum_column(TransferState, 12))
    note: Mapped[str] = mapped_column(String(240), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    from_outlet: Mapped[Outlet] = relationship(foreign_keys=[from_outlet_id], lazy="raise")
    to_outlet: Mapped[Outlet] = relationship(foreign_keys=[to_outlet_id], lazy="raise")
    lines: Mapped[list[TransferLine]] = relationship(lazy="raise", order_by=TransferLine.id, cascade="all, delete-orphan")

    __table_args__ = (
        Index(None, "state"),
        CheckConstraint("from_outlet_id <> to_outlet_id", name="two_outlets"),
    )


class PullOutState(StrEnum):
    """Goods to be collected by their maker: announced, then gone."""

    ANNOUNCED = "announced"
    DONE = "done"
    CANCELLED = "cancelled"


class PullOutReason(StrEnum):
    """Why goods leave the shelf."""

    EXPIRING = "expiring"
    UNSOLD = "unsold"
    RECALLED = "recalled"
    ASKED = "asked"  # the maker wants them back


class PullOutLine(Base):
    """Units of one level: how many were to go, how many the maker took, how many were destroyed instead."""

    __tablename__ = "pull_out_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    pull_out_id: Mapped[int] = mapped_column(ForeignKey("pull_outs.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    quantity: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)
    written_off: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("pull_out_id", "level_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("returned >= 0 AND written_off >= 0", name="figures_not_negative"),
    )


class PullOut(Base):
    """A note that tells a maker which goods leave an outlet's shelf, and by when they should be collected."""

    __tablename__ = "pull_outs"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"), index=True)
    state: Mapped[PullOutState] = mapped_column(enum_column(PullOutState, 12))
    reason: Mapped[PullOutReason] = mapped_column(enum_column(PullOutReason, 12))
    note: Mapped[str] = mapped_column(String(240), default="")
    collect_by_on: Mapped[date | None]
    announced_at: Mapped[datetime]
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    handed_to: Mapped[str] = mapped_column(String(120), default="")

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    maker: Mapped[Maker] = relationship(lazy="raise")
    lines: Mapped[list[PullOutLine]] = relationship(lazy="raise", order_by=PullOutLine.id, cascade="all, delete-orphan")

    __table_args__ = (Index(None, "outlet_id", "state"),)


class CountState(StrEnum):
    """A blind count: figures are typed, then differences are looked at, then they are booked."""

    OPEN = "open"
    REVIEW = "review"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class CountLine(Base):
    """One level to be counted. `expected` is what the books said at the moment the figure was typed."""

    __tablename__ = "count_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("stock_counts.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    position: Mapped[int]
    #: The retail price of that day, for what a difference is worth.
    unit_price: Mapped[int] = mapped_column(BigInteger, default=0)
    counted: Mapped[int | None]
    expected: Mapped[int | None]
    counted_at: Mapped[datetime | None]
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(String(240), default="")

    __table_args__ = (
        UniqueConstraint("count_id", "level_id"),
        CheckConstraint("(counted IS NULL) = (expected IS NULL)", name="counted_with_expected"),
        CheckConstraint("counted IS NULL OR counted >= 0", name="counted_not_negative"),
    )

    @property
    def difference(self) -> int:
        """Counted less expected; 0 while it is not counted."""
        return 0 if self.counted is None or self.expected is None else self.counted - self.expected


class StockCount(Base):
    """One blind count of an outlet's shelf, or of one maker's goods there, while the shop stays open."""

    __tablename__ = "stock_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"), index=True)
    state: Mapped[CountState] = mapped_column(enum_column(CountState, 12))
    note: Mapped[str] = mapped_column(String(240), default="")
    #: Whole rupiah of all differences together above which a second person must agree.
    approval_above: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    booked_at: Mapped[datetime | None]
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    lines: Mapped[list[CountLine]] = relationship(lazy="raise", order_by=CountLine.position, cascade="all, delete-orphan")

    __table_args__ = (Index(None, "outlet_id", "state"),)
