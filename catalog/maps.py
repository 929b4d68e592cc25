"""Maps drawn from village coordinates alone (pure): projection, soft territories of districts, label spots, neighbours.

No boundary data is used: a territory is where a district's own villages are nearest, within reach of any village. It shows
who lies beside whom, not where a border runs, and the pages say so.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from catalog.contours import Grid, smooth_path, trace

EARTH_KM = 6371.0
WIDTH = 640.0
PADDING = 26.0
#: A map is never flatter or taller than this, whatever the area's shape.
FLATTEST, TALLEST = 0.52, 1.1
#: Nodes along the width of the grid on which territories are traced.
NODES = 84
#: How far a village's warmth carries, and how far it is felt at all.
REACH = WIDTH * 0.062
VIEW = 2.4 * REACH
#: Free space around a name that is as good as any more.
ROOM = 22.0
#: Width of one letter of a territory's name in viewBox units.
LETTER = 11.5
#: Territories are traced from at most this many villages per group.
SAMPLE = 40


@dataclass(frozen=True, slots=True)
class Point:
    """A village as maps need it. `group` is the name of its district (or regency, on a province's map)."""

    code: str
    group: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the drawing, in viewBox units."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Territory:
    """A group's soft region as SVG path data, and where its name fits."""

    group: str
    path: str
    label: Spot


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map ready for a template: the size of the viewBox, territories, and where each village lies."""

    width: float
    height: float
    territories: tuple[Territory, ...]
    spots: Mapping[str, Spot]
    #: Length of the scale bar in viewBox units, and the kilometres it stands for.
    scale_length: float
    scale_km: int
    frame: Frame

    def spot(self, code: str) -> Spot | None:
        """Where a village lies, or None when it has no coordinates."""
        return self.spots.get(code)

    def place(self, latitude: float | None, longitude: float | None) -> Spot | None:
        """Where any coordinate lies on this drawing; None outside it."""
        if latitude is None or longitude is None:
            return None
        spot = self.frame.project(latitude, longitude)
        inside = 0 <= spot.x <= self.width and 0 <= spot.y <= self.height
        return spot if inside else None


@dataclass(frozen=True, slots=True)
class Frame:
    """An equirectangular projection around the area's middle: true to distance within a regency."""

    west: float
    north: float
    across: float
    scale: float
    left: float
    top: float

    def project(self, latitude: float, longitude: float) -> Spot:
        """Degrees to viewBox units, rounded to a tenth."""
        x = self.left + (longitude - self.west) * self.across * self.scale
        y = self.top + (self.north - latitude) * self.scale
        return Spot(round(x, 1), round(y, 1))

    def length_of(self, kilometres: float) -> float:
        """Kilometres to viewBox units."""
        return kilometres / (math.pi * EARTH_KM / 180) * self.scale


def draw(points: Iterable[Point], *, traced: bool = True) -> Drawing | None:
    """The map of `points`; None when fewer than two have a place.

    Tracing territories takes many times longer than a page, so those drawings are kept: once per area and process. For an
    area that few visit leave it out.
    """
    known = tuple(sorted(points, key=lambda point: point.code))
    if len(known) < 2:
        return None
    return _traced(known) if traced else _draw(known)


@lru_cache(maxsize=8)
def _traced(points: tuple[Point, ...]) -> Drawing:
    plain = _draw(points)
    return replace(plain, territories=_territories(points, plain.spots, plain.height))


def _draw(points: tuple[Point, ...]) -> Drawing:
    frame, height = _frame(points)
    spots = {point.code: frame.project(point.latitude, point.longitude) for point in points}
    kilometres = _round_distance(WIDTH / 5 / frame.length_of(1))
    return Drawing(
        width=WIDTH,
        height=round(height, 1),
        territories=(),
        spots=spots,
        scale_length=round(frame.length_of(kilometres), 1),
        scale_km=kilometres,
        frame=frame,
    )


def _frame(points: Sequence[Point]) -> tuple[Frame, float]:
    latitudes = [point.latitude for point in points]
    longitudes = [point.longitude for point in points]
    across = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    wide = max((max(longitudes) - min(longitudes)) * across, 1e-4)
    tall = max(max(latitudes) - min(latitudes), 1e-4)
    reach = PADDING + WIDTH * 0.075  # territories extend beyond the outermost villages
    room = WIDTH - 2 * reach
    height = min(max(room * tall / wide + 2 * reach, WIDTH * FLATTEST), WIDTH * TALLEST)
    scale = min(room / wide, (height - 2 * reach) / tall)
    left, top = (WIDTH - wide * scale) / 2, (height - tall * scale) / 2
    return Frame(min(longitudes), max(latitudes), across, scale, left, top), height


def _round_distance(kilometres: float) -> int:
    """The round number below `kilometres`: 1, 2, 5, 10, 20, 50, …"""
    power = 10 ** math.floor(math.log10(max(kilometres, 1)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(kilometres, 1)))


def _territories(points: Sequence[Point], spots: Mapping[str, Spot], height: float) -> tuple[Territory, ...]:
    groups: dict[str, list[Spot]] = {}
    for point in points:
        groups.setdefault(point.group, []).append(spots[point.code])
    names = list(groups)
    sampled = [_sample(groups[name]) for name in names]
    step = WIDTH / NODES
    columns, rows = NODES + 1, math.ceil(height / step) + 1
    fields = _fields(sampled, columns, rows, step)
    everywhere = [spot for spots_of_group in groups.values() for spot in spots_of_group]
    territories = []
    for name, values in zip(names, fields, strict=True):
        grid = Grid(columns, rows, step, values)
        rings = trace(grid)
        if rings:
            label = _label_spot(grid, everywhere, len(name) * LETTER / 2)
            territories.append(Territory(name, " ".join(smooth_path(ring) for ring in rings), label))
    return tuple(territories)


def _sample(spots: Sequence[Spot]) -> Sequence[Spot]:
    return spots if len(spots) <= SAMPLE else spots[:: math.ceil(len(spots) / SAMPLE)]


def _fields(groups: Sequence[Sequence[Spot]], columns: int, rows: int, step: float) -> list[list[float]]:
    """Per group, a value at every node that is positive where the group's territory is.

    Each village only touches the nodes around it: beyond VIEW its warmth is nothing and its neighbours are nearer.
    """
    nodes = columns * rows
    warmth = [0.0] * nodes
    squares = [[math.inf] * nodes for _ in groups]
    for spots, nearest in zip(groups, squares, strict=True):
        for spot in spots:
            for index, square in _nodes_around(spot, columns, rows, step):
                warmth[index] += math.exp(-square / REACH**2)
                nearest[index] = min(nearest[index], square)
    # The outline is where the villages' warmth fades; scaled so that both fields count in viewBox units.
    fields = [[-0.3 * REACH] * nodes for _ in groups]
    for index, warm in enumerate(warmth):
        if warm:
            near = [math.sqrt(nearest[index]) for nearest in squares]
            first, second = sorted((*near, math.inf))[:2]
            for field, distance in zip(fields, near, strict=True):
                if distance < math.inf:
                    others = first if distance > first else second
                    field[index] = min((warm - 0.3) * REACH, (others - distance) / 2 - 1.6)
    return fields


def _nodes_around(spot: Spot, columns: int, rows: int, step: float) -> Iterator[tuple[int, float]]:
    """The nodes within VIEW of a spot, each with the square of its distance."""
    for row in range(max(0, math.ceil((spot.y - VIEW) / step)), min(rows, math.floor((spot.y + VIEW) / step) + 1)):
        down = (row * step - spot.y) ** 2
        wide = math.sqrt(max(0.0, VIEW**2 - down))
        for column in range(max(0, math.ceil((spot.x - wide) / step)), min(columns, math.floor((spot.x + wide) / step) + 1)):
            yield row * columns + column, (column * step - spot.x) ** 2 + down


def _label_spot(grid: Grid, dots: Sequence[Spot], half: float) -> Spot:
    """The node where a name of `half` its width either side lies best: inside its territory, and on as few dots as can be."""
    best, most = Spot(0, 0), -math.inf
    reach = max(1, round(half / grid.step))
    by_height = sorted(dots, key=lambda dot: dot.y)
    heights = [dot.y for dot in by_height]
    for index, value in enumerate(grid.values):
        if value <= 0:
            continue
        row, column = divmod(index, grid.columns)
        x, y = grid.at(index)
        ends = min(grid.value(column - reach, row), grid.value(column + reach, row), value)
        edge = min(x, WIDTH - x) - half
        score = min(ends * 1.5, 14.0) + ROOM + min(edge, 0.0) * 4
        if score <= most:
            continue  # even with room all around it would not be better
        beside = by_height[bisect_left(heights, y - 4 - ROOM / 1.6) : bisect_right(heights, y - 4 + ROOM / 1.6)]
        room = min((max(abs(x - dot.x) - half, 1.6 * abs(y - 4 - dot.y)) for dot in beside), default=ROOM)
        score += min(room, ROOM) - ROOM
        if score > most:
            best, most = Spot(round(x, 1), round(y, 1)), score
    return best


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance: straight through the air, so roads are longer."""
    first, second = math.radians(latitude), math.radians(other_latitude)
    half_latitude = (second - first) / 2
    half_longitude = math.radians(other_longitude - longitude) / 2
    chord = math.sin(half_latitude) ** 2 + math.cos(first) * math.cos(second) * math.sin(half_longitude) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def list_nearest(points: Iterable[Point], code: str, limit: int) -> list[tuple[Point, float]]:
    """The `limit` villages nearest to the one with `code`, with their distance in km; empty when it has no place."""
    known = list(points)
    here = next((point for point in known if point.code == code), None)
    if here is None:
        return []
    others = [(point, distance_km(here.latitude, here.longitude, point.latitude, point.longitude)) for point in known if point.code != code]
    return sorted(others, key=lambda pair: (pair[1], pair[0].code))[:limit]
