"""Words by what is left of them when a letter or two is dropped: finds spellings near a typing error without reading a whole vocabulary.

Two words one error apart (a letter inserted, dropped, changed, or swapped with its neighbour) share a form with at most one
letter dropped from each; the same holds for two errors and two letters. Forms are kept as sorted 32-bit checksums, so two forms
may meet by accident: whoever asks compares the words themselves afterwards.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from zlib import crc32

#: Shorter words are never corrected: too much is one letter away from them.
MIN_CORRECTED = 4
#: From this length on two errors are forgiven.
TWO_ERRORS_FROM = 8
#: A word this long may be two errors away from one that is long enough for two.
_TWO_DROPS_FROM = TWO_ERRORS_FROM - 2


def allowed_errors(word: str) -> int:
    """How many typing errors are forgiven in `word`."""
    if len(word) < MIN_CORRECTED or word.isdigit():
        return 0
    return 2 if len(word) >= TWO_ERRORS_FROM else 1


def asked_keys(word: str) -> set[int]:
    """The forms under which words may stand that are as near to `word` as its length forgives."""
    allowed = allowed_errors(word)
    return _keys(word, allowed) if allowed else set()


class NearWords:
    """The forms of a list of words: `keys` ascending, and for each the number of its word in `words`."""

    def __init__(self, words: Sequence[str], keys: array[int], numbers: array[int]) -> None:
        self._words = words
        self._keys = keys
        self._numbers = numbers

    @classmethod
    def of(cls, words: Iterable[str]) -> NearWords:
        """The table of `words`."""
        known = list(words)
        return cls(known, *forms_of(known))

    def candidates(self, word: str) -> Iterator[str]:
        """Words that may be as near to `word` as its length forgives; some are farther, some come twice."""
        for key in asked_keys(word):
            position = bisect_left(self._keys, key)
            while position < len(self._keys) and self._keys[position] == key:
                yield self._words[self._numbers[position]]
                position += 1


def forms_of(words: Sequence[str]) -> tuple[array[int], array[int]]:
    """The keys of all forms of `words`, ascending, and the number of the word of each."""
    pairs = sorted(
        (key, number)
        for number, word in enumerate(words)
        if len(word) >= MIN_CORRECTED - 1
        for key in _keys(word, 2 if len(word) >= _TWO_DROPS_FROM else 1)
    )
    return array("I", (key for key, _ in pairs)), array("I", (number for _, number in pairs))


def _keys(word: str, drops: int) -> set[int]:
    """Checksums of `word` with up to `drops` letters left out."""
    forms = {word}
    for count in range(1, drops + 1):
        for left_out in combinations(range(len(word)), count):
            forms.add("".join(letter for place, letter in enumerate(word) if place not in left_out))
    return {crc32(form.encode()) for form in forms}
