"""Tills and the devices that stand for them: pairing by a code that works once, what a device says of itself, revoking (docs/tills.md)."""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.accounts import digest
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from kernel.inserts import insert_new
from kernel.people import SYSTEM, Actor, Permission
from orders.counter.leases import end_leases
from orders.models.shift import CounterReturn, CounterSale, Shift
from orders.models.till import PairingCode, Till, TillDevice, TillEntry

CODE_DIGITS = 8
#: How long a pairing code works.
CODE_LIFETIME = timedelta(minutes=10)
MOST_TILLS, MOST_LEASED = 99, 99
LONGEST_NAME, LONGEST_LABEL = 60, 80
#: Times a new number is drawn when the drawn one was used before; it then works ten minutes for one till only.
TRIES = 5


class WrongPairingCode(DomainError):
    """Unknown, used, or too old; never says which."""

    message = N_("This code does not work (any more). Please ask for a new one.")


class TillTaken(Conflict):
    """One device sells at a till: the other one is revoked first, so that nothing it still has is overlooked."""

    message = N_("%(label)s is still paired with this till. Please revoke it first.")


class KeyKnown(Conflict):
    """The key belongs to a device that was paired before: a copy, or a device that was not wiped."""

    message = N_("This device was paired before. Please delete its data first, then pair it again.")


def make_till(session: Session, actor: Actor, outlet: Outlet, name: str, *, number: int | None = None, lease_units: int = 0) -> Till:
    """A new place to sell at; without `number` the outlet's next one. Raises NotAllowed, InvalidInput."""
    check_may_manage(actor, outlet)
    name = _clean(name, LONGEST_NAME, "name")
    if type(lease_units) is not int or not 0 <= lease_units <= MOST_LEASED:
        raise InvalidInput(field="lease_units")
    if number is None:
        number = (session.scalar(select(func.max(Till.number)).where(Till.outlet_id == outlet.id)) or 0) + 1
    if type(number) is not int or not 1 <= number <= MOST_TILLS:
        raise InvalidInput(N_("Tills have numbers from 1 to 99."), field="number")
    row = {"outlet_id": outlet.id, "number": number, "name": name, "lease_units": lease_units, "created_at": clock.now()}
    ids = insert_new(session, Till, [row])
    if not ids:
        raise InvalidInput(N_("This outlet has a till with this number already."), field="number")
    audit.record(session, actor, "till.made", f"till:{outlet.code}-{number}", {"name": name, "lease_units": lease_units})
    return get_till(session, ids[0])


def change_till(session: Session, actor: Actor, till_id: int, *, name: str, lease_units: int, is_active: bool) -> Till:
    """Another name, another number of leased units, or the till is closed down; then its device must have been revoked."""
    till = get_till(session, till_id)
    check_may_manage(actor, till.outlet)
    if type(lease_units) is not int or not 0 <= lease_units <= MOST_LEASED:
        raise InvalidInput(field="lease_units")
    active = find_active(session, till.id)
    if not is_active and active is not None:
        raise TillTaken(label=active.label)
    wanted = {"name": _clean(name, LONGEST_NAME, "name"), "lease_units": lease_units, "is_active": is_active}
    changes = {key: {"from": getattr(till, key), "to": value} for key, value in wanted.items() if getattr(till, key) != value}
    for key, value in wanted.items():
        setattr(till, key, value)
    if changes:
        audit.record(session, actor, "till.changed", _subject(till), changes)
    session.flush()
    return till


def make_pairing_code(session: Session, actor: Actor, till_id: int) -> str:
    """Eight digits that pair one device with the till, once, within ten minutes; an earlier code stops working.

    Raises NotFound, NotAllowed, TillTaken, InvalidInput when the till is closed down.
    """
    till = get_till(session, till_id)
    check_may_manage(actor, till.outlet)
    if not till.is_active:
        raise InvalidInput(N_("This till is closed down. Please open it again first."))
    if (active := find_active(session, till.id)) is not None:
        raise TillTaken(label=active.label)
    moment = clock.now()
    old = or_(PairingCode.till_id == till.id, PairingCode.expires_at <= moment)
    session.execute(delete(PairingCode).where(old, PairingCode.used_at.is_(None)))
    for _attempt in range(TRIES):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        row = {
            "till_id": till.id,
            "code_digest": _digest_of(code),
            "created_at": moment,
            "created_by_id": actor.user_id,
            "expires_at": moment + CODE_LIFETIME,
        }
        if insert_new(session, PairingCode, [row]):
            audit.record(session, actor, "till.pairing_code", _subject(till))
            return code
    raise Conflict


def pair_device(session: Session, code: str, label: str, public_key: str) -> tuple[TillDevice, str]:
    """The device that typed `code` stands for its till from now on; returns it and its token, which is told only now.

    `public_key` is an ECDSA P-256 key as base64 of its SubjectPublicKeyInfo. Count the try first
    (kernel.throttle.pairing_limits) and commit that. `device.till.outlet` is loaded.
    Raises WrongPairingCode, TillTaken, KeyKnown, InvalidInput.
    """
    label = _clean(label, LONGEST_LABEL, "label")
    public_key = _read_key(public_key)
    moment = clock.now()
    claimed = session.execute(
        update(PairingCode)
        .where(PairingCode.code_digest == _digest_of(code), PairingCode.used_at.is_(None), PairingCode.expires_at > moment)
        .values(used_at=moment)
        .returning(PairingCode.till_id, PairingCode.created_by_id),
        execution_options={"synchronize_session": False},
    ).first()
    if claimed is None:
        raise WrongPairingCode(field="code")
    till = get_till(session, claimed.till_id, lock=True)
    if not till.is_active:
        raise WrongPairingCode(field="code")
    if (active := find_active(session, till.id)) is not None:
        raise TillTaken(label=active.label)
    if session.scalar(select(TillDevice.id).where(TillDevice.public_key == public_key)) is not None:
        raise KeyKnown
    token = secrets.token_urlsafe(32)
    series = (session.scalar(select(func.max(TillDevice.series)).where(TillDevice.till_id == till.id)) or 0) + 1
    facts = {"till_id": till.id, "series": series, "label": label, "paired_at": moment, "paired_by_id": claimed.created_by_id}
    device = TillDevice(**facts, token_digest=digest(token), public_key=public_key)
    session.add(device)
    session.flush()
    audit.record(session, SYSTEM, "till.paired", _subject(till), {"device": device.code, "label": label, "series": series})
    return _load(session, device.id), token


def find_device(session: Session, token: str) -> TillDevice | None:
    """The device that holds `token`, revoked or not, its till and outlet loaded; None for a stranger."""
    device_id = session.scalar(select(TillDevice.id).where(TillDevice.token_digest == digest(token))) if token else None
    return None if device_id is None else _load(session, device_id)


def find_active(session: Session, till_id: int) -> TillDevice | None:
    """The device that stands for a till now."""
    return session.scalar(select(TillDevice).where(TillDevice.till_id == till_id, TillDevice.revoked_at.is_(None)))


def get_till(session: Session, till_id: int, *, lock: bool = False) -> Till:
    """The till with its outlet; NotFound otherwise. With `lock` nobody else pairs a device or opens a shift meanwhile."""
    statement = select(Till).where(Till.id == till_id).options(joinedload(Till.outlet)).execution_options(populate_existing=True)
    till = session.scalar(statement.with_for_update(of=Till, key_share=True) if lock else statement)
    if till is None:
        raise NotFound
    return till


def lock_till(session: Session, till_id: int) -> None:
    """What happens at one till is applied one after the other: wait for whoever is at it. SQLite has one writer anyway.

    Rows that refer to the till can be written meanwhile.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Till.id).where(Till.id == till_id).with_for_update(key_share=True))


def record_contact(session: Session, device: TillDevice, waiting: int, app: str, skew_s: int) -> None:
    """What the device says of itself when it is here: entries that still wait on it, its app, how far its clock is ahead."""
    limits = -(2**31), 2**31 - 1
    values = {
        "last_seen_at": clock.now(),
        "waiting": min(max(0, waiting), limits[1]),
        "app_version": app[:20],
        "skew_s": min(max(limits[0], skew_s), limits[1]),
    }
    session.execute(update(TillDevice).where(TillDevice.id == device.id).values(**values), execution_options={"synchronize_session": False})
    session.refresh(device, list(values))
    if not waiting:
        from orders.counter.closings import recheck_closings  # it needs this module

        recheck_closings(session, device.till_id)


def revoke_device(session: Session, actor: Actor, code: str) -> TillDevice:
    """Stolen, lost or replaced: from now on what it sends waits in quarantine, and what was leased to it is free again.

    Its open shift stays open until the till's next one begins, or until it is closed with what was counted
    (`shifts.close_forgotten_shift`). Harmless when it was revoked before.
    """
    device = session.scalar(select(TillDevice).where(TillDevice.code == code).options(joinedload(TillDevice.till).joinedload(Till.outlet)))
    if device is None:
        raise NotFound
    check_may_manage(actor, device.till.outlet)
    moment = clock.now()
    changed = session.execute(
        update(TillDevice)
        .where(TillDevice.id == device.id, TillDevice.revoked_at.is_(None))
        .values(revoked_at=moment, revoked_by_id=actor.user_id)
        .returning(TillDevice.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    session.refresh(device, ["revoked_at", "revoked_by_id", "waiting"])
    if changed is not None:
        end_leases(session, device.id)
        audit.record(session, actor, "till.device_revoked", _subject(device.till), {"device": device.code, "waiting": device.waiting})
    return device


def series_of(device: TillDevice) -> str:
    """The till's part of a receipt number: `2` for its first device, then `2B`, `2C` … `2Z`, `2AA` (till loaded)."""
    number, letters = device.series, ""
    if number == 1:
        return str(device.till.number)
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{device.till.number}{letters}"


def next_running(session: Session, device: TillDevice) -> int:
    """The number of the device's next receipt, for sales and returns alike: 1 for one that was just paired."""
    sold = select(func.max(CounterSale.running)).join(TillEntry, TillEntry.id == CounterSale.entry_id)
    returned = select(func.max(CounterReturn.running)).join(TillEntry, TillEntry.id == CounterReturn.entry_id)
    mine = TillEntry.device_id == device.id
    return max(session.scalar(sold.where(mine)) or 0, session.scalar(returned.where(mine)) or 0) + 1


def next_shift_number(session: Session, till_id: int) -> int:
    """The number of the till's next shift."""
    return (session.scalar(select(func.max(Shift.number)).where(Shift.till_id == till_id)) or 0) + 1


def check_may_manage(actor: Actor, outlet: Outlet) -> None:
    """NotAllowed unless the person manages this outlet's tills."""
    if not actor.can(Permission.MANAGE_TILLS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def _load(session: Session, device_id: int) -> TillDevice:
    statement = select(TillDevice).where(TillDevice.id == device_id).options(joinedload(TillDevice.till).joinedload(Till.outlet))
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _read_key(text: str) -> str:
    """The key in its one spelling; InvalidInput when it is none of a device's."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        raw = base64.b64decode(text, validate=True)
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, TypeError):
        raise InvalidInput(field="public_key") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise InvalidInput(field="public_key")
    return base64.b64encode(raw).decode()


def _digest_of(code: str) -> str:
    """Spaces and hyphens between groups do not count. The digest protects ten minutes; nobody guesses at the door meanwhile."""
    return digest(f"pairing:{code.replace(' ', '').replace('-', '')}")


def _clean(text: str, longest: int, field: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= longest:
        raise InvalidInput(N_("Please give a name of 1 to %(longest)s letters."), field=field, longest=longest)
    return text


def _subject(till: Till) -> str:
    return f"till:{till.outlet.code}-{till.number}"
