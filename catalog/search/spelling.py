"""The vocabulary of names, makers and places: completes beginnings and corrects typing errors within one or two letters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from typing import Protocol

from catalog.search import analysis
from catalog.search.near import NearWords, allowed_errors


class Part(Protocol):
    """Something that knows the forms of its words."""

    @property
    def near(self) -> NearWords:
        """They."""
        ...


class Vocabulary:
    """Words with the number of products that hold them. Other spellings of known words count as known words."""

    def __init__(self, frequencies: Mapping[str, int], parts: Sequence[Part] = ()) -> None:
        """`parts` are where the words came from and know their forms; without any they are made here."""
        self.frequencies = dict(frequencies)
        self.parts = parts
        #: what people write -> what the index keeps
        self.spellings = {variant: word for variant, word in analysis.variants().items() if word in self.frequencies}
        self._sorted = sorted({*self.frequencies, *self.spellings})

    @cached_property
    def _near(self) -> Sequence[NearWords]:
        own = self.spellings if self.parts else {*self.frequencies, *self.spellings}
        return [*(part.near for part in self.parts), NearWords.of(own)]

    def __contains__(self, word: str) -> bool:
        return word in self.frequencies or word in self.spellings

    def frequency(self, word: str) -> int:
        """How many products hold the word."""
        return self.frequencies.get(self.spellings.get(word, word), 0)

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The most frequent words that start with `beginning`, in the spelling the index keeps, longest wait first."""
        low = bisect_left(self._sorted, beginning)
        high = bisect_left(self._sorted, beginning + "\U0010ffff")
        words = {self.spellings.get(word, word) for word in self._sorted[low:high]}
        return nlargest(limit, words, key=lambda word: (self.frequency(word), word))

    def corrections(self, word: str, limit: int = 3) -> list[str]:
        """Known words one typing error away (two for long words), nearest and most frequent first; never `word` itself."""
        allowed = allowed_errors(word)
        if not allowed:
            return []
        near = {known for table in self._near for known in table.candidates(word)}
        return corrections_among({known: self.frequency(known) for known in near if known in self}, word, limit)


def corrections_among(near: Mapping[str, int], word: str, limit: int) -> list[str]:
    """Those of the words `near` (with how many products hold them) that are as near to `word` as its length forgives."""
    allowed = allowed_errors(word)
    found = []
    for known, frequency in near.items():
        if known == word or abs(len(known) - len(word)) > allowed:
            continue
        errors = distance(word, known, allowed)
        if errors <= allowed:
            found.append((errors, known[0] != word[0], -frequency, known))
    return [known for *_, known in sorted(found)[:limit]]


def distance(one: str, other: str, limit: int) -> int:
    """Letters to insert, drop, change or swap with the neighbour (optimal string alignment); above `limit` any larger number."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
