"""Totals and facets of a million products by counting bits: every product is a place in strings of 8,192 bits, one string for each fact.

A question becomes `&` and `|` over the strings of its words and filters; a facet value's count is `bit_count(value & found)`. Nothing
is read per hit. Villages and districts have no strings: a rebuild numbers products by village, so that an area is a range of bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from catalog.search.facets import DIMENSIONS, MAX_VALUES, Facets, band_value, ranked
from catalog.search.postgres_lexemes import EVERY, STEPS, area_code, area_number, fact
from catalog.search.postgres_matching import Condition
from catalog.search.postgres_tables import CHUNK, CHUNK_BITS, ZERO
from catalog.search.request import FacetValue, SearchRequest
from catalog.search.validity import is_listed, read_claims

#: A filter as the SQL of the bits that pass it.
Filters = dict[str, str]
_ONES = f"~({ZERO})"
_GATHERED = f"number >> {CHUNK_BITS} AS chunk, set_bit({ZERO}, number & {CHUNK - 1}, 1) AS bits"
_LISTED = "listed"
AREA_TABLES = (("district", "district_piece"), ("village", "piece"))
Counts = dict[str, dict[Any, int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many products match, how many of them pass the filters, how many of these match in their names; and the facets."""

    matched: int
    total: int
    in_names: int = 0
    facets: Facets = field(default_factory=dict)


class Counter:
    """Counts for one request."""

    def __init__(self, connection: Connection, request: SearchRequest) -> None:
        self._connection = connection
        self._request = request
        self._values: dict[str, Any] = {}
        self._names = (f"v{number}" for number in count())

    @cached_property
    def papers(self) -> dict[str, int]:
        """Set of certificates -> how many products have it."""
        return self._facts("certificates")

    # what is asked

    def total(self, alternatives: Sequence[Sequence[Condition]]) -> int:
        """How many products meet all conditions of any of `alternatives`, whatever the filters."""
        found = f"WITH {self._matched(alternatives)} SELECT coalesce(sum(bit_count(bits)), 0) FROM matched"
        return int(self._connection.scalar(text(found), self._values) or 0)

    def answer(self, alternatives: Sequence[Sequence[Condition]], in_names: Sequence[Condition] = ()) -> Counted:
        """Totals and facets; without `alternatives` everything is meant."""
        filters = self._filters()
        if not alternatives and not filters:
            return self._everything()
        parts = self._found(alternatives, filters)
        parts += [f"free_{name} AS MATERIALIZED ({_all_of('matched', filters, name)})" for name in filters if name != _LISTED]
        if in_names:
            parts.append(self._matched([in_names], "named"))
        counts: Counts = {"matched": {}, "total": {}, "names": {}, **{dimension: {} for dimension in DIMENSIONS}}
        for kind, value, number in self._connection.execute(text(self._counting(parts, filters, bool(in_names))), self._values):
            counts[kind][value] = int(number)
        matched, total, named = (counts[kind].get("", 0) for kind in ("matched", "total", "names"))
        return Counted(matched, total, named, self._facets(counts) if self._request.with_facets else {})

    def numbers(self, alternatives: Sequence[Sequence[Condition]]) -> list[int]:
        """The numbers of all products that meet the conditions and pass the filters; for few."""
        parts = ", ".join(self._found(alternatives, self._filters()))
        rows = self._connection.execute(text(f"WITH {parts} SELECT chunk, bits FROM found WHERE bit_count(bits) > 0"), self._values)
        return [(chunk << CHUNK_BITS) + place for chunk, bits in rows for place in _places(bits)]

    # what the SQL is made of

    def _found(self, alternatives: Sequence[Sequence[Condition]], filters: Filters) -> list[str]:
        """What matches, what passes each filter, and what does both, as parts of a statement."""
        parts = [self._matched(alternatives or [[Condition((EVERY,))]])]
        parts += [f"f_{dimension} AS MATERIALIZED ({rows})" for dimension, rows in filters.items()]
        return [*parts, f"found AS MATERIALIZED ({_all_of('matched', filters)})"]

    def _counting(self, parts: list[str], filters: Filters, has_names: bool) -> str:
        asked = ["SELECT 'matched' AS kind, '' AS value, coalesce(sum(bit_count(bits)), 0) AS n FROM matched"]
        asked.append("SELECT 'total', '', coalesce(sum(bit_count(bits)), 0) FROM found")
        if has_names:
            asked.append("SELECT 'names', '', coalesce(sum(bit_count(found.bits & named.bits)), 0) FROM found JOIN named USING (chunk)")
        if self._request.with_facets:
            asked += [self._values_of(dimension, filters) for dimension in ("category", "scheme", "certificates", "band", "in_stock")]
            asked += [self._areas_of(area, table, filters) for area, table in AREA_TABLES]
        return "WITH " + ", ".join(parts) + " " + " UNION ALL ".join(f"({each})" for each in asked)

    def _values_of(self, dimension: str, filters: Filters) -> str:
        source = {"certificates": "certificate", "band": "price"}.get(dimension, dimension)
        rows = f"free_{source}" if source in filters else "found"
        low, high = self._value(fact(dimension, "")), self._value(fact(dimension, "\U0010ffff"))
        start = len(fact(dimension, "")) + 1
        return (
            f"SELECT '{source}', substr(lexeme, {start}), sum(CAST(bit_count(bits.bits & {rows}.bits) AS integer))"
            f" FROM bits JOIN {rows} USING (chunk)"
            f" WHERE lexeme >= {low} AND lexeme < {high} GROUP BY lexeme"
        )

    def _areas_of(self, area: str, table: str, filters: Filters) -> str:
        """The areas with the most products; most villages lie in one piece, so that nothing has to be summed for them."""
        rows = f"free_{area}" if area in filters else "found"
        bits = f"CAST(bit_count(substring({rows}.bits FROM start FOR length)) AS integer)"
        pieces = f"FROM {table} JOIN {rows} USING (chunk) WHERE {area} > 0"
        order = f"ORDER BY 2 DESC, 1 LIMIT {MAX_VALUES}"
        parts = f"SELECT {area} AS number, sum({bits}) AS n {pieces} {{}} GROUP BY 1"
        counted = parts.format("")
        if area == "village":
            whole = f"SELECT village AS number, {bits} AS n {pieces} AND is_whole"
            chosen = f"{whole} AND village = {{}} UNION ALL {parts.format('AND NOT is_whole AND village = {}')}"
            counted = f"({whole} {order}) UNION ALL ({parts.format('AND NOT is_whole')})"
        else:
            chosen = parts.format("AND district = {}")
        most = f"SELECT * FROM ({counted}) AS counted WHERE n > 0 {order}"
        if value := getattr(self._request, area):
            number = self._value(area_number(value))
            most = f"({most}) UNION ({chosen.replace('{}', number)})"
        return f"SELECT '{area}', CAST(number AS text), n FROM ({most}) AS {area}s WHERE n > 0"

    def _matched(self, alternatives: Sequence[Sequence[Condition]], name: str = "matched") -> str:
        """The bits that meet all conditions of any alternative, as a part of a statement."""
        parts, unions = [], []
        seen: dict[Condition, str] = {}
        for conditions in alternatives:
            for condition in conditions:
                if condition not in seen:
                    seen[condition] = f"{name}_{len(seen)}"
                    parts.append(f"{seen[condition]} AS MATERIALIZED ({self._rows_of(condition)})")
            first, *others = dict.fromkeys(seen[condition] for condition in conditions)
            bits = " & ".join(f"{part}.bits" for part in (first, *others))
            unions.append(f"SELECT chunk, {bits} AS bits FROM {first}" + "".join(f" JOIN {part} USING (chunk)" for part in others))
        whole = (
            unions[0]
            if len(unions) == 1
            else f"SELECT chunk, bit_or(bits) AS bits FROM ({' UNION ALL '.join(unions)}) AS any_of GROUP BY 1"
        )
        return ", ".join([*parts, f"{name} AS MATERIALIZED ({whole})"])

    def _rows_of(self, condition: Condition) -> str:
        """The bits of one condition: strings where there are any, else products found in the index of words."""
        kept = set(self._connection.scalars(text(_HAVE_BITS), {"lexemes": list(condition.lexemes)}))
        rest = Condition(tuple(lexeme for lexeme in condition.lexemes if lexeme not in kept), condition.phrases)
        rows = [f"SELECT chunk, bits FROM bits WHERE lexeme = ANY({self._value(sorted(kept))})"] if kept else []
        if rest.lexemes or rest.phrases:
            rows.append(f"SELECT {_GATHERED} FROM product WHERE words @@ CAST({self._value(rest.query)} AS tsquery)")
        if not rows:
            return f"SELECT 0 AS chunk, {ZERO} AS bits WHERE false"
        return rows[0] if len(kept) == 1 and len(rows) == 1 else _any_of(rows)

    def _filters(self) -> Filters:
        """The filters that the request sets, by dimension."""
        asked, filters = self._request, Filters()
        for dimension in ("category", "scheme"):
            if chosen := getattr(asked, dimension):
                filters[dimension] = self._rows_of(Condition((fact(dimension, chosen),)))
        for area, table in AREA_TABLES:
            if chosen := getattr(asked, area):
                filters[area] = self._range_of(area, table, chosen)
        if asked.certificate:
            filters["certificate"] = self._with_papers(value for value in self.papers if asked.certificate in read_claims(value, asked.day))
        if asked.min_price is not None or asked.max_price is not None:
            filters["price"] = self._between(asked.min_price, asked.max_price)
        if asked.in_stock:
            filters["in_stock"] = self._rows_of(Condition((fact("in_stock", 1),)))
        if not all(is_listed(value, asked.day) for value in self.papers):
            filters[_LISTED] = self._with_papers(value for value in self.papers if is_listed(value, asked.day))
        return filters

    def _with_papers(self, values: Iterable[str]) -> str:
        return self._rows_of(Condition(tuple(fact("certificates", value) for value in values)))

    def _range_of(self, area: str, table: str, code: str) -> str:
        ones = f"(({_ONES}) >> (start - 1)) & (({_ONES}) << ({CHUNK} - start - length + 1))"
        return f"SELECT chunk, bit_or({ones}) AS bits FROM {table} WHERE {area} = {self._value(area_number(code) or -1)} GROUP BY 1"

    def _between(self, low: int | None, high: int | None) -> str:
        """Whole steps by their strings, the rest of the range product by product."""
        lowest, highest = -(2**62) if low is None else max(low, -(2**62)), 2**62 if high is None else min(high, 2**62)
        whole = [n for n, start in enumerate(STEPS) if (start >= lowest or (n == 0 and low is None)) and _end_of(n) <= highest]
        rows = []
        edges = [(lowest, highest)]
        if whole:
            rows.append(f"SELECT chunk, bits FROM bits WHERE lexeme = ANY({self._value([fact('step', n) for n in whole])})")
            edges = [(lowest, (STEPS[whole[0]] if whole[0] else -(2**62)) - 1), (_end_of(whole[-1]) + 1, highest)]
        for first, last in edges:
            if first <= last:
                rows.append(f"SELECT {_GATHERED} FROM product WHERE price BETWEEN {self._value(first)} AND {self._value(last)}")
        return _any_of(rows) if rows else f"SELECT 0 AS chunk, {ZERO} AS bits WHERE false"

    def _value(self, value: object) -> str:
        """`value` as a parameter of the statement."""
        name = next(self._names)
        self._values[name] = value
        kind = {int: "bigint", str: "text", list: "text[]"}[type(value)]
        return f"CAST(:{name} AS {kind})"

    # what comes back

    def _everything(self) -> Counted:
        """Without a question the counts of the facts are the answer: they are kept exact by every change."""
        total = self._known(EVERY)
        if not self._request.with_facets:
            return Counted(total, total)
        counts: Counts = {"certificate": dict(self.papers)}
        for dimension, source in (("category", "category"), ("scheme", "scheme"), ("band", "price"), ("in_stock", "in_stock")):
            counts[source] = dict(self._facts(dimension))
        for area in ("district", "village"):
            rows = self._connection.execute(text(_MOST.format(area=area)), {"start": len(f"#{area}=") + 1})
            counts[area] = dict(rows.all())
        return Counted(total, total, 0, self._facets(counts))

    def _known(self, lexeme: str) -> int:
        return int(self._connection.scalar(text("SELECT n FROM term WHERE lexeme = :lexeme"), {"lexeme": lexeme}) or 0)

    def _facts(self, dimension: str) -> dict[str, int]:
        start = fact(dimension, "")
        rows = self._connection.execute(text(_FACTS), {"low": start, "high": start + "\U0010ffff", "start": len(start) + 1})
        return dict(rows.all())

    def _facets(self, counts: Mapping[str, Mapping[str, int]]) -> Facets:
        asked = self._request
        papers: dict[str, int] = {}
        for value, number in counts["certificate"].items():
            for kind in read_claims(value, asked.day) if number else ():
                papers[kind] = papers.get(kind, 0) + number
        held = {value: number for value, number in counts["in_stock"].items() if number}
        bands = sorted((int(band), number) for band, number in counts["price"].items() if number)
        areas = {area: {area_code(int(number)): n for number, n in counts[area].items() if n} for area in ("district", "village")}
        simple = {name: {value: n for value, n in counts[name].items() if n and value} for name in ("category", "scheme")}
        return {
            "category": ranked(simple["category"], asked.category),
            "district": ranked(areas["district"], asked.district),
            "village": ranked(areas["village"], asked.village),
            "scheme": ranked(simple["scheme"], asked.scheme),
            "certificate": ranked(papers, asked.certificate),
            "price": tuple(FacetValue(band_value(band), number) for band, number in bands),
            "in_stock": tuple(FacetValue(value, held[key]) for value, key in (("true", "1"), ("false", "0")) if key in held),
        }


_HAVE_BITS = "SELECT lexeme FROM term WHERE lexeme = ANY(:lexemes) AND has_bits"
_FACTS = "SELECT substr(lexeme, :start), n FROM term WHERE lexeme >= :low AND lexeme < :high AND n > 0"
_MOST = (
    "SELECT substr(lexeme, :start), n FROM term WHERE lexeme LIKE '#{area}=%' AND lexeme <> '#{area}=0' AND n > 0"
    f" ORDER BY n DESC, lexeme LIMIT {MAX_VALUES}"
)


def _places(bits: str) -> Iterator[int]:
    """Where a bit string, as PostgreSQL writes it, has ones."""
    place = bits.find("1")
    while place >= 0:
        yield place
        place = bits.find("1", place + 1)


def _any_of(rows: Sequence[str]) -> str:
    return f"SELECT chunk, bit_or(bits) AS bits FROM ({' UNION ALL '.join(rows)}) AS any_of GROUP BY 1"


def _all_of(first: str, filters: Filters, without: str = "") -> str:
    """The bits that pass all filters but that of the dimension `without`."""
    names = [f"f_{name}" for name in filters if name != without]
    bits = " & ".join(f"{name}.bits" for name in (first, *names))
    return f"SELECT chunk, {bits} AS bits FROM {first}" + "".join(f" JOIN {name} USING (chunk)" for name in names)


def _end_of(step: int) -> int:
    """The last price of a step."""
    return STEPS[step + 1] - 1 if step + 1 < len(STEPS) else 2**62
