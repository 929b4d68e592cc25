"""What lies beside a Whoosh segment in one file: its columns as arrays, its texts' words in their order, its vocabulary's forms.

Whoosh could keep positions itself, pickled one by one: reading them takes longer than the rest of an answer. Written once, when
the segment is committed; read by position, so that a file cut short is an error and not a crash.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from catalog.search import analysis
from catalog.search.near import NearWords, forms_of

SUFFIX = ".side"
_COLUMN, _VALUES = "column_", "values_"
#: Between values; no name holds it.
_PARTED = "\x1e"
_LENGTH = struct.Struct("<I")
#: Bytes of one number of the token stream.
_WIDE = 4
#: Between the languages of a text: no word has this token, so no expression reaches across.
_BREAK = 0


class Source(Protocol):
    """A file that is read by position."""

    def get(self, position: int, length: int) -> bytes:
        """Bytes at a place."""
        ...


def write(
    path: Path,
    columns: Mapping[str, array[Any]],
    values: Mapping[str, Sequence[str]],
    texts: Iterable[Sequence[str]],
    vocabulary: Iterable[str],
) -> None:
    """Write the side file of a segment.

    `columns` and `values` are those of `whoosh_columns.read_columns`; `texts` hold (slug, name, English name, text, English text)
    for each document.
    """
    streams = [_stream(shown) for shown in texts]
    words = sorted(vocabulary)
    keys, numbers = forms_of(words)
    encoded = [word.encode() for word in words]
    parts: dict[str, array[Any]] = {
        **{_COLUMN + name: column for name, column in columns.items()},
        **{_VALUES + name: array("B", _PARTED.join(kept).encode()) for name, kept in values.items()},
        "starts": array("I", accumulate((len(stream) for stream in streams), initial=0)),
        "tokens": array("I", chain.from_iterable(streams)),
        "filters": array("B", b"".join(map(_filter, streams))),
        "near_keys": keys,
        "near_numbers": numbers,
        "word_ends": array("I", accumulate(map(len, encoded))),
        "words": array("B", b"".join(encoded)),
    }
    header = json.dumps({name: [part.typecode, len(part)] for name, part in parts.items()}).encode()
    with open(path, "wb") as file:
        file.write(_LENGTH.pack(len(header)) + header)
        for part in parts.values():
            file.write(part.tobytes())


class SideFile:
    """One side file, opened by its segment. Parts are read when they are first needed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        (length,) = _LENGTH.unpack(source.get(0, _LENGTH.size))
        header: dict[str, tuple[str, int]] = json.loads(source.get(_LENGTH.size, length))
        self._parts: dict[str, tuple[str, int, int]] = {}
        position = _LENGTH.size + length
        for name, (typecode, count) in header.items():
            self._parts[name] = (typecode, position, count)
            position += count * array(typecode).itemsize

    def column(self, name: str) -> array[Any]:
        """One column, a number for each document."""
        return self._read(_COLUMN + name)

    def values(self, name: str) -> list[str]:
        """The values that the numbers of a column stand for."""
        return self._read(_VALUES + name).tobytes().decode().split(_PARTED)

    @cached_property
    def near(self) -> NearWords:
        """The forms of the segment's vocabulary."""
        return NearWords(
            _Words(self._read("word_ends"), self._read("words").tobytes()), self._read("near_keys"), self._read("near_numbers")
        )

    def find(self, rows: Iterable[int], words: Sequence[str]) -> tuple[list[int], list[int]]:
        """Those of `rows` that hold `words` next to each other, in this order: in the name, and else in the text."""
        tokens = array("I", map(token, words))
        needle, pairs = tokens.tobytes(), [_mixed(*pair) for pair in pairwise(tokens)]
        in_name: list[int] = []
        in_text: list[int] = []
        starts, filters, (_, base, _) = self._starts, self._filters, self._parts["tokens"]
        for row in rows:
            first = starts[row]
            length = starts[row + 1] - first
            if not all(filters[first + pair % length] & _bit(pair) for pair in pairs):
                continue
            stream = self._source.get(base + first * _WIDE, length * _WIDE)
            place = _aligned(stream, needle)
            if place >= 0:
                (in_name if place < int.from_bytes(stream[:_WIDE], sys.byteorder) else in_text).append(row)
        return in_name, in_text

    @cached_property
    def _filters(self) -> bytes:
        return self._read("filters").tobytes()

    @cached_property
    def _starts(self) -> array[int]:
        return self._read("starts")

    def _read(self, name: str) -> array[Any]:
        typecode, position, count = self._parts[name]
        part: array[Any] = array(typecode)
        part.frombytes(self._source.get(position, count * part.itemsize))
        return part


class _Words(Sequence[str]):
    """Words in one piece of bytes: a list of them would weigh ten times as much."""

    def __init__(self, ends: array[int], joined: bytes) -> None:
        self._ends = ends
        self._joined = joined

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: Any) -> Any:
        return self._joined[self._ends[number - 1] if number else 0 : self._ends[number]].decode()


def token(word: str) -> int:
    """The number that stands for `word`; two words share one about once in four thousand million pairs."""
    return crc32(word.encode()) or 1


def _stream(shown: Sequence[str]) -> array[int]:
    """Number of tokens up to the end of the names, then the tokens: both names, both texts, a break after each."""
    _, name_id, name_en, text_id, text_en = shown
    names = [*map(token, analysis.words(name_id)), _BREAK, *map(token, analysis.words(name_en)), _BREAK]
    texts = [*map(token, analysis.words(text_id)), _BREAK, *map(token, analysis.words(text_en))]
    return array("I", [1 + len(names), *names, *texts])


def _filter(stream: array[int]) -> bytes:
    """A byte for each token, with a bit for each two that stand next to each other: seven texts in eight that lack a pair lack its bit.

    It is what is looked at first: most texts that hold both words do not hold them side by side.
    """
    bits, length = bytearray(len(stream)), len(stream)
    for pair in pairwise(stream[1:]):
        mixed = _mixed(*pair)
        bits[mixed % length] |= _bit(mixed)
    return bytes(bits)


def _mixed(one: int, other: int) -> int:
    return (one * 3 + other) >> 3 ^ one


def _bit(mixed: int) -> int:
    return 1 << (mixed >> 24 & 7)


def _aligned(stream: bytes, needle: bytes) -> int:
    """The first place (counted in tokens) of `needle` in `stream` after its count, or -1; a find between two tokens is none."""
    place = stream.find(needle, _WIDE)
    while place >= 0 and place % _WIDE:
        place = stream.find(needle, place + 1)
    return place // _WIDE if place >= 0 else -1
