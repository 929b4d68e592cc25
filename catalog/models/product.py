"""Products and their variants: the texts, what makes them unique, ingredients with origins, prices and who put them live."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.models.certificate import Certificate
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.programme import Scheme
from kernel.base import Base, enum_column


class ListingState(StrEnum):
    """Whether buyers see a product. Only a decision record moves it to live."""

    DRAFT = "draft"
    LIVE = "live"
    WITHDRAWN = "withdrawn"


class HalalState(StrEnum):
    """The three states of the halal duty; `not_applicable` is for what is neither food nor drink."""

    CERTIFIED = "certified"
    NOT_YET = "not_yet"
    DECLARED_NON_HALAL = "declared_non_halal"
    NOT_APPLICABLE = "not_applicable"


class TravelLimit(StrEnum):
    """Why a product cannot be sent and is collected only."""

    NONE = "none"
    FRAGILE = "fragile"
    LIQUID = "liquid"
    FRESH = "fresh"


class Unit(StrEnum):
    """In what the net quantity of a variant is counted."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


class Category(Base):
    """A shelf of the shop."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)


class Ingredient(Base):
    """One ingredient with the area it comes from, which may differ from where the product is made."""

    __tablename__ = "ingredients"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    origin_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    #: Share of the whole in basis points, where the label must say it.
    share_bps: Mapped[int | None]

    origin: Mapped[Area | None] = relationship(lazy="raise")


class Price(Base):
    """A retail price of a variant in whole rupiah, tax included, with its validity (inclusive dates, outlet's zone)."""

    __tablename__ = "prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("variant_id", "starts_on"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )


class Variant(Base):
    """What is priced, stocked and scanned: one pack size of a product."""

    __tablename__ = "variants"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    net_quantity: Mapped[int]
    unit: Mapped[Unit] = mapped_column(enum_column(Unit, 5))
    shipping_weight_g: Mapped[int]
    #: A number issued by GS1 (8, 12, 13 or 14 digits), or None.
    gtin: Mapped[str | None] = mapped_column(String(14), unique=True)
    #: Our own 13-digit number in the restricted range 2xx; never leaves the house as a GTIN.
    internal_number: Mapped[str | None] = mapped_column(String(13), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    prices: Mapped[list[Price]] = relationship(lazy="raise", order_by=Price.starts_on, cascade="all, delete-orphan")
    product: Mapped[Product] = relationship(back_populates="variants", lazy="raise")

    __table_args__ = (
        CheckConstraint("net_quantity > 0", name="net_quantity_positive"),
        CheckConstraint("shipping_weight_g > 0", name="shipping_weight_positive"),
    )


class Product(Base):
    """A village product: texts in two languages, what makes it unique, where it is made and by whom."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    #: Where it is made; usually the maker's village.
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    scheme: Mapped[Scheme] = mapped_column(enum_column(Scheme, 12))
    state: Mapped[ListingState] = mapped_column(enum_column(ListingState, 12), default=ListingState.DRAFT)
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    summary_id: Mapped[str] = mapped_column(String(240), default="")
    summary_en: Mapped[str] = mapped_column(String(240), default="")
    description_id: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    material_id: Mapped[str] = mapped_column(Text, default="")
    material_en: Mapped[str] = mapped_column(Text, default="")
    technique_id: Mapped[str] = mapped_column(Text, default="")
    technique_en: Mapped[str] = mapped_column(Text, default="")
    design_id: Mapped[str] = mapped_column(Text, default="")
    design_en: Mapped[str] = mapped_column(Text, default="")
    culture_id: Mapped[str] = mapped_column(Text, default="")
    culture_en: Mapped[str] = mapped_column(Text, default="")
    storage_id: Mapped[str] = mapped_column(String(240), default="")
    storage_en: Mapped[str] = mapped_column(String(240), default="")
    shelf_life_days: Mapped[int | None]
    #: Words from catalog.products.ALLERGENS.
    allergens: Mapped[list[str]] = mapped_column(JSON, default=list)
    halal_state: Mapped[HalalState] = mapped_column(enum_column(HalalState, 20), default=HalalState.NOT_YET)
    travel_limit: Mapped[TravelLimit] = mapped_column(enum_column(TravelLimit, 8), default=TravelLimit.NONE)
    popularity: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    maker: Mapped[Maker] = relationship(lazy="raise")
    category: Mapped[Category] = relationship(lazy="raise")
    village: Mapped[Area] = relationship(lazy="raise")
    variants: Mapped[list[Variant]] = relationship(
        back_populates="product", lazy="raise", order_by=Variant.position, cascade="all, delete-orphan"
    )
    ingredients: Mapped[list[Ingredient]] = relationship(lazy="raise", order_by=Ingredient.position, cascade="all, delete-orphan")
    photos: Mapped[list[Photo]] = relationship(lazy="raise", order_by=Photo.position, cascade="all, delete-orphan")
    certificates: Mapped[list[Certificate]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        Index(None, "state", "published_at"),
        Index(None, "state", "popularity"),
        # With the state: pages count and list what is live of one maker, shelf or village.
        Index(None, "maker_id", "state"),
        Index(None, "category_id", "state"),
        Index(None, "village_code", "state"),
    )


class PublicationDecision(Base):
    """Who put a product live or took it away, when and why. Nothing is live without one; demo data carries its own, marked."""

    __tablename__ = "publication_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    state: Mapped[ListingState] = mapped_column(enum_column(ListingState, 12))
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime]
