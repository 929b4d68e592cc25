"""Delivery notes: what a maker brings to an outlet, counted by the outlet and confirmed by the maker before it stands on the shelf."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.maker import Maker
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from kernel.ids import make_code


class DeliveryState(StrEnum):
    """How far a delivery is. Only `received` has changed stock."""

    ANNOUNCED = "announced"  # the maker says what will come
    BROUGHT = "brought"  # the goods are here and are being counted
    COUNTED = "counted"  # the outlet confirmed its count; the maker's word is missing
    RECEIVED = "received"  # both confirmed, the goods are on the books
    CANCELLED = "cancelled"


class Condition(StrEnum):
    """How the goods of a line arrived."""

    GOOD = "good"
    DAMAGED = "damaged"
    SHORT_DATED = "short_dated"
    WRONG_GOODS = "wrong_goods"
    OTHER = "other"


class ConfirmedBy(StrEnum):
    """How the maker agreed to the outlet's count."""

    LINK = "link"
    CODE = "code"
    SIGNATURE = "signature"
    ACCOUNT = "account"


class DeliveryLine(Base):
    """Units of one variant and lot on a delivery note: how many came, how many were taken, and why not all."""

    __tablename__ = "delivery_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    position: Mapped[int]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    lot_code: Mapped[str] = mapped_column(String(20))
    produced_on: Mapped[date | None]
    best_before_on: Mapped[date | None]
    quantity: Mapped[int]
    accepted: Mapped[int]
    condition: Mapped[Condition] = mapped_column(enum_column(Condition, 12), default=Condition.GOOD)
    refusal_reason: Mapped[str] = mapped_column(String(240), default="")
    #: Random name of a photo of the goods as they arrived, in the stock room's own folder; "" is none.
    photo_name: Mapped[str] = mapped_column(String(40), default="")
    #: The lot it became, once received.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)

    variant: Mapped[Variant] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("delivery_id", "variant_id", "lot_code"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("accepted >= 0 AND accepted <= quantity", name="accepted_within_quantity"),
        CheckConstraint("best_before_on IS NULL OR produced_on IS NULL OR best_before_on >= produced_on", name="dates_in_order"),
    )


class Delivery(Base):
    """One delivery note. `revision` rises whenever its count is opened again, so that links and codes for an older count die."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState, 12))
    revision: Mapped[int] = mapped_column(default=1)
    expected_on: Mapped[date | None]
    brought_by: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(240), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    counted_at: Mapped[datetime | None]
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    received_at: Mapped[datetime | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(enum_column(ConfirmedBy, 12))
    #: Who spoke for the maker.
    confirmed_name: Mapped[str] = mapped_column(String(120), default="")
    #: What was drawn on the tablet, as the data of an SVG path of `M` and `L` in a field of 600 by 200.
    signature: Mapped[str] = mapped_column(Text, default="")
    cancel_reason: Mapped[str] = mapped_column(String(240), default="")

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    maker: Mapped[Maker] = relationship(lazy="raise")
    lines: Mapped[list[DeliveryLine]] = relationship(lazy="raise", order_by=DeliveryLine.position, cascade="all, delete-orphan")

    __table_args__ = (Index(None, "outlet_id", "state"), Index(None, "maker_id", "state"))
