"""What is stored so that a copy of the database alone does not give it away: sealed with a key that comes from the secret setting."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class SealBroken(Exception):
    """The text was sealed with another secret, for another purpose, or was changed since."""


def seal(secret: str, purpose: str, text: str) -> str:
    """`text` encrypted and signed (Fernet: AES-128-CBC with HMAC-SHA256); about 4/3 of its length and 100 characters more."""
    return _box(secret, purpose).encrypt(text.encode()).decode()


def unseal(secret: str, purpose: str, sealed: str) -> str:
    """What was sealed; SealBroken when it cannot be read."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


@lru_cache(maxsize=8)
def _box(secret: str, purpose: str) -> Fernet:
    """A key of its own for every purpose. 10 MB that only a worker loads which opens or closes a seal."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"etalase sealed: " + purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
