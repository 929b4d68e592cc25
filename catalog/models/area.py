"""Official areas: province, regency, district and village by the Ministry of Home Affairs' code, and what a village tells visitors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Dialect, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from kernel.base import Base, enum_column


class Degrees(TypeDecorator[float]):
    """A WGS 84 coordinate in degrees, stored as whole microdegrees: exact, comparable and the same on every database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> float | None:
        return None if value is None else value / 1_000_000


class AreaLevel(StrEnum):
    """The four levels, by the number of parts in the code."""

    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


class VillageKind(StrEnum):
    """Desa or kelurahan: the first digit of the fourth part of the code is 2 or 1."""

    DESA = "desa"
    KELURAHAN = "kelurahan"


class Area(Base):
    """One official area. The code is the key, never the name: 13 villages are called Betung."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    level: Mapped[AreaLevel] = mapped_column(enum_column(AreaLevel, 8))
    kind: Mapped[VillageKind | None] = mapped_column(enum_column(VillageKind, 9))
    name: Mapped[str] = mapped_column(String(100))
    #: The short form people use where the official one is long: "PALI" for Kabupaten Penukal Abab Lematang Ilir.
    short_name: Mapped[str] = mapped_column(String(60), default="")
    #: Lower-case letters and digits only, for look-ups that forgive apostrophes, spaces and accents.
    folded_name: Mapped[str] = mapped_column(String(100))
    postal_code: Mapped[str] = mapped_column(String(5), default="")
    latitude: Mapped[float | None] = mapped_column(Degrees)
    longitude: Mapped[float | None] = mapped_column(Degrees)
    #: WIB, WITA or WIT, by province.
    zone: Mapped[str] = mapped_column(String(4))

    parent: Mapped[Area | None] = relationship(remote_side=[code], lazy="raise")

    __table_args__ = (Index(None, "folded_name"), Index(None, "level", "code"))


class VillageProfile(Base):
    """What a village says to visitors, in both languages; absent for most of the 83,762."""

    __tablename__ = "village_profiles"

    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    intro_id: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str] = mapped_column(Text, default="")
    visit_id: Mapped[str] = mapped_column(Text, default="")
    visit_en: Mapped[str] = mapped_column(Text, default="")
    season_id: Mapped[str] = mapped_column(String(200), default="")
    season_en: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
