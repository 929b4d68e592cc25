"""Dividing cases of one graded product among its makers: by capacity, fairly, the same every time; pure (docs/quotes.md).

Whole cases only, so that every carton holds units of one batch.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kernel.errors import N_, DomainError


class NotEnoughCases(DomainError):
    """All makers together have fewer cases; `available` says how many."""

    message = N_("Only %(available)s of %(wanted)s cases can be supplied. Please agree on fewer, or on a later date.")

    def __init__(self, available: int, wanted: int) -> None:
        self.available = available
        self.wanted = wanted
        super().__init__(available=available, wanted=wanted)


@dataclass(frozen=True, slots=True)
class Lot:
    """Whole cases of one batch that stand on the shelf, free."""

    level_id: int
    cases: int


@dataclass(frozen=True, slots=True)
class Source:
    """One maker's variant of the graded product: its lots, first expired first, and how many cases it can still make in time.

    `weight` is the maker's capacity in a month, `given` what the maker got of this product lately: both decide who is next.
    """

    variant_id: int
    lots: tuple[Lot, ...] = ()
    makeable: int = 0
    weight: int = 1
    given: int = 0

    @property
    def capacity(self) -> int:
        """All cases that can be had from this maker."""
        return sum(lot.cases for lot in self.lots) + self.makeable


@dataclass(frozen=True, slots=True)
class Share:
    """What one maker supplies: cases from lots, and cases still to be made."""

    variant_id: int
    lots: tuple[Lot, ...]
    to_make: int

    @property
    def cases(self) -> int:
        """All of it."""
        return sum(lot.cases for lot in self.lots) + self.to_make


@dataclass(frozen=True, slots=True)
class Carton:
    """One case on its way: its number on the note, the line it belongs to, and the one level (batch) its units come from."""

    number: int
    variant_id: int
    level_id: int
    units: int


def allocate(wanted: int, sources: Iterable[Source]) -> tuple[Share, ...]:
    """Divide `wanted` cases. Case by case, the maker who has had the least for its capacity is next; ties go to the lower variant id.

    Never more than a maker's capacity; the shares add up to `wanted`; the order of `sources` does not matter. Makers
    without a share are left out. Raises NotEnoughCases.
    """
    known = sorted(sources, key=lambda source: source.variant_id)
    available = sum(source.capacity for source in known)
    if wanted < 1 or wanted > available:
        raise NotEnoughCases(available, wanted)
    taken = {source.variant_id: 0 for source in known}
    queue = [(_had(source, 0), source.variant_id, source) for source in known if source.capacity]
    heapq.heapify(queue)
    for _case in range(wanted):
        _ratio, variant_id, source = heapq.heappop(queue)
        taken[variant_id] += 1
        if taken[variant_id] < source.capacity:
            heapq.heappush(queue, (_had(source, taken[variant_id]), variant_id, source))
    return tuple(_share(source, taken[source.variant_id]) for source in known if taken[source.variant_id])


def _had(source: Source, taken: int) -> Fraction:
    """How much of its capacity a maker has had; the next case counts, so that nobody begins at zero for free."""
    return Fraction(source.given + taken + 1, max(1, source.weight))


def _share(source: Source, cases: int) -> Share:
    lots, missing = [], cases
    for lot in source.lots:
        if part := min(lot.cases, missing):
            lots.append(Lot(lot.level_id, part))
            missing -= part
    return Share(source.variant_id, tuple(lots), missing)


def whole_cases(levels: Iterable[tuple[int, int]], units_per_case: int) -> tuple[Lot, ...]:
    """(level id, free units) as lots of whole cases, in the same order; what fills no case is left on the shelf."""
    return tuple(Lot(level_id, free // units_per_case) for level_id, free in levels if free >= units_per_case)


def number_cartons(packed: Sequence[tuple[int, int, int, int]], first: int = 1) -> tuple[Carton, ...]:
    """Cartons of (variant id, level id, units per case, cases), numbered from `first` on."""
    cartons: list[Carton] = []
    for variant_id, level_id, units, cases in packed:
        start = first + len(cartons)
        cartons += [Carton(number, variant_id, level_id, units) for number in range(start, start + cases)]
    return tuple(cartons)
