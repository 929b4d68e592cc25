"""One page of a long list: walked along an index in the order asked for while enough pass the filters, gathered and sorted while few do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import cos, radians, sin
from typing import Any

from sqlalchemy import Connection, text

from catalog.rotation import circle_start
from catalog.search.ordering import effective_sort
from catalog.search.request import SearchRequest, Sort
from catalog.search.validity import is_listed, read_claims
from kernel import clock

_ORDERS = {
    Sort.PRICE: "price, product_id",
    Sort.PRICE_DESC: "price DESC, product_id",
    Sort.NEWEST: "published DESC, product_id",
    Sort.RELEVANCE: "in_stock DESC, popularity DESC, turn, product_id",
}
#: Reading a product found by its words costs as much as passing so many along an index.
_GATHERING = 2


@dataclass(slots=True)
class Pages:
    """The pages of one request among products that meet `query` (a tsquery; "" is everything) and not `without`."""

    connection: Connection
    request: SearchRequest
    #: The sets of certificates that there are.
    papers: Iterable[str]
    #: Products in the index, and how many of them meet query and filters: what decides between walking and gathering.
    documents: int
    total: int
    query: str = ""
    without: str = ""
    #: The numbers of all products that pass, when they are so few that they were read from their bits.
    numbers: list[int] | None = None
    _gathers: bool = True

    def page(self, start: int, end: int) -> list[int]:
        """The product ids from the place `start` to before `end`."""
        end = min(end, self.total)
        if start >= end:
            return []
        sort = effective_sort(self.request)
        self._choose_plan(end, sort)
        if sort is Sort.RELEVANCE:
            return self._in_turn(start, end)
        if sort is Sort.DISTANCE:
            return self._by_distance(start, end)
        rows = self._ask("SELECT product_id FROM {rows} ORDER BY " + _ORDERS[sort], start=start, size=end - start)
        return [product_id for (product_id,) in rows]

    def _choose_plan(self, end: int, sort: Sort) -> None:
        """The planner guesses how many products pass; we have counted them."""
        passed = end * self.documents / max(1, self.total)
        walks = self.numbers is None and sort is not Sort.DISTANCE and passed < _GATHERING * self.total
        settings = {"enable_seqscan": "off", "enable_bitmapscan": "off" if walks else "on", "enable_sort": "off" if walks else "on"}
        self._gathers = not walks
        chosen = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
        self.connection.execute(text(f"SELECT {chosen}"))

    def _in_turn(self, start: int, end: int) -> list[int]:
        """Rows alike in stock and popularity take turns at the top, day by day: each group begins at another place of the circle."""
        columns = "SELECT product_id, in_stock, popularity, turn FROM {rows} "
        rows = list(self._ask(columns + "ORDER BY " + _ORDERS[Sort.RELEVANCE], start=start, size=end - start))
        first_day = circle_start(clock.today())
        page: list[int] = []
        for number, (alike, members) in enumerate(groupby(rows, key=lambda row: (row[1], row[2]))):
            here = list(members)
            place = start + len(page)
            if (number == 0 and start > 0) or place + len(here) == end:
                begun = place - self._better(alike) if number == 0 and start > 0 else 0
                page += self._turned(alike, first_day, begun, len(here))
            else:
                page += [row[0] for row in sorted(here, key=lambda row: (row[3] < first_day, row[3], row[0]))]
        return page

    def _better(self, alike: tuple[bool, int]) -> int:
        """How many rows stand before those that are alike."""
        there = "SELECT count(*) FROM {rows} AND in_stock AND NOT CAST(:in_stock AS boolean)"
        popular = "SELECT count(*) FROM {rows} AND in_stock = :in_stock AND popularity > :popularity"
        rows = self._ask(f"SELECT ({there}) + ({popular})", **_alike(alike))  # comparing both at once would read the whole index
        return int(next(iter(rows))[0])

    def _turned(self, alike: tuple[bool, int], first: int, start: int, size: int) -> list[int]:
        """Some of the rows that are alike, from the place of the day on and round the circle."""
        half = (
            "SELECT product_id, turn FROM {rows} AND in_stock = :in_stock AND popularity = :popularity AND turn %s :first"
            " ORDER BY in_stock DESC, popularity DESC, turn, product_id LIMIT :most"
        )
        statement = f"SELECT product_id FROM (({half % '>='}) UNION ALL ({half % '<'})) AS circle"
        rows = self._ask(statement, start=start, size=size, first=first, most=start + size, **_alike(alike))
        return [product_id for (product_id,) in rows]

    def _by_distance(self, start: int, end: int) -> list[int]:
        """Nearest first: the angle between two places grows with the cosine's fall, which needs no square root and no arcus."""
        latitude, longitude = map(radians, self.request.near or (0.0, 0.0))
        statement = (
            "SELECT product_id FROM {rows} ORDER BY sin(radians(latitude)) * :sine"
            " + cos(radians(latitude)) * :cosine * cos(radians(longitude) - :longitude) DESC NULLS LAST, product_id"
        )
        rows = self._ask(statement, start=start, size=end - start, sine=sin(latitude), cosine=cos(latitude), longitude=longitude)
        return [product_id for (product_id,) in rows]

    def _ask(self, statement: str, *, start: int = 0, size: int | None = None, **values: Any) -> Iterable[Any]:
        conditions, asked = self._conditions()
        where = " AND ".join(["true", *conditions])
        rows = f"(SELECT * FROM product WHERE {where} OFFSET 0) AS gathered WHERE true" if self._gathers else f"product WHERE {where}"
        paged = statement.format(rows=rows) + ("" if size is None else " OFFSET :start LIMIT :size")
        return self.connection.execute(text(paged), {**asked, **values, "start": start, "size": size})

    def _conditions(self) -> tuple[list[str], dict[str, Any]]:
        found, values = list[str](), dict[str, Any]()
        if self.query:
            found.append("words @@ CAST(:query AS tsquery)")
            values["query"] = self.query
        if self.without:
            found.append("NOT words @@ CAST(:without AS tsquery)")
            values["without"] = self.without
        if self.numbers is not None:
            return [*found, "number = ANY(:numbers)"], {**values, "numbers": self.numbers}
        filters, asked = self._filters()
        return found + filters, values | asked

    def _filters(self) -> tuple[list[str], dict[str, Any]]:
        asked, found, values = self.request, list[str](), dict[str, Any]()
        for name in ("category", "district", "village", "scheme"):
            if chosen := getattr(asked, name):
                found.append(f"{name} = :{name}")
                values[name] = chosen
        for name, sign in (("min_price", ">="), ("max_price", "<=")):
            if (limit := getattr(asked, name)) is not None:
                found.append(f"price {sign} :{name}")
                values[name] = max(-(2**62), min(2**62, limit))
        if asked.in_stock:
            found.append("in_stock")
        papers = [value for value in self.papers if is_listed(value, asked.day)]
        if asked.certificate or len(papers) < len(list(self.papers)):
            found.append("certificates = ANY(:papers)")
            values["papers"] = [value for value in papers if not asked.certificate or asked.certificate in read_claims(value, asked.day)]
        return found, values


def _alike(alike: tuple[bool, int]) -> dict[str, Any]:
    return {"in_stock": alike[0], "popularity": alike[1]}
