"""Which products answer a question: scored one by one while few do, described for counting and walking when many do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Any

from sqlalchemy import Connection, text

from catalog.search import analysis
from catalog.search.columns import Columns, NameTables
from catalog.search.matching import CODE, ENOUGH, MAX_COMPLETIONS, MIN_PREFIX
from catalog.search.near import NearWords, asked_keys
from catalog.search.postgres_lexemes import (
    ANY,
    IN_ANY,
    WORD,
    Term,
    all_certain,
    certain_terms,
    name_lexemes,
    quoted,
    recall_terms,
    strong_lexemes,
)
from catalog.search.postgres_lexemes import CODE as CODE_FIELD
from catalog.search.query import Query, Unit
from catalog.search.spelling import corrections_among

#: A question whose rarest word more products than this hold is answered by counting bits; of others every product is scored.
FEW = 2_000


@dataclass(frozen=True, slots=True)
class Condition:
    """What one unit asks: any of these lexemes, or any of these phrases."""

    lexemes: tuple[str, ...]
    phrases: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """It as a tsquery."""
        return " | ".join([*map(quoted, self.lexemes), *(f"({phrase})" for phrase in self.phrases)]) or "''"


@dataclass(slots=True)
class Found:
    """What a question found: `scores` by number when few products answer it, else `alternatives`, each a list of conditions."""

    scores: dict[int, float] = field(default_factory=dict)
    alternatives: list[list[Condition]] = field(default_factory=list)
    #: The same conditions for names alone: these products come first.
    in_names: list[Condition] = field(default_factory=list)
    total: int = 0
    partial: bool = False

    @property
    def query(self) -> str:
        """All of it as one tsquery."""
        return " | ".join(f"({conjunction(conditions)})" for conditions in self.alternatives)


def conjunction(conditions: Sequence[Condition]) -> str:
    """All of `conditions` as a tsquery."""
    return " & ".join(f"({condition.query})" for condition in conditions)


class Matcher:
    """Asks one generation; knows how many products hold each lexeme it has asked about."""

    def __init__(self, connection: Connection, documents: int, few: int, count: Callable[[Found], int]) -> None:
        """`count` says how many products meet any of the alternatives that a question found."""
        self._connection = connection
        self._documents = documents
        self._few = few
        self._count = count
        self._known: dict[str, int] = {}

    def known(self, lexeme: str) -> int:
        """How many products hold `lexeme`; 0 for one that was never learnt."""
        return self._known.get(lexeme, 0)

    def learn(self, lexemes: Iterable[str]) -> None:
        """Ask how many products hold each, in one statement."""
        asked = sorted(set(lexemes) - self._known.keys())
        if not asked:
            return
        self._known |= dict.fromkeys(asked, 0)
        rows = self._connection.execute(text("SELECT lexeme, n FROM term WHERE lexeme = ANY(:asked)"), {"asked": asked})
        self._known |= dict(rows.all())

    def match(self, query: Query) -> Found:
        """Products that hold every unit; if too few, with recall; if none, those that hold the most units."""
        if query.code:
            self.learn([CODE_FIELD + query.code])
            if self.known(CODE_FIELD + query.code):
                return self._scored([[Term(CODE_FIELD + query.code, CODE)]])
        if not query.units:
            return Found()
        self._learn_units(query.units)
        certain = [certain_terms(unit, self.known) for unit in query.units]
        found = self._all_of(certain)
        if found.total >= ENOUGH:
            return found
        wide = [self._recalled(unit, terms) for unit, terms in zip(query.units, certain, strict=True)]
        found = self._all_of(wide) if wide != certain else found
        return found if found.total else self._most_of(certain, wide)

    def _learn_units(self, units: Sequence[Unit]) -> None:
        lexemes: list[str] = []
        for unit in units:
            for known in (lambda _: 0, lambda _: 1):  # as it is wanted with and without a place of this name
                terms = certain_terms(unit, known)
                lexemes += [term.lexeme for term in terms if term.lexeme] + all_certain(terms)
            lexemes += strong_lexemes(unit) + [ANY + word for word in unit.words]
        self.learn(lexemes)

    def _recalled(self, unit: Unit, certain: list[Term]) -> list[Term]:
        begins = len(unit.words) == 1 and len(unit.words[0]) >= MIN_PREFIX and not unit.is_exact
        terms = recall_terms(unit, self.completions(unit.words[0], MAX_COMPLETIONS) if begins else ())
        self.learn(term.lexeme for term in terms)
        return [*terms, *certain]

    # all of the units, or most

    def _all_of(self, parts: list[list[Term]]) -> Found:
        """Products that meet every part."""
        sizes = [self._size(terms) for terms in parts]
        if not parts or not all(sizes):
            return Found()
        if min(sizes) <= self._few:
            return self._scored(parts)
        conditions = [self._condition(terms) for terms in parts]
        names = [Condition(tuple(self._held(name_lexemes(terms)))) for terms in parts]
        in_names = names if all(condition.lexemes for condition in names) else []
        return self._counted_out(Found(alternatives=[conditions], in_names=in_names))

    def _most_of(self, certain: list[list[Term]], wide: list[list[Term]]) -> Found:
        """Products that meet as many parts as any does, if that is at least half of them."""
        for parts in (certain, wide):
            reachable = [terms for terms in parts if self._size(terms)]
            if not reachable or 2 * len(reachable) < len(parts):
                continue
            found = self._all_of(reachable) if len(reachable) < len(parts) else Found()
            if not found.total and len(reachable) > 1 and 2 * (len(reachable) - 1) >= len(parts):
                found = self._all_but_one(reachable, len(parts))
            if found.total:
                found.partial = True
                return found
        return Found()

    def _all_but_one(self, parts: list[list[Term]], wanted: int) -> Found:
        if max(map(self._size, parts)) <= self._few:
            return self._scored(parts, at_least=-(-wanted // 2))
        conditions = [self._condition(terms) for terms in parts]
        alternatives = [[other for other in conditions if other is not left_out] for left_out in conditions]
        return self._counted_out(Found(alternatives=alternatives))

    def _counted_out(self, found: Found) -> Found:
        found.total = self._count(found)
        return found

    def _held(self, lexemes: Iterable[str]) -> list[str]:
        return [lexeme for lexeme in lexemes if self.known(lexeme)]

    def _size(self, terms: Sequence[Term]) -> int:
        """How many products may meet `terms`; an upper bound, 0 only if there is none."""
        phrases = [word for term in terms if term.phrase for word in self._words_of(term.phrase)]
        lexemes = self._held(self._counted(terms))
        return min(map(self.known, phrases)) if phrases else sum(map(self.known, lexemes))

    @staticmethod
    def _words_of(phrase: str) -> list[str]:
        return [word.strip("'").removesuffix("':A") for word in phrase.split(" <-> ")]

    @staticmethod
    def _counted(terms: Sequence[Term]) -> list[str]:
        """Lexemes that together hold the products of `terms`: those of the unit itself, and all of recall."""
        certain = all_certain(terms)
        return [*certain, *(term.lexeme for term in terms if term.lexeme and term.lexeme not in certain and not _is_covered(term, certain))]

    def _condition(self, terms: Sequence[Term]) -> Condition:
        phrases = tuple(term.phrase for term in terms if term.phrase and not term.phrase.endswith(":A"))
        return Condition(tuple(self._held(self._counted(terms))), phrases)

    # one by one

    def _scored(self, parts: list[list[Term]], at_least: int = 0) -> Found:
        """Every product that meets all parts (or as many as any does, but `at_least` so many), with its score."""
        sizes = [self._size(terms) for terms in parts]
        rarest = sizes.index(min(sizes))
        guard = self._condition(parts[rarest]).query
        asked: list[tuple[int, str, float]] = []
        for number, terms in enumerate(parts):
            guarded = "" if at_least or number == rarest else f" & ({guard})"
            asked += [(number, f"({term.query}){guarded}", term.worth) for term in terms if term.phrase or self.known(term.lexeme)]
        rows = self._connection.execute(
            text(_BEST), {"parts": [a for a, _, _ in asked], "queries": [b for _, b, _ in asked], "worths": [c for _, _, c in asked]}
        )
        weights = [log(1 + (self._documents + 1) / (size + 1)) for size in sizes]
        scores: dict[int, float] = {}
        met: dict[int, int] = {}
        for number, part, worth in rows:
            scores[number] = scores.get(number, 0.0) + worth * weights[part]
            met[number] = met.get(number, 0) + 1
        wanted = max(met.values(), default=0) if at_least else len(parts)
        kept = {number: score for number, score in scores.items() if met[number] == wanted >= at_least}
        return Found(scores=kept, total=len(kept))

    # words

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The most frequent words of names, makers and places that start with `beginning`, in the spelling the index keeps."""
        rows = self._connection.execute(
            text(_COMPLETIONS), {"low": WORD + beginning, "high": WORD + beginning + "\U0010ffff", "limit": limit}
        )
        words = {lexeme[1:]: n for lexeme, n in rows}
        spelt = {kept for written, kept in analysis.variants().items() if written.startswith(beginning)} - words.keys()
        self.learn(WORD + word for word in spelt)
        words |= {word: self.known(WORD + word) for word in spelt if self.known(WORD + word)}
        return sorted(words, key=lambda word: (words[word], word), reverse=True)[:limit]

    def corrections(self, word: str, limit: int = 3) -> list[str]:
        """Known words one typing error away (two for long words), nearest and most frequent first; never `word` itself."""
        keys = sorted(asked_keys(word))
        if not keys:
            return []
        near = set(self._connection.scalars(text("SELECT DISTINCT word FROM near WHERE key = ANY(:keys)"), {"keys": keys}))
        spelling = analysis.variants()
        near |= set(_variants().candidates(word))
        self.learn(WORD + spelling.get(known, known) for known in near)
        frequencies = {known: self.known(WORD + spelling.get(known, known)) for known in near}
        return corrections_among({known: n for known, n in frequencies.items() if n > 0}, word, limit)

    # facts

    def columns(self, numbers: Sequence[int]) -> Columns:
        """The facts of some products, one row each, by number."""
        columns = Columns(NameTables())
        rows = self._connection.execute(text(_FACTS), {"numbers": list(numbers)})
        for product_id, price, available, published, popularity, latitude, longitude, name_length, *names, certificates in rows:
            facts = {
                "product_id": product_id,
                "price": price,
                "available": available,
                "published": published,
                "popularity": popularity,
                "latitude": latitude,
                "longitude": longitude,
                "name_length": name_length,
            }
            category, district, village, scheme = names
            columns.add_row(facts, category, district, village, scheme, certificates.split(",") if certificates else ())
        return columns

    def texts(self, product_ids: Sequence[int]) -> dict[int, Any]:
        """Slug, both names and both texts by product id."""
        statement = text("SELECT product_id, slug, name_id, name_en, text_id, text_en FROM product WHERE product_id = ANY(:ids)")
        return {row[0]: row[1:] for row in self._connection.execute(statement, {"ids": list(product_ids)})}


def _is_covered(term: Term, certain: Sequence[str]) -> bool:
    """Whether whoever holds `term` holds one of `certain` too."""
    return term.lexeme[0] in IN_ANY and ANY + term.lexeme[1:] in certain


@lru_cache(maxsize=1)
def _variants() -> NearWords:
    """Other spellings that people write, findable with a typing error."""
    return NearWords.of(analysis.variants())


_BEST = (
    "SELECT number, part, max(worth) FROM unnest(CAST(:parts AS integer[]), CAST(CAST(:queries AS text[]) AS tsquery[]),"
    " CAST(:worths AS double precision[])) AS asked (part, query, worth) JOIN product ON words @@ query GROUP BY 1, 2"
)
_COMPLETIONS = "SELECT lexeme, n FROM term WHERE lexeme >= :low AND lexeme < :high AND n > 0 ORDER BY n DESC, lexeme DESC LIMIT :limit"
_FACTS = (
    "SELECT product_id, price, available, published, popularity, latitude, longitude, name_length, category, district, village,"
    " scheme, certificates FROM product JOIN unnest(CAST(:numbers AS integer[])) WITH ORDINALITY"
    " AS asked (number, place) USING (number) ORDER BY place"
)
