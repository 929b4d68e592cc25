"""Mentoring: who accompanies whom, what was seen on visits, what is to be done, events, and the organisations that help."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area, Degrees
from catalog.models.curation import ImprovementItem
from catalog.models.maker import Maker
from kernel.base import Base, enum_column
from kernel.ids import make_code
from kernel.people import User


class ItemOwner(StrEnum):
    """Who has to do an action item."""

    MAKER = "maker"
    MENTOR = "mentor"
    OFFICE = "office"
    ORGANISATION = "organisation"


class EventKind(StrEnum):
    """What people came together for."""

    TRAINING = "training"
    MEETING = "meeting"
    LAUNCH = "launch"
    FAIR = "fair"


class EventState(StrEnum):
    """Where an event stands; it is held once somebody was marked as there."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class OrganisationKind(StrEnum):
    """What kind of organisation helps. A retail chain is a partner, not one of these."""

    BANK = "bank"
    UNIVERSITY = "university"
    BPOM = "bpom"
    BPJS = "bpjs"
    BUMD = "bumd"
    NGO = "ngo"
    OFFICE = "office"
    OTHER = "other"


class ReferralState(StrEnum):
    """How far a referral has come."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COMPLETED = "completed"


class MentorAssignment(Base):
    """One mentor accompanies one maker, or all makers of a village, from a day on. Dates are inclusive."""

    __tablename__ = "mentor_assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: None: every maker of the village.
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"), index=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(240), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]

    mentor: Mapped[User] = relationship(lazy="raise", foreign_keys=[mentor_id])
    maker: Mapped[Maker | None] = relationship(lazy="raise")
    village: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),)


class Visit(Base):
    """One visit to a maker or a village. `token` is the form's own: the same form sent twice is one visit."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    visited_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")
    #: Only with the visited people's consent.
    latitude: Mapped[float | None] = mapped_column(Degrees)
    longitude: Mapped[float | None] = mapped_column(Degrees)
    next_on: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    seen: Mapped[str] = mapped_column(Text)
    agreed: Mapped[str] = mapped_column(Text, default="")

    mentor: Mapped[User | None] = relationship(lazy="raise")
    maker: Mapped[Maker | None] = relationship(lazy="raise")
    village: Mapped[Area] = relationship(lazy="raise")
    photos: Mapped[list[VisitPhoto]] = relationship(lazy="raise", order_by="VisitPhoto.position", cascade="all, delete-orphan")

    __table_args__ = (Index(None, "village_code", "visited_on"), Index(None, "maker_id", "visited_on"), Index(None, "visited_on"))


class VisitPhoto(Base):
    """A private picture of a visit."""

    __tablename__ = "visit_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    position: Mapped[int]
    #: Name in the private store.
    name: Mapped[str] = mapped_column(String(80), unique=True)


class ActionItem(Base):
    """Something to be done for a maker by a day: free, or one of the improvements that a decision asked for."""

    __tablename__ = "action_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    improvement_id: Mapped[int | None] = mapped_column(ForeignKey("improvement_items.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    owner: Mapped[ItemOwner] = mapped_column(enum_column(ItemOwner, 12))
    due_on: Mapped[date]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: What shows that it is done, in words and as the name of a private file.
    result: Mapped[str] = mapped_column(String(500), default="")
    evidence: Mapped[str] = mapped_column(String(80), default="")

    maker: Mapped[Maker] = relationship(lazy="raise")
    improvement: Mapped[ImprovementItem | None] = relationship(lazy="raise")

    __table_args__ = (Index(None, "maker_id", "done_at"), Index(None, "done_at", "due_on"))


class ProgrammeEvent(Base):
    """A training, a meeting, a launch or a fair in an area."""

    __tablename__ = "programme_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind, 12))
    state: Mapped[EventState] = mapped_column(enum_column(EventState, 12))
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(160))
    held_on: Mapped[date]
    #: As people write it: "08.30–15.00".
    hours: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(String(1_000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (Index(None, "held_on"),)


class EventVillage(Base):
    """A village that is invited to an event."""

    __tablename__ = "event_villages"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("programme_events.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)

    village: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("event_id", "village_code"),)


class EventAttendee(Base):
    """Somebody who registered for an event, from a village; `attended_at` once they were there."""

    __tablename__ = "event_attendees"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    event_id: Mapped[int] = mapped_column(ForeignKey("programme_events.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="")
    registered_at: Mapped[datetime]
    attended_at: Mapped[datetime | None]

    village: Mapped[Area] = relationship(lazy="raise")
    maker: Mapped[Maker | None] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("event_id", "village_code", "name"),)


class SupportingOrganisation(Base):
    """A bank, a university, an agency or an NGO that helps makers of an area ("" is everywhere)."""

    __tablename__ = "supporting_organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind, 12))
    name: Mapped[str] = mapped_column(String(120))
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    helps_with: Mapped[str] = mapped_column(String(500), default="")
    address: Mapped[str] = mapped_column(String(240), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    contacts: Mapped[list[OrganisationContact]] = relationship(
        lazy="raise", order_by="OrganisationContact.id", cascade="all, delete-orphan"
    )


class OrganisationContact(Base):
    """A person to talk to there."""

    __tablename__ = "organisation_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("supporting_organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    duty: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")


class Referral(Base):
    """A maker who was sent to a supporting organisation, and what came of it."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("supporting_organisations.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(240))
    state: Mapped[ReferralState] = mapped_column(enum_column(ReferralState, 12))
    result: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_on: Mapped[date]
    changed_at: Mapped[datetime]

    organisation: Mapped[SupportingOrganisation] = relationship(lazy="raise")
    maker: Mapped[Maker] = relationship(lazy="raise")

    __table_args__ = (Index(None, "state", "changed_at"),)
