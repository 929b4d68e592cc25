"""Makers: the village business, group, cooperative, community, school or class that makes a product."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.models.photo import Photo
from kernel.base import Base, enum_column


class MakerKind(StrEnum):
    """What kind of unit makes the product."""

    HOUSEHOLD = "household"
    GROUP = "group"
    COOPERATIVE = "cooperative"
    BUMDES = "bumdes"
    COMMUNITY = "community"
    SCHOOL = "school"
    CLASS = "class"


class Maker(Base):
    """A maker with its village, its story in two languages and how to reach it."""

    __tablename__ = "makers"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[MakerKind] = mapped_column(enum_column(MakerKind, 12))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    story_id: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    founded_year: Mapped[int | None]
    people_count: Mapped[int | None]
    #: E.164, for the office; shown to buyers as a WhatsApp link only when `is_phone_public`.
    phone: Mapped[str] = mapped_column(String(20), default="")
    is_phone_public: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    village: Mapped[Area] = relationship(lazy="raise")
    photos: Mapped[list[Photo]] = relationship(lazy="raise", order_by=Photo.position, cascade="all, delete-orphan")
