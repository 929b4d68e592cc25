"""The office in charge of the programme in an area, and whom a school's or class's products are spoken for by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from kernel.base import Base


class ProgrammeOffice(Base):
    """Who runs the programme here: cooperatives in one regency, industry or village affairs in another. Said in letters and pages."""

    __tablename__ = "programme_offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A regency or a province; the longest code that covers a village speaks for it.
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), unique=True)
    name_id: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(240), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    #: Who signs letters.
    head_name: Mapped[str] = mapped_column(String(120), default="")
    head_title_id: Mapped[str] = mapped_column(String(120), default="")
    head_title_en: Mapped[str] = mapped_column(String(120), default="")
    #: Values of Scheme that it runs; proposals choose among them.
    schemes: Mapped[list[str]] = mapped_column(JSON)
    is_sample: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="raise")


class MakerGuardian(Base):
    """The grown-up whom to ask about the products of a school or a class."""

    __tablename__ = "maker_guardians"

    id: Mapped[int] = mapped_column(primary_key=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: E.164, for the office alone.
    phone: Mapped[str] = mapped_column(String(20))
    updated_at: Mapped[datetime]
