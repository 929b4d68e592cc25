"""How postings are gathered and written: as arrays by word, where Whoosh pickles, sorts and checks every single one.

Five million postings (100,000 products) take some 60 MB here; Whoosh's own pool wrote them to files and merged those.
The files that come out are the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from whoosh.codec.whoosh3 import W3FieldWriter

#: Postings in one block: large, since reading is what buyers wait for.
BLOCK = 1024

#: Field, word, document number, weight, value: what Whoosh's writer hands over. Our fields have no values.
Posting = tuple[str, bytes, int, float, bytes]
#: Field, word, and document numbers with their weights.
PostingList = tuple[str, bytes, "array[int]", "array[float]"]


class PostingPool:
    """Stands where Whoosh's writer keeps its pool. Documents come in ascending order, so nothing but the words is sorted."""

    def __init__(self) -> None:
        self.fieldnames: set[str] = set()
        self._lists: dict[tuple[str, bytes], tuple[array[int], array[float]]] = {}

    def add(self, posting: Posting) -> None:
        """Take one posting."""
        field, word, document, weight, _ = posting
        kept = self._lists.get((field, word))
        if kept is None:
            self.fieldnames.add(field)
            kept = self._lists[field, word] = (array("I"), array("f"))
        kept[0].append(document)
        kept[1].append(weight)

    def iter_postings(self) -> Iterator[PostingList]:
        """All lists by field and word, for `FieldWriter`."""
        for field, word in sorted(self._lists):
            yield field, word, *self._lists[field, word]

    def cleanup(self) -> None:
        """Forget everything."""
        self._lists.clear()


class FieldWriter(W3FieldWriter):  # type: ignore[misc] # Whoosh ships no types
    """Writes whole blocks."""

    def add_postings(self, schema: Any, _lengths: None, lists: Iterator[PostingList]) -> None:
        """Write all `lists`."""
        before = ""
        for field, word, documents, weights in lists:
            if field != before:
                if before:
                    self.finish_field()
                self.start_field(field, schema[field])
                before = field
            self.start_term(word)
            for start in range(0, len(documents), BLOCK):
                if start:
                    self._postwriter._write_block()
                self._fill(documents[start : start + BLOCK], weights[start : start + BLOCK])
            self.finish_term()
        if before:
            self.finish_field()

    def _fill(self, documents: array[int], weights: array[float]) -> None:
        block = self._postwriter
        block._ids, block._weights, block._maxweight = documents, weights, max(weights)
