"""PINs of people at the tills, which tills check without a network, and who may sell or allow at an outlet (docs/tills.md)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.inserts import insert_rows
from kernel.people import GRANTS, Actor, Permission, RoleGrant, User, covers
from orders.models.till import TillPin

if TYPE_CHECKING:  # loads pydantic
    from orders.counter.bodies import Supervision

#: PBKDF2-HMAC-SHA256: a cheap tablet needs under half a second. Six digits are guarded by the lock after five tries.
ITERATIONS = 100_000
_PIN = re.compile(r"[0-9]{6}", re.ASCII)
_SELLING, _MANAGING = Permission.SELL_AT_TILLS, Permission.MANAGE_TILLS


class WeakPin(InvalidInput):
    """Among the first that anybody would try."""

    message = N_("This PIN is too easy to guess. Please do not use rows such as 123456, repeated digits or a pattern such as 121212.")


class UnknownCashier(InvalidInput):
    """An entry names a person who does not exist."""

    message = N_("The person at the till is not known.")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may sell or allow at an outlet's tills, as a till keeps it; the PIN's parts are None until one is set."""

    code: str
    name: str
    is_supervisor: bool
    salt: str | None
    verifier: str | None
    iterations: int | None


def set_pin(session: Session, actor: Actor, person: User, pin: str, *, outlet: Outlet | None = None) -> None:
    """Give `person` a new PIN: they themself, or, to a cashier of `outlet`, who manages its tills.

    Nobody else can set the PIN of somebody whose PIN allows more: they could allow themselves anything under that name.
    Raises NotAllowed, InvalidInput, WeakPin.
    """
    if not actor.system and actor.user_id != person.id:
        _check_may_set(session, actor, person, outlet)
    _check_strength(pin)
    salt = secrets.token_hex(16)
    row = {"user_id": person.id, "salt": salt, "verifier": _derive(pin, salt, ITERATIONS), "iterations": ITERATIONS, "set_at": clock.now()}
    session.execute(delete(TillPin).where(TillPin.user_id == person.id))
    insert_rows(session, TillPin, [row])
    audit.record(session, actor, "pin.set", f"user:{person.code}")


def list_staff(session: Session, outlet: Outlet) -> list[StaffMember]:
    """Active people who may sell or allow at this outlet's tills, by name."""
    roles = [role for role, rights in GRANTS.items() if rights & {_SELLING, _MANAGING}]
    here = or_(RoleGrant.outlet_id.is_(None), RoleGrant.outlet_id == outlet.id)
    rows = session.execute(
        select(User.code, User.name, RoleGrant, TillPin)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .outerjoin(TillPin, TillPin.user_id == User.id)
        .where(User.is_active, RoleGrant.role.in_(roles), here)
        .order_by(User.name, User.id)
    ).all()
    found: dict[str, StaffMember] = {}
    for code, name, grant, pin in rows:
        if covers(grant.area_prefix, outlet.area_code):
            known = found.get(code)
            is_supervisor = _MANAGING in GRANTS[grant.role] or (known is not None and known.is_supervisor)
            parts = (pin.salt, pin.verifier, pin.iterations) if pin else (None, None, None)
            found[code] = StaffMember(code, name, is_supervisor, *parts)
    return list(found.values())


def get_cashier(session: Session, code: str) -> User:
    """The person whom an entry names, dismissed or not: it happened. UnknownCashier otherwise. Grants are loaded."""
    person = session.scalars(select(User).where(User.code == code).options(joinedload(User.grants))).unique().one_or_none()
    if person is None:
        raise UnknownCashier(field="cashier")
    return person


def may_sell(person: User, outlet: Outlet) -> bool:
    """Whether the person (grants loaded) may sell at this outlet's tills now."""
    return person.is_active and _may(person.grants, _SELLING, outlet)


def find_supervisor(session: Session, outlet: Outlet, cashier: User, supervision: Supervision | None) -> User | None:
    """Who allowed it: whom the entry names, or the cashier when they manage tills themself; None when nobody did who could."""
    person = cashier
    if supervision is not None and supervision.code != cashier.code:
        found = session.scalars(select(User).where(User.code == supervision.code).options(joinedload(User.grants))).unique().one_or_none()
        person = found or cashier
    return person if person.is_active and _may(person.grants, _MANAGING, outlet) else None


def _check_may_set(session: Session, actor: Actor, person: User, outlet: Outlet | None) -> None:
    if outlet is None or not actor.can(_MANAGING, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    grants = session.scalars(select(RoleGrant).where(RoleGrant.user_id == person.id)).all()
    if not _may(grants, _SELLING, outlet):
        raise NotAllowed
    if any(_MANAGING in GRANTS[grant.role] for grant in grants):
        raise NotAllowed(N_("Whoever manages tills sets their own PIN."))


def _may(grants: Iterable[RoleGrant], permission: Permission, outlet: Outlet) -> bool:
    return any(
        permission in GRANTS[grant.role] and grant.outlet_id in (None, outlet.id) and covers(grant.area_prefix, outlet.area_code)
        for grant in grants
    )


def _check_strength(pin: str) -> None:
    if not _PIN.fullmatch(pin):
        raise InvalidInput(N_("A PIN has six digits."), field="pin")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_row = steps in ({1}, {9})
    if is_row or len(set(pin)) < 3 or pin[:3] == pin[3:]:
        raise WeakPin(field="pin")


def _derive(pin: str, salt: str, iterations: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(salt), iterations).hex()
