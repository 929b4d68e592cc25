"""Retail companies that buy by the case: their branches, buyers, papers, and the group that says what they see and pay."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.models.scan import ScanColumns
from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from kernel.ids import make_code
from kernel.people import User


class PartnerKind(StrEnum):
    """What kind of shop the company runs."""

    MINIMARKET = "minimarket"
    SUPERMARKET = "supermarket"
    HOTEL = "hotel"
    AIRPORT = "airport"
    GIFT_SHOP = "gift_shop"
    OTHER = "other"


class PartnerState(StrEnum):
    """Where a company stands with us. Only an approved one sees prices."""

    APPLIED = "applied"
    #: The office asked the company for more before it decides.
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class PaperKind(StrEnum):
    """What a company shows us about itself."""

    NIB = "nib"
    NPWP = "npwp"
    PKP = "pkp"
    DEED = "deed"
    OTHER = "other"


class PartnerGroup(Base):
    """Partners of one seller that see the same offers at the same prices."""

    __tablename__ = "partner_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    #: Every open offer of the seller; otherwise only those in the group's assortment.
    sees_everything: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    outlet: Mapped[Outlet] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("outlet_id", "name"),)


class PartnerBranch(Base):
    """A place of a partner where goods are delivered."""

    __tablename__ = "partner_branches"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(240))
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    receiving_note: Mapped[str] = mapped_column(String(240), default="")
    is_active: Mapped[bool] = mapped_column(default=True)

    area: Mapped[Area] = relationship(lazy="raise")


class PartnerBuyer(Base):
    """A person who buys for a partner; one person buys for one company. Limits are whole rupiah, None is no limit of their own."""

    __tablename__ = "partner_buyers"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    #: May say yes to what a colleague may not order alone, and looks after the company's branches and buyers.
    is_approver: Mapped[bool] = mapped_column(default=False)
    order_limit: Mapped[int | None] = mapped_column(BigInteger)
    month_limit: Mapped[int | None] = mapped_column(BigInteger)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
    partner: Mapped[Partner] = relationship(back_populates="buyers", lazy="raise")

    __table_args__ = (
        CheckConstraint("order_limit IS NULL OR order_limit > 0", name="order_limit_positive"),
        CheckConstraint("month_limit IS NULL OR month_limit > 0", name="month_limit_positive"),
    )


class PartnerPaper(Base):
    """A paper of a partner: what it is, its number, until when it counts, and whether the office has compared it."""

    __tablename__ = "partner_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Names the paper in addresses. Always there; the column came later than the table.
    code: Mapped[str] = mapped_column(String(8), nullable=True, default=make_code)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind, 8))
    number: Mapped[str] = mapped_column(String(60))
    valid_until_on: Mapped[date | None]
    #: Who in the office compared it with the original, and when; nobody yet for one that was only handed in.
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    scan: Mapped[PartnerPaperScan | None] = relationship(lazy="raise", uselist=False)

    __table_args__ = (UniqueConstraint("partner_id", "kind", "number"), Index("uq_partner_papers_code", "code", unique=True))


class PartnerPaperScan(ScanColumns, Base):
    """The scan of a partner's paper: for that partner and the office only."""

    __tablename__ = "partner_paper_scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("partner_papers.id"), unique=True)


class Partner(Base):
    """A retail company that buys from one seller: who it is, what it may owe, and on which terms."""

    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    #: Opens the application's own page for whoever wrote it.
    token: Mapped[str] = mapped_column(String(40), unique=True)
    #: The seller: whose offers it sees, who invoices it and carries its credit.
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("partner_groups.id"), index=True)
    state: Mapped[PartnerState] = mapped_column(enum_column(PartnerState, 12))
    kind: Mapped[PartnerKind] = mapped_column(enum_column(PartnerKind, 12))
    #: What people call it; the legal name stands on papers.
    name: Mapped[str] = mapped_column(String(120))
    legal_name: Mapped[str] = mapped_column(String(160))
    npwp: Mapped[str] = mapped_column(String(16), default="")
    nib: Mapped[str] = mapped_column(String(13), default="")
    #: Registered for PPN: needs a full tax invoice.
    is_pkp: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(240))
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    contact_name: Mapped[str] = mapped_column(String(120))
    contact_email: Mapped[str] = mapped_column(String(254))
    contact_phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2), default="id")
    message: Mapped[str] = mapped_column(Text, default="")
    #: The readiness profile of the chain (ReadinessProfile.key), or "".
    profile_key: Mapped[str] = mapped_column(String(40), default="")
    #: Most it may owe at a time; 0 is payment before delivery.
    credit_limit: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Days from invoice to due date.
    payment_days: Mapped[int] = mapped_column(default=0)
    #: Trading terms beyond regular discounts, in basis points of the invoice; the law caps them (Permendag 23/2021 art. 11).
    trading_terms_bps: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: The last decision: approved, refused, suspended, closed. All of them are in the audit.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decision_note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    group: Mapped[PartnerGroup | None] = relationship(lazy="raise")
    area: Mapped[Area] = relationship(lazy="raise")
    branches: Mapped[list[PartnerBranch]] = relationship(lazy="raise", order_by=PartnerBranch.id)
    buyers: Mapped[list[PartnerBuyer]] = relationship(back_populates="partner", lazy="raise", order_by=PartnerBuyer.id)
    papers: Mapped[list[PartnerPaper]] = relationship(lazy="raise", order_by=PartnerPaper.id)

    __table_args__ = (
        Index(None, "outlet_id", "state", "applied_at"),
        CheckConstraint("trading_terms_bps BETWEEN 0 AND 1500", name="trading_terms_within_cap"),
        CheckConstraint("credit_limit >= 0 AND payment_days BETWEEN 0 AND 180", name="credit_possible"),
        CheckConstraint("state <> 'approved' OR group_id IS NOT NULL", name="approved_has_a_group"),
    )
