"""Which documents answer a question and how well: exact words first, recall fields second, partial answers last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from heapq import nlargest
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
#: How repeated mentions in a text add up, by their number: one counts half of the field's worth, many nearly all.
_MENTIONED = [TEXT * count / (count + 1.0) for count in range(256)]
#: What polishing (`best`) multiplies a score with at least, and adds at most: short name, popularity.
_LEAST_FACTOR, _MOST_ADDED = 0.899, 1.0 + 0.5

Scores = dict[int, float]
#: Rows, and what a match is worth in each.
Worth = tuple[Sequence[int], Iterable[float]]


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
    """The rows found, and how far they had to be fetched."""

    rows: Collection[int] = ()
    #: What the words alone are worth in each row; empty when nobody ranks.
    scores: Scores = attribute(default_factory=dict)
    #: Not every unit was matched by these rows.
    partial: bool = False
    #: How many words were asked for; 0 if the scores are final.
    words: int = 0


def match(query: Query, postings: Postings, *, is_ranked: bool = True) -> Matches:
    """Rows that hold every unit; if too few, with the recall fields; if none, those that hold the most units.

    Words in quotation marks are meant as they stand: nothing replaces them. Who sorts by something else than relevance
    says so with `is_ranked`: there may then be no scores.
    """
    if query.code:
        rows = postings.rows("code", query.code)
        if rows:
            return Matches(rows, dict.fromkeys(rows, CODE))
    if not query.units:
        return Matches()
    words = sum(len(unit.words) for unit in query.units)
    certain = [certain_worth(unit, postings) for unit in query.units]
    if not is_ranked:
        held = _held_by_all(certain)
        if len(held) >= ENOUGH:
            return Matches(held)
    sure = [_scores(worth) for worth in certain]
    scores = _all_of(sure, postings)
    if len(scores) < ENOUGH:
        wide = [_scores([*recall_worth(unit, postings), *worth]) for unit, worth in zip(query.units, certain, strict=True)]
        scores = _all_of(wide, postings) or scores
        if not scores:
            partly = _most_of(sure, postings) or _most_of(wide, postings)
            return Matches(partly.keys(), partly, partial=True, words=words)
    return Matches(scores.keys(), scores, words=words)


def best(rows: Collection[int], found: Matches, columns: Columns, count: int) -> Scores:
    """Final scores of all `rows` that may be among the first `count`.

    Among equals a short name, a product in stock and a popular one come first; a name that is the question leads. What this
    adds is bounded, so that it is worked out for few.
    """
    scores = found.scores
    if not found.words:
        return {row: scores[row] for row in rows}
    least = nlargest(count, map(scores.__getitem__, rows))[-1] * _LEAST_FACTOR - _MOST_ADDED if rows else 0.0
    fits = [1.0 / (1 + abs(length - found.words)) for length in range(256)]
    lengths, factors, bonuses = columns.name_length, columns.factor, columns.bonus
    return {row: score * factors[row] + fits[lengths[row]] + bonuses[row] for row in rows if (score := scores[row]) >= least}


def certain_worth(unit: Unit, postings: Postings) -> list[Worth]:
    """Rows that hold the unit itself (its words unstemmed, its meaning, or its stem in a name), from the weakest field to the strongest."""
    if unit.is_exact:
        in_name, in_text = postings.phrase(unit.words)
        return [(in_text, repeat(TEXT)), (in_name, repeat(NAME))]
    word = unit.words[0] if len(unit.words) == 1 else ""
    marked = [analysis.MEANING_MARK + meaning for meaning in unit.meanings]
    rows, counts = postings.counted_rows("text", word)
    stems = ((field, stem) for stem in unit.stems for field in ("name_stem", "name"))  # a stem that is the word itself is only in a name
    # A regency may be named after its districts (Penukal Abab Lematang Ilir): the district is meant.
    place = postings.rows("place", word) or postings.rows("regency", word)
    worth = [
        (rows, map(_MENTIONED.__getitem__, counts)),
        *((postings.rows("category", term), repeat(CATEGORY)) for term in (*marked, word)),
        *((postings.rows(field, stem), repeat(NAME_STEM)) for field, stem in stems),
        (place, repeat(PLACE)),
        (postings.rows("maker", word), repeat(MAKER)),
        *((postings.rows("name", term), repeat(NAME_MEANING)) for term in marked),
        (postings.rows("name", word), repeat(NAME)),
        (postings.rows("code", word), repeat(CODE)),
    ]
    return [(found, figures) for found, figures in worth if found]


def is_strong(unit: Unit, postings: Postings) -> bool:
    """Whether anything but the running text knows the unit; if not, it may be a typing error."""
    if any(postings.rows(field, analysis.MEANING_MARK + meaning) for meaning in unit.meanings for field in ("name", "category")):
        return True
    word = unit.words[0]
    return any(postings.rows(field, word) for field in ("name", "place", "regency", "maker", "category", "code"))


def recall_worth(unit: Unit, postings: Postings) -> Iterator[Worth]:
    """Rows that hold something close to the unit: stems and meanings in the text, narrower meanings, completed words."""
    if unit.is_exact:
        return
    for stem in unit.stems:
        for field in ("text_stem", "text"):
            yield postings.rows(field, stem), repeat(TEXT_STEM)
    for meaning in unit.meanings:
        yield postings.rows("text", analysis.MEANING_MARK + meaning), repeat(TEXT_MEANING)
    for meaning in analysis.narrower(unit.meanings):
        for field in ("category", "name"):
            yield postings.rows(field, analysis.MEANING_MARK + meaning), repeat(NARROWER)
    for word in _completed(unit, postings):
        for field in ("regency", "maker", "place", "name"):
            yield postings.rows(field, word), repeat(COMPLETED)


def _completed(unit: Unit, postings: Postings) -> Iterable[str]:
    """Words that begin with the unit's only one."""
    can_be = len(unit.words) == 1 and len(unit.words[0]) >= MIN_PREFIX
    return postings.completions(unit.words[0], MAX_COMPLETIONS) if can_be else ()


def _scores(worth: Iterable[Worth]) -> Scores:
    """What each row is worth: its strongest field, which comes last."""
    found: Scores = {}
    for rows, figures in worth:
        found.update(zip(rows, figures))  # noqa: B905 - figures may repeat for ever
    return found


def _held_by_all(certain: Sequence[Sequence[Worth]]) -> set[int]:
    held = sorted((set[int]().union(*(rows for rows, _ in worth)) for worth in certain), key=len)
    return held[0].intersection(*held[1:])


def _weights(parts: Sequence[Scores], postings: Postings) -> list[float]:
    """How telling each unit is: a word that few products hold tells more."""
    total = len(postings.columns) + 1
    return [log(1 + total / (len(part) + 1)) for part in parts]


def _all_of(parts: Sequence[Scores], postings: Postings) -> Scores:
    (part, weight), *others = sorted(zip(parts, _weights(parts, postings), strict=True), key=lambda pair: len(pair[0]))
    scores = {row: weight * worth for row, worth in part.items()}
    for part, weight in others:
        scores = {row: score + weight * part[row] for row, score in scores.items() if row in part}
    return scores


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
