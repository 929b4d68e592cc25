"""When two villages mean the same product (pure): the words of its name, whatever their order, case and trimmings."""

from __future__ import annotations

import re

from catalog.areas import fold_name

#: Words that say nothing about what it is.
TRIMMINGS = frozenset({"khas", "asli", "desa", "kampung", "produk", "olahan", "aneka", "dan", "dari", "untuk", "the", "of", "and", "with"})


def likeness_of(name: str) -> str:
    """`Keripik Ubi khas Desa` and `ubi, keripik` are `keripik ubi`; a name of trimmings only stays itself."""
    words = {fold_name(word) for word in re.split(r"[\s,;/()-]+", name)} - {""}
    return " ".join(sorted(words - TRIMMINGS or words))[:120]
