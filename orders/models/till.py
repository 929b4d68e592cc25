"""Tills, the devices that stand for them, staff's PINs, the signed entries they send, and units leased to them (docs/tills.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column, only_where
from kernel.ids import make_code


class Till(Base):
    """A place at an outlet where things are sold; which tablet or laptop stands there may change."""

    __tablename__ = "tills"

    id: Mapped[int] = mapped_column(primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"), index=True)
    #: Part of the receipt number.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    is_active: Mapped[bool] = mapped_column(default=True)
    #: How many units of a scarce variant the till may keep for itself; 0: it holds nothing (docs/stock.md).
    lease_units: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    outlet: Mapped[Outlet] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("outlet_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 99", name="number_in_range"),
        CheckConstraint("lease_units BETWEEN 0 AND 99", name="lease_in_range"),
    )


class TillDevice(Base):
    """A tablet or laptop that was paired with a till. It signs what it sends with a key that never leaves it."""

    __tablename__ = "till_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    till_id: Mapped[int] = mapped_column(ForeignKey("tills.id"), index=True)
    #: 1 for the till's first device, then 2, 3 …: receipt numbers of two devices of one till never meet.
    series: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: ECDSA P-256, as base64 of its SubjectPublicKeyInfo.
    public_key: Mapped[str] = mapped_column(String(200))
    paired_at: Mapped[datetime]
    paired_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: From then on what it sends waits in quarantine.
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: What it said when it was last here.
    last_seen_at: Mapped[datetime | None]
    last_sequence: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    app_version: Mapped[str] = mapped_column(String(20), default="")
    #: Seconds that its clock is ahead of ours.
    skew_s: Mapped[int] = mapped_column(default=0)

    till: Mapped[Till] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("till_id", "series"),
        Index("uq_till_devices_active", "till_id", unique=True, **only_where("revoked_at IS NULL")),
    )


class PairingCode(Base):
    """A number that a manager reads to whoever holds the tablet; it works once, for some minutes."""

    __tablename__ = "pairing_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("tills.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TillPin(Base):
    """A person's PIN at the tills, as PBKDF2-HMAC-SHA256: tills check it without a network."""

    __tablename__ = "till_pins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    verifier: Mapped[str] = mapped_column(String(64))
    iterations: Mapped[int]
    set_at: Mapped[datetime]


class EntryKind(StrEnum):
    """What a till reports. The bodies are in orders.counter.bodies."""

    SHIFT_OPENED = "shift_opened"
    SALE = "sale"
    RETURN = "return"
    CASH_MOVED = "cash_moved"
    DRAWER_OPENED = "drawer_opened"
    CART_CANCELLED = "cart_cancelled"
    HANDED_OVER = "handed_over"
    SHIFT_CLOSED = "shift_closed"


class EntryState(StrEnum):
    """What became of an entry. Nothing that happened at a till is thrown away."""

    ACCEPTED = "accepted"
    #: Cannot be understood; the till sets it aside, a manager decides.
    REFUSED = "refused"
    #: From a device that had been revoked; a manager decides.
    QUARANTINED = "quarantined"
    #: A manager decided that it did not happen.
    DISMISSED = "dismissed"


class EntrySource(StrEnum):
    """How an entry came in."""

    SYNC = "sync"
    #: A file saved from a device that could not send any more.
    RESCUE = "rescue"
    #: Typed from a paper sales sheet, or on the page that needs no JavaScript.
    PAPER = "paper"


class TillEntry(Base):
    """One signed line of a till's journal, kept as it came. The till's own id makes a second delivery harmless (I3)."""

    __tablename__ = "till_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A UUID made by the till.
    entry_id: Mapped[str] = mapped_column(String(36), unique=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("tills.id"), index=True)
    #: None for what was typed from paper.
    device_id: Mapped[int | None] = mapped_column(ForeignKey("till_devices.id"))
    #: Counts the device's entries from 1; a gap means that some are still on their way.
    sequence: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, 20))
    source: Mapped[EntrySource] = mapped_column(enum_column(EntrySource, 10))
    #: The signed text (JSON); without the buyer's phone number, which comes beside it.
    body: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(120))
    shift_code: Mapped[str] = mapped_column(String(36), index=True)
    #: What the device's clock said, and the same corrected by how far it was off.
    made_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    skew_s: Mapped[int]
    received_at: Mapped[datetime]
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState, 12))
    reason: Mapped[str] = mapped_column(String(240), default="")
    #: What the till was told; told again when it asks again.
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __table_args__ = (Index(None, "device_id", "sequence"), Index(None, "state"))


class StockLease(Base):
    """Units of a level that one device may sell without asking; held for it, so that the web sells only the rest."""

    __tablename__ = "stock_leases"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("till_devices.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    #: Units of it that are still held.
    quantity: Mapped[int]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_stock_leases_live", "device_id", "level_id", unique=True, **only_where("ended_at IS NULL")),
        Index(None, "ended_at", "expires_at"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("ended_at IS NULL OR quantity = 0", name="ended_holds_nothing"),
    )
