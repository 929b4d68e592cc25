"""Feeds: what search engines, social shops and marketplaces receive of our goods, and how the office has set each of them up."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column


class FeedKind(StrEnum):
    """Who receives it."""

    GOOGLE = "google"
    META = "meta"
    TOKOPEDIA = "tokopedia"
    SHOPEE = "shopee"


class StockRule(StrEnum):
    """How many units a feed may promise: a share of what nobody holds, or a fixed number as long as there are as many."""

    SHARE = "share"
    FIXED = "fixed"


class FeedCategory(Base):
    """What the receiver calls one of our shelves: a number or a path of its own tree."""

    __tablename__ = "feed_categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("feed_id", "category_id"),)


class FeedChoice(Base):
    """A product that is left out of a feed that takes everything, or chosen for one that does not."""

    __tablename__ = "feed_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)

    __table_args__ = (UniqueConstraint("feed_id", "product_id"),)


class Feed(Base):
    """One receiver and its settings; one row for each kind, made by the migration."""

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FeedKind] = mapped_column(enum_column(FeedKind, 12), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Whether every product goes out except those that are left out; otherwise only those that are chosen.
    takes_everything: Mapped[bool] = mapped_column(default=True)
    #: What the receiver's own fees add to our price; marketplaces only, because search engines compare with our page.
    markup_bps: Mapped[int] = mapped_column(default=0)
    title_template: Mapped[str] = mapped_column(String(160), default="")
    stock_rule: Mapped[StockRule] = mapped_column(enum_column(StockRule, 8), default=StockRule.SHARE)
    stock_share_bps: Mapped[int] = mapped_column(default=10_000)
    stock_units: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    categories: Mapped[list[FeedCategory]] = relationship(lazy="raise", order_by=FeedCategory.id, cascade="all, delete-orphan")
    choices: Mapped[list[FeedChoice]] = relationship(lazy="raise", order_by=FeedChoice.id, cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("markup_bps BETWEEN 0 AND 10000", name="markup_possible"),
        CheckConstraint("kind IN ('tokopedia', 'shopee') OR markup_bps = 0", name="markup_on_marketplaces_only"),
        CheckConstraint("stock_share_bps BETWEEN 0 AND 10000 AND stock_units >= 0", name="stock_possible"),
    )
