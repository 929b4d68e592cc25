"""Codes for people without look-alike characters, and unguessable tokens for links."""

from __future__ import annotations

import secrets

#: No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a code read aloud over a bad phone line still arrives.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def make_code(length: int = 8) -> str:
    """A random code such as `K7QTX4MN`; 23**8 = 7.8e10 possibilities, uniqueness is the column's duty."""
    number, letters = secrets.randbelow(len(ALPHABET) ** length), []
    for _ in range(length):  # the system is asked once, not for every letter
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def make_token() -> str:
    """An unguessable token for a guest link: 192 bits, 32 URL-safe characters (ASVS 5.0 asks for 128 bits or more)."""
    return secrets.token_urlsafe(24)
