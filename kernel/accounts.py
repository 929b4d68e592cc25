"""A person's own account: passwords by argon2, registration and reset by mailed link, and sessions the server can end."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kernel import clock, links, outbox
from kernel.errors import N_, DomainError, InvalidInput, NotFound
from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES
from kernel.parsing import parse_text
from kernel.people import Actor, Grant, LoginSession, Role, RoleGrant, User
from kernel.phones import normalise_phone

SESSION_LENGTH = timedelta(days=14)
RESET_LIFETIME = timedelta(hours=1)
REGISTRATION_LIFETIME = timedelta(hours=24)
INVITATION_LIFETIME = timedelta(days=3)
MINIMUM_PASSWORD_LENGTH = 10
MAXIMUM_PASSWORD_LENGTH = 200

MAIL_PASSWORD_RESET = "mail.password_reset"  # noqa: S105 - the kind of a mail
MAIL_REGISTRATION = "mail.registration"
MAIL_ACCOUNT_EXISTS = "mail.account_exists"
MAIL_INVITATION = "mail.invitation"

_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")

_hasher = PasswordHasher()
#: Verified when no such user exists, so that the answer takes as long as for a wrong password. Of a password nobody knows; written down
#: because making one takes every process a fifth of a second at its start. A test holds it to what `_hasher` makes.
_DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$w/nZM93nYFtxlqVkgUcmxQ$KmrssMSBmjbgFTblxe9nyPKFNXan0cB5E4SEzTD63Co"


class WrongCredentials(DomainError):
    """E-mail or password is wrong; never says which."""

    message = N_("This e-mail and password do not belong together.")


def fold_email(email: str) -> str:
    """The one way an e-mail address is kept; InvalidInput when it cannot be one."""
    folded = email.strip().lower()
    if len(folded) > 254 or not folded.isascii() or not _EMAIL.fullmatch(folded):
        raise InvalidInput(N_("Please write an e-mail address such as name@example.com."), field="email")
    return folded


def hash_password(password: str) -> str:
    """The argon2 hash of an acceptable password; InvalidInput when it is too short, too long or one character repeated."""
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise InvalidInput(N_("The password needs at least %(count)s characters."), field="password", count=MINIMUM_PASSWORD_LENGTH)
    if len(password) > MAXIMUM_PASSWORD_LENGTH:
        raise InvalidInput(N_("The password can have at most %(count)s characters."), field="password", count=MAXIMUM_PASSWORD_LENGTH)
    if len(set(password)) < 4:
        raise InvalidInput(N_("This password is too easy to guess. Please use several different characters."), field="password")
    return _hasher.hash(password)


def create_user(session: Session, *, email: str, name: str, password: str, language: str = "id", phone: str = "") -> User:
    """A new active person without roles; InvalidInput when the e-mail is taken or a value cannot be used."""
    folded = fold_email(email)
    if find_user_by_email(session, folded) is not None:
        raise InvalidInput(N_("An account with this e-mail exists already."), field="email")
    user = User(
        email=folded,
        name=_name(name),
        phone=normalise_phone(phone),
        password_hash=hash_password(password),
        language=_language(language),
        is_active=True,
        created_at=clock.now(),
        grants=[],
    )
    session.add(user)
    session.flush()
    return user


def grant_role(session: Session, user: User, grant: Grant) -> RoleGrant:
    """Give `user` a role in a scope. Checks no permission: people do it through kernel.roster."""
    row = RoleGrant(
        user_id=user.id, role=Role(grant.role), area_prefix=grant.area_prefix, outlet_id=grant.outlet_id, maker_id=grant.maker_id
    )
    session.add(row)
    session.flush()
    return row


def find_user_by_email(session: Session, email: str) -> User | None:
    """The person with this e-mail, active or not."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def check_password(session: Session, *, email: str, password: str) -> User:
    """The active person to whom both belong, else WrongCredentials. Takes as long for an unknown e-mail.

    Count the try first (kernel.throttle), and call this outside a writing transaction: it takes a fifth of a second.
    """
    user = find_user_by_email(session, email)
    try:
        _hasher.verify(user.password_hash if user else _DUMMY_HASH, password[:MAXIMUM_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        raise WrongCredentials(field="password") from None
    if user is None or not user.is_active:
        raise WrongCredentials(field="password")
    return user


def set_password(session: Session, user: User, password_hash: str, *, keep_token: str | None = None) -> None:
    """Keep a new hash and sign every other browser out; the one holding `keep_token` stays."""
    session.get_one(User, user.id).password_hash = password_hash
    end_all_sessions(session, user, keep_token=keep_token)


def change_profile(session: Session, user: User, *, name: str, phone: str, language: str) -> None:
    """What a person may change about themselves."""
    row = session.get_one(User, user.id)
    row.name, row.phone, row.language = _name(name), normalise_phone(phone), _language(language)


# Registration and reset: a mailed link proves that the person reads the address, and the page answers alike for all.


def request_registration(session: Session, *, email: str, language: str, secret: str) -> None:
    """Mail a link to finish registering, or, when the account exists, a note that says so. One mail either way."""
    folded = fold_email(email)
    user = find_user_by_email(session, folded)
    token = links.sign(secret, "registration", folded)
    if user is None:
        _mail(session, MAIL_REGISTRATION, token, {"email": folded, "language": _language(language), "token": token})
    else:
        _mail(session, MAIL_ACCOUNT_EXISTS, token, {"email": folded, "language": _language(language), "name": user.name})


def read_registration(session: Session, token: str, *, secret: str) -> str:
    """The e-mail a registration link was sent to; LinkEnded when it is over or an account exists by now."""
    email = links.read(secret, "registration", token, lifetime=REGISTRATION_LIFETIME)
    if find_user_by_email(session, email) is not None:
        raise links.LinkEnded
    return email


def register(session: Session, token: str, *, secret: str, name: str, password: str, phone: str, language: str) -> User:
    """Finish registering with a mailed link."""
    email = read_registration(session, token, secret=secret)
    return create_user(session, email=email, name=name, password=password, phone=phone, language=language)


def request_password_reset(session: Session, *, email: str, secret: str) -> None:
    """Mail a link that sets a new password, when an active person has this e-mail. Says nothing either way."""
    user = find_user_by_email(session, fold_email(email))
    if user is None or not user.is_active:
        links.sign(secret, "password", "nobody", binding=_DUMMY_HASH)
        return
    mail_password_link(session, user, MAIL_PASSWORD_RESET, secret=secret)


def mail_password_link(session: Session, user: User, kind: str, *, secret: str) -> None:
    """Mail `user` a link to set a password: a reset, or the invitation of a new colleague."""
    purpose = "invitation" if kind == MAIL_INVITATION else "password"
    token = links.sign(secret, purpose, user.code, binding=user.password_hash)
    _mail(session, kind, token, {"email": user.email, "language": user.language, "name": user.name, "token": token})


def read_password_link(session: Session, token: str, *, secret: str) -> User:
    """The active person a reset or invitation link belongs to; LinkEnded when it is over or was used."""
    user = session.scalar(select(User).where(User.code == links.peek(token), User.is_active))
    if user is None:
        raise links.LinkEnded
    try:
        links.read(secret, "password", token, binding=user.password_hash, lifetime=RESET_LIFETIME)
    except links.LinkEnded:
        links.read(secret, "invitation", token, binding=user.password_hash, lifetime=INVITATION_LIFETIME)
    return user


def reset_password(session: Session, token: str, *, secret: str, password: str) -> User:
    """Set a new password with a mailed link, once, and sign the person out everywhere."""
    user = read_password_link(session, token, secret=secret)
    set_password(session, user, hash_password(password))
    return user


# Sessions: a row per signed-in browser; the browser's token is the only key to it.


def open_session(session: Session, user: User, device: str = "") -> str:
    """A new login session for `user`; returns its token, which the database keeps only as a digest."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.add(
        LoginSession(
            user_id=user.id, token_digest=digest(token), device=device[:200], created_at=moment, expires_at=moment + SESSION_LENGTH
        )
    )
    session.flush()
    return token


def list_sessions(session: Session, user_id: int) -> list[LoginSession]:
    """The browsers in which this person is signed in, newest first."""
    statement = select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > clock.now()
    )
    return list(session.scalars(statement.order_by(LoginSession.created_at.desc(), LoginSession.id.desc())))


def end_session(session: Session, token: str) -> None:
    """Sign the browser that holds `token` out; harmless when it is over already."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_digest == digest(token), LoginSession.ended_at.is_(None)))
    if row is not None:
        row.ended_at = clock.now()


def end_own_session(session: Session, user_id: int, handle: str) -> None:
    """Sign one of the person's own browsers out, by the handle the list of devices shows; NotFound for anybody else's."""
    for row in list_sessions(session, user_id):
        if handle_of(row) == handle:
            row.ended_at = clock.now()
            return
    raise NotFound


def end_all_sessions(session: Session, user: User, *, keep_token: str | None = None) -> None:
    """Sign `user` out everywhere (but where `keep_token` is held): after a password change, a dismissal, or on their own wish."""
    kept = digest(keep_token) if keep_token else ""
    moment = clock.now()
    for row in session.scalars(select(LoginSession).where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))):
        if row.token_digest != kept:
            row.ended_at = moment


def handle_of(row: LoginSession) -> str:
    """A name for a session that opens nothing: the start of its digest."""
    return row.token_digest[:16]


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
    return Actor(user_id=user.id, name=user.name, grants=tuple(row.grant for row in user.grants))


def digest(token: str) -> str:
    """What the database keeps of a secret: its SHA-256, useless to whoever reads a backup."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(session: Session, kind: str, token: str, payload: dict[str, str]) -> None:
    outbox.enqueue(session, kind, f"{kind}:{digest(token)}", payload)


def _name(name: str) -> str:
    return parse_text(" ".join(name.split()), field="name", maximum=120, required=True)


def _language(language: str) -> str:
    return language if language in LANGUAGES else DEFAULT_LANGUAGE
