"""Where goods are sent and for how much: zones with their areas and weight table, an order's address, and its parcels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base
from kernel.ids import make_code


class ZoneArea(Base):
    """An area-code prefix that belongs to a zone; of several that fit a village the longest wins, "" fits everywhere."""

    __tablename__ = "zone_areas"

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("shipping_zones.id"), index=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    area_prefix: Mapped[str] = mapped_column(String(13))

    __table_args__ = (UniqueConstraint("outlet_id", "area_prefix"),)


class ShippingRate(Base):
    """What a zone costs up to a weight, in whole rupiah."""

    __tablename__ = "shipping_rates"

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("shipping_zones.id"))
    up_to_kg: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("zone_id", "up_to_kg"),
        CheckConstraint("up_to_kg > 0", name="up_to_kg_positive"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )


class ShippingZone(Base):
    """Areas that one outlet sends to with the same courier, duration and weight table."""

    __tablename__ = "shipping_zones"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Names the zone in the office's addresses.
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    courier: Mapped[str] = mapped_column(String(60))
    days_min: Mapped[int]
    days_max: Mapped[int]
    #: What each further kilogram above the table costs; None: heavier orders are not sent there.
    extra_kg_price: Mapped[int | None] = mapped_column(BigInteger)
    is_active: Mapped[bool] = mapped_column(default=True)

    areas: Mapped[list[ZoneArea]] = relationship(lazy="raise", order_by=ZoneArea.area_prefix, cascade="all, delete-orphan")
    rates: Mapped[list[ShippingRate]] = relationship(lazy="raise", order_by=ShippingRate.up_to_kg, cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("days_min >= 0 AND days_max >= days_min", name="days_in_order"),
        CheckConstraint("extra_kg_price IS NULL OR extra_kg_price >= 0", name="extra_kg_price_not_negative"),
    )


class OrderAddress(Base):
    """Where an order is sent, and what that was when it was placed: texts are frozen. The recipient is the order's contact."""

    __tablename__ = "order_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    street: Mapped[str] = mapped_column(String(200))
    #: A landmark or a word to the courier.
    note: Mapped[str] = mapped_column(String(200), default="")
    village_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    #: Village, district, regency and province in words.
    area_text: Mapped[str] = mapped_column(String(240))
    postal_code: Mapped[str] = mapped_column(String(5), default="")
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("shipping_zones.id"), index=True)
    zone_name_id: Mapped[str] = mapped_column(String(80))
    zone_name_en: Mapped[str] = mapped_column(String(80))
    courier: Mapped[str] = mapped_column(String(60))
    weight_g: Mapped[int]
    charged_kg: Mapped[int]
    days_min: Mapped[int]
    days_max: Mapped[int]

    __table_args__ = (CheckConstraint("weight_g > 0 AND charged_kg > 0", name="weight_positive"),)


class Parcel(Base):
    """One parcel of an order on its way."""

    __tablename__ = "parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    courier: Mapped[str] = mapped_column(String(60))
    tracking_number: Mapped[str] = mapped_column(String(60), default="")
    #: As weighed at the counter; None when nobody weighed it.
    weight_g: Mapped[int | None]
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    shipped_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight_positive"),
    )
