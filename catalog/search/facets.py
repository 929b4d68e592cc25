"""Filters and facet counts over the columns: a facet ignores the filter of its own dimension and honours all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from catalog.search.columns import PRICE_BANDS, Columns
from catalog.search.request import FacetValue, SearchRequest
from catalog.search.validity import is_listed, may_end, read_claims

DIMENSIONS = ("category", "district", "village", "scheme", "certificate", "price", "in_stock")
#: No page shows more choices than this; the chosen one is always among them.
MAX_VALUES = 100

Rows = Sequence[int]
Filter = Callable[[Rows], Rows]


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


def count(rows: Rows, columns: Columns, filters: Mapping[str, Filter], request: SearchRequest) -> dict[str, tuple[FacetValue, ...]]:
    """All facets for the unfiltered `rows`."""
    everything = narrow(rows, filters)
    facets = {}
    for dimension in DIMENSIONS:
        seen = narrow(rows, filters, without=dimension) if dimension in filters else everything
        facets[dimension] = _values(dimension, seen, columns, request)
    return facets


def _values(dimension: str, rows: Rows, columns: Columns, request: SearchRequest) -> tuple[FacetValue, ...]:
    if dimension == "price":
        bands = Counter(map(columns.band.__getitem__, rows))
        return tuple(FacetValue(band_value(band), bands[band]) for band in sorted(bands))
    if dimension == "in_stock":
        yes = sum(map(columns.in_stock.__getitem__, rows))
        pairs = (("true", yes), ("false", len(rows) - yes))
        return tuple(FacetValue(value, found) for value, found in pairs if found)
    if dimension == "certificate":
        return _ranked(_certificate_counts(rows, columns, request.day), request.certificate)
    names = getattr(columns.names, dimension).values
    counted = Counter(map(getattr(columns, dimension).__getitem__, rows))
    return _ranked({names[number]: found for number, found in counted.items() if names[number]}, getattr(request, dimension))


def _certificate_counts(rows: Rows, columns: Columns, day: date) -> dict[str, int]:
    counts: dict[str, int] = {}
    names = columns.names.certificates.values
    for number, found in Counter(map(columns.certificates.__getitem__, rows)).items():
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
    lowest = low if low is not None else min(0, *_ends(price))
    highest = high if high is not None else max(0, *_ends(price))
    return lambda rows: [row for row in rows if lowest <= price[row] <= highest]


def _ends(prices: Sequence[int]) -> Iterable[int]:
    return (min(prices), max(prices)) if prices else (0,)


def _in_stock(columns: Columns) -> Filter:
    in_stock = columns.in_stock
    return lambda rows: [row for row in rows if in_stock[row]]
