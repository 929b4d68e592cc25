"""Who of equals comes next (pure): the same for everybody on a day, and the same for every one of them over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def choose_next(candidates: Iterable[tuple[int, int | None]], count: int) -> list[int]:
    """The `count` ids that were chosen the longest ago, never first; candidates are (id, number of the last choice, which only grow).

    Asked once a day, every id is chosen once in each round of all of them, however the list grows and shrinks.
    """
    waiting = sorted(candidates, key=lambda each: (each[1] or 0, each[0]))
    return [product_id for product_id, _last in waiting[:count]]


def rotated(place: int, first: int, length: int, day: date, step: int) -> int:
    """The place from which the row at `place` of a group of equals (`length` rows from `first`) is taken on `day`.

    Every day the group moves on by `step`, a page: within `length` days each of them was as often on the first page as any other.
    """
    return first + (place - first + day.toordinal() * step) % length


#: Places on the circle of `circle_place`.
CIRCLE = 2**31
_GOLDEN = 2_654_435_769


def circle_place(product_id: int) -> int:
    """Where a product stands on a circle on which ids spread evenly (multiples of the golden ratio): kept beside it, sorted once.

    For lists too long to be numbered every day, as `rotated` needs: who is first among equals is then found by one look-up.
    """
    return (product_id * _GOLDEN % 2**32) >> 1


def circle_start(day: date) -> int:
    """The place on the circle from which equals are listed on `day`: every day another one, over time all alike."""
    return day.toordinal() * _GOLDEN % 2**32 * 7 % CIRCLE
