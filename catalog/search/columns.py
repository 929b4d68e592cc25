"""The facts of all findable products side by side in arrays, so that filters, facets and sorts never ask the index per hit."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from itertools import islice

from catalog.search.bits import among, pack, unpack
from catalog.search.document import SearchDocument
from catalog.search.request import Sort

#: Where the price bands of the facet begin, in rupiah.
PRICE_BANDS = (0, 25_000, 50_000, 100_000, 250_000, 500_000)
#: Facets whose values stand together in the number `kind` of a row, and in the number `place`.
KIND = ("category", "scheme", "certificate", "price", "in_stock")
PLACE = ("district", "village")


class Names:
    """Numbers for values (category, area code, …), handed out once and kept: arrays of numbers, one table of names."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: str) -> int:
        """The number of `value`, a new one if it was never seen."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(value)
        return number

    def find(self, value: str) -> int:
        """The number of `value`, or -1."""
        return self._numbers.get(value, -1)


class Combinations:
    """Numbers for values that stand together on a row: a row is counted once for all its facets, not once for each."""

    def __init__(self, *dimensions: str) -> None:
        #: Dimension -> its value in each combination, by the combination's number.
        self.parts: dict[str, list[int]] = {dimension: [] for dimension in dimensions}
        self._numbers: dict[tuple[int, ...], int] = {}

    def number(self, values: tuple[int, ...]) -> int:
        """The number of `values`, in the order of the dimensions; a new one if they were never seen together."""
        number = self._numbers.get(values)
        if number is None:
            for part, value in zip(self.parts.values(), values, strict=True):
                part.append(value)
            number = self._numbers[values] = len(self._numbers)
        return number


class NameTables:
    """The tables of names of one engine; they only grow, so that arrays of different ages stay comparable."""

    def __init__(self) -> None:
        self.category = Names()
        self.district = Names()
        self.village = Names()
        self.scheme = Names()
        #: A product's whole set of certificates is one value: "halal,pirt" (catalog.search.validity).
        self.certificate = Names()
        self.kind = Combinations(*KIND)
        self.place = Combinations(*PLACE)


class Columns:
    """One row per document; row numbers are the document numbers of the matching. `alive` says which rows count."""

    def __init__(self, names: NameTables) -> None:
        self.names = names
        self.product_id = array("q")
        self.price = array("q")
        self.available = array("q")
        self.published = array("q")
        self.popularity = array("q")
        #: NaN where unknown.
        self.latitude = array("f")
        self.longitude = array("f")
        self.name_length = array("B")
        #: Numbers of combinations in `names`; the price stands there as its place in PRICE_BANDS.
        self.kind = array("I")
        self.place = array("I")
        #: Made once per segment: 1 where there is stock,
        self.in_stock = array("B")
        #: and what a match is multiplied by and gains beside equals: being in stock, being popular.
        self.factor = array("f")
        self.bonus = array("f")
        self.deleted: frozenset[int] = frozenset()
        #: What these rows were joined of.
        self.parts: Sequence[Columns] = ()

    def __len__(self) -> int:
        return len(self.product_id)

    @classmethod
    def joined(cls, names: NameTables, parts: Iterable[Columns]) -> Columns:
        """The rows of `parts` one after the other; which rows are deleted is set by the caller."""
        whole = cls(names)
        whole.parts = list(parts)
        for part in whole.parts:
            for key in ARRAYS:
                getattr(whole, key).extend(getattr(part, key))
        return whole

    def add(self, document: SearchDocument) -> None:
        """Append one document."""
        place = (document.category, document.district_code, document.village_code)
        self.add_row(numbers(document), *place, document.scheme, document.certificates)

    def add_row(
        self, facts: Mapping[str, float | None], category: str, district: str, village: str, scheme: str, papers: Sequence[str]
    ) -> None:
        """Append one row; a coordinate may be None. The index fills the arrays in one go instead."""
        names = self.names
        for key, value in facts.items():
            getattr(self, key).append(UNKNOWN if value is None else value)
        self.in_stock.append(self.available[-1] > 0)
        numbers = names.category.number(category), names.scheme.number(scheme), names.certificate.number(",".join(sorted(papers)))
        self.kind.append(names.kind.number((*numbers, band_of(self.price[-1]), self.in_stock[-1])))
        self.place.append(names.place.number((names.district.number(district), names.village.number(village))))
        self.factor.append(_FACTORS[self.in_stock[-1]])
        self.bonus.append(_bonus(self.popularity[-1]))

    @cached_property
    def alive(self) -> int:
        """The rows that count, as bits."""
        return (1 << len(self)) - 1 & ~pack(self.deleted, len(self))

    @cached_property
    def marks(self) -> dict[str, dict[int, int]]:
        """Dimension of KIND -> number of a value -> the rows that have it, as bits, living or not."""
        if self.parts:
            return self._joined_marks()
        rows = defaultdict[int, list[int]](list)
        for row, kind in enumerate(self.kind):
            rows[kind].append(row)
        packed = {kind: pack(found, len(self)) for kind, found in rows.items()}
        marks: dict[str, dict[int, int]] = {}
        for dimension, part in self.names.kind.parts.items():
            marks[dimension] = defaultdict(int)
            for kind, bits in packed.items():
                marks[dimension][part[kind]] |= bits
        return marks

    def _joined_marks(self) -> dict[str, dict[int, int]]:
        marks: dict[str, dict[int, int]] = {dimension: defaultdict(int) for dimension in KIND}
        first = 0
        for part in self.parts:
            for dimension, values in part.marks.items():
                for number, bits in values.items():
                    marks[dimension][number] |= bits << first
            first += len(part)
        return marks

    def priced(self, low: int, high: int) -> int:
        """The rows that cost from `low` to `high`, as bits; kept, since buyers choose among few ranges."""
        ranges: OrderedDict[tuple[int, int], int] = self._ranges
        bits = ranges.get((low, high))
        if bits is None:
            bits = pack((row for row, price in enumerate(self.price) if low <= price <= high), len(self))
            ranges[low, high] = bits
            if len(ranges) > _KEPT_RANGES:
                with suppress(KeyError):  # another thread was faster
                    ranges.popitem(last=False)
        return bits

    @cached_property
    def _ranges(self) -> OrderedDict[tuple[int, int], int]:
        return OrderedDict()

    def derive(self) -> None:
        """Fill what is made from stock and popularity after the other arrays were filled in one go."""
        self.in_stock = array("B", (units > 0 for units in self.available))
        self.factor = array("f", map(_FACTORS.__getitem__, self.in_stock))
        self.bonus = array("f", map(_bonus, self.popularity))

    def carry_orders(self, before: Columns, removed: Iterable[int], added: Iterable[int]) -> None:
        """Take the orders of `before` over a small change instead of sorting everything again.

        Its rows are ours, except those `removed`.
        """
        for sort, known in list(before._orders.items()):
            order, key, old_key = known[:], self._key(sort), before._key(sort)
            for row in removed:
                del order[bisect_left(order, old_key(row), key=old_key)]
            for row in added:
                order.insert(bisect_left(order, key(row), key=key), row)
            self._orders[sort] = order

    def _key(self, sort: Sort) -> Callable[[int], tuple[int, ...]]:
        """What `ordered` sorts by, as one key."""
        ids, price, published, popularity, in_stock = self.product_id, self.price, self.published, self.popularity, self.in_stock
        if sort is Sort.PRICE:
            return lambda row: (price[row], ids[row])
        if sort is Sort.PRICE_DESC:
            return lambda row: (-price[row], ids[row])
        if sort is Sort.NEWEST:
            return lambda row: (-published[row], ids[row])
        return lambda row: (-in_stock[row], -popularity[row], -published[row], ids[row])

    def browse_order(self, sort: Sort) -> array[int]:
        """All living rows in the order `sort` gives without a question; kept, because every list page asks for it."""
        orders: dict[Sort, array[int]] = self._orders
        if sort not in orders:
            orders[sort] = array("I", self.ordered(unpack(self.alive), sort))
        return orders[sort]

    def ordered(self, rows: Iterable[int], sort: Sort) -> list[int]:
        """`rows` sorted by price, by age, or (for any other sort) by stock, popularity and age.

        Ties fall to the older product, so that pages never overlap. Stable sorts by one array each, least important
        first, are several times faster than one sort by a tuple.
        """
        ranked = sorted(rows, key=self.product_id.__getitem__)
        if sort is Sort.PRICE:
            ranked.sort(key=self.price.__getitem__)
        elif sort is Sort.PRICE_DESC:
            ranked.sort(key=self.price.__getitem__, reverse=True)
        else:
            ranked.sort(key=self.published.__getitem__, reverse=True)
            if sort is not Sort.NEWEST:
                ranked.sort(key=self.popularity.__getitem__, reverse=True)
                ranked.sort(key=self.in_stock.__getitem__, reverse=True)
        return ranked

    def first(self, rows: int, sort: Sort, count: int, low: int | None = None) -> list[int]:
        """The first `count` of `rows` (bits), `ordered`. Where these are many, those met first on a walk along all rows in that order.

        None of `rows` costs less than `low`.
        """
        most = rows.bit_count() * _WALK
        if count * _WALK < most:
            order = self.browse_order(sort)
            start = bisect_left(order, low, key=self.price.__getitem__) if sort is Sort.PRICE and low else 0
            met = list(islice(among(order[start : start + most], rows, len(self)), count))
            if len(met) == count:
                return met
        return self.ordered(unpack(rows), sort)[:count]

    @cached_property
    def _orders(self) -> dict[Sort, array[int]]:
        return {}


#: Names of all arrays of `Columns`; `numbers()` fills the first eight.
ARRAYS = (
    "product_id",
    "price",
    "available",
    "published",
    "popularity",
    "latitude",
    "longitude",
    "name_length",
    "kind",
    "place",
    "in_stock",
    "factor",
    "bonus",
)

UNKNOWN = float("nan")
_MOST = 2**62
#: Ranges of prices remembered, of 12 kB each for 100,000 products.
_KEPT_RANGES = 16
#: How many rows may be passed for each one looked for, before sorting these is the quicker way.
_WALK = 8
#: Of what is sold out, and of what is there.
_FACTORS = (0.9, 1.0)


def numbers(document: SearchDocument) -> dict[str, float]:
    """The numeric facts of a document by array name; absurd values are brought into range instead of failing an index."""
    return {
        "product_id": document.product_id,
        "price": _within(document.price),
        "available": _within(document.available),
        "published": _seconds(document.published_at),
        "popularity": _within(document.popularity),
        "latitude": UNKNOWN if document.latitude is None else document.latitude,
        "longitude": UNKNOWN if document.longitude is None else document.longitude,
        "name_length": min(255, len(document.name_id.split())),
    }


def band_of(price: int) -> int:
    """The place in PRICE_BANDS to which a price belongs."""
    return max(0, bisect_right(PRICE_BANDS, price) - 1)


def _bonus(popularity: int) -> float:
    return min(popularity, 1000) / 2000


def _within(value: int) -> int:
    return max(-_MOST, min(_MOST, value))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
