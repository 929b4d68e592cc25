"""PINs of people at the tills, which tills check without a network, and who may sell or allow at an outlet (docs/tills.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission, User
from orders.counter.bodies import Supervision

PIN_DIGITS = 6
#: PBKDF2-HMAC-SHA256: a cheap tablet needs under half a second. Six digits are guarded by the lock after five tries.
ITERATIONS = 100_000
_PIN = re.compile(r"[0-9]{6}", re.ASCII)
_AT_TILLS = (Permission.SELL_AT_TILLS, Permission.MANAGE_TILLS)


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
    """Give `person` a new PIN: they themself, or a manager of `outlet`, where the person must work.

    Raises NotAllowed, InvalidInput, WeakPin.
    """
    raise NotImplementedError


def check_pin(session: Session, user_id: int, pin: str) -> bool:
    """Whether this is the person's PIN; takes as long for a person without one. Count the try first (kernel.throttle.pin_limits)."""
    raise NotImplementedError


def list_staff(session: Session, outlet: Outlet) -> list[StaffMember]:
    """Active people who may sell or allow at this outlet's tills, by name."""
    raise NotImplementedError


def get_cashier(session: Session, code: str) -> User:
    """The person whom an entry names, dismissed or not: it happened. UnknownCashier otherwise. Grants are loaded."""
    raise NotImplementedError


def may_sell(person: User, outlet: Outlet) -> bool:
    """Whether the person (grants loaded) may sell at this outlet's tills now."""
    raise NotImplementedError


def find_supervisor(session: Session, outlet: Outlet, cashier: User, supervision: Supervision | None) -> User | None:
    """Who allowed it: whom the entry names, or the cashier when they manage tills themself; None when nobody did who could."""
    raise NotImplementedError
