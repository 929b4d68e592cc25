"""Filters and facet counts over the columns: a facet ignores the filter of its own dimension and honours all others.

Rows are sets of bits, and so are the rows of each value of a facet; only villages are too many for that and are counted row by row.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple

from catalog.search.bits import pack, unpack
from catalog.search.columns import KIND, PLACE, PRICE_BANDS, Columns
from catalog.search.request import FacetValue, SearchRequest
from catalog.search.validity import is_listed, may_end, read_claims

DIMENSIONS = ("category", "district", "village", "scheme", "certificate", "price", "in_stock")
#: No page shows more choices than this; the chosen one is always among them.
MAX_VALUES = 100
#: Prices are 64 bits wide.
_LOWEST, _HIGHEST = -(2**63), 2**63

Facets = dict[str, tuple[FacetValue, ...]]
#: Dimension -> number of a value -> rows that hold it.
Tallies = dict[str, Mapping[int, int]]


class Condition(NamedTuple):
    """The numbers that a dimension may have, and the facet, if any, that does not honour this because it offers the other choices."""

    dimension: str
    allowed: Collection[int]
    facet: str | None


@dataclass(slots=True)
class Filters:
    """What a row must be: in a range of prices, of a kind, in a place."""

    price: tuple[int, int] | None = None
    kind: list[Condition] = field(default_factory=list)
    place: list[Condition] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.price or self.kind or self.place)


def filters_of(request: SearchRequest, columns: Columns) -> Filters:
    """The filters that `request` sets."""
    found, names, papers = Filters(), columns.names, columns.names.certificate.values
    low, high = request.min_price, request.max_price
    if low is not None or high is not None:
        found.price = (_LOWEST if low is None else low, _HIGHEST if high is None else high)
    for dimension in ("category", "scheme", *PLACE):
        if chosen := getattr(request, dimension):
            conditions = found.place if dimension in PLACE else found.kind
            conditions.append(Condition(dimension, {getattr(names, dimension).find(chosen)}, dimension))
    if request.in_stock:
        found.kind.append(Condition("in_stock", {1}, "in_stock"))
    if request.certificate:
        holding = _places(papers, lambda value: request.certificate in read_claims(value, request.day))
        found.kind.append(Condition("certificate", holding, "certificate"))
    if may_end(papers):
        listed = _places(papers, lambda value: is_listed(value, request.day))
        found.kind.append(Condition("certificate", listed, facet=None))
    return found


def narrow(rows: int, columns: Columns, filters: Filters, without: str = "") -> int:
    """Those of `rows` that pass all filters but those of the facet `without`; both are bits."""
    for condition in filters.kind:
        if condition.facet != without:
            marks = columns.marks[condition.dimension]
            rows &= reduce(or_, (marks.get(number, 0) for number in condition.allowed), 0)
    if filters.price and without != "price":
        rows &= columns.priced(*filters.price)
    places = [condition for condition in filters.place if condition.facet != without]
    if places:
        rows = pack(_placed(unpack(rows), columns, places), len(columns))
    return rows


def sift(rows: int, columns: Columns, filters: Filters) -> tuple[int, Tallies]:
    """The rows that pass all filters, and how many of `rows` hold each number of each dimension. Tallies of different rows add up."""
    kept = narrow(rows, columns, filters)
    own = {condition.facet for condition in (*filters.kind, *filters.place)} | ({"price"} if filters.price else set())
    tallies: Tallies = {}
    places, counted = Counter[int](), 0
    for dimension in DIMENSIONS:
        seen = narrow(rows, columns, filters, dimension) if dimension in own else kept
        if dimension in KIND:
            values = columns.marks[dimension].items()
            tallies[dimension] = {number: found for number, bits in values if (found := (bits & seen).bit_count())}
            continue
        if seen != counted:
            places, counted = _counted(columns.place, unpack(seen)), seen
        tallies[dimension] = tally = defaultdict[int, int](int)
        part = columns.names.place.parts[dimension]
        for number, found in places.items():
            tally[part[number]] += found
    return kept, tallies


def changed(tallies: Tallies, less: Tallies, more: Tallies) -> Tallies:
    """`tallies` without some rows and with others."""
    after: Tallies = {}
    for dimension, counted in tallies.items():
        counts = Counter(counted)
        counts.subtract(less[dimension])
        counts.update(more[dimension])
        after[dimension] = +counts
    return after


def present(tallies: Tallies, columns: Columns, request: SearchRequest) -> Facets:
    """The choices to show: the values of the numbers, most frequent first."""
    return {dimension: _values(dimension, tallies[dimension], columns, request) for dimension in DIMENSIONS if dimension in tallies}


def _placed(rows: Sequence[int], columns: Columns, conditions: Iterable[Condition]) -> Sequence[int]:
    place = columns.place
    for dimension, allowed, _ in conditions:
        part = columns.names.place.parts[dimension]
        rows = [row for row in rows if part[place[row]] in allowed]
    return rows


def _counted(numbers: array[int], rows: Sequence[int]) -> Counter[int]:
    """Number -> rows that have it."""
    if len(rows) == len(numbers):
        return Counter(numbers)
    # One call for all rows; of a single row it would give no tuple.
    return Counter(itemgetter(*rows)(numbers) if len(rows) > 1 else map(numbers.__getitem__, rows))


def _values(dimension: str, counted: Mapping[int, int], columns: Columns, request: SearchRequest) -> tuple[FacetValue, ...]:
    if dimension == "price":
        return tuple(FacetValue(band_value(band), counted[band]) for band in sorted(counted))
    if dimension == "in_stock":
        return tuple(FacetValue(value, counted[held]) for value, held in (("true", 1), ("false", 0)) if counted.get(held))
    if dimension == "certificate":
        return ranked(_certificate_counts(counted, columns, request.day), request.certificate)
    names = getattr(columns.names, dimension).values
    chosen = getattr(request, dimension)
    rarest = sorted(counted.values())[-MAX_VALUES - 1] if len(counted) > MAX_VALUES else 0  # one value may have no name
    counts = {name: found for number, found in counted.items() if found >= rarest and (name := names[number])}
    if chosen and (number := getattr(columns.names, dimension).find(chosen)) in counted:
        counts[chosen] = counted[number]
    return ranked(counts, chosen)


def _certificate_counts(counted: Mapping[int, int], columns: Columns, day: date) -> dict[str, int]:
    counts: dict[str, int] = {}
    names = columns.names.certificate.values
    for number, found in counted.items():
        for kind in read_claims(names[number], day):
            counts[kind] = counts.get(kind, 0) + found
    return counts


def ranked(counts: Mapping[str, int], chosen: str | None) -> tuple[FacetValue, ...]:
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


def _places(values: Sequence[str], holds: Callable[[str], bool]) -> set[int]:
    return {number for number, value in enumerate(values) if holds(value)}
