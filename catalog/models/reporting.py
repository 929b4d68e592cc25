"""Reports from villages to the regency and the province: periods, reports, every sent version, every step."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.reporting.states import ReportState
from kernel.base import Base, enum_column
from kernel.ids import make_code
from kernel.people import User


class PeriodState(StrEnum):
    """Whether anything may still change in a period."""

    OPEN = "open"
    LOCKED = "locked"


class UnitKind(StrEnum):
    """Who reports: the village, or a community, school or class in it."""

    VILLAGE = "village"
    COMMUNITY = "community"
    SCHOOL = "school"
    CLASS = "class"


class ReportPeriod(Base):
    """Some months about which the villages of one area report."""

    __tablename__ = "report_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    name: Mapped[str] = mapped_column(String(60))
    first_on: Mapped[date]
    last_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[PeriodState] = mapped_column(enum_column(PeriodState, 8))
    #: SHA-256 over the digests of all reports, taken when it was locked last.
    seal: Mapped[str] = mapped_column(String(64), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("area_code", "first_on"),
        CheckConstraint("last_on >= first_on AND due_on >= first_on", name="days_in_order"),
    )


class PeriodStep(Base):
    """A period was opened, locked or opened again: who, when, and why. Append-only."""

    __tablename__ = "report_period_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("report_periods.id"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500))
    seal: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class VillageReport(Base):
    """What one unit says about one period. `content` is the draft; what was sent stands in its versions."""

    __tablename__ = "village_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    period_id: Mapped[int] = mapped_column(ForeignKey("report_periods.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    #: Written down, so that both databases narrow by equality.
    district_code: Mapped[str] = mapped_column(String(8))
    regency_code: Mapped[str] = mapped_column(String(5))
    province_code: Mapped[str] = mapped_column(String(2))
    unit_kind: Mapped[UnitKind] = mapped_column(enum_column(UnitKind, 12))
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    #: For a school: its guardian or teacher.
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState, 12))
    content: Mapped[str] = mapped_column(Text)
    #: The last sent version, 0 before the first; its digest.
    version: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
    #: Whether it was changed after somebody had checked it.
    is_corrected: Mapped[bool] = mapped_column(default=False)
    #: Why it was returned, or is being corrected.
    remarks: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    period: Mapped[ReportPeriod] = relationship(lazy="raise")
    village: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("period_id", "village_code", "unit_kind", "unit_name"),
        Index(None, "period_id", "state"),
        Index(None, "regency_code", "period_id"),
        Index(None, "province_code", "period_id"),
    )


class ReportVersion(Base):
    """The figures as they were sent, once and for ever: a correction is another version. Append-only."""

    __tablename__ = "report_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("village_reports.id"))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    #: From the content, for sums.
    makers: Mapped[int]
    workers: Mapped[int]
    products: Mapped[int]
    sales: Mapped[int] = mapped_column(BigInteger)
    #: Empty for the first one.
    reason: Mapped[str] = mapped_column(Text, default="")
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_by_name: Mapped[str] = mapped_column(String(120))
    sent_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        CheckConstraint("makers >= 0 AND workers >= 0 AND sales >= 0", name="not_negative"),
    )


class ReportStep(Base):
    """One act on a report, with the remarks of that moment and the digest of what it was about. Append-only."""

    __tablename__ = "village_report_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("village_reports.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    from_state: Mapped[ReportState | None] = mapped_column(enum_column(ReportState, 12))
    to_state: Mapped[ReportState] = mapped_column(enum_column(ReportState, 12))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    remarks: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship(lazy="raise")
