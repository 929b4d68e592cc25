"""Curves and surfaces: smooth outlines, organic blobs, heaps, and the patches that carry woven patterns onto shapes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from random import Random

from storefront.demo.pictures.sheet import Point, number

# How much a flat circle on the table is squashed by the camera, the same in every picture.
TILT = 0.36

# A surface: u and v from 0 to 1 (left to right, top to bottom) give a point of the sheet.
Patch = Callable[[float, float], Point]


def at(point: Point) -> str:
    """A point as path text."""
    return f"{number(point[0])} {number(point[1])}"


def polygon(points: Iterable[Point]) -> str:
    """A closed path of straight lines."""
    return "M" + "L".join(at(p) for p in points) + "Z"


def polygons(shapes: Iterable[Iterable[Point]]) -> str:
    """Many closed shapes as one path, so that they cost one fill."""
    return "".join(polygon(shape) for shape in shapes)


def curve(points: Sequence[Point], closed: bool = False, tension: float = 1.0) -> str:
    """A smooth path through all points (Catmull-Rom written as Bezier curves)."""
    return "M" + at(points[0]) + curve_on(points, closed, tension)


def curve_on(points: Sequence[Point], closed: bool = False, tension: float = 1.0) -> str:
    """The curves of `curve` without the opening move, to go on from the first point."""
    count = len(points)
    out = []
    for i in range(count if closed else count - 1):
        before = points[(i - 1) % count] if closed or i > 0 else points[0]
        start, end = points[i], points[(i + 1) % count]
        after = points[(i + 2) % count] if closed or i + 2 < count else end
        pull = tension / 6
        first = (start[0] + (end[0] - before[0]) * pull, start[1] + (end[1] - before[1]) * pull)
        second = (end[0] - (after[0] - start[0]) * pull, end[1] - (after[1] - start[1]) * pull)
        out.append(f"C{at(first)} {at(second)} {at(end)}")
    return "".join(out) + ("Z" if closed else "")


def turned(points: Iterable[Point], degrees: float, centre: Point = (0, 0)) -> list[Point]:
    """The points turned about `centre`."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    cx, cy = centre
    return [(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in points]


def blob_points(rng: Random, centre: Point, rx: float, ry: float, wobble: float, count: int = 9) -> list[Point]:
    """Points around an uneven oval; `wobble` is the share by which radii differ."""
    lean = rng.uniform(0, math.tau)
    out = []
    for i in range(count):
        angle = lean + math.tau * i / count
        reach = 1 + rng.uniform(-wobble, wobble)
        out.append((centre[0] + rx * reach * math.cos(angle), centre[1] + ry * reach * math.sin(angle)))
    return out


def blob(rng: Random, centre: Point, rx: float, ry: float, wobble: float = 0.12, angle: float = 0.0) -> str:
    """An uneven oval as a smooth closed path."""
    points = blob_points(rng, centre, rx, ry, wobble)
    return curve(turned(points, angle, centre), closed=True)


def ring(centre: Point, rx: float, ry: float) -> str:
    """An ellipse as a path, for clips and for shapes made of several parts."""
    x, y, r = number(centre[0] - rx), number(centre[1]), f"{number(rx)} {number(ry)}"
    return f"M{x} {y}a{r} 0 1 1 {number(2 * rx)} 0a{r} 0 1 1 {number(-2 * rx)} 0Z"


def scatter(rng: Random, count: int, gap: float = 0.0) -> list[Point]:
    """Points spread evenly over the unit disc (sunflower order, shaken a little)."""
    golden = math.pi * (3 - math.sqrt(5))
    spin = rng.uniform(0, math.tau)
    out = []
    for i in range(count):
        radius = math.sqrt((i + 0.5) / count) * (1 - gap)
        angle = spin + i * golden + rng.uniform(-0.2, 0.2)
        out.append((radius * math.cos(angle), radius * math.sin(angle)))
    return out


def heap(rng: Random, centre: Point, rx: float, height: float, count: int) -> list[tuple[Point, float]]:
    """Places of things piled as a dome on a round ground, back to front, each with its height share 0 to 1."""
    out = []
    for x, y in scatter(rng, count):
        rise = max(0.0, 1 - (x * x + y * y)) * rng.uniform(0.82, 1.05)
        spot = (centre[0] + x * rx, centre[1] + y * rx * TILT - rise * height)
        out.append((spot, rise, y))
    out.sort(key=lambda item: item[2] - item[1] * 0.55)
    # What lies lowest at the back comes first; the crown of the heap covers it and the front comes last.
    return [(spot, rise) for spot, rise, _ in out]


def bent_patch(corner: Point, width: float, height: float, bulge: float) -> Patch:
    """The front of something gently round: columns crowd towards the sides, rows sag in the middle."""

    def place(u: float, v: float) -> Point:
        angle = (u - 0.5) * 2.2
        x = 0.5 + math.sin(angle) / (2 * math.sin(1.1))
        sag = (math.cos(angle) - math.cos(1.1)) / (1 - math.cos(1.1))
        return corner[0] + width * x, corner[1] + height * v + bulge * sag

    return place


def quad_patch(a: Point, b: Point, c: Point, d: Point) -> Patch:
    """A four-cornered surface: upper left, upper right, lower right, lower left."""

    def place(u: float, v: float) -> Point:
        top = (a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u)
        foot = (d[0] + (c[0] - d[0]) * u, d[1] + (c[1] - d[1]) * u)
        return top[0] + (foot[0] - top[0]) * v, top[1] + (foot[1] - top[1]) * v

    return place


def cell(patch: Patch, u: float, v: float, width: float, height: float) -> list[Point]:
    """The four corners of a small box on a patch."""
    return [
        patch(u, v),
        patch(u + width, v),
        patch(u + width, v + height),
        patch(u, v + height),
    ]


def strip(patch: Patch, top: float, bottom: float, left: float = 0.0, right: float = 1.0) -> str:
    """A band across a patch that follows its bend."""
    steps = [left + (right - left) * i / 10 for i in range(11)]
    upper = [patch(u, top) for u in steps]
    lower = [patch(u, bottom) for u in reversed(steps)]
    return "M" + at(upper[0]) + curve_on(upper) + "L" + at(lower[0]) + curve_on(lower) + "Z"
