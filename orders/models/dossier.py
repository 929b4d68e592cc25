"""Financing dossiers: the maker's plan, versions with their digest, what was approved, shared and opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.maker import Maker
from catalog.models.mentoring import SupportingOrganisation
from kernel.base import Base
from kernel.ids import make_code


class DossierPlan(Base):
    """The business plan of one maker as it is being written, with the eligibility checklist."""

    __tablename__ = "dossier_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"), unique=True)
    #: Texts and amounts by the names of orders.dossiers.plan.
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Question -> yes or no, by the names of orders.dossiers.plan.
    checklist: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    updated_at: Mapped[datetime]


class DossierVersion(Base):
    """Everything the dossier says, as canonical JSON, and the maker's approval of exactly this."""

    __tablename__ = "dossier_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    number: Mapped[int]
    #: SHA-256 of `content`.
    digest: Mapped[str] = mapped_column(String(64))
    is_sample: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime]
    #: By whom of the maker's side, as they were called then.
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    approved_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    remarks: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[str] = mapped_column(Text)

    maker: Mapped[Maker] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("maker_id", "number"),
        CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="one_answer"),
    )


class DossierShare(Base):
    """One approved version, opened to one organisation by a link until a day. Only a digest of the token is kept."""

    __tablename__ = "dossier_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    version_id: Mapped[int] = mapped_column(ForeignKey("dossier_versions.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("supporting_organisations.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    shared_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(120), default="")

    version: Mapped[DossierVersion] = relationship(lazy="raise")
    organisation: Mapped[SupportingOrganisation] = relationship(lazy="raise")


class DossierOpening(Base):
    """That a shared dossier was opened: when, and by what kind of browser. Append-only."""

    __tablename__ = "dossier_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    share_id: Mapped[int] = mapped_column(ForeignKey("dossier_shares.id"), index=True)
    at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")
