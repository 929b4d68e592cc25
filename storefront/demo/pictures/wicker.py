"""Woven vessels: baskets, trays, bags, and things of bamboo."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import mix, shade
from storefront.demo.pictures.geometry import TILT, Patch, at, cell, curve, polygon, polygons
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.textiles import plaited
from storefront.demo.pictures.vessels import outline, rim, round_light, turned_body


def wall_patch(foot: Point, profile: list[tuple[float, float]]) -> Patch:
    """The near half of a turned body as a surface: u round it from left to right, v from its rim down."""
    x, y = foot

    def place(u: float, v: float) -> Point:
        share = (1 - v) * (len(profile) - 1)
        index = min(int(share), len(profile) - 2)
        part = share - index
        height = profile[index][0] + (profile[index + 1][0] - profile[index][0]) * part
        radius = profile[index][1] + (profile[index + 1][1] - profile[index][1]) * part
        angle = math.pi * (1 - u)
        return x + radius * math.cos(angle), y - height + radius * TILT * math.sin(angle)

    return place


def basket(
    sheet: Sheet,
    rng: Random,
    foot: Point,
    radius: float,
    height: float,
    tones: tuple[str, str],
    pattern: str = "stripe",
    handle: bool = True,
) -> Point:
    """A round woven basket; returns the middle of its mouth."""
    x, y = foot
    shadow(sheet, foot, radius * 0.86, radius * 0.86 * TILT, 0.95)
    profile = [
        (0.0, radius * 0.82),
        (height * 0.2, radius * 0.92),
        (height * 0.4, radius * 0.98),
        (height * 0.6, radius * 1.01),
        (height * 0.8, radius * 1.01),
        (height, radius),
    ]
    mouth = (x, y - height)
    if handle:
        _hoop(sheet, mouth, radius, height, tones[0])
    turned_body(sheet, foot, profile, round_light(shade(tones[0], -0.3), 0.2, 0.4))
    patch = wall_patch(foot, profile)
    rows = max(7, round(height / 17))
    _staked(sheet, rng, patch, 22, rows, tones, pattern)
    body = outline(foot, profile)
    sheet.path(
        body,
        sheet.linear(
            [(0, SHADOW, 0.34), (0.12, SHADOW, 0.05), (0.28, "#fff6e2", 0.26), (0.5, "#fff6e2", 0), (0.8, SHADOW, 0.34), (1, SHADOW, 0.6)]
        ),
    )
    rim(sheet, mouth, radius * 1.03, tones[1], radius * 0.09, shade(tones[0], -0.25))
    _bound_rim(sheet, mouth, radius * 0.985, radius * 0.09, tones[1])
    return mouth


def _staked(sheet: Sheet, rng: Random, patch: Patch, columns: int, rows: int, tones: tuple[str, str], pattern: str) -> None:
    """Weft bulging over and under upright stakes, row by row."""
    faces: dict[str, list[list[Point]]] = {}
    lit: list[list[Point]] = []
    dark: list[list[Point]] = []
    du, dv = 1 / columns, 1 / rows
    for row in range(rows):
        banded = pattern == "stripe" and row in (rows // 2 - 2, rows // 2, rows // 2 + 1)
        for column in range(-1, columns):
            if (row + column) % 2:
                continue
            u, v = column * du, row * dv
            reach = abs((row % 8) - 4) + abs((column % 8) - 4)
            second = banded or (pattern == "diamond" and reach in (2, 3))
            tone = shade(tones[1] if second else tones[0], round(rng.uniform(-1, 1)) * 0.07 + 0.06)
            left, right = max(0.0, u), min(1.0, u + du * 2)
            if right <= left:
                continue
            middle = (left + right) / 2
            faces.setdefault(tone, []).append(
                [
                    patch(left, v + dv * 0.5),
                    patch(left + (middle - left) * 0.35, v + dv * 0.08),
                    patch(middle, v),
                    patch(right - (right - middle) * 0.35, v + dv * 0.08),
                    patch(right, v + dv * 0.5),
                    patch(right - (right - middle) * 0.35, v + dv * 0.9),
                    patch(middle, v + dv * 0.98),
                    patch(left + (middle - left) * 0.35, v + dv * 0.9),
                ]
            )
            lit.append(cell(patch, left + (right - left) * 0.22, v + dv * 0.16, (right - left) * 0.5, dv * 0.2))
            dark.append(cell(patch, left + (right - left) * 0.15, v + dv * 0.74, (right - left) * 0.7, dv * 0.2))
    for tone, shapes in faces.items():
        sheet.path(polygons(shapes), tone)
    sheet.path(polygons(lit), "#fff6de", fill_opacity=0.34)
    sheet.path(polygons(dark), SHADOW, fill_opacity=0.22)


def _bound_rim(sheet: Sheet, centre: Point, radius: float, wall: float, colour: str) -> None:
    """The wrapped edge: short slanting strokes all round."""

    def spot(reach: float, angle: float, drop: float = 0) -> str:
        return at((centre[0] + reach * math.cos(angle), centre[1] + reach * TILT * math.sin(angle) + drop))

    angles = [math.tau * i / 64 for i in range(64)]
    marks = [f"M{spot(radius - wall * 0.45, a)}L{spot(radius + wall * 0.5, a + 0.05, 1)}" for a in angles]
    sheet.line("".join(marks), shade(colour, -0.45), 2.2, stroke_opacity=0.6)


def _hoop(sheet: Sheet, mouth: Point, radius: float, height: float, colour: str) -> None:
    """The arched handle, standing across the basket."""
    x, y = mouth
    d = (
        f"M{at((x - radius * 0.96, y))}C{at((x - radius * 0.9, y - height * 1.5))} {at((x + radius * 0.9, y - height * 1.5))}"
        f" {at((x + radius * 0.96, y))}"
    )
    sheet.line(d, shade(colour, -0.5), radius * 0.15)
    sheet.line(d, colour, radius * 0.12)
    sheet.line(d, shade(colour, 0.45), radius * 0.035, transform="translate(-2 -3)", stroke_opacity=0.7)


def tray(sheet: Sheet, rng: Random, foot: Point, radius: float, tones: tuple[str, str]) -> Point:
    """A flat round winnowing tray (tampah); returns the middle of its floor."""
    x, y = foot
    shadow(sheet, (x, y + 4), radius * 0.94, radius * 0.94 * TILT, 0.4)
    profile = [(0.0, radius * 0.93), (radius * 0.08, radius)]
    turned_body(sheet, foot, profile, round_light(shade(tones[1], -0.1), 0.3, 0.45))
    top = (x, y - radius * 0.08)
    sheet.ellipse(top, radius, radius * TILT, shade(tones[1], 0.15))
    floor = (x, y - radius * 0.05)
    inner = radius * 0.92
    sheet.ellipse(floor, inner, inner * TILT, shade(tones[0], -0.35))
    faces: dict[str, list[list[Point]]] = {}
    step = radius / 11
    for row in range(-11, 11):
        for column in range(-11, 11):
            px, py = (column + 0.5) * step, (row + 0.5) * step
            if math.hypot(px, py) > inner - step * 0.6:
                continue
            tone = shade(tones[0], (0.16 if (row + column) % 2 else -0.04) + round(rng.uniform(-1, 1)) * 0.04)
            half = step * 0.47
            faces.setdefault(tone, []).append(
                [
                    (floor[0] + qx, floor[1] + qy * TILT)
                    for qx, qy in ((px - half, py - half), (px + half, py - half), (px + half, py + half), (px - half, py + half))
                ]
            )
    for tone, shapes in faces.items():
        sheet.path(polygons(shapes), tone)
    sheet.ellipse(
        floor, inner, inner * TILT, sheet.linear([(0, SHADOW, 0.34), (0.3, SHADOW, 0.06), (1, "#fff6e2", 0.22)], (0.1, 0), (0.85, 1))
    )
    _bound_rim(sheet, top, radius * 0.965, radius * 0.07, tones[1])
    return floor


def tote(sheet: Sheet, rng: Random, foot: Point, width: float, height: float, tones: tuple[str, str], pattern: str = "diamond") -> None:
    """A plaited bag standing upright with two handles."""
    x, y = foot
    half = width / 2
    shadow(sheet, (x + 4, y - 10), half * 1.02, half * 0.3, 0.9)

    def patch(u: float, v: float) -> Point:
        spread = 0.9 + 0.1 * v + 0.05 * math.sin(math.pi * v)
        sag = math.sin(math.pi * u)
        return x + half * spread * (2 * u - 1), y - height * (1 - v) + sag * (8 + 22 * v)

    _strap(sheet, (x, y - height + 2), half * 0.52, height * 0.58, tones[1], -10)
    back = f"M{at(patch(0, 0))}Q{at((x, y - height - 30))} {at(patch(1, 0))}Q{at((x, y - height + 36))} {at(patch(0, 0))}Z"
    sheet.path(back, shade(tones[0], -0.62))
    rims = [
        patch(0, 0),
        *[patch(i / 12, 0) for i in range(1, 12)],
        patch(1, 0),
        *[patch(1, i / 6) for i in range(1, 7)],
        *[patch(1 - i / 12, 1) for i in range(1, 12)],
        *[patch(0, 1 - i / 6) for i in range(6)],
    ]
    sheet.path(polygon(rims), shade(tones[0], -0.5))
    columns = 24
    plaited(sheet, rng, patch, columns, round(columns * height / width), tones, pattern)
    sheet.path(
        polygon(rims),
        sheet.linear(
            [(0, SHADOW, 0.42), (0.1, SHADOW, 0.1), (0.3, "#fff6e2", 0.26), (0.55, "#fff6e2", 0), (0.86, SHADOW, 0.3), (1, SHADOW, 0.55)]
        ),
    )
    sheet.path(polygon(rims), sheet.linear([(0.5, SHADOW, 0), (1, SHADOW, 0.34)], (0, 0), (0, 1)))
    hem = [patch(i / 12, 0.012) for i in range(13)]
    sheet.line(curve(hem), shade(tones[1], -0.3), 20.0)
    sheet.line(curve(hem), shade(tones[1], 0.12), 14.0)
    _strap(sheet, (x, y - height + 34), half * 0.5, height * 0.5, tones[1], 20)


def _strap(sheet: Sheet, root: Point, reach: float, rise: float, colour: str, drop: float) -> None:
    x, y = root
    d = (
        f"M{at((x - reach, y + drop))}C{at((x - reach * 0.9, y - rise * 1.3))} {at((x + reach * 0.9, y - rise * 1.3))}"
        f" {at((x + reach, y + drop))}"
    )
    sheet.line(d, shade(colour, -0.45), 22.0)
    sheet.line(d, colour, 16.0)
    sheet.line(d, shade(colour, 0.5), 4.0, transform="translate(-2 -4)", stroke_opacity=0.5)


def bamboo_cup(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str) -> Point:
    """A tumbler cut from one length of bamboo, a node near its foot; returns the middle of its mouth."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 1.0)
    node = height * 0.24
    profile = [(0, radius * 0.96), (node * 0.86, radius * 0.97), (node, radius * 1.04), (node * 1.14, radius * 0.97), (height, radius)]
    turned_body(sheet, foot, profile, round_light(colour, 0.34, 0.48))
    arc = f"A{number(radius)} {number(radius * TILT)} 0 0 0"
    sheet.line(f"M{at((x - radius, y - node))}{arc} {at((x + radius, y - node))}", shade(colour, -0.45), 3.0, stroke_opacity=0.6)
    sheet.line(f"M{at((x - radius, y - node - 6))}{arc} {at((x + radius, y - node - 6))}", shade(colour, 0.5), 2.4, stroke_opacity=0.6)
    fibres = []
    for _ in range(14):
        px = rng.uniform(-0.92, 0.92)
        dip = radius * TILT * math.sqrt(1 - px * px)
        low, high = sorted((rng.uniform(0.28, 0.95), rng.uniform(0.28, 0.95)))
        fibres.append(f"M{at((x + px * radius, y - height * high + dip))}V{number(y - height * low + dip)}")
    sheet.line("".join(fibres), shade(colour, -0.35), 1.6, stroke_opacity=0.35)
    mouth = (x, y - height)
    rim(sheet, mouth, radius, mix(colour, "#fff3d6", 0.4), radius * 0.14, "#d9bf8e")
    return mouth


def bamboo_lamp(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, tones: tuple[str, str]) -> None:
    """A lamp shade of open bamboo plaiting on a turned foot, faintly glowing."""
    x, y = foot
    shadow(sheet, foot, radius * 0.5, radius * 0.5 * TILT, 1.4)
    turned_body(
        sheet,
        foot,
        [(0, radius * 0.5), (height * 0.04, radius * 0.48), (height * 0.06, radius * 0.1), (height * 0.2, radius * 0.09)],
        round_light("#7a4f30", 0.3, 0.5),
    )
    base = (x, y - height * 0.16)
    profile = [
        (0.0, radius * 0.62),
        (height * 0.2, radius * 0.95),
        (height * 0.42, radius * 1.0),
        (height * 0.64, radius * 0.84),
        (height * 0.8, radius * 0.5),
    ]
    body = outline(base, profile)
    sheet.path(body, sheet.radial([(0, "#ffeab0"), (0.5, "#e9bd6c"), (1, "#7f5426")], (0.42, 0.5), 0.62))
    patch = wall_patch(base, profile)
    for lean, tone in ((1, shade(tones[0], -0.3)), (-1, tones[0])):
        strips = []
        for i in range(-12, 25):
            points = [(i / 12 + lean * v / 10 * 0.7, v / 10) for v in range(11)]
            inside = [patch(u, v) for u, v in points if 0 <= u <= 1]
            if len(inside) > 1:
                strips.append(curve(inside))
        sheet.line("".join(strips), tone, 8.0)
    for v in (0.02, 0.35, 0.68, 0.98):
        hoop = [patch(i / 20, v) for i in range(21)]
        sheet.line(curve(hoop), shade(tones[1], -0.2), 11.0)
        sheet.line(curve(hoop), shade(tones[1], 0.35), 4.0, transform="translate(-1 -3)")
    sheet.path(body, sheet.linear([(0, SHADOW, 0.2), (0.3, "#fff6e2", 0.2), (0.6, SHADOW, 0.0), (1, SHADOW, 0.45)]))
