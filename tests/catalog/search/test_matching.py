"""Our reading of Whoosh's files held to Whoosh's own query API: random catalogues in several segments with deletions, random questions.

What is compared: which products answer, how many, every facet, and the whole order wherever a buyer chose one. Relevance is ours
(names outweigh texts); of it only the set of products is compared, and that equal products stand by their number.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as q
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher
from whoosh.sorting import Count, FieldFacet

from catalog.search import analysis, whoosh_writing
from catalog.search.bits import pack
from catalog.search.columns import PRICE_BANDS, Columns, NameTables
from catalog.search.document import SearchDocument
from catalog.search.facets import band_value
from catalog.search.matching import ENOUGH, Matches, Part, best
from catalog.search.request import SearchRequest, SearchResult, Sort
from catalog.search.whoosh_engine import WhooshEngine
from catalog.search.whoosh_files import INDEX_NAME, LABEL, schema

SYLLABLES = ("ba", "ke", "lo", "mu", "ti", "ra", "su", "ne")
#: Enough different words that questions find from nothing to half of a catalogue.
WORDS = sorted({a + b + "x" for a in SYLLABLES for b in SYLLABLES})
CATEGORIES, SCHEMES = ("kopi", "kain", "anyaman", "bumbu"), ("ovop", "ocop", "osop")
PAPERS: tuple[tuple[str, ...], ...] = ((), ("pirt",), ("halal", "pirt"), ("bpom",))
SORTS = {Sort.PRICE: ("n_price", False), Sort.PRICE_DESC: ("n_price", True), Sort.NEWEST: ("n_published", True)}


class _Column(q.ColumnQuery):  # type: ignore[misc]
    """Whoosh's own, able to stand beside other conditions."""

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())


def document(number: int, dice: random.Random) -> SearchDocument:
    """An invented product; some share price, age and popularity, so that ties are common."""
    village = dice.randrange(12)
    return SearchDocument(
        product_id=number,
        slug=f"p-{number}",
        name_id=" ".join(dice.choices(WORDS, k=dice.randint(1, 4))),
        name_en=" ".join(dice.choices(WORDS, k=dice.randint(0, 2))),
        text_id=" ".join(dice.choices(WORDS, k=dice.randint(0, 20))),
        text_en=" ".join(dice.choices(WORDS, k=dice.randint(0, 6))),
        maker=f"{WORDS[village]} {WORDS[-village - 1]}",
        maker_slug=f"m-{village}",
        village=WORDS[village * 2],
        village_code=f"16.01.{village // 4:02d}.{village:04d}",
        district=WORDS[village // 4],
        district_code=f"16.01.{village // 4:02d}",
        regency="Contoh",
        category=(category := dice.choice(CATEGORIES)),
        category_names=f"{category}\n{category}",
        scheme=dice.choice(SCHEMES),
        certificates=dice.choice(PAPERS),
        codes=(f"K{number:06d}",),
        price=5_000 * dice.randint(1, 60),
        available=dice.choice((0, 0, 3, 9)),
        latitude=None,
        longitude=None,
        published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=dice.randrange(40)),
        popularity=dice.randrange(5),
    )


@dataclass
class Pair:
    """The same folder, read by us and by Whoosh."""

    ours: WhooshEngine
    theirs: Searcher


def make_pair(folder: Path, seed: int) -> Pair:
    """A catalogue of some hundred products: a large segment, later commits, changed and deleted products."""
    dice = random.Random(seed)
    ours = WhooshEngine(folder)
    count = dice.randint(60, 250)
    ours.rebuild([document(number, dice) for number in range(1, count)])
    for _ in range(dice.randint(0, 6)):
        changed = dice.sample(range(1, count + 40), dice.randint(1, 12))
        for sort in (Sort.RELEVANCE, *SORTS):  # what is kept of these lists is carried over the change
            ours.search(SearchRequest(sort=sort))
            ours.search(SearchRequest(sort=sort, category="kopi", in_stock=True))
        ours.apply([document(number, dice) for number in changed[::2]], changed[1::2])
        if dice.random() < 0.3:
            ours.tidy()
    generation = next(folder.glob("generation-*"))
    return Pair(ours, FileIndex(FileStorage(str(generation)), schema(), INDEX_NAME).searcher())


def question(dice: random.Random) -> SearchRequest:
    """Words, filters and an order, in any combination a page allows."""
    low = dice.choice((None, None, 20_000, 100_000))
    return SearchRequest(
        text=" ".join(dice.choices(WORDS, k=dice.choice((0, 1, 1, 1, 2, 2, 3)))),
        category=dice.choice((None, None, None, *CATEGORIES)),
        district=dice.choice((None, None, None, "16.01.00", "16.01.02")),
        scheme=dice.choice((None, None, None, *SCHEMES)),
        certificate=dice.choice((None, None, None, "halal", "pirt")),
        min_price=low,
        max_price=dice.choice((None, 150_000)) if low else None,
        in_stock=dice.random() < 0.2,
        sort=dice.choice((Sort.RELEVANCE, *SORTS)),
        page=dice.choice((1, 1, 1, 2)),
        page_size=dice.choice((200, 200, 10, 3)),
    )


def expected_query(text: str) -> q.Query:
    """The certain answers in Whoosh's words: every word in some field, or everything."""
    words = dict.fromkeys(analysis.words(text))
    if not words:
        return q.Term("key", "every")
    fields = ("name", "text", "maker", "place", "regency", "category", "code")
    stems = {word: [stem for stem in analysis.stems([word]) if stem != word] for word in words}
    return q.And(
        [
            q.Or([q.Term(field, word) for field in fields] + [q.Term(field, s) for s in stems[word] for field in ("name", "name_stem")])
            for word in words
        ]
    )


def conditions(request: SearchRequest) -> dict[str, q.Query]:
    """The filters by dimension, asked of Whoosh's columns."""

    def starts(value: str) -> Any:
        return lambda stored: stored.decode().split(LABEL)[0] == value

    found: dict[str, q.Query] = {}
    for dimension in ("category", "district", "scheme"):
        if value := getattr(request, dimension):
            found[dimension] = _Column("r_" + dimension, starts(value))
    if kind := request.certificate:
        found["certificate"] = _Column("r_certificate", lambda stored: kind in stored.decode().split(","))
    low, high = request.min_price, request.max_price
    if low is not None or high is not None:
        found["price"] = _Column("n_price", lambda price: (low or 0) <= price <= (high or 10**12))
    if request.in_stock:
        found["in_stock"] = _Column("n_available", lambda units: units > 0)
    return found


def ask(searcher: Searcher, text: str, filters: list[q.Query], request: SearchRequest) -> Any:
    """Whoosh's answer with all groups, in the order asked for, ties by number."""
    order = [FieldFacet(*SORTS[request.sort])] if request.sort in SORTS else []
    groups = {name: FieldFacet(name) for name in ("r_category", "r_district", "r_village", "r_scheme", "r_certificate", "n_price")}
    groups["n_available"] = FieldFacet("n_available")
    return searcher.search(
        q.And([expected_query(text), *filters]), limit=None, sortedby=[*order, FieldFacet("n_product_id")], groupedby=groups, maptype=Count
    )


def facet(groups: dict[Any, int], dimension: str) -> dict[str, int]:
    """Whoosh's counts of one column in our facet's values."""
    counts: Counter[str] = Counter()
    for stored, found in groups.items():
        if dimension == "price":
            counts[band_value(sum(stored >= start for start in PRICE_BANDS) - 1)] += found
        elif dimension == "in_stock":
            counts["true" if stored > 0 else "false"] += found
        elif dimension == "certificate":
            counts.update(dict.fromkeys(filter(None, stored.decode().split(",")), found))
        else:
            counts[stored.decode().split(LABEL)[0]] += found
    return dict(counts)


COLUMN = {"price": "n_price", "in_stock": "n_available", "certificate": "r_certificate"}


def compare(pair: Pair, request: SearchRequest) -> bool:
    """Assert that both agree; False when the question went beyond certain answers, which only we give."""
    certain = ask(pair.theirs, request.text, [], request)
    if request.text and len(certain) < ENOUGH:
        return False
    filters = conditions(request)
    theirs, ours = ask(pair.theirs, request.text, list(filters.values()), request), pair.ours.search(request)
    assert ours.total == len(theirs), request
    numbers = [_number(pair.theirs, hit.docnum) for hit in theirs]
    found = [hit.product_id for hit in ours.hits]
    first = (request.page - 1) * request.page_size
    shown = numbers[first : first + request.page_size]
    if request.sort in SORTS:
        assert found == shown, request
    else:
        assert len(found) == len(shown), request
        assert sorted(found) == sorted(numbers) if len(shown) == len(numbers) else set(found) <= set(numbers), request
    _compare_facets(pair, request, filters, ours, theirs)
    return True


def _compare_facets(pair: Pair, request: SearchRequest, filters: dict[str, q.Query], ours: SearchResult, theirs: Any) -> None:
    for dimension in ours.facets:
        others = [condition for name, condition in filters.items() if name != dimension]
        answer = ask(pair.theirs, request.text, others, request) if dimension in filters else theirs
        groups = answer.groups(COLUMN.get(dimension, "r_" + dimension))
        shown = {value.value: value.count for value in ours.facets[dimension] if value.count}
        assert shown == facet(groups, dimension), (request, dimension)


def _number(searcher: Searcher, docnum: int) -> int:
    number: int = searcher.reader().column_reader("n_product_id")[docnum]
    return number


@pytest.fixture(autouse=True)
def _few_segments_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small catalogues are gathered too."""
    monkeypatch.setattr(whoosh_writing, "MANY_SMALL", 2)


def _run(folder: Path, catalogues: range, questions: int) -> int:
    compared = 0
    for seed in catalogues:
        pair = make_pair(folder / str(seed), seed)
        dice = random.Random(seed * 7_919)
        compared += sum(compare(pair, question(dice)) for _ in range(questions))
        pair.theirs.close()
    return compared


def test_two_hundred_questions_are_answered_as_whoosh_answers_them(tmp_path: Path) -> None:
    assert _run(tmp_path, range(4), 50) > 120


@pytest.mark.long
def test_twelve_thousand_questions_are_answered_as_whoosh_answers_them(tmp_path: Path) -> None:
    assert _run(tmp_path, range(100, 180), 200) > 10_000


def test_whoever_may_be_among_the_first_is_scored_to_the_end() -> None:
    """Most rows are never polished: nothing that polishing adds could bring them onto the page. And few are summed up one by one."""
    dice = random.Random(7)
    columns = Columns(NameTables())
    for number in range(1, 2_000):
        columns.add(document(number, dice))
    every_row = range(len(columns))
    for count, asked in (
        (1, every_row),
        (24, every_row),
        (300, every_row),
        (5_000, every_row),
        (24, every_row[:400]),
        (1, every_row[:400]),
    ):
        parts = []
        for weight in (2.8, 0.3, 1.7):
            worth = {row: dice.choice((0.0, 2.5, 4.0, 8.5, 10.0)) for row in every_row}
            tiers = [(value, pack((row for row in asked if worth[row] == value), 2_000)) for value in (10.0, 8.5, 4.0, 2.5)]
            parts.append(Part(tiers, reduce(or_, (bits for _, bits in tiers)), weight))
        found = Matches(pack(asked, 2_000), parts, words=2)
        every, few = (best(found.held, found, columns, wanted) for wanted in (len(asked), count))
        ranked = sorted(every, key=lambda row: (-every[row], row))
        assert len(ranked) == len(asked)
        assert sorted(few, key=lambda row: (-few[row], row))[:count] == ranked[:count]
        assert all(every[row] < every[ranked[min(count, len(ranked)) - 1]] for row in every.keys() - few.keys())
