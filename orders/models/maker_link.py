"""The link with which a maker without an account opens the makers' portal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.maker import Maker
from kernel.base import Base


class MakerLink(Base):
    """One for each maker: a new link takes the place of the one before, which stops working with that.

    The link itself is signed and not stored. `key` is what its signature is bound to: useless without the house's secret.
    """

    __tablename__ = "maker_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"), unique=True)
    key: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime]
    #: Whoever made it may not agree to what was asked for through it.
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    maker: Mapped[Maker] = relationship(lazy="raise")
