"""Reads synonyms.toml: spellings, meanings, wide words, stems, protected and ignored words."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("synonyms.toml")


@dataclass(frozen=True)
class Synonyms:
    """The word file in the forms the analysis asks for. All words are folded (see analysis.fold)."""

    #: variant -> the spelling the index keeps
    spelling: dict[str, str]
    #: expression as words -> meanings; the longest expression wins
    meanings: dict[tuple[str, ...], tuple[str, ...]]
    #: meaning -> narrower meanings
    covers: dict[str, tuple[str, ...]]
    stems: dict[str, str]
    protected: frozenset[str]
    ignored: frozenset[str]
    longest: int
    #: Changes when the file changes; an index built with another one is out of date.
    fingerprint: str


def parse(content: bytes) -> Synonyms:
    """Read the word file. Raises tomllib.TOMLDecodeError or ValueError (a wide word naming an unknown meaning)."""
    data = tomllib.loads(content.decode())
    spelling = {variant: word for word, variants in data["spelling"].items() for variant in variants}
    meanings: dict[tuple[str, ...], tuple[str, ...]] = {}
    for meaning, expressions in data["meaning"].items():
        for expression in expressions:
            key = tuple(spelling.get(word, word) for word in expression.split())
            if meaning not in meanings.get(key, ()):
                meanings[key] = (*meanings.get(key, ()), meaning)
    covers = {wide: tuple(narrow) for wide, narrow in data["covers"].items()}
    unknown = {word for wide, narrow in covers.items() for word in (wide, *narrow)} - set(data["meaning"])
    if unknown:
        raise ValueError(f"[covers] names meanings that [meaning] does not have: {sorted(unknown)}")
    return Synonyms(
        spelling=spelling,
        meanings=meanings,
        covers=covers,
        stems={word: stem for stem, words in data["stems"].items() for word in words},
        protected=frozenset(data["protected"]["words"]),
        ignored=frozenset(data["ignored"]["words"]),
        longest=max(map(len, meanings), default=1),
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
    )


@lru_cache(maxsize=1)
def load() -> Synonyms:
    """The word file shipped with this version, read once per process."""
    return parse(FILE.read_bytes())
