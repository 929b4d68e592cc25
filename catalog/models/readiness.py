"""What a kind of retailer asks of a product, as versioned data that the office edits (docs/readiness.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column, only_where


class RequirementKind(StrEnum):
    """What can be asked. Which of them carry a number, and in what, is catalog.readiness.kinds' to say."""

    #: One of the papers in `papers`, valid on the day.
    PAPER = "paper"
    #: Certified halal, or declared non-halal; not needed for what is neither food nor drink.
    HALAL = "halal"
    #: A bar code number issued by GS1; our own 2xx numbers do not count.
    REGISTERED_GTIN = "registered_gtin"
    CASE_GTIN = "case_gtin"
    #: Days from production to best-before.
    SHELF_LIFE = "shelf_life"
    #: Days left when the goods arrive.
    REMAINING_LIFE = "remaining_life"
    #: Length, width, height and weight of a case.
    CARTON_DATA = "carton_data"
    PALLET_DATA = "pallet_data"
    #: Units a month.
    CAPACITY = "capacity"
    #: At most so many days from order to dispatch.
    LEAD_TIME = "lead_time"
    #: Product liability insurance, valid on the day.
    INSURANCE = "insurance"
    #: Ingredients, storage and shelf life are on file, as the label must say them.
    LABEL_DATA = "label_data"
    PHOTOS = "photos"
    #: Expired or damaged goods are taken back.
    RETURNS = "returns"
    #: At least so many basis points between our price and the suggested retail price.
    MARGIN = "margin"


class ReadinessRequirement(Base):
    """One line of a profile."""

    __tablename__ = "readiness_requirements"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("readiness_profiles.id"))
    kind: Mapped[RequirementKind] = mapped_column(enum_column(RequirementKind))
    #: Days, units, pictures or basis points, as the kind says; 0 where the kind counts nothing.
    amount: Mapped[int] = mapped_column(default=0)
    #: For PAPER: words of CertificateKind, any one of which will do.
    papers: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (
        UniqueConstraint("profile_id", "kind"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )


class ReadinessProfile(Base):
    """One version of what a kind of retailer asks. Changing a profile makes a new version; the old one stays readable."""

    __tablename__ = "readiness_profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `minimarket`: the same for all versions.
    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    is_current: Mapped[bool]
    position: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(240), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    requirements: Mapped[list[ReadinessRequirement]] = relationship(lazy="raise", order_by=ReadinessRequirement.id)

    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index("uq_readiness_profiles_current", "key", unique=True, **only_where("is_current")),
    )
