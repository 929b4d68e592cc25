"""Channels through which goods reach buyers, and which papers each of them requires of which goods; data that the office edits."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.certificate import CertificateKind
from catalog.models.product import Category
from kernel.base import Base, enum_column
from kernel.ids import make_code


class Channel(StrEnum):
    """A way to buyers. Whoever sells or lists through one asks catalog.channels first."""

    WEB = "web"
    COUNTER = "counter"
    WHOLESALE = "wholesale"
    FEEDS = "feeds"
    MARKETPLACES = "marketplaces"


class GoodsGroup(StrEnum):
    """Coarse groups of goods as the law sees them: food and drink carry permits and the halal duty, a basket does not."""

    EVERYTHING = "everything"
    FOOD = "food"
    OTHER = "other"


class ChannelRequirement(Base):
    """One paper, or one of several, that a channel requires from a day on. Dates are inclusive."""

    __tablename__ = "channel_requirements"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, 12))
    goods: Mapped[GoodsGroup] = mapped_column(enum_column(GoodsGroup, 12))
    #: Only this shelf; None is every shelf.
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    #: Only what is made below this area; "" is everywhere.
    area_prefix: Mapped[str] = mapped_column(String(13), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    #: The regulation or the partner's rule it comes from.
    basis: Mapped[str] = mapped_column(String(160), default="")
    created_at: Mapped[datetime]

    papers: Mapped[list[RequiredPaper]] = relationship(lazy="raise", order_by="RequiredPaper.id", cascade="all, delete-orphan")
    category: Mapped[Category | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "channel", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )


class RequiredPaper(Base):
    """One of the papers that fulfil a requirement."""

    __tablename__ = "required_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("channel_requirements.id"))
    kind: Mapped[CertificateKind] = mapped_column(enum_column(CertificateKind, 8))

    __table_args__ = (UniqueConstraint("requirement_id", "kind"),)
