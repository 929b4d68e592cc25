"""Filters and facet counts over the columns: a facet ignores the filter of its own dimension and honours all others."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from catalog.search.columns import PRICE_BANDS, Columns
from catalog.search.request import FacetValue, SearchRequest
from catalog.search.validity import is_listed, may_end, read_claims

#: Dimension -> the column that holds its numbers.
COLUMN_OF = {
    "category": "category",
    "district": "district",
    "village": "village",
    "scheme": "scheme",
    "certificate": "certificates",
    "price": "band",
    "in_stock": "in_stock",
}
DIMENSIONS = tuple(COLUMN_OF)
#: No page shows more choices than this; the chosen one is always among them.
MAX_VALUES = 100

Rows = Sequence[int]
Filter = Callable[[Rows], Rows]
Facets = dict[str, tuple[FacetValue, ...]]
#: Dimension -> number of a value -> rows that hold it.
Tallies = dict[str, Counter[int]]


def filters_of(request: SearchRequest, columns: Columns) -> dict[str, Filter]:
    """The filters that `request` sets, by dimension."""
    filters: dict[str, Filter] = {}
    for dimension in ("category", "district", "village", "scheme"):
        chosen = getattr(request, dimension)
        if chosen:
            filters[dimension] = _equals(getattr(columns, dimension), getattr(columns.names, dimension).find(chosen))
    if request.certificate:
        filters["certificate"] = _holds(columns, request.certificate, request.day)
    if request.min_price is not None or request.max_price is not None:
        filters["price"] = _between(columns, request.min_price, request.max_price)
    if request.in_stock:
        filters["in_stock"] = _in_stock(columns)
    if may_end(columns.names.certificates.values):
        filters["listed"] = _listed(columns, request.day)
    return filters


def narrow(rows: Rows, filters: Mapping[str, Filter], without: str = "") -> Rows:
    """The rows that pass all filters, except that of the dimension `without`."""
    for dimension, keep in filters.items():
        if dimension != without:
            rows = keep(rows)
    return rows


def count(rows: Rows, columns: Columns, filters: Mapping[str, Filter], request: SearchRequest) -> Facets:
    """All facets for the unfiltered `rows`."""
    return present(tally(rows, columns, filters), columns, request)


def tally(rows: Rows, columns: Columns, filters: Mapping[str, Filter]) -> Tallies:
    """How many of the unfiltered `rows` hold each number of each dimension. Tallies of different rows add up."""
    everything = narrow(rows, filters)
    tallies = {}
    for dimension, column in COLUMN_OF.items():
        seen = narrow(rows, filters, without=dimension) if dimension in filters else everything
        tallies[dimension] = Counter(map(getattr(columns, column).__getitem__, seen))
    return tallies


def changed(tallies: Tallies, less: Tallies, more: Tallies) -> Tallies:
    """`tallies` without some rows and with others."""
    after = {}
    for dimension, counted in tallies.items():
        counts = counted.copy()
        counts.subtract(less[dimension])
        counts.update(more[dimension])
        after[dimension] = +counts
    return after


def present(tallies: Tallies, columns: Columns, request: SearchRequest) -> Facets:
    """The choices to show: the values of the numbers, most frequent first."""
    return {dimension: _values(dimension, counted, columns, request) for dimension, counted in tallies.items()}


def _values(dimension: str, counted: Counter[int], columns: Columns, request: SearchRequest) -> tuple[FacetValue, ...]:
    if dimension == "price":
        return tuple(FacetValue(band_value(band), counted[band]) for band in sorted(counted))
    if dimension == "in_stock":
        return tuple(FacetValue(value, counted[held]) for value, held in (("true", 1), ("false", 0)) if counted[held])
    if dimension == "certificate":
        return _ranked(_certificate_counts(counted, columns, request.day), request.certificate)
    names = getattr(columns.names, dimension).values
    return _ranked({names[number]: found for number, found in counted.items() if names[number]}, getattr(request, dimension))


def _certificate_counts(counted: Counter[int], columns: Columns, day: date) -> dict[str, int]:
    counts: dict[str, int] = {}
    names = columns.names.certificates.values
    for number, found in counted.items():
        for kind in read_claims(names[number], day):
            counts[kind] = counts.get(kind, 0) + found
    return counts


def _ranked(counts: Mapping[str, int], chosen: str | None) -> tuple[FacetValue, ...]:
    """Most frequent first, then by value; the chosen value stays although it may have become rare or empty."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_VALUES]
    if chosen and all(value != chosen for value, _ in ranked):
        ranked.append((chosen, counts.get(chosen, 0)))
    return tuple(FacetValue(value, found) for value, found in ranked)


def band_value(band: int) -> str:
    """The price band as its inclusive ends: "-24999", "25000-49999", "500000-"."""
    low = str(PRICE_BANDS[band]) if band else ""
    high = str(PRICE_BANDS[band + 1] - 1) if band + 1 < len(PRICE_BANDS) else ""
    return f"{low}-{high}"


def _equals(column: Sequence[int], wanted: int) -> Filter:
    return lambda rows: [row for row in rows if column[row] == wanted]


def _holds(columns: Columns, kind: str, day: date) -> Filter:
    sets = columns.names.certificates.values
    wanted = {number for number, value in enumerate(sets) if kind in read_claims(value, day)}
    column = columns.certificates
    return lambda rows: [row for row in rows if column[row] in wanted]


def _listed(columns: Columns, day: date) -> Filter:
    sets = columns.names.certificates.values
    wanted = {number for number, value in enumerate(sets) if is_listed(value, day)}
    column = columns.certificates
    return lambda rows: [row for row in rows if column[row] in wanted]


def _between(columns: Columns, low: int | None, high: int | None) -> Filter:
    price = columns.price
    lowest = -sys.maxsize if low is None else low
    highest = sys.maxsize if high is None else high
    return lambda rows: [row for row in rows if lowest <= price[row] <= highest]


def _in_stock(columns: Columns) -> Filter:
    in_stock = columns.in_stock
    return lambda rows: [row for row in rows if in_stock[row]]
