"""Whether a device signed an entry: ECDSA P-256 over its id, number and body (docs/tills.md)."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded when the first entry comes, not with every web worker
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

#: r and s, as WebCrypto writes them.
_LENGTH = 64


def message_of(entry_id: str, sequence: int, body: str) -> bytes:
    """What is signed."""
    return f"{entry_id}\n{sequence}\n{body}".encode()


def verify(public_key: str, entry_id: str, sequence: int, body: str, signature: str) -> bool:
    """Whether `signature` (base64url of r and s) over the entry was made with the key whose public half this is."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
        key = load_key(public_key)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != _LENGTH:
        return False
    r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), message_of(entry_id, sequence, body), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=100)
def load_key(public_key: str) -> EllipticCurvePublicKey:
    """The key of base64 SubjectPublicKeyInfo; ValueError unless it is one of the curve P-256."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (binascii.Error, UnsupportedAlgorithm) as error:
        raise ValueError("not a key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key of the curve P-256")
    return key
