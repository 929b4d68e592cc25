"""Samples partners ask for, and searches they want to hear about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from kernel.people import User
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBranch


class SampleState(StrEnum):
    """Where a sample is."""

    REQUESTED = "requested"
    SENT = "sent"
    RECEIVED = "received"
    DECLINED = "declined"


class SampleRequest(Base):
    """A partner wants to taste or see some units before ordering."""

    __tablename__ = "sample_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("partner_branches.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[SampleState] = mapped_column(enum_column(SampleState, 10))
    units: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    requested_at: Mapped[datetime]
    carrier: Mapped[str] = mapped_column(String(60), default="")
    tracking_number: Mapped[str] = mapped_column(String(60), default="")
    #: Sent or declined, by whom and, when declined, why.
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    answer: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime | None]
    #: One to five, and in words; for the maker too.
    rating: Mapped[int | None]
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_at: Mapped[datetime | None]

    partner: Mapped[Partner] = relationship(lazy="raise")
    branch: Mapped[PartnerBranch] = relationship(lazy="raise")
    offer: Mapped[Offer] = relationship(lazy="raise")
    requested_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[requested_by_id])

    __table_args__ = (
        Index(None, "partner_id", "requested_at"),
        Index(None, "state", "requested_at"),
        CheckConstraint("units > 0", name="units_positive"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_in_range"),
    )


class SavedSearch(Base):
    """A buyer's search with a name; the worker writes when something new answers it."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(80))
    #: The page's own query string.
    query: Mapped[str] = mapped_column(String(500))
    is_notified: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("user_id", "name"), Index(None, "is_notified", "looked_at"))


class SavedSearchHit(Base):
    """An offer that a saved search has answered before."""

    __tablename__ = "saved_search_hits"

    id: Mapped[int] = mapped_column(primary_key=True)
    search_id: Mapped[int] = mapped_column(ForeignKey("saved_searches.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    first_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("search_id", "offer_id"),)
