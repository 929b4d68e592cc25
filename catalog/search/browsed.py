"""Lists without a question, kept while the index stays as it is and carried over small changes: every list page asks for them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from catalog.search.bits import among, pack
from catalog.search.columns import Columns
from catalog.search.facets import Facets, Tallies, changed, filters_of, narrow, present, sift
from catalog.search.ordering import effective_sort
from catalog.search.request import SearchRequest, Sort

_KEPT_FACETS = 32
#: Filtered lists kept in their order: four bytes a row, so 3 MB at the most for 100,000 products.
_KEPT_ROWS = 8

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True)
class _Counted:
    tallies: Tallies
    #: Made from the tallies when they are first shown.
    facets: Facets | None = None


class Browsed:
    """Facets by filters, and rows by filters and order, for one `Columns`. Safe in threads: two may do the same work once."""

    def __init__(self) -> None:
        self._counted: OrderedDict[SearchRequest, _Counted] = OrderedDict()
        self._rows: OrderedDict[tuple[SearchRequest, Sort], Sequence[int]] = OrderedDict()

    def rows(self, columns: Columns, request: SearchRequest) -> Sequence[int]:
        """The rows that pass the filters of `request`, in its order."""
        filters, sort = filters_of(request, columns), effective_sort(request)
        order = columns.browse_order(sort)
        if not filters:
            return order
        key = (_filters_alone(request), sort)
        rows = self._rows.get(key)
        if rows is None:
            rows = self._rows[key] = array("I", among(order, narrow(columns.alive, columns, filters), len(columns)))
        _keep(self._rows, key, _KEPT_ROWS)
        return rows

    def facets(self, columns: Columns, request: SearchRequest) -> Facets:
        """The facets beside that list; they depend on the filters alone."""
        key = _filters_alone(request)
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = _Counted(sift(columns.alive, columns, filters_of(key, columns))[1])
        _keep(self._counted, key, _KEPT_FACETS)
        if counted.facets is None:
            counted.facets = present(counted.tallies, columns, key)
        return dict(counted.facets)

    def carried(self, before: Columns, removed: Sequence[int], columns: Columns, added: Sequence[int]) -> Browsed:
        """The same after a change: rows `removed` of the columns `before` no longer count, rows `added` of `columns` do."""
        after = Browsed()
        for key, counted in list(self._counted.items()):
            less = sift(pack(removed, len(before)), before, filters_of(key, before))[1]
            more = sift(pack(added, len(columns)), columns, filters_of(key, columns))[1]
            after._counted[key] = _Counted(changed(counted.tallies, less, more))
        return after


def _filters_alone(request: SearchRequest) -> SearchRequest:
    return replace(request, text="", language="", sort=Sort.RELEVANCE, near=None, page=1, page_size=1, with_facets=True)


def _keep(kept: OrderedDict[Key, Value], key: Key, most: int) -> None:
    """Move `key` to the end and let the oldest go; another thread may have been faster."""
    with suppress(KeyError):
        kept.move_to_end(key)
        while len(kept) > most:
            kept.popitem(last=False)
