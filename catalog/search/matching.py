"""Which documents answer a question and how well: exact words first, recall fields second, partial answers last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from itertools import repeat
from math import log
from typing import Protocol

from catalog.search import analysis
from catalog.search.columns import Columns
from catalog.search.query import Query, Unit

#: With fewer certain answers than this the recall fields are asked too.
ENOUGH = 3
#: Names a typed beginning is completed to.
MAX_COMPLETIONS = 12
MIN_PREFIX = 2

#: What a match is worth, by field. Codes beat everything; a word in the running text only just counts.
CODE, NAME, NAME_MEANING, NAME_STEM, MAKER, PLACE, CATEGORY = 100.0, 10.0, 8.5, 6.0, 6.0, 6.0, 4.0
COMPLETED, NARROWER, TEXT, TEXT_MEANING, TEXT_STEM = 5.0, 4.0, 2.5, 1.6, 1.0
#: How repeated mentions in a text add up: one counts half of the field's worth, many nearly all.
_FREQUENCY = [count / (count + 1.0) for count in range(256)]

Scores = dict[int, float]


class Postings(Protocol):
    """What the matching needs from an index."""

    columns: Columns

    def rows(self, field: str, term: str) -> Sequence[int]:
        """The living rows whose `field` holds `term`, ascending."""
        ...

    def counted_rows(self, field: str, term: str) -> tuple[Sequence[int], Sequence[int]]:
        """The same, with how often the term occurs in each."""
        ...

    def phrase(self, words: Sequence[str]) -> tuple[Sequence[int], Sequence[int]]:
        """The living rows that hold `words` next to each other, in the name and else in the text."""
        ...

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The most frequent words of names, makers and places that start so."""
        ...


@dataclass(slots=True)
class Matches:
    """Rows with their scores, and how far they had to be fetched."""

    scores: Scores = attribute(default_factory=dict)
    #: Not every unit was matched by these rows.
    partial: bool = False


def match(query: Query, postings: Postings, *, is_ranked: bool = True) -> Matches:
    """Rows that hold every unit; if too few, with the recall fields; if none, those that hold the most units.

    Words in quotation marks are meant as they stand: nothing replaces them. Who sorts by something else than relevance
    says so with `is_ranked`: the scores then only tell which rows there are.
    """
    if query.code:
        rows = postings.rows("code", query.code)
        if rows:
            return Matches(dict.fromkeys(rows, CODE))
    if not query.units:
        return Matches()
    certain = [certain_rows(unit, postings) for unit in query.units]
    scores = _all_of(certain, postings)
    if len(scores) >= ENOUGH:
        return Matches(_polished(scores, query, postings) if is_ranked else scores)
    wide = [_merged(recall_rows(unit, postings), sure) for unit, sure in zip(query.units, certain, strict=True)]
    scores = _all_of(wide, postings) or scores
    if scores:
        return Matches(_polished(scores, query, postings) if is_ranked else scores)
    partly = _most_of(certain, postings) or _most_of(wide, postings)
    return Matches(_polished(partly, query, postings), partial=True)


def certain_rows(unit: Unit, postings: Postings) -> Scores:
    """Rows that hold the unit itself: its words unstemmed, its meaning, or its stem in a name."""
    found: Scores = {}
    if unit.is_exact:
        in_name, in_text = postings.phrase(unit.words)
        _put(found, in_text, TEXT)
        _put(found, in_name, NAME)
        return found
    word = unit.words[0] if len(unit.words) == 1 else ""
    marked = [analysis.MEANING_MARK + meaning for meaning in unit.meanings]
    if word:
        rows, counts = postings.counted_rows("text", word)
        found.update(zip(rows, (TEXT * _FREQUENCY[min(255, count)] for count in counts), strict=True))
    for term in (*marked, word):
        _put(found, postings.rows("category", term), CATEGORY)
    for stem in unit.stems:
        for field in ("name_stem", "name"):  # a stem that is the word itself is kept only there
            _put(found, postings.rows(field, stem), NAME_STEM)
    # A regency may be named after its districts (Penukal Abab Lematang Ilir): the district is meant.
    _put(found, postings.rows("place", word) or postings.rows("regency", word), PLACE)
    _put(found, postings.rows("maker", word), MAKER)
    for term in marked:
        _put(found, postings.rows("name", term), NAME_MEANING)
    _put(found, postings.rows("name", word), NAME)
    _put(found, postings.rows("code", word), CODE)
    return found


def is_strong(unit: Unit, postings: Postings) -> bool:
    """Whether anything but the running text knows the unit; if not, it may be a typing error."""
    if any(postings.rows(field, analysis.MEANING_MARK + meaning) for meaning in unit.meanings for field in ("name", "category")):
        return True
    word = unit.words[0]
    return any(postings.rows(field, word) for field in ("name", "place", "regency", "maker", "category", "code"))


def recall_rows(unit: Unit, postings: Postings) -> Scores:
    """Rows that hold something close to the unit: stems and meanings in the text, narrower meanings, completed words."""
    found: Scores = {}
    if unit.is_exact:
        return found
    for stem in unit.stems:
        for field in ("text_stem", "text"):
            _put(found, postings.rows(field, stem), TEXT_STEM)
    for meaning in unit.meanings:
        _put(found, postings.rows("text", analysis.MEANING_MARK + meaning), TEXT_MEANING)
    for meaning in analysis.narrower(unit.meanings):
        for field in ("category", "name"):
            _put(found, postings.rows(field, analysis.MEANING_MARK + meaning), NARROWER)
    if len(unit.words) == 1 and len(unit.words[0]) >= MIN_PREFIX:
        for word in postings.completions(unit.words[0], MAX_COMPLETIONS):
            for field in ("regency", "maker", "place", "name"):
                _put(found, postings.rows(field, word), COMPLETED)
    return found


def _put(found: Scores, rows: Sequence[int], worth: float) -> None:
    """Give `rows` at least `worth`; callers go from the weakest field to the strongest, so overwriting is right."""
    found.update(zip(rows, repeat(worth)))


def _merged(weak: Scores, strong: Scores) -> Scores:
    return {**weak, **strong}


def _weights(parts: Sequence[Scores], postings: Postings) -> list[float]:
    """How telling each unit is: a word that few products hold tells more."""
    total = len(postings.columns) + 1
    return [log(1 + total / (len(part) + 1)) for part in parts]


def _all_of(parts: Sequence[Scores], postings: Postings) -> Scores:
    weights = _weights(parts, postings)
    if len(parts) == 1:
        weight = weights[0]
        return {row: weight * worth for row, worth in parts[0].items()}
    common = set(sorted(parts, key=len)[0])
    for part in parts:
        common &= part.keys()
    pairs = list(zip(parts, weights, strict=True))
    return {row: sum(part[row] * weight for part, weight in pairs) for row in common}


def _most_of(parts: Sequence[Scores], postings: Postings) -> Scores:
    """Rows that match the largest number of units anyone reaches, if that is at least half of them."""
    held: dict[int, int] = {}
    for part in parts:
        for row in part:
            held[row] = held.get(row, 0) + 1
    most = max(held.values(), default=0)
    if most * 2 < len(parts):
        return {}
    weights = _weights(parts, postings)
    pairs = list(zip(parts, weights, strict=True))
    return {row: sum(part.get(row, 0.0) * weight for part, weight in pairs) for row, units in held.items() if units == most}


def _polished(scores: Mapping[int, float], query: Query, postings: Postings) -> Scores:
    """Among equals a short name, a product in stock and a popular one come first; a name that is the question leads."""
    columns = postings.columns
    words = sum(len(unit.words) for unit in query.units)
    fits = [1.0 / (1 + abs(length - words)) for length in range(256)]
    lengths, factors, bonuses = columns.name_length, columns.factor, columns.bonus
    return {row: score * factors[row] + fits[lengths[row]] + bonuses[row] for row, score in scores.items()}
