"""Photos of products, makers and villages: a random name in the storage, its size, and what it shows in words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.base import Base


class Photo(Base):
    """One picture after the pipeline. `name` is random; the storage holds `<name>-<width>.<avif|webp|jpg>` for each width."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    #: Pixel size of the largest stored width.
    width: Mapped[int]
    height: Mapped[int]
    alt_id: Mapped[str] = mapped_column(String(200), default="")
    alt_en: Mapped[str] = mapped_column(String(200), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "(product_id IS NOT NULL AND maker_id IS NULL AND area_code IS NULL)"
            " OR (product_id IS NULL AND maker_id IS NOT NULL AND area_code IS NULL)"
            " OR (product_id IS NULL AND maker_id IS NULL AND area_code IS NOT NULL)",
            name="one_owner",
        ),
    )
