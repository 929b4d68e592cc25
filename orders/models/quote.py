"""Quotes: what a partner asks for and both sides' turns until it is accepted or over. Turns are only ever added."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBranch
from orders.wholesale.states import QuoteAct, QuoteState, Side


class QuoteLine(Base):
    """Cases of one offer in one turn. A request may leave the price open; an offer never does."""

    __tablename__ = "quote_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("quote_turns.id"))
    position: Mapped[int]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    cases: Mapped[int]
    units_per_case: Mapped[int]
    unit_price: Mapped[int | None] = mapped_column(BigInteger)

    offer: Mapped[Offer] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("turn_id", "offer_id"),
        CheckConstraint("cases > 0 AND units_per_case > 0", name="cases_positive"),
        CheckConstraint("unit_price IS NULL OR unit_price > 0", name="price_positive"),
    )


class QuoteTurn(Base):
    """One turn: who did what, on which terms. Never changed or deleted (a trigger refuses both)."""

    __tablename__ = "quote_turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    number: Mapped[int]
    side: Mapped[Side] = mapped_column(enum_column(Side, 8))
    act: Mapped[QuoteAct] = mapped_column(enum_column(QuoteAct, 10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(Text, default="")
    #: Of an offer: delivery, trading terms in basis points, days to pay, and its last day.
    freight: Mapped[int] = mapped_column(BigInteger, default=0)
    terms_bps: Mapped[int] = mapped_column(default=0)
    payment_days: Mapped[int] = mapped_column(default=0)
    valid_until_on: Mapped[date | None]
    at: Mapped[datetime]

    lines: Mapped[list[QuoteLine]] = relationship(lazy="raise", order_by=QuoteLine.position)

    __table_args__ = (
        UniqueConstraint("quote_id", "number"),
        CheckConstraint("freight >= 0 AND payment_days >= 0", name="terms_not_negative"),
        CheckConstraint("terms_bps BETWEEN 0 AND 1500", name="terms_within_cap"),
        CheckConstraint("act <> 'offer' OR valid_until_on IS NOT NULL", name="offer_has_last_day"),
    )


class Quote(Base):
    """One negotiation between a partner and its seller. `turn` is the number of the last turn; its terms are those that count."""

    __tablename__ = "quotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("partner_branches.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[QuoteState] = mapped_column(enum_column(QuoteState, 10))
    turn: Mapped[int]
    #: The day on which the partner would like to have the goods.
    wanted_on: Mapped[date | None]
    valid_until_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    partner: Mapped[Partner] = relationship(lazy="raise")
    branch: Mapped[PartnerBranch] = relationship(lazy="raise")
    turns: Mapped[list[QuoteTurn]] = relationship(lazy="raise", order_by=QuoteTurn.number)

    __table_args__ = (
        Index(None, "partner_id", "changed_at"),
        Index(None, "outlet_id", "state", "changed_at"),
        CheckConstraint("turn > 0", name="turn_positive"),
    )
