"""Leases: units of scarce goods that a till's device keeps for itself for a while, so that it can sell them offline (docs/stock.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from orders.models.till import TillDevice


@dataclass(frozen=True, slots=True)
class LeasedUnits:
    """How many units of a variant a device may sell without asking, and until when."""

    variant_code: str
    units: int
    expires_at: datetime


def renew_leases(session: Session, device: TillDevice) -> list[LeasedUnits]:
    """Bring a device's leases to its share of what is scarce at its outlet, and prolong them; what it holds now.

    Call it in a writing transaction when the device is heard of. A revoked device gets nothing.
    """
    return []


def list_leases(session: Session, device_id: int) -> list[LeasedUnits]:
    """What a device holds now. Only reads."""
    return []


def end_expired_leases(session: Session, limit: int = 100) -> int:
    """Give units back whose lease is over; how many leases ended. Run it again while it returns `limit`. Each ends once."""
    return 0


def end_leases(session: Session, device_id: int) -> int:
    """Give back all that a device holds, because it was revoked; how many leases ended."""
    return 0
