"""Leases: units of scarce goods that a till's device keeps for itself for a while, so that it can sell them offline (docs/stock.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.product import Variant
from catalog.models.stock import MovementKind, Outlet, StockLevel
from catalog.stock_counter import list_sellable, mark_levels
from catalog.stock_locks import Allocation
from kernel import clock
from kernel.inserts import insert_new
from orders.models.till import StockLease, Till, TillDevice

#: As long as an outage commonly lasts; renewed whenever the device is heard of.
LENGTH = timedelta(hours=2)
#: Of goods of which more is there, nobody needs to keep any: they do not run out within a lease.
SCARCE = 30
_RAW = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class LeasedUnits:
    """How many units of a variant a device may sell without asking, and until when."""

    variant_code: str
    units: int
    expires_at: datetime


@dataclass(slots=True)
class _Kept:
    """One variant: what is free and leased of it, level by level in order of use."""

    free: list[tuple[int, int]] = field(default_factory=list)
    mine: list[tuple[int, int]] = field(default_factory=list)
    #: What other tills keep, less what is promised beyond what is there.
    of_others: int = 0

    def share(self, units: int, sharers: int) -> int:
        """What the device should keep: an equal part with the other tills and the web, so never the last unit."""
        total = self.of_others + sum(units for _level, units in (*self.free, *self.mine))
        return min(units, max(0, total) // sharers) if total <= SCARCE else 0

    def changes(self, units: int, sharers: int) -> dict[int, int]:
        """By level, how many units to hold (positive) or to give back."""
        missing = self.share(units, sharers) - sum(units for _level, units in self.mine)
        found: dict[int, int] = {}
        for level_id, there in self.free if missing > 0 else reversed(self.mine):
            step = min(missing, there) if missing > 0 else max(missing, -there)
            if step:
                found[level_id] = step
                missing -= step
        return found


def renew_leases(session: Session, device: TillDevice) -> list[LeasedUnits]:
    """Bring a device's leases to its share of what is scarce at its outlet, and prolong them; what it holds now.

    Call it in a writing transaction when the device is heard of. A revoked device gets nothing.
    """
    till = session.get_one(Till, device.till_id)
    has_any = session.scalar(select(StockLease.id).where(*_live(device.id)).limit(1)) is not None
    if device.revoked_at is not None or not till.is_active or not till.lease_units:
        if has_any:
            end_leases(session, device.id)
        return []
    session.execute(select(TillDevice.id).where(TillDevice.id == device.id).with_for_update())
    sharers = 1 + _count_leasing(session, till.outlet_id, device.id)
    changes: dict[int, int] = {}
    for kept in _read_shelf(session, till.outlet_id, device.id).values():
        changes |= kept.changes(till.lease_units, sharers)
    expires_at = clock.now() + LENGTH
    _carry_out(session, device, changes, expires_at)
    session.execute(update(StockLease).where(*_live(device.id)).values(expires_at=expires_at), execution_options=_RAW)
    return list_leases(session, device.id)


def list_leases(session: Session, device_id: int) -> list[LeasedUnits]:
    """What a device holds now. Only reads."""
    rows = session.execute(
        select(Variant.code, func.sum(StockLease.quantity).label("units"), func.min(StockLease.expires_at).label("until"))
        .join(StockLevel, StockLevel.id == StockLease.level_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(*_live(device_id), StockLease.quantity > 0)
        .group_by(Variant.code)
        .order_by(Variant.code)
    )
    return [LeasedUnits(row.code, int(row.units), row.until) for row in rows]


def end_expired_leases(session: Session, limit: int = 100) -> int:
    """Give units back whose lease is over; how many leases ended. Run it again while it returns `limit`. Each ends once."""
    return _end(session, [StockLease.ended_at.is_(None), StockLease.expires_at <= clock.now()], limit)


def end_leases(session: Session, device_id: int) -> int:
    """Give back all that a device holds, because it was revoked; how many leases ended."""
    return _end(session, list(_live(device_id)))


def _end(session: Session, which: Sequence[ColumnElement[bool]], limit: int | None = None) -> int:
    """Stock rows first, as everywhere; then each lease is claimed, so that of two who end it one gives the units back."""
    found = select(StockLease.id, StockLease.level_id).where(*which).order_by(StockLease.level_id, StockLease.id).limit(limit)
    rows = session.execute(found).all()
    if not rows:
        return 0
    stock_locks.lock_levels(session, [Allocation(row.level_id, 0, 0) for row in rows])
    codes = {row.id: row.code for row in session.execute(select(TillDevice.id, TillDevice.code))}
    ended = 0
    columns = (StockLease.id, StockLease.device_id, StockLease.level_id, StockLease.quantity)
    still = session.execute(select(*columns).where(StockLease.id.in_([row.id for row in rows]), *which).order_by(StockLease.level_id))
    for lease in still.all():
        claim = update(StockLease).where(StockLease.id == lease.id, StockLease.quantity == lease.quantity, *which)
        claimed = session.execute(claim.values(ended_at=clock.now(), quantity=0).returning(StockLease.id), execution_options=_RAW)
        if claimed.scalar() is not None:
            ended += 1
            _give_back(session, codes[lease.device_id], {lease.level_id: lease.quantity})
    return ended


def _carry_out(session: Session, device: TillDevice, changes: dict[int, int], expires_at: datetime) -> None:
    """Hold and give back, in lock order; what somebody else took meanwhile is left to them."""
    stock_locks.lock_levels(session, [Allocation(level_id, 0, 0) for level_id in changes])
    held: list[tuple[int, int]] = []
    for level_id, units in sorted(changes.items()):
        if units > 0:
            if stock_locks.hold_level(session, Allocation(level_id, 0, units)) is not None:
                held.append((level_id, units))
                _keep(session, device.id, level_id, units, expires_at)
        elif _keep(session, device.id, level_id, units, expires_at):
            _give_back(session, device.code, {level_id: -units})
    if held:
        rows = [(level_id, 0, units) for level_id, units in held]
        stock.record_movements(session, MovementKind.HELD, rows, reference=f"lease:{device.code}")
        mark_levels(session, [level_id for level_id, _units in held])


def _keep(session: Session, device_id: int, level_id: int, units: int, expires_at: datetime) -> bool:
    """Add to the device's lease of a level, or take from it; False when it does not have as many."""
    statement = (
        update(StockLease)
        .where(*_live(device_id), StockLease.level_id == level_id, StockLease.quantity + units >= 0)
        .values(quantity=StockLease.quantity + units)
        .returning(StockLease.id)
    )
    if session.execute(statement, execution_options=_RAW).scalar() is not None:
        return True
    if units < 0:
        return False
    row = {"device_id": device_id, "level_id": level_id, "quantity": units, "expires_at": expires_at, "ended_at": None}
    return bool(insert_new(session, StockLease, [row]))


def _give_back(session: Session, device_code: str, units: dict[int, int]) -> None:
    given = [Allocation(level_id, 0, quantity) for level_id, quantity in units.items() if quantity]
    if given:
        filled = stock_locks.release_levels(session, given)
        rows = [(each.level_id, 0, -each.quantity) for each in given]
        stock.record_movements(session, MovementKind.RELEASED, rows, reference=f"lease:{device_code}")
        if filled:
            mark_levels(session, filled)


def _count_leasing(session: Session, outlet_id: int, device_id: int) -> int:
    """Tills of the outlet that keep goods for themselves, this one included."""
    devices = (
        select(TillDevice.id)
        .join(Till, Till.id == TillDevice.till_id)
        .where(Till.outlet_id == outlet_id, Till.is_active, Till.lease_units > 0, TillDevice.revoked_at.is_(None))
    )
    return len({device_id, *session.scalars(devices)})


def _read_shelf(session: Session, outlet_id: int, device_id: int) -> dict[int, _Kept]:
    """What of each variant may be sold today, and who keeps what of it."""
    found: defaultdict[int, _Kept] = defaultdict(_Kept)
    zone = session.get_one(Outlet, outlet_id).zone
    leased: defaultdict[int, dict[int, int]] = defaultdict(dict)
    leases = (
        select(StockLease.level_id, StockLease.device_id, StockLease.quantity)
        .join(StockLevel, StockLevel.id == StockLease.level_id)
        .where(StockLevel.outlet_id == outlet_id, StockLease.ended_at.is_(None), StockLease.quantity > 0)
    )
    for lease in session.execute(leases):
        leased[lease.level_id][lease.device_id] = lease.quantity
    for row in list_sellable(session, outlet_id, clock.today(zone)):
        kept = found[row.variant_id]
        if row.free > 0:
            kept.free.append((row.level_id, row.free))
        else:
            kept.of_others += row.free  # another till sold what was promised: less is to be shared
        mine = leased[row.level_id].pop(device_id, 0)
        if mine:
            kept.mine.append((row.level_id, mine))
        kept.of_others += sum(leased[row.level_id].values())
    return found


def _live(device_id: int) -> tuple[ColumnElement[bool], ...]:
    return StockLease.device_id == device_id, StockLease.ended_at.is_(None)
