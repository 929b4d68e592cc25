"""A shopper's cart: a guest's by an unguessable token, a signed-in person's by the user."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base


class CartLine(Base):
    """A wanted quantity of one variant. Nothing is held; the price is looked up whenever it is shown."""

    __tablename__ = "cart_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    quantity: Mapped[int]
    #: The price when the buyer last touched this line, only to say so when it has changed. Nothing is computed from it.
    seen_price: Mapped[int | None] = mapped_column(BigInteger)
    added_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )


class Cart(Base):
    """One cart. `user_id` is set once its owner signs in."""

    __tablename__ = "carts"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    lines: Mapped[list[CartLine]] = relationship(lazy="raise", order_by=CartLine.id, cascade="all, delete-orphan")
