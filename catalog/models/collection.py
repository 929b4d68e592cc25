"""What the office puts in the window: collections with their dates, what the home page features, and how often products were shown."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.product import Product
from kernel.base import Base, enum_column


class CollectionItem(Base):
    """One product of a collection, at its place."""

    __tablename__ = "collection_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]

    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("collection_id", "product_id"),)


class Collection(Base):
    """A few products told as one story, shown from one day to another; both days count."""

    __tablename__ = "collections"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title_id: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(80), default="")
    story_id: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_on_home: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    items: Mapped[list[CollectionItem]] = relationship(lazy="raise", order_by=CollectionItem.position, cascade="all, delete-orphan")

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"), Index(None, "starts_on"))


class FeaturedProduct(Base):
    """A product that the home page features on a day; spares take the place of what is sold out meanwhile."""

    __tablename__ = "featured_products"

    id: Mapped[int] = mapped_column(primary_key=True)
    day_on: Mapped[date]
    position: Mapped[int]
    is_spare: Mapped[bool]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)

    __table_args__ = (UniqueConstraint("day_on", "position"), UniqueConstraint("day_on", "product_id"))


class ShownPlace(StrEnum):
    """Where a product was shown."""

    HOME = "home"
    LIST = "list"
    SEARCH = "search"
    COLLECTION = "collection"


class Exposure(Base):
    """How often a product's card was on a page of one place on one day. Nothing about who looked."""

    __tablename__ = "exposures"

    id: Mapped[int] = mapped_column(primary_key=True)
    day_on: Mapped[date]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    place: Mapped[ShownPlace] = mapped_column(enum_column(ShownPlace, 12))
    times: Mapped[int]

    __table_args__ = (UniqueConstraint("day_on", "product_id", "place"), CheckConstraint("times > 0", name="times_positive"))
