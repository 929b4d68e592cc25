"""Signed links that end soon: what we mail to prove that somebody reads an e-mail address."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from kernel.errors import N_, DomainError

#: Ours are half as long; unsigned text is not unpacked beyond this.
_LONGEST = 400


class LinkEnded(DomainError):
    """The link is too old, was used already or is not ours; never says which of the last two."""

    message = N_("This link no longer works. Please ask for a new one.")


def sign(secret: str, purpose: str, subject: str, *, binding: str = "") -> str:
    """A token for a link. It dies when `binding` changes: bound to the password's hash, it works once."""
    return _serializer(secret, purpose, binding).dumps(subject)


def peek(token: str) -> str:
    """Whom a token claims to be about, unchecked: only to find the binding to check it with."""
    if len(token) > _LONGEST:
        raise LinkEnded
    _trusted, subject = URLSafeTimedSerializer("unchecked").loads_unsafe(token)
    if not isinstance(subject, str):
        raise LinkEnded
    return subject


def read(secret: str, purpose: str, token: str, *, binding: str = "", lifetime: timedelta) -> str:
    """The subject of a valid token; LinkEnded otherwise."""
    try:
        subject = _serializer(secret, purpose, binding).loads(token, max_age=int(lifetime.total_seconds()))
    except (SignatureExpired, BadData):
        raise LinkEnded from None
    return str(subject)


def _serializer(secret: str, purpose: str, binding: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"{purpose}:{binding}")
