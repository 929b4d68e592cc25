"""One consistent view of the index: its segments as one list of rows, a bounded store of posting lists, its vocabulary."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, reduce
from itertools import accumulate
from operator import and_, or_

from catalog.search import analysis
from catalog.search.bits import pack, unpack
from catalog.search.browsed import Browsed
from catalog.search.columns import Columns, NameTables
from catalog.search.segments import Segment, Shown
from catalog.search.spelling import Vocabulary

#: Bytes of posting lists a process keeps.
POSTINGS_BUDGET = 4_000_000
#: Fields whose words complete beginnings and correct typing errors.
VOCABULARY_FIELDS = ("name", "place", "regency", "maker")
#: Kinds of things that have names of their own.
NAMED = ("maker", "village", "district", "category")
#: After more changed rows than this, sorting anew is quicker than putting each in its place.
FEW = 1_000


class Snapshot:
    """Implements matching.Postings over the segments of one commit."""

    def __init__(
        self, names: NameTables, segments: Sequence[Segment], deleted: Sequence[frozenset[int]], before: Snapshot | None = None
    ) -> None:
        self.segments = segments
        self._inherited = before.known_vocabulary(segments) if before else None
        self._offsets = [0, *accumulate(segment.size for segment in segments)]
        self.columns = Columns.joined(names, (segment.columns for segment in segments))
        pairs = zip(self._offsets, deleted, strict=False)
        self.columns.deleted = frozenset(offset + row for offset, rows in pairs for row in rows)
        #: Lists and facets of questions without text.
        self.browsed = Browsed()
        if before:
            self._carry_over(before)
        self._kept: OrderedDict[tuple[str, str], Mapping[int, int]] = OrderedDict()
        self._kept_bytes = 0
        self._keeping = threading.Lock()

    def _carry_over(self, before: Snapshot) -> None:
        """What `before` found out, where only a few rows changed since."""
        pairs = enumerate(zip(self.segments, before.segments, strict=False))
        same = next((number for number, (ours, theirs) in pairs if ours is not theirs), min(len(self.segments), len(before.segments)))
        if not same:
            return
        if all(name in before.named for segment in self.segments[same:] for kind in NAMED for name in segment.labels[kind]):
            self.__dict__["named"] = before.named
        old, new, first = before.columns.deleted, self.columns.deleted, self._offsets[same]
        gone = (row for row in range(first, len(before.columns)) if row not in old)
        removed = sorted({*gone, *(row for row in new - old if row < first)})
        added = [row for row in range(first, len(self.columns)) if row not in new]
        if len(removed) + len(added) <= FEW:
            self.columns.carry_orders(before.columns, removed, added)
            self.browsed = before.browsed.carried(before.columns, removed, self.columns, added)

    @cached_property
    def named(self) -> frozenset[tuple[str, ...]]:
        """Key and names of every maker, village, district and category; the very same set as long as no new one comes."""
        return frozenset(name for segment in self.segments for kind in NAMED for name in segment.labels[kind])

    @property
    def document_count(self) -> int:
        """Living documents."""
        return len(self.columns) - len(self.columns.deleted)

    def held(self, field: str, term: str) -> int:
        """The living rows whose `field` holds `term`, as bits."""
        return reduce(or_, self.mentions(field, term).values(), 0)

    def mentions(self, field: str, term: str) -> Mapping[int, int]:
        """The same, apart by how often the term occurs in a row."""
        if not term:
            return {}
        key = (field, term)
        found = self._kept.get(key)
        if found is None:
            found = self._read(field, term)
            self._keep(key, found)
        else:
            with suppress(KeyError):  # another thread may just have dropped it
                self._kept.move_to_end(key)
        return found

    def phrase(self, words: Sequence[str]) -> tuple[int, int]:
        """The living rows that hold `words` next to each other: in the name, and else in the text; both as bits."""
        held = reduce(and_, (self.held("name", word) | self.held("text", word) for word in words))
        in_name = in_text = 0
        for first, segment in zip(self._offsets, self.segments, strict=False):
            candidates = unpack(held >> first & (1 << segment.size) - 1)
            names, texts = segment.side.find(candidates, words) if candidates else ((), ())
            in_name |= pack(names, segment.size) << first
            in_text |= pack(texts, segment.size) << first
        return in_name, in_text

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The most frequent words of names, makers and places that start with `beginning`."""
        return self.vocabulary.completions(beginning, limit)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words of names, makers and places; read when first needed, and handed on from commit to commit."""
        known, read = self._inherited or (None, ())
        unread = [segment for segment in self.segments if segment not in read]
        fresh: dict[str, int] = {}
        for segment in unread:
            for field in VOCABULARY_FIELDS:
                for word, count in segment.words(field):
                    if not word.startswith(analysis.MEANING_MARK):
                        fresh[word] = fresh.get(word, 0) + count
        parts = [segment.side for segment in unread]
        if known is None:
            return Vocabulary(fresh, parts)
        if fresh.keys() <= known.frequencies.keys():
            return known  # no new word; its counts are near enough
        both = {word: known.frequencies.get(word, 0) + fresh.get(word, 0) for word in known.frequencies | fresh}
        return Vocabulary(both, [*known.parts, *parts])

    def known_vocabulary(self, segments: Sequence[Segment]) -> tuple[Vocabulary, Sequence[Segment]] | None:
        """The vocabulary and the segments it covers, for the next snapshot; None if never needed or of another generation."""
        if self.segments and self.segments[0] not in segments:
            return None
        if "vocabulary" in self.__dict__:
            return self.vocabulary, self.segments
        return self._inherited

    def labels(self, name: str) -> Iterator[tuple[str, ...]]:
        """The (key, label, …) of all categories, districts, villages or makers, each once."""
        return iter(dict.fromkeys(parts for segment in self.segments for parts in segment.labels[name] if parts[0]))

    def shown(self, row: int) -> Shown:
        """The texts of one document."""
        number = bisect_right(self._offsets, row) - 1
        return self.segments[number].shown(row - self._offsets[number])

    def _read(self, field: str, term: str) -> dict[int, int]:
        mentions = defaultdict[int, int](int)
        for first, segment in zip(self._offsets, self.segments, strict=False):
            rows, counts = segment.postings(field, term) or ((), None)
            repeated = defaultdict[int, list[int]](list)
            if counts:
                for row, times in zip(rows, counts, strict=True):
                    if times > 1:
                        repeated[times].append(row)
            once = pack(rows, segment.size) if rows else 0
            for times, found in repeated.items():
                bits = pack(found, segment.size)
                once ^= bits
                mentions[times] |= bits << first
            mentions[1] |= once << first
        alive = self.columns.alive
        return {times: living for times, bits in mentions.items() if (living := bits & alive)}

    def _keep(self, key: tuple[str, str], found: Mapping[int, int]) -> None:
        with self._keeping:
            if key not in self._kept:
                self._kept[key] = found
                self._kept_bytes += _size(found)
            while self._kept_bytes > POSTINGS_BUDGET and len(self._kept) > 1:
                self._kept_bytes -= _size(self._kept.popitem(last=False)[1])


def _size(found: Mapping[int, int]) -> int:
    """Bytes of a posting list: a bit for every row of the index, and the objects around them."""
    return sum(bits.bit_length() for bits in found.values()) // 8 + 400
