"""Mapping: what a village could make, whoever makes it, and the evidence that it does."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.models.programme import Scheme
from kernel.base import Base, enum_column
from kernel.ids import make_code
from kernel.people import User


class EvidenceKind(StrEnum):
    """How something was shown."""

    PHOTO = "photo"
    FILE = "file"
    NOTE = "note"


class PotentialProduct(Base):
    """Something a village, or a community, school or class in it, could make. Gone from the list once `removed_at` is set."""

    __tablename__ = "potential_products"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    scheme: Mapped[Scheme] = mapped_column(enum_column(Scheme, 12))
    #: The community, school or class; empty when it is the village itself.
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    #: Whom to ask; for a school the guardian or teacher.
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    #: What two villages' names of the same product have in common (catalog.mapping.likeness).
    likeness: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    evidence: Mapped[list[Evidence]] = relationship(lazy="raise", order_by="Evidence.id", cascade="all, delete-orphan")
    village: Mapped[Area] = relationship(lazy="raise")

    __table_args__ = (Index(None, "village_code", "removed_at"), Index(None, "likeness", "removed_at"))


class Evidence(Base):
    """A photo, a file or a note about a potential product: who says so, and since when."""

    __tablename__ = "potential_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    potential_id: Mapped[int] = mapped_column(ForeignKey("potential_products.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(enum_column(EvidenceKind, 8))
    #: Where it comes from: a person, a meeting, a newspaper.
    source: Mapped[str] = mapped_column(String(160))
    seen_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    #: Random name in the private storage, without width and ending; empty for a note.
    file_name: Mapped[str] = mapped_column(String(40), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    added_at: Mapped[datetime]

    added_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("(kind = 'note') = (file_name = '')", name="file_unless_note"),)
