"""Puts the matching rows in the order a buyer asked for and cuts out one page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from heapq import nlargest, nsmallest
from itertools import pairwise
from math import asin, cos, isfinite, isnan, radians, sin, sqrt

from catalog.rotation import rotated
from catalog.search.columns import Columns
from catalog.search.matching import Matches, best
from catalog.search.request import SearchRequest, Sort
from kernel import clock

#: A page holds at most this many products, whatever was asked.
MAX_PAGE_SIZE = 200
_EARTH_KM = 6371.0


def page_of(rows: Collection[int], columns: Columns, request: SearchRequest, found: Matches) -> Sequence[int]:
    """The page of `rows`, which were `found` by a question."""
    start, end = page_bounds(request)
    if start >= len(rows):
        return ()
    sort = effective_sort(request)
    if sort is Sort.DISTANCE and request.near:
        return _first(rows, end, _distance_key(columns, request.near))[start:]
    if sort is not Sort.RELEVANCE:
        return columns.first(rows, sort, end, low=request.min_price)[start:]
    scores, ids = best(rows, found, columns, end + 1), columns.product_id
    least = nlargest(end + 1, scores.values())[-1]
    ranked = sorted((row for row, score in scores.items() if score >= least), key=lambda row: (-scores[row], ids[row]))[: end + 1]
    return _in_turn(ranked, scores, ids, start, end)


def browsed_page(rows: Sequence[int], columns: Columns, request: SearchRequest) -> Sequence[int]:
    """The page of a list without a question, whose `rows` are in `browse_order`."""
    start, end = page_bounds(request)
    if start >= len(rows):
        return ()
    sort = effective_sort(request)
    if sort is Sort.DISTANCE and request.near:
        return _first(rows, end, _distance_key(columns, request.near))[start:]
    return _browsed(rows, columns, start, end) if sort is Sort.RELEVANCE else rows[start:end]


def _browsed(rows: Sequence[int], columns: Columns, start: int, end: int) -> list[int]:
    """A page of a list nobody asked a question about. Rows alike in stock and popularity take turns at the top, day by day."""
    stock, popularity, day = columns.in_stock, columns.popularity, clock.today()

    def rank(row: int) -> tuple[int, int]:
        return -stock[row], -popularity[row]

    page: list[int] = []
    place = start
    while place < min(end, len(rows)):
        alike = rank(rows[place])
        first, after = bisect_left(rows, alike, key=rank), bisect_right(rows, alike, key=rank)
        page += [rows[rotated(at, first, after - first, day, end - start)] for at in range(place, min(end, after))]
        place = after
    return page


def _in_turn(ranked: Sequence[int], scores: Mapping[int, float], ids: Sequence[int], start: int, end: int) -> list[int]:
    """The page of rows `ranked` by score (one more than the page needs). Rows of one score take turns; a better one is never passed."""
    page = list(ranked[start:end])
    near = ranked[max(0, start - 1) :]
    tied = {scores[row] for row, following in pairwise(near) if scores[row] == scores[following]}
    if not tied:
        return page
    alike: dict[float, list[int]] = {score: [] for score in tied}
    for row, score in scores.items():
        if score in alike:
            alike[score].append(row)
    day = clock.today()
    for score, members in alike.items():
        members.sort(key=ids.__getitem__)
        first = next(at for at, row in enumerate(ranked) if scores[row] == score)
        for at in range(max(first, start), min(first + len(members), start + len(page))):
            page[at - start] = members[rotated(at, first, len(members), day, end - start) - first]
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
