"""Bars as plain geometry for SVG: whatever is drawn has its place here, and its colours in the style sheet (pure)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Widths in viewBox units: one drawing for desks and one for phones, so that letters are as large as those around them.
WIDE, NARROW = 960, 340
#: Room for the words at the left and below, and above the highest bar.
LEFT, BELOW, ABOVE = 58, 26, 10
HEIGHTS = {WIDE: 240, NARROW: 200}
#: Width of a letter of a label; rough, and on the safe side.
LETTER = 7.4
ROW, BAR = 46, 12
MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Value:
    """One bar: what it is called below it, how large it is, and both in words."""

    label: str
    amount: int
    said: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, with the words to show when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside or below the bars; (x, y) is where their line begins, or ends, or its middle."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing ready for a template; `lines` are the heights of the scale's lines, `base` that of zero."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    #: Below columns their days; above rows their names.
    names: tuple[Label, ...]
    #: Beside the scale's lines; at the end of rows.
    figures: tuple[Label, ...]
    lines: tuple[float, ...] = ()
    base: float = 0


def draw_columns(values: Sequence[Value], say: Callable[[int], str], width: int) -> Chart:
    """Upright bars in the order given, above (or below) a line at zero; `say` writes the figures of the scale."""
    height = HEIGHTS[width]
    steps = find_steps(min((0, *(value.amount for value in values))), max((0, *(value.amount for value in values))))
    low, high = steps[0], steps[-1]
    inner = height - BELOW - ABOVE

    def level(amount: int) -> float:
        return round(ABOVE + inner * (high - amount) / (high - low), 1)

    slot = (width - LEFT) / max(1, len(values))
    thick = max(1.0, min(48.0, slot * 0.72))
    bars, names = [], []
    every = max(1, math.ceil(len(values) * _room(values) / (width - LEFT)))
    for number, value in enumerate(values):
        middle = LEFT + slot * (number + 0.5)
        top, bottom = sorted((level(value.amount), level(0)))
        if value.amount:
            bars.append(Bar(round(middle - thick / 2, 1), top, round(thick, 1), round(max(bottom - top, 1.0), 1), value.said))
        if number % every == 0 and (number == 0 or middle + len(value.label) * LETTER / 2 <= width):
            names.append(Label(round(middle, 1), height - 7, value.label))
    figures = tuple(Label(LEFT - 8, round(level(step) + 4, 1), say(step)) for step in steps)
    return Chart(width, height, tuple(bars), tuple(names), figures, tuple(level(step) for step in steps), level(0))


def draw_rows(values: Sequence[Value], say: Callable[[int], str], width: int) -> Chart:
    """Lying bars with the name above each and its figure at the end of that line; what is below zero has no bar."""
    most = max((value.amount for value in values), default=0)
    bars, names, figures = [], [], []
    for number, value in enumerate(values):
        top = number * ROW
        figure = say(value.amount)
        names.append(Label(0, top + 16, _shorten(value.label, width - (len(figure) + 2) * LETTER)))
        figures.append(Label(width, top + 16, figure))
        if most > 0 and value.amount > 0:
            bars.append(Bar(0, top + 23, round(max(2.0, width * value.amount / most), 1), BAR, value.said))
    return Chart(width, max(ROW, len(values) * ROW), tuple(bars), tuple(names), tuple(figures))


def find_steps(low: int, high: int) -> list[int]:
    """Round figures from `low` or below to `high` or above, zero among them: 1, 2 or 5 times a power of ten apart."""
    reach = max(high - low, 1)
    power = 10 ** max(0, math.floor(math.log10(reach / MOST_TICKS)))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if reach <= power * factor * MOST_TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def _room(values: Sequence[Value]) -> float:
    return max((len(value.label) for value in values), default=1) * LETTER + 10


def _shorten(text: str, room: float) -> str:
    most = max(4, int(room / LETTER))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
