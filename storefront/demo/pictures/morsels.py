"""Small edible things by the handful: chips, crackers, beans, grains, flour, floss and cookies."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from storefront.demo.pictures.colour import mix, shade
from storefront.demo.pictures.geometry import (
    TILT,
    at,
    blob,
    blob_points,
    curve,
    curve_on,
    heap,
    polygon,
    ring,
    turned,
)
from storefront.demo.pictures.setting import SHADOW
from storefront.demo.pictures.sheet import Point, Sheet, number


def chip(sheet: Sheet, rng: Random, at_point: Point, radius: float, colour: str) -> None:
    """A fried slice, slightly curled, with a browned edge and a few blisters."""
    x, y = at_point
    angle = rng.uniform(-50, 50)
    flat = rng.uniform(0.5, 0.86)
    points = turned(blob_points(rng, at_point, radius, radius * flat, 0.09, 8), angle, at_point)
    d = curve(points, closed=True)
    tone = mix(colour, shade(colour, rng.uniform(-0.22, 0.28)), 0.8)
    sheet.path(d, SHADOW, fill_opacity=0.28, transform=f"translate({number(radius * 0.07)} {number(radius * 0.13)})")
    # Where a tint lies wholly on the slice its mixed colour is painted solid: see-through paint costs several times more.
    sheet.path(d, tone, stroke=mix(tone, shade(colour, -0.38), 0.6), stroke_width=radius * 0.055)
    lit = [(px + (x - px) * 0.3 - radius * 0.1, py + (y - py) * 0.34 - radius * 0.11) for px, py in points]
    face = shade(tone, 0.17)
    sheet.path(curve(lit, closed=True), face)
    half = len(points) // 2
    far = [(px + (x - px) * 0.12, py + (y - py) * 0.12) for px, py in points]
    start = max(range(len(far)), key=lambda i: far[i][0] + far[i][1])
    edge = [far[(start + k) % len(far)] for k in range(-1, half - 2)]
    sheet.line(curve(edge), shade(tone, -0.09), radius * 0.12)
    pits, blisters = [], []
    for _ in range(3):
        bx, by = x + radius * rng.uniform(-0.5, 0.4), y + radius * flat * rng.uniform(-0.5, 0.35)
        size = radius * rng.uniform(0.05, 0.12)
        pits.append(ring((bx + size * 0.3, by + size * 0.3), size, size * 0.8))
        blisters.append(ring((bx, by), size, size * 0.75))
    sheet.path("".join(pits), shade(tone, -0.13))
    sheet.path("".join(blisters), shade(tone, 0.42))


def cracker(sheet: Sheet, rng: Random, at_point: Point, radius: float, colour: str) -> None:
    """A puffed fish cracker: pale, uneven, dimpled, toasted here and there."""
    x, y = at_point
    flat, angle = rng.uniform(0.5, 0.8), rng.uniform(-35, 35)
    points = turned(blob_points(rng, at_point, radius, radius * flat, 0.07, 11), angle, at_point)
    d = curve(points, closed=True)
    tone = shade(colour, rng.uniform(-0.1, 0.2))
    sheet.path(d, SHADOW, fill_opacity=0.26, transform=f"translate({number(radius * 0.08)} {number(radius * 0.13)})")
    sheet.path(d, tone, stroke=mix(tone, shade(colour, -0.3), 0.5), stroke_width=radius * 0.05)
    inner = [(px + (x - px) * 0.2, py + (y - py) * 0.22) for px, py in points]
    sheet.path(curve(inner, closed=True), shade(tone, -0.04))
    lit = [(px + (x - px) * 0.3 - radius * 0.06, py + (y - py) * 0.32 - radius * 0.07) for px, py in points]
    sheet.path(curve(lit, closed=True), shade(tone, 0.22))
    pits, glints = [], []
    for _ in range(9):
        reach, turn_by = math.sqrt(rng.random()) * 0.72, rng.uniform(0, math.tau)
        spot = turned([(x + radius * reach * math.cos(turn_by), y + radius * flat * reach * math.sin(turn_by))], angle, at_point)[0]
        size = radius * rng.uniform(0.05, 0.11)
        pits.append(blob(rng, (spot[0] + size * 0.3, spot[1] + size * 0.4), size * 1.3, size * 0.9))
        glints.append(blob(rng, spot, size * 1.1, size * 0.75))
    sheet.path("".join(pits), mix(tone, mix(shade(tone, -0.3), "#a8662c", 0.35), 0.42))
    sheet.path("".join(glints), shade(tone, 0.5))


def banana_slice(sheet: Sheet, rng: Random, at_point: Point, radius: float, colour: str) -> None:
    """A long thin slice of fried plantain with its paler seed line."""
    x, y = at_point
    angle = rng.uniform(-60, 60)
    points = turned(blob_points(rng, at_point, radius * 1.2, radius * rng.uniform(0.36, 0.5), 0.06, 10), angle, at_point)
    d = curve(points, closed=True)
    tone = shade(colour, rng.uniform(-0.14, 0.22))
    sheet.path(d, SHADOW, fill_opacity=0.3, transform=f"translate({number(radius * 0.06)} {number(radius * 0.13)})")
    sheet.path(d, tone, stroke=mix(tone, shade(colour, -0.4), 0.6), stroke_width=radius * 0.07)
    lit = [(px + (x - px) * 0.3 - radius * 0.05, py + (y - py) * 0.4 - radius * 0.07) for px, py in points]
    sheet.path(curve(lit, closed=True), shade(tone, 0.22))
    ends = turned([(x - radius * 0.75, y), (x, y + radius * 0.04), (x + radius * 0.75, y)], angle, at_point)
    sheet.line(curve(ends), shade(colour, -0.16), radius * 0.05, stroke_dasharray=f"{number(radius * 0.09)} {number(radius * 0.13)}")


def bean(sheet: Sheet, rng: Random, at_point: Point, radius: float, colour: str) -> None:
    """A roasted coffee bean, its seam up or its round back up."""
    x, y = at_point
    angle = rng.uniform(-80, 80)
    tone = shade(colour, rng.uniform(-0.25, 0.16))
    sheet.ellipse((x + radius * 0.14, y + radius * 0.22), radius, radius * 0.64, SHADOW, angle, fill_opacity=0.4)
    sheet.ellipse(at_point, radius, radius * 0.64, tone, angle)
    sheet.ellipse((x - radius * 0.12, y - radius * 0.16), radius * 0.7, radius * 0.36, shade(tone, 0.17), angle)
    if rng.random() < 0.65:
        seam = turned(
            [(x - radius * 0.86, y), (x - radius * 0.3, y + radius * 0.13), (x + radius * 0.3, y - radius * 0.1), (x + radius * 0.86, y)],
            angle,
            at_point,
        )
        sheet.line(curve(seam), shade(tone, -0.6), radius * 0.15)
    else:
        sheet.ellipse((x - radius * 0.2, y - radius * 0.26), radius * 0.26, radius * 0.1, "#fff3e0", angle, fill_opacity=0.4)


def cookie(sheet: Sheet, rng: Random, at_point: Point, radius: float, colour: str) -> None:
    """A round cookie lying flat, with a lit top, a baked side and a crumbly face."""
    x, y = at_point
    thick = radius * 0.3
    sheet.ellipse((x + radius * 0.2, y + thick * 0.9), radius * 1.06, radius * TILT * 1.25, SHADOW, fill_opacity=0.26)
    sheet.ellipse((x, y + thick * 0.5), radius, radius * TILT * 1.3, shade(colour, -0.32))
    top = sheet.linear([(0, shade(colour, 0.4)), (0.55, colour), (1, shade(colour, -0.2))], (0.1, 0), (0.9, 1))
    sheet.path(blob(rng, at_point, radius * 0.99, radius * TILT * 1.25, 0.03), top)
    for tone in (-0.3, 0.5):
        bits = []
        for _ in range(12):
            reach, turn_by = math.sqrt(rng.random()) * 0.85, rng.uniform(0, math.tau)
            spot = (x + radius * reach * math.cos(turn_by), y + radius * TILT * 1.25 * reach * math.sin(turn_by))
            bits.append(blob(rng, spot, radius * rng.uniform(0.03, 0.1), radius * rng.uniform(0.02, 0.05), 0.3))
        sheet.path("".join(bits), shade(colour, tone), fill_opacity=0.5)


def mound(sheet: Sheet, foot: Point, radius: float, height: float, colour: str) -> str:
    """A smooth heap of something fine; returns its outline."""
    x, y = foot
    depth = radius * TILT
    crown = [
        (x - radius, y),
        (x - radius * 0.72, y - height * 0.36),
        (x - radius * 0.34, y - height * 0.82),
        (x - radius * 0.02, y - height),
        (x + radius * 0.34, y - height * 0.8),
        (x + radius * 0.72, y - height * 0.34),
        (x + radius, y),
    ]
    d = f"M{at(crown[0])}{curve_on(crown)}A{number(radius)} {number(depth)} 0 0 1 {at(crown[0])}Z"
    light = sheet.linear(
        [(0, shade(colour, 0.35)), (0.35, shade(colour, 0.2)), (0.7, shade(colour, -0.14)), (1, shade(colour, -0.32))],
        (0.1, 0.1),
        (0.85, 0.95),
    )
    sheet.path(d, light)
    return d


def grains(
    sheet: Sheet,
    rng: Random,
    foot: Point,
    radius: float,
    height: float,
    colour: str,
    count: int = 260,
    length: float = 11,
    lit: float = 0.55,
) -> None:
    """A heap of grains: the mound and, in three tones, the single grains on it."""
    mound(sheet, foot, radius, height, colour)
    tones: dict[float, list[str]] = {lit: [], lit / 5: [], -0.28: []}
    x, y = foot
    for _ in range(count):
        reach, turn_by = math.sqrt(rng.random()), rng.uniform(0, math.tau)
        px, py = reach * math.cos(turn_by), reach * math.sin(turn_by)
        rise = math.exp(-2.2 * reach * reach) * (1 - reach**6)
        spot = (x + px * radius * 0.97, y + py * radius * TILT * 0.95 - rise * height)
        lean = rng.uniform(0, math.pi)
        tone = lit if px + py < -0.1 + rng.uniform(-0.5, 0.5) else rng.choice((lit / 5, -0.28))
        tones[tone].append(f"M{at(spot)}l{number(length * math.cos(lean))} {number(length * 0.6 * math.sin(lean))}")
    for tone, lines in tones.items():
        if lines:
            sheet.line("".join(lines), shade(colour, tone), length * 0.42)


def floss(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str, count: int = 240) -> None:
    """A heap of dry curly fibres, as fish or meat floss (abon)."""
    x, y = foot
    mound(sheet, foot, radius, height, shade(colour, -0.24))
    for tone, share in ((-0.45, 0.26), (-0.16, 0.26), (0.12, 0.26), (0.42, 0.22)):
        lines = []
        for _ in range(int(count * share)):
            reach, turn_by = math.sqrt(rng.random()) * 1.02, rng.uniform(0, math.tau)
            px, py = reach * math.cos(turn_by), abs(reach * math.sin(turn_by)) * rng.choice((1, 1, -0.6))
            if tone > 0 and px + py > rng.uniform(0.2, 1.1):
                px = -abs(px)
            rise = max(0.0, 1 - reach**1.6)
            sx, sy = x + px * radius, y + py * radius * TILT - rise * height * 0.95
            a, b, c, e = (rng.uniform(-1, 1) * radius * 0.15 for _ in range(4))
            lines.append(f"M{at((sx, sy))}q{number(a)} {number(b * 0.6)} {number(a + c)} {number(e * 0.5)}")
        sheet.line("".join(lines), shade(colour, tone), radius * 0.024, stroke_opacity=0.9)


Draw = Callable[[Sheet, Random, Point, float, str], None]

# How to draw a piece of each kind.
DRAW: dict[str, Draw] = {"chip": chip, "cracker": cracker, "banana": banana_slice, "bean": bean, "cookie": cookie}


def pile(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, count: int, size: float, colour: str, kind: str) -> None:
    """A heap of single pieces of one kind of `DRAW`."""
    draw = DRAW[kind]
    for spot, rise in heap(rng, foot, radius, height, count):
        draw(sheet, rng, spot, size * rng.uniform(0.86, 1.1), shade(colour, rise * 0.1 - 0.05))


def crumbs(sheet: Sheet, rng: Random, centre: Point, reach: float, colour: str, count: int = 14) -> None:
    """A few crumbs lying about."""
    dark, lit = [], []
    for _ in range(count):
        px, py = centre[0] + rng.gauss(0, reach * 0.5), centre[1] + rng.gauss(0, reach * 0.5 * TILT)
        size = rng.uniform(2.5, 7)
        dark.append(blob(rng, (px + 2, py + 2.5), size * 1.1, size * 0.7))
        lit.append(blob(rng, (px, py), size, size * 0.65))
    sheet.path("".join(dark), SHADOW, fill_opacity=0.3)
    sheet.path("".join(lit), colour)


def shard(rng: Random, centre: Point, size: float) -> str:
    """The outline of a broken bit with straight edges."""
    points = blob_points(rng, centre, size, size * 0.6, 0.3, 6)
    return polygon(points)
