"""Prices by quantity, and what is left between them and a shop's price. Pure arithmetic in whole rupiah."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """From so many cases on, one unit costs `unit_price`."""

    from_cases: int
    unit_price: int


class _Row(Protocol):
    @property
    def group_id(self) -> int | None: ...
    @property
    def from_cases(self) -> int: ...
    @property
    def unit_price(self) -> int: ...


def tiers_for(rows: Iterable[_Row], group_id: int | None) -> tuple[Tier, ...]:
    """The tiers a group pays, of price rows that are valid today and sorted by their first day.

    A group with any price of its own for an offer pays by its own list alone; where two begin at the same quantity the later one counts.
    """
    own: dict[int, int] = {}
    common: dict[int, int] = {}
    for row in rows:
        if row.group_id is None:
            common[row.from_cases] = row.unit_price
        elif row.group_id == group_id:
            own[row.from_cases] = row.unit_price
    return tuple(sorted(Tier(cases, price) for cases, price in (own or common).items()))


def pick_tier(tiers: Sequence[Tier], cases: int) -> Tier | None:
    """The tier that `cases` reaches; None below the first."""
    reached = [tier for tier in tiers if tier.from_cases <= cases]
    return max(reached) if reached else None


def margin_bps(unit_price: int, suggested_price: int | None) -> int | None:
    """What the shop keeps of the suggested price, in basis points rounded down; both contain PPN or neither does.

    None without a suggested price. Below zero when the shop would lose on every unit.
    """
    if not suggested_price:
        return None
    return (suggested_price - unit_price) * 10_000 // suggested_price
