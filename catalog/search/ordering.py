"""Puts the matching rows in the order a buyer asked for and cuts out one page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from heapq import nlargest, nsmallest
from math import asin, cos, isfinite, isnan, radians, sin, sqrt
from typing import Any

from catalog.rotation import rotated
from catalog.search.bits import unpack
from catalog.search.columns import Columns
from catalog.search.matching import Matches, best
from catalog.search.request import SearchRequest, Sort
from kernel import clock

#: A page holds at most this many products, whatever was asked.
MAX_PAGE_SIZE = 200
_EARTH_KM = 6371.0


def page_of(kept: int, columns: Columns, request: SearchRequest, found: Matches) -> Sequence[int]:
    """The page of the rows `kept` (bits) of those that were `found` by a question."""
    start, end = page_bounds(request)
    if start >= kept.bit_count():
        return ()
    sort = effective_sort(request)
    if sort is Sort.DISTANCE and request.near:
        return _first(unpack(kept), end, _distance_key(columns, request.near))[start:]
    if sort is not Sort.RELEVANCE:
        return columns.first(kept, sort, end, low=request.min_price)[start:]
    scores, ids = best(kept, found, columns, end), columns.product_id
    values = scores.values()
    least = min(nlargest(end, values) if end * 8 < len(values) else sorted(values)[-end:])
    ranked = sorted((row for row, score in scores.items() if score >= least), key=lambda row: (-scores[row], ids[row]))
    return _in_turns(ranked, lambda row: -scores[row], start, end)


def browsed_page(rows: Sequence[int], columns: Columns, request: SearchRequest) -> Sequence[int]:
    """The page of a list without a question, whose `rows` are in `browse_order`."""
    start, end = page_bounds(request)
    if start >= len(rows):
        return ()
    sort = effective_sort(request)
    if sort is Sort.DISTANCE and request.near:
        return _first(rows, end, _distance_key(columns, request.near))[start:]
    if sort is not Sort.RELEVANCE:
        return rows[start:end]
    stock, popularity = columns.in_stock, columns.popularity
    return _in_turns(rows, lambda row: (-stock[row], -popularity[row]), start, end)


def _in_turns(rows: Sequence[int], rank: Callable[[int], Any], start: int, end: int) -> list[int]:
    """A page of `rows`, which stand by `rank`. Rows alike in it take turns, day by day; a better one is never passed."""
    day = clock.today()
    page: list[int] = []
    place = start
    while place < min(end, len(rows)):
        alike = rank(rows[place])
        first, after = bisect_left(rows, alike, key=rank), bisect_right(rows, alike, key=rank)
        page += [rows[rotated(at, first, after - first, day, end - start)] for at in range(place, min(end, after))]
        place = after
    return page


def _first(rows: Collection[int], count: int, key: Callable[[int], tuple[float, int]]) -> list[int]:
    """The first `count` rows by `key`; sorting all of them only when that is quicker."""
    return nsmallest(count, rows, key=key) if count * 4 < len(rows) else sorted(rows, key=key)[:count]


def page_bounds(request: SearchRequest) -> tuple[int, int]:
    """First and last position of the page; a wild page number is an empty page, not an error."""
    size = max(1, min(MAX_PAGE_SIZE, request.page_size))
    start = (max(1, request.page) - 1) * size
    return start, start + size


def effective_sort(request: SearchRequest) -> Sort:
    """Distance needs a place to measure from; without one relevance answers."""
    if request.sort is Sort.DISTANCE and not (request.near and all(map(isfinite, request.near))):
        return Sort.RELEVANCE
    return request.sort


def _distance_key(columns: Columns, near: tuple[float, float]) -> Callable[[int], tuple[float, int]]:
    latitude, longitude, ids = columns.latitude, columns.longitude, columns.product_id

    known: dict[tuple[float, float], float] = {}  # the products of a village share its place

    def key(row: int) -> tuple[float, int]:
        place = (latitude[row], longitude[row])
        distance = known.get(place)
        if distance is None:
            unknown = isnan(place[0]) or isnan(place[1])
            distance = known[place] = _EARTH_KM * 4 if unknown else kilometres(near, place)
        return distance, ids[row]

    return key


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, max(0.0, h))))
