"""Sets of rows as whole numbers, a bit for each row: what both of two lists hold, and how many rows that is, in microseconds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import compress

_BIT = [1 << place for place in range(8)]
#: Places of the bits that are set, by byte.
_PLACES = [tuple(place for place in range(8) if byte >> place & 1) for byte in range(256)]
_HOLDS_SOME = re.compile(rb"[^\0]")


def pack(rows: Iterable[int], size: int) -> int:
    """The bits of `rows`, all of which are below `size`."""
    held = bytearray((size >> 3) + 1)
    for row in rows:
        held[row >> 3] |= _BIT[row & 7]
    return int.from_bytes(held, "little")


def unpack(bits: int) -> list[int]:
    """The rows of `bits`, ascending."""
    held = bits.to_bytes((bits.bit_length() + 7) >> 3, "little")
    if bits.bit_count() * 8 > len(held):
        filled = compress(enumerate(held), held)
        return [at * 8 + place for at, byte in filled for place in _PLACES[byte]]
    found = [match.start() for match in _HOLDS_SOME.finditer(held)]
    return [at * 8 + place for at in found for place in _PLACES[held[at]]]


def among(rows: Iterable[int], bits: int, size: int) -> Iterator[int]:
    """Those of `rows` that are in `bits`, in their order."""
    held = bits.to_bytes((size >> 3) + 1, "little")
    return (row for row in rows if held[row >> 3] & _BIT[row & 7])
