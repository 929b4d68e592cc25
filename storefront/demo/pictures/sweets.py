"""Cut, wrapped and moulded things: palm sugar, dodol, layered cake, soap bars, and small dishes of the sea."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import GOLD, PAPER, mix, shade
from storefront.demo.pictures.geometry import TILT, at, blob, curve, polygon, quad_patch, ring
from storefront.demo.pictures.ornament import emblem, ink, lozenge_row
from storefront.demo.pictures.setting import SHADOW, box_shadow, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.vessels import outline, round_light, turned_body


def sugar_block(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str) -> None:
    """A moulded round of palm sugar: matt, a little grainy, its top paler."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 0.7)
    profile = [(0, radius * 0.94), (height * 0.1, radius), (height * 0.86, radius * 0.93), (height, radius * 0.86)]
    turned_body(sheet, foot, profile, round_light(colour, 0.26, 0.5))
    top = (x, y - height)
    face = sheet.linear([(0, shade(colour, 0.42)), (0.6, shade(colour, 0.2)), (1, shade(colour, -0.02))], (0.1, 0), (0.9, 1))
    sheet.ellipse(top, radius * 0.86, radius * TILT * 0.86, face)
    for tone in (-0.35, 0.4):
        bits = []
        for _ in range(16):
            angle, reach = rng.uniform(0, math.tau), math.sqrt(rng.random()) * 0.78
            spot = (x + radius * reach * math.cos(angle), top[1] + radius * TILT * reach * math.sin(angle))
            bits.append(blob(rng, spot, radius * rng.uniform(0.02, 0.06), radius * rng.uniform(0.01, 0.03), 0.3))
            spot = (x + radius * rng.uniform(-0.85, 0.7), y - height * rng.uniform(0.1, 0.85) + radius * 0.2)
            bits.append(blob(rng, spot, radius * rng.uniform(0.015, 0.04), radius * rng.uniform(0.015, 0.05), 0.3))
        sheet.path("".join(bits), shade(colour, tone), fill_opacity=0.34)


def wrap(sheet: Sheet, foot: Point, radius: float, height: float, colour: str = "#b99b62") -> None:
    """A strip of dried leaf round a sugar block, tied in front."""
    x, y = foot
    low, high = y - height * 0.24, y - height * 0.7
    arc = f"{number(radius * 1.01)} {number(radius * TILT)}"
    d = (
        f"M{at((x - radius * 1.01, low))}A{arc} 0 0 0 {at((x + radius * 1.01, low))}L{at((x + radius, high))}A{arc} 0 0 1"
        f" {at((x - radius, high))}Z"
    )
    sheet.path(d, sheet.linear(round_light(colour, 0.35, 0.45)))
    lines = "".join(
        f"M{at((x - radius, low - (low - high) * s))}A{arc} 0 0 0 {at((x + radius, low - (low - high) * s))}" for s in (0.2, 0.45, 0.7, 0.9)
    )
    sheet.line(lines, shade(colour, -0.4), 1.6, stroke_opacity=0.4)


def bar(sheet: Sheet, foot: Point, size: tuple[float, float, float], colour: str, round_by: float = 0.0) -> tuple[list[Point], list[Point]]:
    """A rectangular block lying on the table (width, height, depth); returns its top and front faces."""
    x, y = foot
    width, height, depth = size
    lean, rise = depth * 0.5, depth * 0.42
    a, b = (x - width / 2, y), (x + width / 2, y)
    c, d = (b[0] + lean, b[1] - rise), (a[0] + lean, a[1] - rise)
    box_shadow(sheet, [a, b, c, d], height * 0.9)
    lift = [(px, py - height) for px, py in (a, b, c, d)]
    join = {"stroke_linejoin": "round", "stroke_width": round_by * 2}
    sheet.path(polygon([b, c, lift[2], lift[1]]), shade(colour, -0.36), stroke=shade(colour, -0.36), **join)
    front = [lift[0], lift[1], b, a]
    paint = sheet.linear([(0, shade(colour, 0.1)), (1, shade(colour, -0.16))], (0, 0), (0.4, 1))
    sheet.path(polygon(front), paint, stroke=paint, **join)
    top = [lift[3], lift[2], lift[1], lift[0]]
    face = sheet.linear([(0, shade(colour, 0.5)), (1, shade(colour, 0.16))], (0, 0), (1, 0.6))
    sheet.path(polygon(top), face, stroke=face, **join)
    return top, front


def soap(sheet: Sheet, rng: Random, foot: Point, width: float, colour: str, accent: str, band: bool = True) -> None:
    """A bar of soap with soft edges, in a printed paper sleeve or bare with a pressed mark."""
    size = (width, width * 0.3, width * 0.62)
    top, front = bar(sheet, foot, size, colour, 6)
    face = quad_patch(*top)
    if not band:
        emblem(sheet, face, (0.5, 0.5), 0.3, shade(colour, -0.16), shade(colour, 0.45))
        return
    near = quad_patch(*front)
    for surface, tone in ((face, PAPER), (near, shade(PAPER, -0.12))):
        corners = [surface(0.2, -0.02), surface(0.8, -0.02), surface(0.8, 1.02), surface(0.2, 1.02)]
        sheet.path(polygon(corners), tone)
        ink(sheet, [[surface(0.2, a), surface(0.8, a), surface(0.8, b), surface(0.2, b)] for a, b in ((0.0, 0.16),)], accent)
    sleeve = quad_patch(face(0.2, 0), face(0.8, 0), face(0.8, 1), face(0.2, 1))
    emblem(sheet, lambda u, v: sleeve(0.5 + (u - 0.5) * 0.85, v), (0.5, 0.56), 0.28, accent, PAPER)
    ink(sheet, lozenge_row(quad_patch(near(0.2, 0.2), near(0.8, 0.2), near(0.8, 0.9), near(0.2, 0.9)), 0.1, 0.9, 6), shade(accent, -0.1))


def dodol(sheet: Sheet, rng: Random, foot: Point, length: float, colour: str, angle: float = 0.0) -> None:
    """One finger of dodol twisted into clear paper."""
    with sheet.moved(foot, angle=angle):
        half, fat = length * 0.34, length * 0.13
        sheet.soft(ring((10, fat * 1.15), length * 0.46, fat * 0.7), SHADOW, 0.4, 5)
        for side in (-1, 1):
            root_x, tip_x = side * half * 0.96, side * length * 0.55
            d = (
                f"M{at((root_x, -fat * 0.3))}L{at((tip_x, -fat * 1.05))}L{at((tip_x - side * 9, -fat * 0.35))}"
                f"L{at((tip_x + side * 5, fat * 0.2))}L{at((tip_x - side * 4, fat * 0.95))}L{at((root_x, fat * 0.3))}Z"
            )
            sheet.path(d, sheet.linear([(0, "#fffaf0"), (1, "#dccfb4")], (0, 0), (0.4, 1)), fill_opacity=0.92)
            pleats = "".join(f"M{at((root_x, fat * s * 0.2))}L{at((tip_x - side * 6, fat * s * 0.8))}" for s in (-0.7, 0.0, 0.7))
            sheet.line(pleats, "#a98f63", 1.6, stroke_opacity=0.5)
        body = (
            f"M{number(-half)} {number(-fat)}H{number(half)}Q{number(half * 1.16)} 0 {number(half)}"
            f" {number(fat)}H{number(-half)}Q{number(-half * 1.16)} 0 {number(-half)} {number(-fat)}Z"
        )
        sheet.path(
            body,
            sheet.linear([(0, shade(colour, 0.1)), (0.28, shade(colour, 0.34)), (0.5, colour), (1, shade(colour, -0.5))], (0, 0), (0, 1)),
        )
        shine = [(-half * 0.8, -fat * 0.52), (0, -fat * 0.6), (half * 0.75, -fat * 0.5)]
        sheet.line(curve(shine), "#fff6e6", fat * 0.16, stroke_opacity=0.6)
        for _ in range(4):
            px = rng.uniform(-half * 0.9, half * 0.8)
            sheet.line(
                f"M{at((px, -fat * 0.8))}q{number(rng.uniform(-6, 10))} {number(fat * 0.7)} {number(rng.uniform(-4, 8))}"
                f" {number(fat * 1.5)}",
                "#fffaf0",
                1.8,
                stroke_opacity=0.32,
            )


def layer_cake(sheet: Sheet, rng: Random, foot: Point, width: float, colours: tuple[str, str], layers: int = 12) -> None:
    """A slab of thousand-layer cake showing its thin baked layers."""
    size = (width, width * 0.52, width * 0.5)
    top, front = bar(sheet, foot, size, colours[0], 3)
    right = [top[2], top[1], (top[1][0], top[1][1] + size[1]), (top[2][0], top[2][1] + size[1])]
    for face, dim in ((quad_patch(*front), 0.0), (quad_patch(*right), -0.3)):
        for i in range(layers):
            tone = shade(colours[i % 2], dim + rng.uniform(-0.05, 0.05))
            low, high = (i + 1) / layers, i / layers
            sheet.path(polygon([face(0, high), face(1, high), face(1, low), face(0, low)]), tone)
    sheet.path(polygon(top), sheet.linear([(0, shade(colours[1], 0.24)), (1, shade(colours[1], -0.1))]))
    crust = quad_patch(*top)
    pores = "".join(
        blob(rng, crust(rng.uniform(0.05, 0.95), rng.uniform(0.1, 0.9)), rng.uniform(3, 9), rng.uniform(1.5, 4), 0.3) for _ in range(26)
    )
    sheet.path(pores, shade(colours[1], -0.4), fill_opacity=0.3)
    sheet.path(polygon(front), sheet.linear([(0, "#fffaf0", 0.14), (1, SHADOW, 0.16)], (0, 0), (0.5, 1)))


def pempek_roll(sheet: Sheet, centre: Point, length: float, angle: float, colour: str) -> None:
    """A cut length of fried pempek: crisp skin, pale end."""
    with sheet.moved(centre, angle=angle):
        half, fat = length / 2, length * 0.21
        sheet.soft(ring((6, fat * 0.9), half * 1.02, fat * 0.7), SHADOW, 0.42, 4)
        d = (
            f"M{number(-half)} {number(-fat)}H{number(half * 0.9)}Q{number(half * 1.14)} 0 {number(half * 0.9)}"
            f" {number(fat)}H{number(-half)}Z"
        )
        sheet.path(d, sheet.linear([(0, shade(colour, 0.3)), (0.35, colour), (1, shade(colour, -0.45))], (0, 0), (0, 1)))
        spots = "".join(
            f"M{number(-half * 0.6 + i * half * 0.33)} {number(-fat * 0.5 + (i % 3) * fat * 0.4)}q{number(fat * 0.3)}"
            f" {number(-fat * 0.2)} {number(fat * 0.7)} {number(fat * 0.06)}"
            for i in range(5)
        )
        sheet.line(spots, shade(colour, -0.35), fat * 0.12, stroke_opacity=0.4)
        sheet.line(f"M{number(-half * 0.7)} {number(-fat * 0.62)}H{number(half * 0.7)}", "#fff6e2", fat * 0.12, stroke_opacity=0.55)
        sheet.ellipse((-half, 0), fat * 0.42, fat, shade(colour, -0.12))
        sheet.ellipse((-half, 0), fat * 0.36, fat * 0.88, sheet.linear([(0, "#fbf3e2"), (1, "#dccdb0")], (0, 0), (0.6, 1)))


def pempek_boat(sheet: Sheet, rng: Random, centre: Point, size: float, colour: str) -> None:
    """A halved submarine pempek with its egg showing."""
    x, y = centre
    sheet.soft(ring((x + size * 0.12, y + size * 0.3), size * 1.02, size * 0.46), SHADOW, 0.36, 5)
    sheet.path(
        blob(rng, (x, y + size * 0.12), size, size * 0.58, 0.03),
        sheet.linear([(0, shade(colour, 0.2)), (1, shade(colour, -0.4))], (0, 0), (0, 1)),
    )
    sheet.path(
        blob(rng, (x, y - size * 0.05), size * 0.92, size * 0.46, 0.02), sheet.linear([(0, "#fdf6e6"), (1, "#dfcfb0")], (0, 0), (1, 1))
    )
    sheet.path(blob(rng, (x + size * 0.04, y - size * 0.04), size * 0.5, size * 0.25, 0.06), "#fffaf0")
    yolk = sheet.radial([(0, "#f9c64d"), (0.7, "#eda52b"), (1, "#d5861d")], (0.35, 0.3), 0.7)
    sheet.path(blob(rng, (x + size * 0.06, y - size * 0.04), size * 0.34, size * 0.17, 0.04), yolk)


def fish(sheet: Sheet, rng: Random, centre: Point, length: float, angle: float, colour: str) -> None:
    """A split, dried and salted fish lying on its side, head to the left."""
    with sheet.moved(centre, angle=angle):
        half, deep = length / 2, length * 0.15
        top = [(-half, 2), (-half * 0.72, -deep * 0.72), (-half * 0.2, -deep), (half * 0.35, -deep * 0.62), (half * 0.72, -deep * 0.2)]
        low = [(half * 0.72, deep * 0.2), (half * 0.3, deep * 0.66), (-half * 0.25, deep * 1.02), (-half * 0.72, deep * 0.7)]
        tail = [(half * 0.98, -deep * 0.72), (half * 0.9, 0), (half * 1.0, deep * 0.7)]
        d = curve([*top, *low], closed=True)
        fan = polygon([(half * 0.68, -deep * 0.16), tail[0], tail[1], tail[2], (half * 0.68, deep * 0.16)])
        sheet.soft(d + fan, SHADOW, 0.4, 5, (8, 13))
        fin = f"M{at((-half * 0.3, -deep * 0.9))}Q{at((0, -deep * 1.62))} {at((half * 0.36, -deep * 0.7))}Z"
        sheet.path(fin + fan, sheet.linear([(0, shade(colour, 0.1)), (1, shade(colour, -0.4))]))
        rays = "".join(f"M{at((half * 0.72, (s * deep * 0.12)))}L{at((half * 0.95, s * deep * 0.6))}" for s in (-1, -0.5, 0, 0.5, 1))
        sheet.line(rays, shade(colour, -0.55), 1.6, stroke_opacity=0.5)
        lights = ((0, -0.3), (0.3, 0.12), (0.55, 0.46), (0.8, 0.1), (1, -0.36))
        sheet.path(d, sheet.linear([(place, shade(colour, light)) for place, light in lights], (0, 0), (0, 1)))
        scales = []
        for row in range(5):
            for column in range(13):
                px = -half * 0.46 + column * half * 0.088 + (row % 2) * half * 0.044
                reach = deep * (0.92 - 0.62 * max(0.0, (px + half * 0.25) / half))
                py = reach * (row - 2) / 2.9
                scales.append(f"M{at((px, py - deep * 0.12))}q{number(half * 0.04)} {number(deep * 0.12)} 0 {number(deep * 0.24)}")
        sheet.line("".join(scales), shade(colour, -0.4), 1.6, stroke_opacity=0.4)
        gill = f"M{at((-half * 0.56, -deep * 0.7))}Q{at((-half * 0.44, 0))} {at((-half * 0.56, deep * 0.7))}"
        sheet.line(gill, shade(colour, -0.5), 3.0, stroke_opacity=0.6)
        sheet.line(
            f"M{at((-half * 0.44, deep * 0.06))}Q{at((0, -deep * 0.06))} {at((half * 0.66, 0))}",
            shade(colour, -0.45),
            2.0,
            stroke_opacity=0.45,
        )
        sheet.path(
            f"M{at((-half * 0.42, deep * 0.16))}q{number(half * 0.16)} {number(deep * 0.12)} {number(half * 0.2)}"
            f" {number(deep * 0.5)}q{number(-half * 0.16)} {number(-deep * 0.06)} {number(-half * 0.2)} {number(-deep * 0.5)}Z",
            shade(colour, -0.3),
            fill_opacity=0.7,
        )
        sheet.ellipse((-half * 0.76, -deep * 0.2), deep * 0.15, deep * 0.15, "#e9dfc8")
        sheet.ellipse((-half * 0.76, -deep * 0.2), deep * 0.09, deep * 0.09, "#2a201a")
        sheet.line(f"M{at((-half * 0.98, deep * 0.12))}L{at((-half * 0.86, deep * 0.22))}", shade(colour, -0.6), 2.4, stroke_opacity=0.7)


def dip_bowl(sheet: Sheet, foot: Point, radius: float, colour: str, dip: str, coarse: Random | None = None) -> None:
    """A small bowl of sauce with the window shining in it; `coarse` stirs seeds and bits into it."""
    shadow(sheet, foot, radius * 0.7, radius * 0.7 * TILT, 1.0)
    height = radius * 0.66
    profile = [(0, radius * 0.6), (height * 0.4, radius * 0.86), (height, radius)]
    turned_body(sheet, foot, profile, round_light(colour, 0.35, 0.42))
    mouth = (foot[0], foot[1] - height)
    sheet.ellipse(mouth, radius, radius * TILT, shade(colour, 0.3))
    sheet.ellipse((mouth[0], mouth[1] + 2), radius * 0.93, radius * 0.92 * TILT, shade(dip, -0.5))
    sheet.ellipse(
        (mouth[0], mouth[1] + radius * 0.07),
        radius * 0.9,
        radius * 0.86 * TILT,
        sheet.linear([(0, shade(dip, -0.3)), (0.6, dip), (1, mix(dip, GOLD, 0.35))], (0, 0), (1, 1)),
    )
    if coarse:
        for tone, count in ((-0.3, 30), (0.3, 34), (0.6, 16)):
            bits = []
            for _ in range(count):
                angle, reach = coarse.uniform(0, math.tau), math.sqrt(coarse.random()) * 0.8
                spot = (mouth[0] + radius * reach * math.cos(angle), mouth[1] + radius * (0.07 + TILT * reach * math.sin(angle)))
                size = radius * coarse.uniform(0.02, 0.07 if tone < 0.5 else 0.03)
                bits.append(blob(coarse, spot, size * 1.4, size * 0.7, 0.3))
            sheet.path("".join(bits), shade(dip, tone), fill_opacity=0.6)
        return
    sheet.ellipse((mouth[0] - radius * 0.36, mouth[1]), radius * 0.26, radius * 0.07, "#fff6e6", -8, fill_opacity=0.5)


def lime(sheet: Sheet, centre: Point, radius: float) -> None:
    """A halved lime, cut face up."""
    x, y = centre
    sheet.ellipse((x + radius * 0.16, y + radius * 0.4), radius * 1.04, radius * 0.6, SHADOW, fill_opacity=0.34)
    sheet.path(
        outline((x, y + radius * 0.5), [(0, radius * 0.5), (radius * 0.25, radius * 0.9), (radius * 0.5, radius)]),
        sheet.linear(round_light("#6f9a3c", 0.3, 0.4)),
    )
    sheet.ellipse(centre, radius, radius * 0.44, "#8fb256")
    sheet.ellipse(centre, radius * 0.92, radius * 0.4, "#eef0cf")
    sheet.ellipse(centre, radius * 0.84, radius * 0.36, sheet.linear([(0, "#dbe6a2"), (1, "#b3c866")], (0, 0), (1, 1)))
    spokes = "".join(
        f"M{at(centre)}L{at((x + radius * 0.84 * math.cos(a), y + radius * 0.36 * math.sin(a)))}"
        for a in (i * math.tau / 8 + 0.2 for i in range(8))
    )
    sheet.line(spokes, "#eef2cf", radius * 0.05, stroke_opacity=0.9)
