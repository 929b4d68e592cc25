"""Reads one Whoosh segment: its columns, its posting lists in whole blocks, its words, its stored texts."""

from __future__ import annotations

import threading
from array import array
from itertools import accumulate
from typing import Any

from whoosh.columns import TranslatingColumnReader
from whoosh.reading import SegmentReader, TermNotFound

from catalog.search.columns import Columns, NameTables
from catalog.search.side_file import SUFFIX, SideFile
from catalog.search.whoosh_files import LABEL, NUMBER_TYPES, REFERENCES, ReadingStorage, schema

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
        #: Category, district, village and maker as (key, label, …), without repetitions.
        self.labels: dict[str, list[tuple[str, ...]]] = {}
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

    def _read_columns(self, names: NameTables) -> Columns:
        columns = Columns(names)
        for name, kind in NUMBER_TYPES.items():
            getattr(columns, name).extend(self._numbers("n_" + name, kind))
        for name in REFERENCES:
            references, values = self._references("r_" + name)
            self.labels[name] = [tuple(value.split(LABEL)) for value in values]
            if name == "maker":
                continue
            table = getattr(names, name)
            numbers = array("I", (table.number(parts[0]) for parts in self.labels[name]))
            getattr(columns, name).extend(map(numbers.__getitem__, references))
        columns.derive()
        return columns

    def _numbers(self, field: str, kind: str) -> array[Any]:
        """A whole numeric column. Trailing default values are not stored, hence the padding."""
        reader = self._raw_column(field)
        stored: array[Any] = reader._dbfile.get_array(reader._basepos, kind, min(reader._count, self.size))
        default = self._reader.schema[field].column_type.default_value()
        return stored + array(kind, [default] * (self.size - len(stored)))

    def _references(self, field: str) -> tuple[array[int], list[str]]:
        """A whole reference column: a number per document, and the values by number."""
        reader = self._raw_column(field)
        references: array[int] = reader._dbfile.get_array(reader._basepos, reader._typecode, self.size)
        return references, [value.decode() for value in reader._uniques]

    def _raw_column(self, field: str) -> Any:
        reader = self._reader.column_reader(field)
        return reader.raw_column() if isinstance(reader, TranslatingColumnReader) else reader


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
