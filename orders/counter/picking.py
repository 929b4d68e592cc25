"""From which lots the units of a receipt came: pure rules, explained in docs/stock.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class ShelfLevel:
    """A stock level as it stands now; picking takes its units away."""

    level_id: int
    variant_id: int
    lot: str
    best_before_on: date | None
    #: Blocked or recalled.
    is_blocked: bool
    agreement_id: int | None
    on_hand: int
    free: int
    #: Held for the till that sells.
    leased: int = 0

    def is_stopped(self, day: date) -> bool:
        """Whether it should not have been sold on `day`."""
        return self.is_blocked or (self.best_before_on is not None and self.best_before_on < day)


@dataclass(slots=True)
class PickedUnits:
    """Units taken from one level, and how many of them were the till's own."""

    level: ShelfLevel
    quantity: int
    leased: int = 0


def in_order_of_use(levels: Sequence[ShelfLevel]) -> list[ShelfLevel]:
    """First expired first; goods without a date last; among equals the older level."""
    return sorted(levels, key=lambda level: (level.best_before_on is None, level.best_before_on or date.max, level.level_id))


def pick_units(levels: Sequence[ShelfLevel], quantity: int, day: date) -> list[PickedUnits]:
    """Which levels of one variant (or of one scanned lot), in order of use, `quantity` units sold on `day` came from.

    First what the till keeps for itself, then what is free, then what was promised to others, of goods that may be sold;
    then goods that should not have been sold; and the rest out of nothing, from the level that would have been used last.
    Takes the units off the levels. `levels` may not be empty.
    """
    good = [level for level in levels if not level.is_stopped(day)]
    stopped = [level for level in levels if level.is_stopped(day)]
    picked: dict[int, PickedUnits] = {}
    steps: Sequence[tuple[list[ShelfLevel], Callable[[ShelfLevel], int], bool]] = (
        (good, lambda level: level.leased, True),
        (good, lambda level: level.free, False),
        (good, lambda level: level.on_hand, False),
        (stopped, lambda level: level.leased, True),
        (stopped, lambda level: level.on_hand, False),
    )
    for among, units_of, is_leased in steps:
        for level in among:
            units = min(quantity, max(0, units_of(level)))
            if units:
                quantity -= units
                _take(picked, level, units, is_leased=is_leased)
    if quantity:
        _take(picked, (good or stopped)[-1], quantity, is_leased=False)
    return list(picked.values())


def _take(picked: dict[int, PickedUnits], level: ShelfLevel, units: int, *, is_leased: bool) -> None:
    found = picked.setdefault(level.level_id, PickedUnits(level, 0))
    found.quantity += units
    level.on_hand -= units
    if is_leased:
        found.leased += units
        level.leased -= units
    else:
        level.free -= units
