"""Offers: variants by the case, with prices by quantity, who makes them, how many a month, and how many of those are promised."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel.base import Base, enum_column, only_where


class OfferState(StrEnum):
    """Whether partners see it. A closed offer stays for the papers that name it."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ReturnPolicy(StrEnum):
    """What is taken back."""

    NONE = "none"
    DAMAGED = "damaged"
    #: Damaged, and expired goods are replaced.
    EXPIRED = "expired"


class SellerTerms(Base):
    """What holds for every wholesale order with one outlet. Whole rupiah."""

    __tablename__ = "seller_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), unique=True)
    first_order_minimum: Mapped[int] = mapped_column(BigInteger, default=0)
    reorder_minimum: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Where no partner terms say otherwise.
    payment_days: Mapped[int] = mapped_column(default=0)
    note_id: Mapped[str] = mapped_column(String(240), default="")
    note_en: Mapped[str] = mapped_column(String(240), default="")

    __table_args__ = (CheckConstraint("first_order_minimum >= 0 AND reorder_minimum >= 0 AND payment_days >= 0", name="nothing_negative"),)


class OfferMix(Base):
    """Offers whose cases count together towards a minimum: the flavours of one product line."""

    __tablename__ = "offer_mixes"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    minimum_cases: Mapped[int]

    __table_args__ = (CheckConstraint("minimum_cases > 0", name="minimum_positive"),)


class OfferPrice(Base):
    """Rupiah for one unit from so many cases on, between two days (inclusive), for one group or, without one, for every partner."""

    __tablename__ = "offer_prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("partner_groups.id"), index=True)
    from_cases: Mapped[int]
    unit_price: Mapped[int] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("offer_id", "group_id", "from_cases", "starts_on"),
        # NULL is not equal to NULL: the list of every partner needs a rule of its own.
        Index("uq_offer_prices_for_all", "offer_id", "from_cases", "starts_on", unique=True, **only_where("group_id IS NULL")),
        CheckConstraint("unit_price > 0 AND from_cases > 0", name="price_positive"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
    )


class OfferSource(Base):
    """One maker's variant that can fill an offer. Several makers of the same graded product fill one offer together."""

    __tablename__ = "offer_sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    #: Units this maker can make in a month, where the calendar says nothing else.
    monthly_quantity: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)

    variant: Mapped[Variant] = relationship(lazy="raise")
    months: Mapped[list[CapacityMonth]] = relationship(lazy="raise", order_by="CapacityMonth.month_on")

    __table_args__ = (
        UniqueConstraint("offer_id", "variant_id"),
        CheckConstraint("monthly_quantity >= 0", name="quantity_not_negative"),
    )


class CapacityMonth(Base):
    """What one source can make in one month, and how much of it is promised. Written by orders.wholesale.capacity only."""

    __tablename__ = "capacity_months"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("offer_sources.id"))
    #: The first of the month.
    month_on: Mapped[date]
    quantity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("source_id", "month_on"),
        CheckConstraint("taken >= 0 AND taken <= quantity", name="taken_within_quantity"),
    )


class CapacityTake(Base):
    """Units of a month promised to something with a name of its own (a purchase order's line). `taken` is the sum of what stands."""

    __tablename__ = "capacity_takes"

    id: Mapped[int] = mapped_column(primary_key=True)
    capacity_id: Mapped[int] = mapped_column(ForeignKey("capacity_months.id"), index=True)
    #: `order-line:123:source:4`; the second take under a name takes nothing.
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    quantity: Mapped[int]
    taken_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)


class AssortmentItem(Base):
    """An offer that a group sees which does not see everything."""

    __tablename__ = "assortment_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("partner_groups.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)

    __table_args__ = (UniqueConstraint("group_id", "offer_id"),)


class Offer(Base):
    """A variant that a seller offers to partners by the case."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    mix_id: Mapped[int | None] = mapped_column(ForeignKey("offer_mixes.id"), index=True)
    state: Mapped[OfferState] = mapped_column(enum_column(OfferState, 8))
    units_per_case: Mapped[int]
    #: The outside of a closed case; None until it was measured.
    case_length_mm: Mapped[int | None]
    case_width_mm: Mapped[int | None]
    case_height_mm: Mapped[int | None]
    case_weight_g: Mapped[int | None]
    #: A registered GTIN-14, only where the variant has a registered number too.
    case_gtin: Mapped[str | None] = mapped_column(String(14), unique=True)
    cases_per_layer: Mapped[int | None]
    layers_per_pallet: Mapped[int | None]
    minimum_cases: Mapped[int]
    #: Days from order to dispatch.
    lead_days: Mapped[int]
    #: Days from production to best-before, and what is left of them at least when the goods arrive. None: does not spoil.
    shelf_life_days: Mapped[int | None]
    remaining_days: Mapped[int | None]
    #: Area codes the seller delivers to; empty is all of Indonesia.
    delivery_prefixes: Mapped[list[str]] = mapped_column(JSON, default=list)
    return_policy: Mapped[ReturnPolicy] = mapped_column(enum_column(ReturnPolicy, 8))
    #: What a buyer in the partner's shop would pay, PPN included; None: the partner decides.
    suggested_price: Mapped[int | None] = mapped_column(BigInteger)
    #: Last day of the product liability insurance.
    insured_until_on: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    outlet: Mapped[Outlet] = relationship(lazy="raise")
    variant: Mapped[Variant] = relationship(lazy="raise")
    mix: Mapped[OfferMix | None] = relationship(lazy="raise")
    prices: Mapped[list[OfferPrice]] = relationship(lazy="raise", order_by=(OfferPrice.starts_on, OfferPrice.from_cases))
    sources: Mapped[list[OfferSource]] = relationship(lazy="raise", order_by=OfferSource.id)

    __table_args__ = (
        UniqueConstraint("outlet_id", "variant_id"),
        Index(None, "outlet_id", "state", "updated_at"),
        CheckConstraint("units_per_case > 0 AND minimum_cases > 0 AND lead_days >= 0", name="case_possible"),
        CheckConstraint("remaining_days IS NULL OR shelf_life_days IS NOT NULL", name="remaining_of_something"),
        CheckConstraint("remaining_days IS NULL OR remaining_days BETWEEN 0 AND shelf_life_days", name="remaining_within_life"),
        CheckConstraint("suggested_price IS NULL OR suggested_price > 0", name="suggested_price_positive"),
    )

    @property
    def cases_per_pallet(self) -> int | None:
        """How many cases stand on one pallet, where both its figures are known."""
        return self.cases_per_layer * self.layers_per_pallet if self.cases_per_layer and self.layers_per_pallet else None

    @property
    def is_measured(self) -> bool:
        """Whether a partner's warehouse knows what to expect: three sides and the weight."""
        return None not in (self.case_length_mm, self.case_width_mm, self.case_height_mm, self.case_weight_g)
