"""The second step of signing in: time-based codes (RFC 6238) that work once, recovery codes, and the state between the steps."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import accounts, audit, clock, links, outbox
from kernel.base import Base
from kernel.errors import N_, Conflict, DomainError
from kernel.inserts import insert_new, insert_rows
from kernel.people import Actor, LoginSession, User
from kernel.sealing import SealBroken, seal, unseal

#: Codes of the step before and after count too: a phone's clock may be half a minute off.
STEPS_AROUND = 1
RECOVERY_CODES = 10
#: 40 bits: with five tries in a quarter of an hour nobody lives to guess one.
RECOVERY_DIGITS = 12
CODE_DIGITS = 6
HALF_SIGNED_IN = timedelta(minutes=5)
#: For how long a code given in a browser covers acts with money in that browser.
FRESH = timedelta(minutes=15)

MAIL_ON = "mail.second_factor_on"
MAIL_OFF = "mail.second_factor_off"


class WrongCode(DomainError):
    """The code is wrong, too old or was used; never says which."""

    message = N_("This code is not right, or it was used already. Please type the one that your app shows now.")


class Unreadable(DomainError):
    """The secret setting was changed since the second factor was turned on."""

    message = N_("Your codes cannot be checked any more. Please ask an administrator to reset your two-step sign-in.")


class SecondFactor(Base):
    """One person's shared secret, sealed. `last_step` is the newest time step whose code was used; `uses` counts accepted codes."""

    __tablename__ = "second_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    sealed_key: Mapped[str] = mapped_column(String(255))
    last_step: Mapped[int]
    uses: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code for whoever lost the phone; only a keyed digest is stored."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


# Setting up


def propose_key(user: User, *, secret: str) -> str:
    """A new key for `user`, sealed: the browser carries it until a code confirms it. Nothing is stored yet."""
    return seal(secret, _purpose(user), pyotp.random_base32())


def read_key(user: User, sealed: str, *, secret: str) -> str:
    """The key as people type it (base32); Unreadable when it is not this person's."""
    try:
        return unseal(secret, _purpose(user), sealed)
    except SealBroken:
        raise Unreadable from None


def key_address(key: str, email: str, issuer: str) -> str:
    """What the QR code says to the app: otpauth://totp/…"""
    return pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=issuer)


def turn_on(session: Session, user: User, sealed: str, code: str, *, secret: str, token: str) -> list[str]:
    """Keep the proposed key once `code` shows that the app has it; returns the recovery codes, which nobody can read again.

    Every other browser is signed out: none of them has given a code.
    """
    step = _find_step(read_key(user, sealed, secret=secret), _digits(code))
    if step is None:
        raise WrongCode(field="code")
    moment = clock.now()
    row = {"user_id": user.id, "sealed_key": sealed, "last_step": step, "uses": 1, "created_at": moment}
    if not insert_new(session, SecondFactor, [row]):
        raise Conflict(N_("Two-step sign-in is on already."))
    session.get_one(User, user.id).second_factor_at = moment
    accounts.end_all_sessions(session, user, keep_token=token)
    mark_fresh(session, token)
    audit.record(session, _self(user), "second_factor.on", f"user:{user.code}")
    _mail(session, user, MAIL_ON)
    return _make_recovery_codes(session, user, secret)


def turn_off(session: Session, user: User, code: str, *, secret: str, token: str) -> None:
    """Go back to the password alone; the caller has checked the password, the code is checked here."""
    use_code(session, user, code, secret=secret)
    remove(session, user)
    accounts.end_all_sessions(session, user, keep_token=token)
    audit.record(session, _self(user), "second_factor.off", f"user:{user.code}")


def remove(session: Session, user: User) -> None:
    """Forget key and recovery codes, and write to the person. Checks nothing: people do it through turn_off or kernel.roster."""
    forget(session, user)
    _mail(session, user, MAIL_OFF)


def forget(session: Session, user: User) -> None:
    """Key and recovery codes go without a word: of an account that is closed."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    session.get_one(User, user.id).second_factor_at = None


def renew_recovery_codes(session: Session, user: User, code: str, *, secret: str) -> list[str]:
    """Ten new recovery codes in place of the old ones."""
    use_code(session, user, code, secret=secret)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    audit.record(session, _self(user), "second_factor.renewed", f"user:{user.code}")
    return _make_recovery_codes(session, user, secret)


def count_recovery_codes(session: Session, user_id: int) -> int:
    """How many recovery codes are left."""
    statement = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(statement) or 0


# Using it


def use_code(session: Session, user: User, code: str, *, secret: str) -> None:
    """Take one code of the app or one recovery code; WrongCode otherwise. Each works once, also when two requests bring it.

    Count the try first (kernel.throttle.code_limits) and commit that.
    """
    factor = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user.id))
    if factor is None:
        raise WrongCode(field="code")
    digits = _digits(code)
    if len(digits) == RECOVERY_DIGITS:
        is_taken = _take_recovery_code(session, user, digits, secret)
    else:
        step = _find_step(read_key(user, factor.sealed_key, secret=secret), digits)
        is_taken = step is not None and _take_step(session, user, step)
    if not is_taken:
        raise WrongCode(field="code")
    session.execute(update(SecondFactor).where(SecondFactor.user_id == user.id).values(uses=SecondFactor.uses + 1))


def mark_fresh(session: Session, token: str) -> None:
    """A code was given in the browser that holds `token`, now."""
    statement = update(LoginSession).where(LoginSession.token_digest == accounts.digest(token))
    session.execute(statement.values(verified_at=clock.now()))


def is_fresh(session: Session, token: str) -> bool:
    """Whether a code was given in this browser within FRESH."""
    verified_at = session.scalar(select(LoginSession.verified_at).where(LoginSession.token_digest == accounts.digest(token)))
    return verified_at is not None and verified_at > clock.now() - FRESH


# Between password and code


def begin_second_step(session: Session, user: User, *, secret: str) -> str:
    """What the browser holds between password and code: it opens nothing, ends soon, and dies with the next code or password."""
    return links.sign(secret, "second step", user.code, binding=_binding(session, user))


def read_second_step(session: Session, token: str, *, secret: str) -> User:
    """The active person whose password was right a moment ago; LinkEnded otherwise."""
    user = session.scalar(select(User).where(User.code == links.peek(token), User.is_active))
    if user is None:
        raise links.LinkEnded
    links.read(secret, "second step", token, binding=_binding(session, user), lifetime=HALF_SIGNED_IN)
    return user


def _binding(session: Session, user: User) -> str:
    uses = session.scalar(select(SecondFactor.uses).where(SecondFactor.user_id == user.id))
    return f"{user.password_hash}:{uses}"


def _digits(code: str) -> str:
    """The code without the spaces and hyphens that apps and paper put between its groups; empty for anything else."""
    found = code.replace(" ", "").replace("-", "")
    return found if found.isascii() and found.isdigit() and len(found) in (CODE_DIGITS, RECOVERY_DIGITS) else ""


def _find_step(key: str, digits: str) -> int | None:
    try:
        return pyotp.TOTP(key).verify_and_get_timecode(digits, for_time=clock.now(), valid_window=STEPS_AROUND)
    except OTPVerificationError:
        return None


def _take_step(session: Session, user: User, step: int) -> bool:
    """Whether this code is newer than every one before it; the row itself decides between two requests."""
    statement = update(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.last_step < step).values(last_step=step)
    return bool(getattr(session.execute(statement), "rowcount", 0))


def _take_recovery_code(session: Session, user: User, digits: str, secret: str) -> bool:
    mine = (RecoveryCode.user_id == user.id, RecoveryCode.digest == _recovery_digest(secret, user, digits), RecoveryCode.used_at.is_(None))
    return bool(getattr(session.execute(update(RecoveryCode).where(*mine).values(used_at=clock.now())), "rowcount", 0))


def _make_recovery_codes(session: Session, user: User, secret: str) -> list[str]:
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        codes.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}")
    insert_rows(session, RecoveryCode, [{"user_id": user.id, "digest": _recovery_digest(secret, user, code)} for code in codes])
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _recovery_digest(secret: str, user: User, digits: str) -> str:
    """A keyed digest: without the secret setting, 10**12 codes would be tried in minutes."""
    return hmac.new(secret.encode(), f"recovery code:{user.code}:{digits}".encode(), hashlib.sha256).hexdigest()


def _purpose(user: User) -> str:
    return f"second factor of {user.code}"


def _self(user: User) -> Actor:
    return Actor(user_id=user.id, name=user.name)


def _mail(session: Session, user: User, kind: str) -> None:
    letter = {"email": user.email, "language": user.language, "name": user.name}
    outbox.enqueue(session, kind, f"{kind}:{user.code}:{clock.now().isoformat()}", letter)
