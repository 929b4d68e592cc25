"""Readable addresses made from names: ASCII words with hyphens, unique in their column."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

_APOSTROPHES = re.compile(r"['\"`´‘’‛“”ʹʻʼʽ]")
_GAPS = re.compile(r"[^a-z0-9]+")
LENGTH = 80


def slugify(text: str) -> str:
    """`Keripik Ubi Kencur "Bu Ros'"` as `keripik-ubi-kencur-bu-ros`; empty when nothing of it is a Latin letter or digit."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _GAPS.sub("-", plain)[:LENGTH].strip("-")


def make_slug(session: Session, column: InstrumentedAttribute[str], text: str, fallback: str) -> str:
    """A slug for `text` that no other row of `column` has: the plain one, else the first free one of -2, -3 …"""
    wanted = slugify(text) or fallback
    candidates, number = [wanted], 1
    while True:
        # Whole values, which an index finds on both databases: LIKE would read all addresses for every row of an import.
        taken = set(session.scalars(select(column).where(column.in_(candidates))))
        if free := next((slug for slug in candidates if slug not in taken), None):
            return free
        candidates = [f"{wanted}-{after}" for after in range(number + 1, 2 * number + 20)]
        number = 2 * number + 19


def is_slug(text: str) -> bool:
    """Whether an address can hold a slug at all; PostgreSQL refuses a NUL with an error instead of finding nothing."""
    return text.isascii() and text.isprintable()
