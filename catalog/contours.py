"""Outlines of a scalar field (pure): marching squares, simplification, and smooth SVG path data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Corner = tuple[float, float]
Ring = list[Corner]

#: Rings smaller than this many square units are crumbs and left out.
SMALLEST_RING = 120.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Values at the nodes of a regular grid, row by row; the territory is where they are positive."""

    columns: int
    rows: int
    step: float
    values: Sequence[float]

    def at(self, index: int) -> Corner:
        """Position of a node."""
        row, column = divmod(index, self.columns)
        return column * self.step, row * self.step

    def value(self, column: int, row: int) -> float:
        """Value at a node; outside the grid nothing belongs to anybody, so that rings close at the edge."""
        if 0 <= column < self.columns and 0 <= row < self.rows:
            return self.values[row * self.columns + column]
        return -self.step


# The cell's edges are 0 top, 1 right, 2 bottom, 3 left; for each of the 16 corner patterns, which edges the outline joins,
# with the inside on its right hand. Bits: 1 top left, 2 top right, 4 bottom right, 8 bottom left.
_JOINS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def trace(grid: Grid) -> list[Ring]:
    """The outlines of the positive part, largest first, simplified."""
    following: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    rows, columns = _extent(grid)
    for row in rows:
        for column in columns:
            for start, end in _JOINS.get(_pattern(grid, column, row), ()):
                following[_edge(column, row, start)] = _edge(column, row, end)
    rings = []
    while following:
        first, current = following.popitem()
        ring = [_cross(grid, first)]
        while current != first:
            ring.append(_cross(grid, current))
            current = following.pop(current)
        if abs(area(ring)) >= SMALLEST_RING:
            rings.append(simplify(ring))
    return sorted(rings, key=lambda ring: -abs(area(ring)))


def _extent(grid: Grid) -> tuple[range, range]:
    """The rows and columns of cells that can touch the positive part."""
    inside = [divmod(index, grid.columns) for index, value in enumerate(grid.values) if value > 0]
    if not inside:
        return range(0), range(0)
    rows, columns = [row for row, _ in inside], [column for _, column in inside]
    return range(min(rows) - 1, max(rows) + 1), range(min(columns) - 1, max(columns) + 1)


def _pattern(grid: Grid, column: int, row: int) -> int:
    corners = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    return sum(1 << bit for bit, (x, y) in enumerate(corners) if grid.value(x, y) > 0)


def _edge(column: int, row: int, edge: int) -> tuple[int, int, int]:
    """An edge by the node it starts from and its direction (0 to the right, 1 down): the same from both its cells."""
    if edge == 1:
        return column + 1, row, 1
    return (column, row + 1, 0) if edge == 2 else (column, row, 0 if edge == 0 else 1)


def _cross(grid: Grid, edge: tuple[int, int, int]) -> Corner:
    """Where the field passes zero along an edge."""
    column, row, down = edge
    start = grid.value(column, row)
    end = grid.value(column + (not down), row + down)
    share = start / (start - end) if start != end else 0.5
    return (column + (0 if down else share)) * grid.step, (row + (share if down else 0)) * grid.step


def area(ring: Sequence[Corner]) -> float:
    """Signed area (shoelace)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def simplify(ring: Ring, tolerance: float = 2.2) -> Ring:
    """Fewer corners, none further than `tolerance` from the outline (Douglas-Peucker on the two halves of the ring)."""
    far = max(range(len(ring)), key=lambda index: math.dist(ring[0], ring[index]))
    return _thin(ring[: far + 1], tolerance)[:-1] + _thin([*ring[far:], ring[0]], tolerance)[:-1]


def _thin(line: Ring, tolerance: float) -> Ring:
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    distances = [abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length for x, y in line[1:-1]]
    furthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[furthest] <= tolerance:
        return [line[0], line[-1]]
    return _thin(line[: furthest + 2], tolerance)[:-1] + _thin(line[furthest + 1 :], tolerance)


def smooth_path(ring: Sequence[Corner]) -> str:
    """A closed SVG path that rounds every corner: quadratic curves through the middles of the sides."""
    middles = [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)]
    start = middles[-1]
    curves = (f"Q{x:.0f} {y:.0f} {mx:.0f} {my:.0f}" for (x, y), (mx, my) in zip(ring, middles, strict=True))
    return f"M{start[0]:.0f} {start[1]:.0f}{''.join(curves)}Z"
