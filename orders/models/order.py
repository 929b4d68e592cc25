"""Orders: the promise to a buyer with the prices and texts of that moment, and which batches were held for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from orders.states import OrderState

__all__ = ["Channel", "Fulfilment", "Order", "OrderAllocation", "OrderLine", "OrderState"]


class Channel(StrEnum):
    """Where an order was placed."""

    WEB = "web"
    COUNTER = "counter"
    WHOLESALE = "wholesale"


class Fulfilment(StrEnum):
    """How the goods reach the buyer."""

    PICKUP = "pickup"
    SHIPPING = "shipping"


class OrderAllocation(Base):
    """Units of one stock level (variant, batch, outlet) promised to one line."""

    __tablename__ = "order_allocations"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    quantity: Mapped[int]

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)


class OrderLine(Base):
    """One variant in an order, with name, maker, village and price as they were when it was placed."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    product_slug: Mapped[str] = mapped_column(String(140))
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    maker_name: Mapped[str] = mapped_column(String(120))
    village_name: Mapped[str] = mapped_column(String(200))
    unit_price: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[int]
    line_total: Mapped[int] = mapped_column(BigInteger)
    #: This line's share of the order's discount (docs/pricing.md): what was paid for it is line_total - discount.
    discount: Mapped[int] = mapped_column(BigInteger, default=0)

    allocations: Mapped[list[OrderAllocation]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("line_total = unit_price * quantity", name="line_total_exact"),
        CheckConstraint("discount >= 0 AND discount <= line_total", name="discount_within_line"),
    )


class Order(Base):
    """One order on any channel. `code` is for people, `token` for the guest's link, `checkout_key` makes placing idempotent."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    checkout_key: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, 10))
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState, 20))
    fulfilment: Mapped[Fulfilment] = mapped_column(enum_column(Fulfilment, 10))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    contact_name: Mapped[str] = mapped_column(String(120))
    contact_phone: Mapped[str] = mapped_column(String(20), index=True)
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    subtotal: Mapped[int] = mapped_column(BigInteger)
    shipping_total: Mapped[int] = mapped_column(BigInteger, default=0)
    discount_total: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger)
    #: Whether the seller was registered for PPN when it was placed: only then the total contains it (orders/tax.py).
    is_taxable: Mapped[bool] = mapped_column(default=False)
    placed_at: Mapped[datetime]
    #: Until when the goods are held for an unpaid order; None once it is paid, or over.
    hold_until: Mapped[datetime | None]
    #: When the slot begins in which the buyer wants to collect, and when they travel on, if they said so.
    pickup_at: Mapped[datetime | None]
    departs_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    lines: Mapped[list[OrderLine]] = relationship(lazy="raise", order_by=OrderLine.position, cascade="all, delete-orphan")

    __table_args__ = (
        Index(None, "state", "hold_until"),
        Index(None, "outlet_id", "state", "placed_at"),
        CheckConstraint("total >= 0 AND subtotal >= 0", name="totals_not_negative"),
        CheckConstraint("total = subtotal + shipping_total - discount_total", name="total_exact"),
        CheckConstraint("shipping_total >= 0 AND discount_total >= 0", name="parts_not_negative"),
    )
