"""The arithmetic of a scorecard in whole numbers: totals, mean and spread in hundredths of a point, stars, what is still missing.

A point is one of 100; 6000 hundredths are 60 points. Weights and shares are basis points, so weight x share / 10,000 is a
number of hundredths. Sums are made first and rounded once, half up. Rules: docs/curation.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import N_, InvalidInput

WHOLE = 10_000
MOST_LEVELS, FEWEST_LEVELS = 4, 3
#: A criterion below half of what it can bring asks for an improvement.
FAILED_BELOW = WHOLE // 2


class Block(StrEnum):
    """The three parts of a scorecard."""

    PRODUCTION = "a"  # production and community
    MARKET = "b"  # market and story
    QUALITY = "c"


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: its weight in basis points of the whole, and for each level, from the lowest, the share of it in basis points."""

    key: str
    block: Block
    weight_bps: int
    shares_bps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """How marks become a result. `thresholds` are hundredths of a point, one for every star."""

    thresholds: tuple[int, ...]
    fewest_assessors: int = 2
    #: More hundredths than this between the highest and the lowest total ask for one more assessor.
    widest_spread: int = 1_500


#: Criterion's key -> level, counted from 1.
Marks = Mapping[str, int]


class MarksMissing(InvalidInput):
    """A total of a part would look like a low score."""

    message = N_("Not every criterion has a level yet; %(count)s are missing.")


@dataclass(frozen=True, slots=True)
class Result:
    """What several assessors found together; hundredths of a point."""

    totals: tuple[int, ...]
    mean: int
    spread: int
    stars: int
    #: How many finished scorecards are needed before a decision.
    needed: int

    @property
    def is_enough(self) -> bool:
        """Whether a decision may follow."""
        return len(self.totals) >= self.needed


def check_card(card: Sequence[Line]) -> None:
    """InvalidInput unless weights make up the whole, keys differ, and levels rise from nothing or more to the whole."""
    if sum(line.weight_bps for line in card) != WHOLE or any(line.weight_bps <= 0 for line in card):
        raise InvalidInput(N_("The weights must be above zero and add up to the whole."))
    if len({line.key for line in card}) != len(card):
        raise InvalidInput(N_("Every criterion needs a key of its own."))
    for line in card:
        rises = all(low < high for low, high in zip(line.shares_bps, line.shares_bps[1:], strict=False))
        if not FEWEST_LEVELS <= len(line.shares_bps) <= MOST_LEVELS or not rises or line.shares_bps[0] < 0 or line.shares_bps[-1] != WHOLE:
            raise InvalidInput(N_("Every criterion needs three or four levels that rise to its whole weight."))


def check_rules(rules: Rules) -> None:
    """InvalidInput unless the stars' thresholds rise within 100 points, and at least one assessor is asked for."""
    steps = (0, *rules.thresholds, WHOLE + 1)
    if not rules.thresholds or any(low >= high for low, high in itertools.pairwise(steps)):
        raise InvalidInput(N_("The stars' thresholds must rise and stay within 100 points."))
    if rules.fewest_assessors < 1 or rules.widest_spread < 0:
        raise InvalidInput(N_("A decision needs at least one assessor."))


def list_missing(card: Sequence[Line], marks: Marks) -> list[str]:
    """Keys of the criteria without a level of theirs."""
    return [line.key for line in card if not 1 <= marks.get(line.key, 0) <= len(line.shares_bps)]


def total_of(card: Sequence[Line], marks: Marks) -> int:
    """One assessor's total in hundredths of a point, 0 to 10,000. MarksMissing when a criterion has no level."""
    return _rounded(_weighted(card, marks), WHOLE)


def weight_of(card: Sequence[Line], block: Block) -> int:
    """The weight of a block in basis points."""
    return sum(line.weight_bps for line in card if line.block is block)


def stars_for(mean: int, thresholds: Sequence[int]) -> int:
    """How many thresholds a mean reaches."""
    return sum(mean >= threshold for threshold in thresholds)


def result_of(card: Sequence[Line], sheets: Sequence[Marks], rules: Rules) -> Result:
    """Mean, spread and stars of the finished scorecards; without any, zero of everything and the least number needed.

    The stars follow from the mean as it is printed, rounded to a hundredth: nobody has to explain 60.00 without a star.
    """
    sums = [_weighted(card, marks) for marks in sheets]
    totals = tuple(_rounded(value, WHOLE) for value in sums)
    if not totals:
        return Result((), 0, 0, 0, rules.fewest_assessors)
    mean = _rounded(sum(sums), WHOLE * len(sums))
    spread = max(totals) - min(totals)
    needed = rules.fewest_assessors
    if spread > rules.widest_spread:
        needed = max(needed, rules.fewest_assessors + 1)
    return Result(totals, mean, spread, stars_for(mean, rules.thresholds), needed)


def list_failed(card: Sequence[Line], sheets: Sequence[Marks]) -> list[str]:
    """Keys of the criteria that on average bring less than half of their weight, the costliest first."""
    lost = {}
    for line in card:
        shares = sum(line.shares_bps[marks[line.key] - 1] for marks in sheets)
        if sheets and shares < FAILED_BELOW * len(sheets):
            lost[line.key] = line.weight_bps * (WHOLE * len(sheets) - shares)
    return sorted(lost, key=lambda key: (-lost[key], key))


def _weighted(card: Sequence[Line], marks: Marks) -> int:
    """Weight x share over the card, in hundredths x 10,000."""
    if missing := list_missing(card, marks):
        raise MarksMissing(count=len(missing), field=missing[0])
    return sum(line.weight_bps * line.shares_bps[marks[line.key] - 1] for line in card)


def _rounded(numerator: int, denominator: int) -> int:
    """Half up, for what is never negative."""
    return (2 * numerator + denominator) // (2 * denominator)
