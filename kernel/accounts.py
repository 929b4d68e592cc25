"""Signing in and out: passwords by argon2, sessions the server can end, and the Actor behind a session token."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kernel import clock
from kernel.errors import DomainError, InvalidInput, N_
from kernel.people import Actor, Grant, LoginSession, Role, RoleGrant, User

SESSION_LENGTH = timedelta(days=14)
MINIMUM_PASSWORD_LENGTH = 10

_hasher = PasswordHasher()
#: Verified when no such user exists, so that the answer takes as long as for a wrong password.
_DUMMY_HASH = _hasher.hash(secrets.token_hex(16))


class WrongCredentials(DomainError):
    """E-mail or password is wrong; never says which."""

    message = N_("This e-mail and password do not belong together.")


def hash_password(password: str) -> str:
    """The argon2 hash of an acceptable password; InvalidInput when it is too short."""
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise InvalidInput(N_("The password needs at least %(count)s characters."), field="password", count=MINIMUM_PASSWORD_LENGTH)
    return _hasher.hash(password)


def create_user(session: Session, *, email: str, name: str, password: str, language: str = "id") -> User:
    """A new active person without roles; InvalidInput when the e-mail is taken."""
    folded = email.strip().lower()
    if session.scalar(select(User.id).where(User.email == folded)) is not None:
        raise InvalidInput(N_("An account with this e-mail exists already."), field="email")
    user = User(
        email=folded,
        name=name.strip(),
        password_hash=hash_password(password),
        language=language,
        is_active=True,
        created_at=clock.now(),
        grants=[],
    )
    session.add(user)
    session.flush()
    return user


def grant_role(session: Session, user: User, grant: Grant) -> RoleGrant:
    """Give `user` a role in a scope."""
    row = RoleGrant(
        user_id=user.id, role=Role(grant.role), area_prefix=grant.area_prefix, outlet_id=grant.outlet_id, maker_id=grant.maker_id
    )
    session.add(row)
    session.flush()
    return row


def sign_in(session: Session, *, email: str, password: str, device: str = "") -> tuple[User, str]:
    """Check the password and open a session. Returns the person and the session token (shown to the browser once)."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _hasher.verify(user.password_hash if user else _DUMMY_HASH, password)
    except (VerificationError, InvalidHashError):
        raise WrongCredentials(field="password") from None
    if user is None or not user.is_active:
        raise WrongCredentials(field="password")
    return user, open_session(session, user, device)


def open_session(session: Session, user: User, device: str = "") -> str:
    """A new login session for `user`; returns its token."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.add(
        LoginSession(
            user_id=user.id, token_digest=digest(token), device=device[:200], created_at=moment, expires_at=moment + SESSION_LENGTH
        )
    )
    session.flush()
    return token


def end_session(session: Session, token: str) -> None:
    """Sign the browser that holds `token` out; harmless when it is over already."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_digest == digest(token), LoginSession.ended_at.is_(None)))
    if row is not None:
        row.ended_at = clock.now()


def end_all_sessions(session: Session, user: User) -> None:
    """Sign `user` out everywhere: after a password change, a dismissal, or on their own wish."""
    moment = clock.now()
    for row in session.scalars(select(LoginSession).where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))):
        row.ended_at = moment


def find_user_by_token(session: Session, token: str) -> User | None:
    """The active person behind a live session token, with grants loaded; one statement plus one for the grants."""
    statement = (
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_digest == digest(token),
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > clock.now(),
            User.is_active,
        )
        .options(selectinload(User.grants))
    )
    return session.scalar(statement)


def as_actor(user: User) -> Actor:
    """The Actor a verb receives for `user` (grants must be loaded)."""
    grants = tuple(Grant(row.role, row.area_prefix, row.outlet_id, row.maker_id) for row in user.grants)
    return Actor(user_id=user.id, name=user.name, grants=grants)


def digest(token: str) -> str:
    """What the database keeps of a secret: its SHA-256, useless to whoever reads a backup."""
    return hashlib.sha256(token.encode()).hexdigest()
