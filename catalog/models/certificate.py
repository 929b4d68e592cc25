"""Certificates of products and makers: number, issuer and validity; a claim only while it is valid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.scan import ScanColumns
from kernel.base import Base, enum_column
from kernel.ids import make_code


class CertificateKind(StrEnum):
    """The papers a product or maker can hold (formats: docs/certificates.md)."""

    PIRT = "pirt"
    BPOM = "bpom"
    HALAL = "halal"
    SNI = "sni"
    GEOGRAPHICAL_INDICATION = "gi"
    OVOP_AWARD = "ovop"


OWNERS = ("product_id", "maker_id")


class Certificate(Base):
    """One paper of a product, or of a maker for all its products. Dates are inclusive."""

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Names the paper in the office's addresses. Always there; the column came later than the table.
    code: Mapped[str] = mapped_column(String(8), nullable=True, default=make_code)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"))
    kind: Mapped[CertificateKind] = mapped_column(enum_column(CertificateKind, 8))
    number: Mapped[str] = mapped_column(String(40), default="")
    issuer: Mapped[str] = mapped_column(String(120))
    valid_from_on: Mapped[date]
    valid_until_on: Mapped[date | None]
    #: For awards: the scheme as awarded, its year, the stars and the scale's maximum; never a bare star count.
    award_scheme: Mapped[str] = mapped_column(String(60), default="")
    award_year: Mapped[int | None]
    stars: Mapped[int | None]
    stars_scale: Mapped[int | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(product_id IS NULL) <> (maker_id IS NULL)", name="one_owner"),
        CheckConstraint("valid_until_on IS NULL OR valid_until_on >= valid_from_on", name="dates_in_order"),
        CheckConstraint("stars IS NULL OR (stars >= 1 AND stars <= stars_scale)", name="stars_within_scale"),
        Index("uq_certificates_code", "code", unique=True),
        Index(None, "valid_until_on"),
        # For SQLite without the empty values, which it takes for one very common value. PostgreSQL counts them apart.
        *(Index(None, owner, sqlite_where=text(f"{owner} IS NOT NULL")) for owner in OWNERS),
    )


class CertificateScan(ScanColumns, Base):
    """The scan of a certificate, for the office only."""

    __tablename__ = "certificate_scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)


class CertificateRenewal(Base):
    """A new paper that follows an old one; the old one stays on record with its own dates."""

    __tablename__ = "certificate_renewals"

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    renewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    renewed_at: Mapped[datetime]


class CertificateWarning(Base):
    """That the office and the maker were told so many days ahead; the row is what makes it once."""

    __tablename__ = "certificate_warnings"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    #: 90, 30 or 7.
    days: Mapped[int]
    #: The end it warned of: a paper whose date was corrected is warned of again.
    valid_until_on: Mapped[date]
    warned_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("certificate_id", "days", "valid_until_on"),)


class CertificatePublicScan(Base):
    """A copy of a paper for everybody, with what is private covered: a picture of the public storage, kept beside the scan itself."""

    __tablename__ = "certificate_public_scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    #: As a photo's: the storage holds `<name>-<width>.<avif|webp|jpg>`.
    name: Mapped[str] = mapped_column(String(40), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    added_at: Mapped[datetime]
