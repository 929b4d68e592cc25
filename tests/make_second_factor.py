"""People with a second factor, and the codes their app would show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
from sqlalchemy.orm import Session

from kernel import clock, second_factor
from kernel.people import Grant, User
from tests.make import make_user

#: The secret setting of the tests' app (tests/conftest.py).
SECRET = "a-secret-for-tests-only-0123456789"


def turned_on(session: Session, *grants: Grant, **changes: Any) -> tuple[User, str, list[str]]:
    """A new person who signs in with a second step; their key and recovery codes."""
    user = make_user(session, *grants, **changes)
    key, codes = turn_on(session, user)
    return user, key, codes


def turn_on(session: Session, user: User, secret: str = SECRET) -> tuple[str, list[str]]:
    """Give `user` a second factor, confirmed by the code of half a minute ago, so that the present one is still unused."""
    sealed = second_factor.propose_key(user, secret=secret)
    key = second_factor.read_key(user, sealed, secret=secret)
    return key, second_factor.turn_on(session, user, sealed, code_of(key, -30), secret=secret, token="")


def code_of(key: str, seconds: int = 0) -> str:
    """What the app shows now, or `seconds` from now."""
    return pyotp.TOTP(key).at(clock.now() + timedelta(seconds=seconds))
