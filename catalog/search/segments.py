"""Reads one Whoosh segment: its posting lists in whole blocks, its words, its stored texts; and its columns from the side file."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from whoosh.reading import SegmentReader, TermNotFound

from catalog.search.columns import ARRAYS, KIND, PLACE, Columns, NameTables
from catalog.search.side_file import SUFFIX, SideFile
from catalog.search.whoosh_columns import PARTS
from catalog.search.whoosh_files import LABEL, REFERENCES, ReadingStorage, schema

#: slug, Indonesian name, English name, Indonesian text, English text
Shown = tuple[str, str, str, str, str]
#: Rows and, for counted fields, how often (else None): what a posting list is to us.
PostingList = tuple["array[int]", "array[int] | None"]


class Segment:
    """One segment, opened once and kept as long as the index names it: it never changes, only its deletions do."""

    def __init__(self, storage: ReadingStorage, whoosh_segment: Any, names: NameTables) -> None:
        self._reader = SegmentReader(storage, schema(), whoosh_segment)
        #: Whoosh's readers keep a position between calls.
        self._lock = threading.Lock()
        self.size: int = whoosh_segment.doc_count_all()
        self.side = SideFile(storage.open_file(whoosh_segment.segment_id() + SUFFIX))
        self.columns = self._read_columns(names)

    def postings(self, field: str, term: str) -> PostingList | None:
        """The posting list of `term`, or None when the segment does not have it."""
        with self._lock:
            try:
                # Below the reader: its own postings() would filter deletions one by one, and by its age.
                matcher = self._reader._terms.matcher(field, term.encode(), self._reader.schema[field].format)
            except TermNotFound:
                return None
            return _read_whole(matcher)

    def words(self, field: str) -> list[tuple[str, int]]:
        """Every word of `field` with the number of documents holding it."""
        with self._lock:
            return [(word.decode(), info.doc_frequency()) for word, info in self._reader.iter_field(field)]

    def shown(self, row: int) -> Shown:
        """The texts of one document."""
        with self._lock:
            value: Shown = self._reader.stored_fields(row)["shown"]
        return value

    @cached_property
    def labels(self) -> dict[str, list[tuple[str, ...]]]:
        """Category, district, village and maker as (key, label, …), without repetitions."""
        return {name: [tuple(value.split(LABEL)) for value in self.side.values(name)] for name in REFERENCES}

    def _read_columns(self, names: NameTables) -> Columns:
        columns = Columns(names)
        for name in ARRAYS:
            setattr(columns, name, self.side.column(name))
        for name, dimensions in (("kind", KIND), ("place", PLACE)):
            flat = self.side.column(name + PARTS)
            parts = [self._renumbered(names, dimension, flat[at :: len(dimensions)]) for at, dimension in enumerate(dimensions)]
            numbers = list(map(getattr(names, name).number, zip(*parts, strict=True)))
            if numbers != list(range(len(numbers))):
                setattr(columns, name, array("I", map(numbers.__getitem__, getattr(columns, name))))
        return columns

    def _renumbered(self, names: NameTables, dimension: str, part: Sequence[int]) -> Sequence[int]:
        """Numbers of this segment's values as numbers of the engine's."""
        if dimension not in REFERENCES:
            return part
        table = getattr(names, dimension)
        numbers = [table.number(value.split(LABEL, 1)[0]) for value in self.side.values(dimension)]
        return [numbers[number] for number in part]


def _read_whole(matcher: Any) -> PostingList:
    """All of a posting list, block by block: Whoosh's own stepping costs a Python call per document."""
    rows = array("I")
    counts = array("B")
    counted = False
    if not hasattr(matcher, "_read_data"):  # a list of one, kept beside the term
        while matcher.is_active():
            rows.append(matcher.id())
            counts.append(min(255, int(matcher.weight())))
            matcher.next()
        return rows, counts
    while True:
        matcher._read_data()
        rows.extend(accumulate(matcher._data[0]))
        weights = matcher._data[1]
        if weights is None:
            counts.extend(bytes([1]) * matcher._blocklength)
        else:
            counted = True
            repeated = [weights] * matcher._blocklength if isinstance(weights, float) else weights
            counts.extend(min(255, int(weight)) for weight in repeated)
        if matcher._lastblock:
            return rows, counts if counted else None
        matcher._next_block()
