"""Devices that keep sales to themselves: they have not been heard of for long, and sold or have entries waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from orders.models.shift import Shift
from orders.models.till import Till, TillDevice

#: An outage of an afternoon is daily life; longer than this, somebody should look at the device.
LONG = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class SilentDevice:
    """A device that should be looked at."""

    outlet: str
    till_number: int
    label: str
    waiting: int
    last_seen_at: datetime
    zone: str

    @property
    def words(self) -> str:
        """For the operator: which till, what it keeps, since when."""
        seen = f"{clock.local(self.last_seen_at, self.zone):%Y-%m-%d %H:%M} {self.zone}"
        kept = f"{self.waiting} entries wait" if self.waiting else "its shift is open"
        return f"{self.outlet}, till {self.till_number} ({self.label}): {kept}, last seen {seen}"


def list_silent(session: Session) -> list[SilentDevice]:
    """Paired devices that were not here for LONG and keep something: entries they told of, or an open shift. The longest silent first.

    While a device is away nobody knows what it sells, so an open shift is enough.
    """
    has_shift = exists().where(Shift.device_id == TillDevice.id, Shift.closed_at.is_(None))
    seen_at = func.coalesce(TillDevice.last_seen_at, TillDevice.paired_at)
    statement = (
        select(Outlet.name, Till.number, TillDevice.label, TillDevice.waiting, seen_at, Outlet.zone)
        .join(Till, Till.id == TillDevice.till_id)
        .join(Outlet, Outlet.id == Till.outlet_id)
        .where(TillDevice.revoked_at.is_(None), or_(TillDevice.waiting > 0, has_shift), seen_at < clock.now() - LONG)
        .order_by(seen_at, TillDevice.id)
    )
    return [SilentDevice(*row) for row in session.execute(statement)]
