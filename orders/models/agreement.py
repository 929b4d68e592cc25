"""Agreements between a maker and an outlet, their dated terms, and where the maker's price share may be shown in public."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel.base import Base, enum_column


class TermsModel(StrEnum):
    """What the maker gets for a unit that is sold."""

    #: The selling price less a commission of `rate_bps`.
    COMMISSION = "commission"
    #: The maker's own price; the outlet adds `rate_bps` and may round up.
    MARKUP = "markup"
    #: The whole selling price; the shelf costs `fee` a month.
    MONTHLY_FEE = "monthly_fee"
    #: The maker's price, owed when the goods arrive: from then on they are the outlet's own.
    PURCHASE = "purchase"


class Rhythm(StrEnum):
    """How often a statement is closed (docs/consignment.md)."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    ON_CALL = "on_call"


class Bearer(StrEnum):
    """Who pays for goods that are lost, damaged or expired."""

    MAKER = "maker"
    OUTLET = "outlet"


class Agreement(Base):
    """That an outlet sells one maker's goods; one for each pair. What was agreed stands in its terms."""

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: From this day on nothing new is received; what stands on the shelf is still sold and settled.
    ends_on: Mapped[date | None]
    #: Facts before this moment are on a closed statement; later ones are booked after it (orders.consignment.ledger).
    closed_until_at: Mapped[datetime | None]

    maker: Mapped[Maker] = relationship(lazy="raise")
    outlet: Mapped[Outlet] = relationship(lazy="raise")
    terms: Mapped[list[AgreementTerms]] = relationship(lazy="raise", order_by="AgreementTerms.starts_on")

    __table_args__ = (UniqueConstraint("maker_id", "outlet_id"),)


class AgreementTerms(Base):
    """What was agreed from `starts_on` until the next version begins. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "agreement_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    starts_on: Mapped[date]
    model: Mapped[TermsModel] = mapped_column(enum_column(TermsModel, 12))
    #: Commission, or the mark-up on the maker's price, in basis points; 0 for the other models.
    rate_bps: Mapped[int] = mapped_column(default=0)
    #: Whole rupiah for each calendar month begun; 0 for the other models.
    fee: Mapped[int] = mapped_column(BigInteger, default=0)
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm, 12))
    #: Day of the month (1 to 28) or of the week (1 Monday to 7 Sunday) on which the statement is due; 0 where none is.
    rhythm_day: Mapped[int] = mapped_column(default=0)
    loss_borne_by: Mapped[Bearer] = mapped_column(enum_column(Bearer, 8))
    damage_borne_by: Mapped[Bearer] = mapped_column(enum_column(Bearer, 8))
    #: When the maker: only if a pull-out was announced in time; otherwise the outlet bears it.
    expiry_borne_by: Mapped[Bearer] = mapped_column(enum_column(Bearer, 8))
    #: How many days before best-before goods leave the shelf.
    pull_out_days: Mapped[int]
    note: Mapped[str] = mapped_column(String(240), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __table_args__ = (
        UniqueConstraint("agreement_id", "starts_on"),
        CheckConstraint("rate_bps >= 0 AND fee >= 0 AND pull_out_days >= 0", name="nothing_negative"),
        CheckConstraint("model <> 'commission' OR rate_bps <= 10000", name="commission_within_price"),
    )


class MakerPrice(Base):
    """What the maker wants for one unit from a day on, under a mark-up or a purchase."""

    __tablename__ = "maker_prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __table_args__ = (
        UniqueConstraint("agreement_id", "variant_id", "starts_on"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )


class OpenRegency(Base):
    """A regency that wants the maker's share and the villages' earnings shown in public. No row: nothing is shown."""

    __tablename__ = "open_regencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), unique=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
