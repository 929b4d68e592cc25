"""How a lot was made: where, by whom and of which raw material. Written once; a mistake is corrected by a later event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.area import Area
from catalog.models.product import Unit
from catalog.models.stock import Batch
from kernel.base import Base, enum_column
from kernel.ids import make_code


class Transformation(Base):
    """Raw material became a lot. Append-only: what replaces it names it in `corrects_id`."""

    __tablename__ = "transformations"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    #: When it was done, and where: often the maker's village, not always.
    at: Mapped[datetime]
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    #: Who did it, as people say it: the maker, a drying house, a mill.
    processed_by: Mapped[str] = mapped_column(String(160))
    note: Mapped[str] = mapped_column(String(240), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("transformations.id"), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    recorded_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="raise")
    batch: Mapped[Batch] = relationship(lazy="raise")
    inputs: Mapped[list[TransformationInput]] = relationship(lazy="raise", order_by="TransformationInput.position")


class TransformationInput(Base):
    """One raw material that went in: from a village and perhaps a supplier, or another lot of ours. Append-only."""

    __tablename__ = "transformation_inputs"

    id: Mapped[int] = mapped_column(primary_key=True)
    transformation_id: Mapped[int] = mapped_column(ForeignKey("transformations.id"))
    position: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    origin_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    supplier: Mapped[str] = mapped_column(String(160), default="")
    #: Grams, millilitres or pieces; None where nobody weighed it.
    quantity: Mapped[int | None]
    unit: Mapped[Unit | None] = mapped_column(enum_column(Unit, 5))
    #: What the supplier wrote on the sack.
    lot: Mapped[str] = mapped_column(String(40), default="")
    input_batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)

    origin: Mapped[Area | None] = relationship(lazy="raise")
    input_batch: Mapped[Batch | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("transformation_id", "position"),
        CheckConstraint("quantity IS NULL OR (quantity > 0 AND unit IS NOT NULL)", name="quantity_has_unit"),
    )
