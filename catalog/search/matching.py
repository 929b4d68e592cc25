"""Which documents answer a question and how well: exact words first, recall fields second, partial answers last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import log
from operator import and_
from typing import Protocol

from catalog.search import analysis
from catalog.search.bits import pack, unpack
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
#: What polishing (`best`) multiplies a score with at least, and adds at most: short name, popularity.
_LEAST_FACTOR, _MOST_ADDED = 0.899, 1.0 + 0.5
#: With fewer rows each is summed up by itself, with more those of one score together.
_FEW = 512

Scores = dict[int, float]
#: What a match is worth and the rows (bits) where it is worth just that.
Tier = tuple[float, int]


class Postings(Protocol):
    """What the matching needs from an index."""

    columns: Columns

    def held(self, field: str, term: str) -> int:
        """The living rows whose `field` holds `term`, as bits."""
        ...

    def mentions(self, field: str, term: str) -> Mapping[int, int]:
        """The same, apart by how often the term occurs in a row."""
        ...

    def phrase(self, words: Sequence[str]) -> tuple[int, int]:
        """The living rows that hold `words` next to each other, in the name and else in the text, as bits."""
        ...

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The most frequent words of names, makers and places that start so."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a question: the rows that hold it, apart by what that is worth, and how telling it is."""

    tiers: Sequence[Tier]
    held: int
    weight: float


@dataclass(slots=True)
class Matches:
    """The rows found, and how far they had to be fetched."""

    #: The rows, as bits.
    held: int = 0
    parts: Sequence[Part] = ()
    #: Not every unit was matched by these rows.
    partial: bool = False
    #: How many words were asked for.
    words: int = 0
    #: Scores that need no more working out, instead of parts.
    final: Scores | None = None

    @property
    def count(self) -> int:
        """How many rows."""
        return self.held.bit_count()


def match(query: Query, postings: Postings) -> Matches:
    """Rows that hold every unit; if too few, with the recall fields; if none, those that hold the most units.

    Words in quotation marks are meant as they stand: nothing replaces them.
    """
    if query.code and (rows := postings.held("code", query.code)):
        return Matches(rows, final=dict.fromkeys(unpack(rows), CODE))
    if not query.units:
        return Matches()
    words = sum(len(unit.words) for unit in query.units)
    certain = [certain_worth(unit, postings) for unit in query.units]
    sure = [_part(tiers, postings) for tiers in certain]
    held = _held_by_all(sure)
    if held.bit_count() >= ENOUGH:
        return Matches(held, sure, words=words)
    wide = [_part([*recall_worth(unit, postings), *tiers], postings) for unit, tiers in zip(query.units, certain, strict=True)]
    if all_of_wide := _held_by_all(wide):
        return Matches(all_of_wide, wide, words=words)
    most = _held_by_most(sure)
    return Matches(most, sure, True, words) if most else Matches(_held_by_most(wide), wide, True, words)


def scored(scores: Sequence[float], words: int) -> Matches:
    """All rows, each with what `words` words are worth in it, for engines that sum this up themselves."""
    tied = defaultdict[float, list[int]](list)
    for row, score in enumerate(scores):
        tied[score].append(row)
    everything = (1 << len(scores)) - 1
    return Matches(everything, [Part([(score, pack(rows, len(scores))) for score, rows in tied.items()], everything, 1.0)], words=words)


def best(rows: int, found: Matches, columns: Columns, count: int) -> Scores:
    """Final scores of all `rows` (bits) that may be among the first `count`.

    Among equals a short name, a product in stock and a popular one come first; a name that is the question leads. What this
    adds is bounded, so that it is worked out for few.
    """
    if found.final is not None:
        return {row: found.final[row] for row in unpack(rows)}
    fits = [1.0 / (1 + abs(length - found.words)) for length in range(256)]
    lengths, factors, bonuses = columns.name_length, columns.factor, columns.bonus
    scores: Scores = {}
    for score, tied in _leading(_summed(rows, found.parts), count):
        scores |= {row: score * factors[row] + fits[lengths[row]] + bonuses[row] for row in tied}
    return scores


def _leading(sums: Mapping[float, int | list[int]], count: int) -> Iterator[tuple[float, list[int]]]:
    """Scores and their rows, best first, down to where polishing could not lift anybody among the first `count`."""
    least, seen = float("-inf"), 0
    for score in sorted(sums, reverse=True):
        if score < least:
            return
        held = sums[score]
        rows = unpack(held) if isinstance(held, int) else held
        yield score, rows
        if seen < count <= seen + len(rows):
            least = score * _LEAST_FACTOR - _MOST_ADDED
        seen += len(rows)


def _summed(rows: int, parts: Sequence[Part]) -> Mapping[float, int | list[int]]:
    """Score -> the rows that reach it with the words alone."""
    if rows.bit_count() <= _FEW:
        return _summed_one_by_one(rows, parts)
    sums = {0.0: rows}
    for part in parts:
        further = defaultdict[float, int](int)
        for (score, tied), (worth, tier) in product(sums.items(), [*part.tiers, (0.0, ~part.held)]):
            if both := tied & tier:
                further[score + part.weight * worth] |= both
        sums = further
    return sums


def _summed_one_by_one(rows: int, parts: Sequence[Part]) -> Mapping[float, list[int]]:
    scores = dict.fromkeys(unpack(rows), 0.0)
    for part in parts:
        for worth, tier in part.tiers:
            for row in unpack(rows & tier):
                scores[row] += part.weight * worth
    by_score = defaultdict[float, list[int]](list)
    for row, score in scores.items():
        by_score[score].append(row)
    return by_score


def certain_worth(unit: Unit, postings: Postings) -> list[Tier]:
    """Rows that hold the unit itself (its words unstemmed, its meaning, or its stem in a name), from the weakest field to the strongest."""
    if unit.is_exact:
        in_name, in_text = postings.phrase(unit.words)
        return [(TEXT, in_text), (NAME, in_name)]
    word = unit.words[0] if len(unit.words) == 1 else ""
    marked = [analysis.MEANING_MARK + meaning for meaning in unit.meanings]
    stems = [(field, stem) for stem in unit.stems for field in ("name_stem", "name")]  # a stem that is the word itself is only in a name
    # How repeated mentions in a text add up: one counts half of the field's worth, many nearly all.
    mentions = [(TEXT * times / (times + 1.0), rows) for times, rows in postings.mentions("text", word).items()]
    # A regency may be named after its districts (Penukal Abab Lematang Ilir): the district is meant.
    place = postings.held("place", word) or postings.held("regency", word)
    return [
        *mentions,
        *((CATEGORY, postings.held("category", term)) for term in (*marked, word)),
        *((NAME_STEM, postings.held(field, stem)) for field, stem in stems),
        (PLACE, place),
        (MAKER, postings.held("maker", word)),
        *((NAME_MEANING, postings.held("name", term)) for term in marked),
        (NAME, postings.held("name", word)),
        (CODE, postings.held("code", word)),
    ]


def is_strong(unit: Unit, postings: Postings) -> bool:
    """Whether anything but the running text knows the unit; if not, it may be a typing error."""
    if any(postings.held(field, analysis.MEANING_MARK + meaning) for meaning in unit.meanings for field in ("name", "category")):
        return True
    word = unit.words[0]
    return any(postings.held(field, word) for field in ("name", "place", "regency", "maker", "category", "code"))


def recall_worth(unit: Unit, postings: Postings) -> Iterator[Tier]:
    """Rows that hold something close to the unit: stems and meanings in the text, narrower meanings, completed words."""
    if unit.is_exact:
        return
    for stem, field in product(unit.stems, ("text_stem", "text")):
        yield TEXT_STEM, postings.held(field, stem)
    for meaning in unit.meanings:
        yield TEXT_MEANING, postings.held("text", analysis.MEANING_MARK + meaning)
    for meaning, field in product(analysis.narrower(unit.meanings), ("category", "name")):
        yield NARROWER, postings.held(field, analysis.MEANING_MARK + meaning)
    if len(unit.words) == 1 and len(unit.words[0]) >= MIN_PREFIX:
        for word in postings.completions(unit.words[0], MAX_COMPLETIONS):
            for field in ("regency", "maker", "place", "name"):
                yield COMPLETED, postings.held(field, word)


def _part(tiers: Sequence[Tier], postings: Postings) -> Part:
    """A row is worth its strongest tier, which comes last. A unit that few products hold tells more."""
    apart: list[Tier] = []
    held = 0
    for worth, rows in reversed(tiers):
        if own := rows & ~held:
            apart.append((worth, own))
            held |= own
    return Part(apart, held, log(1 + (len(postings.columns) + 1) / (held.bit_count() + 1)))


def _held_by_all(parts: Sequence[Part]) -> int:
    return reduce(and_, (part.held for part in parts))


def _held_by_most(parts: Sequence[Part]) -> int:
    """Rows that match the largest number of units anyone reaches, if that is at least half of them."""
    reached = [0] * len(parts)  # by at least one unit, by at least two, …
    for part in parts:
        held = part.held
        for number, rows in enumerate(reached):
            reached[number], held = rows | held, rows & held
    most = max((number for number, rows in enumerate(reached, 1) if rows), default=0)
    return reached[most - 1] if most * 2 >= len(parts) and most else 0
