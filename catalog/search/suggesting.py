"""Suggestions while typing: makers, villages, districts and categories by any word of their name, products by their words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import reduce
from heapq import nsmallest
from itertools import islice
from operator import and_

from catalog.search import analysis
from catalog.search.bits import unpack
from catalog.search.request import Suggestion
from catalog.search.snapshot import Snapshot

#: At most so many lines of one kind other than products.
MAX_PER_KIND = 2
#: Matching products looked at before the best are chosen.
_MAX_ROWS = 400
_COMPLETIONS = 8


class NamedThings:
    """Makers, villages, districts and categories, findable by the beginning of any word of their name."""

    def __init__(self, things: Iterable[Suggestion]) -> None:
        self._things = list(things)
        entries = []
        for number, thing in enumerate(self._things):
            words = analysis.words(thing.label)
            entries += [(" ".join(words[start:]), start > 0, number) for start in range(len(words))]
        self._entries = sorted(entries)

    def holds(self, things: list[Suggestion]) -> bool:
        """Whether these are the same things."""
        return self._things == things

    def find(self, beginning: str, per_kind: int = MAX_PER_KIND) -> list[Suggestion]:
        """Things with a word that starts so; those that begin with it first, short names before long ones."""
        low = bisect_left(self._entries, (beginning, False, -1))
        high = bisect_left(self._entries, (beginning + "\U0010ffff", False, -1))
        best = sorted(islice(self._entries, low, min(high, low + 200)), key=lambda entry: (entry[1], len(entry[0])))
        found: dict[int, Suggestion] = {}
        counts: dict[str, int] = {}
        for _, _, number in best:
            thing = self._things[number]
            if number not in found and counts.get(thing.kind, 0) < per_kind:
                found[number] = thing
                counts[thing.kind] = counts.get(thing.kind, 0) + 1
        return list(found.values())


def named_things(snapshot: Snapshot, language: str, before: NamedThings | None = None) -> NamedThings:
    """The named things of an index in one language; `before` again if nothing changed since."""
    things = [
        Suggestion(kind, parts[1], parts[0])
        for kind in ("maker", "village", "district")
        for parts in snapshot.labels(kind)
        if len(parts) > 1 and parts[1]
    ]
    for key, *names in snapshot.labels("category"):
        label = names[1] if language == "en" and len(names) > 1 and names[1] else next(iter(names), key)
        things.append(Suggestion("category", label, key))
    return before if before is not None and before.holds(things) else NamedThings(things)


def product_suggestions(snapshot: Snapshot, words: Sequence[str], language: str, limit: int) -> list[Suggestion]:
    """Products whose name holds every word but the last and something that starts with the last."""
    *whole, last = words
    ended = [last, *(word for word in snapshot.completions(last, _COMPLETIONS) if word != last)]
    rows: dict[int, None] = {}
    for ending in ended:
        found = _rows_with(snapshot, [*whole, ending])
        rows.update(dict.fromkeys(found[:_MAX_ROWS]))
        if len(rows) >= _MAX_ROWS:
            break
    columns = snapshot.columns
    rank = {row: position for position, row in enumerate(rows)}
    order = nsmallest(limit, rows, key=lambda row: (columns.available[row] <= 0, -columns.popularity[row], rank[row]))
    suggestions = []
    for row in order:
        slug, name_id, name_en, *_ = snapshot.shown(row)
        suggestions.append(Suggestion("product", (name_en or name_id) if language == "en" else (name_id or name_en), slug))
    return suggestions


def _rows_with(snapshot: Snapshot, words: Sequence[str]) -> Sequence[int]:
    held = reduce(and_, (snapshot.held("name", word) for word in words))
    # No more than are looked at: where many products hold the words, these stand near the beginning.
    first = held & (1 << 2 * _MAX_ROWS * held.bit_length() // max(1, held.bit_count())) - 1
    return unpack(first if first.bit_count() >= _MAX_ROWS else held)
