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
    taken = set(session.scalars(select(column).where((column == wanted) | column.startswith(f"{wanted}-"))))
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def is_slug(text: str) -> bool:
    """Whether an address can hold a slug at all; PostgreSQL refuses a NUL with an error instead of finding nothing."""
    return text.isascii() and text.isprintable()
