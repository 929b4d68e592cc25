"""Work on many records at once: one change to many products with what was before, and texts whose translation was looked at."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.product import Product
from kernel.base import Base, enum_column
from kernel.people import User


class BulkAct(StrEnum):
    """The one change that is made to many products."""

    CATEGORY = "category"
    PRICE = "price"
    HALAL = "halal"
    WITHDRAW = "withdraw"
    COLLECTION = "collection"


class BulkItem(Base):
    """What one product came to in a bulk edit, and what it was before."""

    __tablename__ = "bulk_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    edit_id: Mapped[int] = mapped_column(ForeignKey("bulk_edits.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    is_done: Mapped[bool]
    #: An English msgid with its parameters, when it was not done.
    reason: Mapped[str] = mapped_column(String(240), default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("edit_id", "product_id"),)


class BulkEdit(Base):
    """One change to many products, by one person at one moment."""

    __tablename__ = "bulk_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    act: Mapped[BulkAct] = mapped_column(enum_column(BulkAct, 12))
    #: What was chosen: the category's id, per cent and rounding, the reason, …
    choice: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    created_by: Mapped[User | None] = relationship(lazy="raise")
    items: Mapped[list[BulkItem]] = relationship(lazy="raise", order_by=BulkItem.id, cascade="all, delete-orphan")


class TextCheck(Base):
    """That somebody looked at a translation beside its source; the digest says which source that was."""

    __tablename__ = "text_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: product, maker, collection or village.
    kind: Mapped[str] = mapped_column(String(12))
    #: The record's address or code.
    record: Mapped[str] = mapped_column(String(140))
    field: Mapped[str] = mapped_column(String(20))
    #: SHA-256 of source and translation, as they were looked at.
    digest: Mapped[str] = mapped_column(String(64))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "record", "field"),)
