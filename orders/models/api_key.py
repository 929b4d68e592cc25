"""API keys of partners: what a program may do in the name of one of a partner's buyers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base
from kernel.people import User
from orders.models.partner import Partner


class Scope(StrEnum):
    """What a key may be used for."""

    #: Offers with their prices, stock, free capacity and papers; the partner's feeds.
    CATALOGUE = "catalogue"
    READ_ORDERS = "orders.read"
    WRITE_ORDERS = "orders.write"
    READ_INVOICES = "invoices.read"


class ApiKey(Base):
    """One key. Only a digest of the secret is stored; it is shown once, when the key is made."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    #: The buyer in whose name it acts: their limits hold, and the key ends with them.
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    #: How the secret begins, by which people tell their keys apart.
    start: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: Set when another key takes its place: both work until then.
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    #: To the minute.
    last_used_at: Mapped[datetime | None]

    partner: Mapped[Partner] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])

    def is_live(self, moment: datetime) -> bool:
        """Whether it opens anything at `moment`."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > moment)
