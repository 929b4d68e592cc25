"""The programme: schemes, and one record per village and year from not yet mapped to launched."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from kernel.base import Base, enum_column


class Scheme(StrEnum):
    """The programme a product belongs to: one village, one community, one school or one class, one product."""

    OVOP = "ovop"
    OCOP = "ocop"
    OSOP = "osop"
    ONE_CLASS = "one_class"


class ProgrammeStatus(StrEnum):
    """How far a village has come in a programme year, in order; `dropped` was mapped and is out of it for the year."""

    NOT_MAPPED = "not_mapped"
    MAPPED = "mapped"
    SELECTED = "selected"
    CURATED = "curated"
    LAUNCHED = "launched"
    #: Goes on without the programme's help.
    GRADUATED = "graduated"
    DROPPED = "dropped"

    @property
    def reached(self) -> int:
        """How many steps were taken. Who was dropped had been mapped, and counts as that."""
        return 1 if self is ProgrammeStatus.DROPPED else _STEPS.index(self)


_STEPS = tuple(ProgrammeStatus)


class ProgrammeRecord(Base):
    """One village in one programme year: its status and the product it puts forward."""

    __tablename__ = "programme_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    year: Mapped[int]
    status: Mapped[ProgrammeStatus] = mapped_column(enum_column(ProgrammeStatus, 12))
    product_name_id: Mapped[str] = mapped_column(String(120), default="")
    product_name_en: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    village: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("village_code", "year"),)
