"""Made things for the table and the hand: spoons, cups, pots, turned wood, notebooks and ornaments to wear."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import GOLD, GOLD_PALE, shade
from storefront.demo.pictures.geometry import TILT, at, curve, polygon, quad_patch, ring
from storefront.demo.pictures.ornament import emblem, ink, lozenge_field, lozenge_row
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.sweets import bar
from storefront.demo.pictures.vessels import disc, outline, rim, round_light, turned_body
from storefront.demo.pictures.wicker import wall_patch


def scoop(sheet: Sheet, at_point: Point, length: float, angle: float, colour: str = "#b98756", load: str | None = None) -> None:
    """A wooden scoop lying on its back, empty or full of something pale."""
    with sheet.moved(at_point, angle=angle):
        cup = length * 0.3
        sheet.soft(ring((8, cup * 0.5), length * 0.5, cup * 0.36), SHADOW, 0.34, 7)
        handle = (
            f"M{number(cup * 0.5)} {number(-cup * 0.12)}C{number(length * 0.35)} {number(-cup * 0.1)}"
            f" {number(length * 0.5)} {number(-cup * 0.2)} {number(length * 0.62)} {number(-cup * 0.16)}"
            f"Q{number(length * 0.68)} 0 {number(length * 0.62)} {number(cup * 0.16)}C{number(length * 0.5)}"
            f" {number(cup * 0.2)} {number(length * 0.35)} {number(cup * 0.12)} {number(cup * 0.5)} {number(cup * 0.16)}Z"
        )
        sheet.path(handle, sheet.linear([(0, shade(colour, 0.3)), (1, shade(colour, -0.35))], (0, 0), (0, 1)))
        sheet.ellipse((-cup * 0.3, cup * 0.1), cup, cup * 0.56, shade(colour, -0.35))
        sheet.ellipse((-cup * 0.3, 0), cup, cup * 0.52, shade(colour, 0.22))
        sheet.ellipse(
            (-cup * 0.3, 2), cup * 0.88, cup * 0.44, sheet.linear([(0, shade(colour, -0.45)), (1, shade(colour, 0.05))], (0.1, 0), (0.8, 1))
        )
        if load:
            heap = (
                f"M{number(-cup * 1.14)} 4C{number(-cup * 0.9)} {number(-cup * 0.7)} {number(cup * 0.3)}"
                f" {number(-cup * 0.72)} {number(cup * 0.54)} 4Q{number(-cup * 0.3)} {number(cup * 0.66)} {number(-cup * 1.14)} 4Z"
            )
            sheet.path(heap, sheet.linear([(0, shade(load, 0.4)), (0.5, load), (1, shade(load, -0.24))], (0, 0), (0.8, 1)))


def spoon(sheet: Sheet, at_point: Point, length: float, angle: float, colour: str = "#a8754a", load: str | None = None) -> None:
    """A slim wooden spoon lying on the table."""
    with sheet.moved(at_point, angle=angle):
        cup = length * 0.13
        sheet.soft(ring((length * 0.24, cup * 0.6), length * 0.46, cup * 0.4), SHADOW, 0.26, 5)
        sheet.path(
            f"M{number(cup * 0.8)} {number(-cup * 0.24)}L{number(length * 0.76)} {number(-cup * 0.3)}Q{number(length * 0.82)} 0"
            f" {number(length * 0.76)} {number(cup * 0.3)}L{number(cup * 0.8)} {number(cup * 0.24)}Z",
            sheet.linear([(0, shade(colour, 0.35)), (1, shade(colour, -0.35))], (0, 0), (0, 1)),
        )
        sheet.ellipse((0, cup * 0.1), cup * 1.3, cup * 0.74, shade(colour, -0.35))
        sheet.ellipse((0, 0), cup * 1.3, cup * 0.7, shade(colour, 0.25))
        sheet.ellipse(
            (0, 2),
            cup * 1.1,
            cup * 0.56,
            sheet.linear([(0, shade(load or colour, -0.35)), (1, shade(load or colour, 0.2))], (0.1, 0), (0.8, 1)),
        )


def dipper(sheet: Sheet, at_point: Point, length: float, angle: float, colour: str = "#b98756", drip: str | None = None) -> None:
    """A wooden honey dipper, its grooved head at the origin."""
    with sheet.moved(at_point, angle=angle):
        fat = length * 0.11
        sheet.soft(ring((length * 0.3, fat * 1.3), length * 0.5, fat * 0.7), SHADOW, 0.3, 6)
        sheet.path(
            f"M{number(fat)} {number(-fat * 0.22)}L{number(length * 0.85)} {number(-fat * 0.26)}Q{number(length * 0.9)} 0"
            f" {number(length * 0.85)} {number(fat * 0.26)}L{number(fat)} {number(fat * 0.22)}Z",
            sheet.linear([(0, shade(colour, 0.4)), (1, shade(colour, -0.35))], (0, 0), (0, 1)),
        )
        light = sheet.linear([(0, shade(colour, 0.15)), (0.3, shade(colour, 0.4)), (1, shade(colour, -0.5))], (0, 0), (0, 1))
        sheet.ellipse((0, 0), fat * 1.25, fat * 0.84, shade(colour, -0.5))
        for i in range(7):
            px = (i - 3) * fat * 0.36
            reach = fat * math.sqrt(max(0.1, 1 - (px / (fat * 1.5)) ** 2))
            sheet.ellipse((px, 0), fat * 0.13, reach, light)
        if drip:
            d = (
                f"M{number(-fat * 1.2)} 0C{number(-fat)} {number(-fat * 1.2)} {number(fat * 0.6)} {number(-fat * 1.1)}"
                f" {number(fat * 0.5)} 0C{number(fat * 0.4)} {number(fat * 1.2)} {number(-fat)} {number(fat * 1.2)} {number(-fat * 1.2)} 0Z"
            )
            sheet.path(d, sheet.linear([(0, shade(drip, 0.4), 0.75), (0.5, drip, 0.7), (1, shade(drip, -0.4), 0.85)], (0, 0), (0.3, 1)))
            sheet.line(
                f"M{number(-fat * 0.7)} {number(-fat * 0.5)}q{number(fat * 0.4)} {number(-fat * 0.3)} {number(fat * 0.8)}"
                f" {number(-fat * 0.1)}",
                "#fffaf0",
                fat * 0.12,
                stroke_opacity=0.75,
            )


def cup(sheet: Sheet, foot: Point, radius: float, height: float, colour: str, drink: str, saucer: bool = True) -> Point:
    """A cup of something to drink, with its saucer and handle; returns the middle of its mouth."""
    x, y = foot
    if saucer:
        shadow(sheet, (x, y + 6), radius * 1.4, radius * 1.4 * TILT, 0.35)
        disc(sheet, (x, y + 6), radius * 1.6, shade(colour, -0.3))
        disc(sheet, (x, y), radius * 1.6, sheet.linear([(0, shade(colour, 0.4)), (1, shade(colour, -0.1))], (0.1, 0), (0.9, 1)))
        disc(sheet, (x + radius * 0.2, y + 2), radius * 1.05, SHADOW, fill_opacity=0.22)
    else:
        shadow(sheet, foot, radius * 0.8, radius * 0.8 * TILT, 1.0)
    grip = (
        f"M{at((x + radius * 0.9, y - height * 0.82))}C{at((x + radius * 1.75, y - height * 0.95))}"
        f" {at((x + radius * 1.6, y - height * 0.1))} {at((x + radius * 0.72, y - height * 0.26))}"
    )
    sheet.line(grip, shade(colour, -0.35), radius * 0.22)
    sheet.line(grip, shade(colour, 0.05), radius * 0.13, transform="translate(-2 -2)")
    profile = [(0, radius * 0.6), (height * 0.2, radius * 0.8), (height * 0.6, radius * 0.96), (height, radius)]
    turned_body(sheet, foot, profile, round_light(colour, 0.35, 0.42))
    mouth = (x, y - height)
    rim(sheet, mouth, radius, colour, radius * 0.06, shade(colour, -0.2))
    level = (x, mouth[1] + radius * 0.07)
    sheet.ellipse(
        level,
        radius * 0.89,
        radius * TILT * 0.84,
        sheet.linear([(0, shade(drink, -0.4)), (0.6, drink), (1, shade(drink, 0.25))], (0, 0), (1, 1)),
    )
    sheet.ellipse((x - radius * 0.3, level[1] - 2), radius * 0.24, radius * 0.06, "#fff6e6", -8, fill_opacity=0.45)
    return mouth


def steam(sheet: Sheet, foot: Point, height: float) -> None:
    """Two faint wisps over something hot."""
    x, y = foot
    for dx, tall, broad in ((-22, 1.0, 26), (20, 0.72, 20)):
        d = (
            f"M{at((x + dx, y))}c{number(-height * 0.2)} {number(-height * 0.3 * tall)} {number(height * 0.22)}"
            f" {number(-height * 0.5 * tall)}"
            f" {number(-height * 0.04)} {number(-height * tall)}c{number(height * 0.3)} {number(height * 0.4 * tall)}"
            f" {number(-height * 0.12 + broad)} {number(height * 0.66 * tall)} {number(height * 0.04 + broad)} {number(height * tall)}Z"
        )
        sheet.path(d, "#fffaf0", fill_opacity=0.5, filter=sheet.blur(9, 45))


POTS = {
    "vase": ((0, 0.5), (0.06, 0.54), (0.34, 0.98), (0.52, 1.0), (0.72, 0.72), (0.86, 0.42), (0.94, 0.42), (1.0, 0.52)),
    "jug": ((0, 0.6), (0.3, 0.98), (0.55, 1.0), (0.8, 0.7), (0.92, 0.62), (1.0, 0.7)),
    "pot": ((0, 0.55), (0.2, 0.88), (0.5, 1.0), (0.8, 0.86), (0.92, 0.78), (1.0, 0.86)),
}


def pot(
    sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str, shape: str = "vase", band: str | None = None
) -> Point:
    """A thrown clay pot with faint turning lines and perhaps an incised lozenge band; returns its mouth."""
    x, y = foot
    profile = [(h * height, r * radius) for h, r in POTS[shape]]
    shadow(sheet, foot, profile[0][1] * 1.2, profile[0][1] * 1.2 * TILT, 1.5)
    turned_body(sheet, foot, profile, round_light(colour, 0.3, 0.5))
    patch = wall_patch(foot, profile)
    turns = [curve([patch(0.02 + 0.96 * i / 10, v) for i in range(11)]) for v in (0.2, 0.36, 0.56, 0.68, 0.8, 0.9)]
    sheet.line("".join(turns), shade(colour, -0.35), 1.8, stroke_opacity=0.25)
    if band:
        ink(sheet, lozenge_row(lambda u, v: patch(0.04 + 0.92 * u, 0.4 + 0.16 * v), 0.08, 0.92, 13), band, fill_opacity=0.85)
        for v in (0.385, 0.575):
            sheet.line(curve([patch(0.02 + 0.96 * i / 10, v) for i in range(11)]), band, 3.0, stroke_opacity=0.85)
    d = outline(foot, profile)
    sheet.path(d, sheet.linear([(0.08, "#fff6e2", 0), (0.26, "#fff6e2", 0.22), (0.42, "#fff6e2", 0), (0.75, SHADOW, 0), (1, SHADOW, 0.3)]))
    mouth = (x, y - height)
    rim(sheet, mouth, profile[-1][1], colour, radius * 0.07, shade(colour, -0.4))
    return mouth


def wood_bowl(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str) -> Point:
    """A turned wooden bowl with its year rings running through rim and wall; returns the middle of its mouth."""
    x, y = foot
    shadow(sheet, foot, radius * 0.6, radius * 0.6 * TILT, 1.4)
    profile = [(0, radius * 0.5), (height * 0.2, radius * 0.72), (height * 0.55, radius * 0.93), (height, radius)]
    turned_body(sheet, foot, profile, round_light(colour, 0.3, 0.5))
    patch = wall_patch(foot, profile)
    grain: dict[float, list[str]] = {-0.4: [], 0.3: []}
    for _ in range(16):
        v, lean = rng.uniform(0.05, 0.95), rng.uniform(-0.2, 0.2)
        start = rng.uniform(0.02, 0.6)
        points = [patch(start + (0.98 - start) * i / 8, min(0.98, max(0.02, v + lean * math.sin(i / 8 * 3)))) for i in range(9)]
        grain[rng.choice((-0.4, -0.4, 0.3))].append(curve(points))
    for tone, lines in grain.items():
        if lines:
            sheet.line("".join(lines), shade(colour, tone), 2.4, stroke_opacity=0.32)
    mouth = (x, y - height)
    rim(sheet, mouth, radius, shade(colour, 0.1), radius * 0.07, shade(colour, -0.1))
    for share in (0.2, 0.38, 0.55, 0.7, 0.82):
        off = (mouth[0] - radius * 0.1 * (1 - share), mouth[1] + radius * 0.1 * (1 - share))
        sheet.ellipse(
            off, radius * share, radius * share * TILT * 0.92, "none", stroke=shade(colour, -0.4), stroke_width=2.2, stroke_opacity=0.24
        )
    return mouth


def board(sheet: Sheet, rng: Random, centre: Point, width: float, depth: float, colour: str = "#b98756") -> None:
    """A wooden serving board lying flat, long grain along it."""
    x, y = centre
    half, deep, thick = width / 2, depth / 2, 18
    lean = depth * 0.2
    a, b = (x - half + lean, y - deep), (x + half + lean, y - deep)
    c, d = (x + half - lean, y + deep), (x - half - lean, y + deep)
    base = polygon([(p[0] + 10, p[1] + thick + 8) for p in (a, b, c, d)])
    sheet.soft(base, SHADOW, 0.42, 11)
    round_join = {"stroke_width": 22, "stroke_linejoin": "round"}
    edge = shade(colour, -0.42)
    sheet.path(polygon([(p[0], p[1] + thick) for p in (a, b, c, d)]), edge, stroke=edge, **round_join)
    face = sheet.linear([(0, shade(colour, 0.34)), (0.5, shade(colour, 0.06)), (1, shade(colour, -0.16))], (0, 0), (1, 0.8))
    sheet.path(polygon([a, b, c, d]), face, stroke=face, **round_join)
    patch = quad_patch(a, b, c, d)
    for tone in (-0.35, 0.45):
        lines = []
        for _ in range(13):
            v, u = rng.random(), rng.uniform(0, 0.5)
            end = min(1.0, u + rng.uniform(0.3, 0.8))
            p, q, m = patch(u, v), patch(end, v), patch((u + end) / 2, v + rng.uniform(-0.05, 0.05))
            lines.append(f"M{at(p)}Q{at(m)} {at(q)}")
        sheet.line("".join(lines), shade(colour, tone), 2.2, stroke_opacity=0.28)


def notebook(sheet: Sheet, rng: Random, foot: Point, width: float, ground: str, thread: str) -> None:
    """A small notebook lying flat, bound in woven cloth, closed with a band."""
    depth = width * 1.05
    pages, _front = bar(sheet, foot, (width * 0.98, width * 0.1, depth), "#f3ead6")
    for i in range(1, 5):
        line_y = foot[1] - width * 0.1 * i / 5
        sheet.line(f"M{number(foot[0] - width * 0.48)} {number(line_y)}h{number(width * 0.97)}", "#b9a98a", 1.2, stroke_opacity=0.7)
    grown = [(p[0] + dx * 7, p[1] + dy * 4) for p, (dx, dy) in zip(pages, ((-1, -1), (1, -1), (1, 1), (-1, 1)), strict=True)]
    edge = shade(ground, -0.4)
    sheet.path(polygon([(px, py + 5) for px, py in grown]), edge, stroke=edge, stroke_width=6, stroke_linejoin="round")
    sheet.path(polygon(grown), ground, stroke=ground, stroke_width=6, stroke_linejoin="round")
    patch = quad_patch(*grown)
    ink(sheet, lozenge_field(lambda u, v: patch(0.2 + 0.74 * u, 0.04 + 0.92 * v), 6, 7), thread)
    spine = polygon([patch(0, 0), patch(0.13, 0), patch(0.13, 1), patch(0, 1)])
    sheet.path(spine, shade(ground, -0.45))
    sheet.line(f"M{at(patch(0.15, 0))}L{at(patch(0.15, 1))}", thread, 2.4)
    sheet.path(polygon(grown), sheet.linear([(0, "#fff6e2", 0.3), (0.5, "#fff6e2", 0), (1, SHADOW, 0.26)], (0, 0), (1, 0.8)))
    strap = [patch(0.84, 0), patch(0.88, 0), patch(0.88, 1), patch(0.84, 1)]
    sheet.path(polygon(strap), "#2c211c")


def pencil(sheet: Sheet, at_point: Point, length: float, angle: float, colour: str) -> None:
    """A wooden pencil lying on the table, its tip at the origin."""
    with sheet.moved(at_point, angle=angle):
        fat = length * 0.028
        sheet.soft(polygon([(0, fat), (length, fat), (length, fat * 3), (8, fat * 2)]), SHADOW, 0.34, 3)
        sheet.path(polygon([(0, 0), (fat * 5, -fat), (fat * 5, fat)]), "#e0bd8f")
        sheet.path(polygon([(0, 0), (fat * 1.5, -fat * 0.3), (fat * 1.5, fat * 0.3)]), "#2c211c")
        sheet.rect(
            (fat * 5, -fat),
            length - fat * 5,
            fat * 2,
            sheet.linear([(0, shade(colour, 0.4)), (0.4, colour), (1, shade(colour, -0.45))], (0, 0), (0, 1)),
        )


def brooch(sheet: Sheet, centre: Point, size: float, ground: str, thread: str = GOLD_PALE) -> None:
    """A lozenge brooch of songket set in a gilt frame, lying face up."""
    x, y = centre
    squash = 0.72
    frame = [(x, y - size * squash), (x + size, y), (x, y + size * squash), (x - size, y)]
    sheet.soft(polygon([(px + 9, py + 13) for px, py in frame]), SHADOW, 0.45, 5)
    sheet.path(
        polygon([(px, py + 7) for px, py in frame]), shade(GOLD, -0.5), stroke=shade(GOLD, -0.5), stroke_width=10, stroke_linejoin="round"
    )
    gilt = sheet.linear([(0, "#f5e2ad"), (0.45, GOLD), (0.7, "#e3c781"), (1, shade(GOLD, -0.4))], (0, 0), (1, 1))
    sheet.path(polygon(frame), gilt, stroke=gilt, stroke_width=10, stroke_linejoin="round")
    inner = [(x + (px - x) * 0.84, y + (py - y) * 0.84) for px, py in frame]
    sheet.path(polygon(inner), sheet.linear([(0, shade(ground, 0.2)), (1, shade(ground, -0.3))], (0, 0), (1, 1)))
    emblem(sheet, lambda u, v: (x + (u - 0.5) * size * 2, y + (v - 0.5) * size * 2 * squash), (0.5, 0.5), 0.34, thread, ground)
    sheet.line(f"M{at((x - size * 0.92, y - 2))}L{at((x, y - size * squash * 0.94))}", "#fff6dc", 4.0, stroke_opacity=0.8)


def bracelet(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, ground: str, thread: str = GOLD_PALE) -> None:
    """A broad woven bangle standing on its edge on the table."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 0.6)
    mouth = (x, y - height)
    sheet.ellipse(mouth, radius, radius * TILT, sheet.linear([(0, shade(ground, -0.45)), (1, shade(ground, -0.1))], (0, 0), (1, 0.5)))
    profile = [(0.0, radius), (height, radius)]
    arc = f"{number(radius)} {number(radius * TILT)}"
    near = f"M{at((x - radius, mouth[1]))}A{arc} 0 0 0 {at((x + radius, mouth[1]))}V{number(y)}A{arc} 0 0 1 {at((x - radius, y))}Z"
    sheet.path(near, ground)
    patch = wall_patch(foot, profile)
    ink(sheet, lozenge_row(patch, 0.14, 0.86, 15), thread)
    sheet.path(near, sheet.linear([(0, SHADOW, 0.45), (0.12, SHADOW, 0.1), (0.3, "#fff6e2", 0.3), (0.55, "#fff6e2", 0), (1, SHADOW, 0.55)]))
    for level in (y, mouth[1]):
        sheet.line(f"M{at((x - radius, level))}A{arc} 0 0 0 {at((x + radius, level))}", GOLD, 6.0)
        sheet.line(f"M{at((x - radius, level - 2))}A{arc} 0 0 0 {at((x + radius, level - 2))}", "#f0d99a", 2.0)
    sheet.line(f"M{at((x - radius, mouth[1]))}A{arc} 0 0 1 {at((x + radius, mouth[1]))}", GOLD, 5.0)


def spool(sheet: Sheet, foot: Point, radius: float, height: float, colour: str) -> None:
    """A wooden spool wound with thread."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 0.8)
    wood = "#c79a68"
    turned_body(sheet, foot, [(0, radius), (height * 0.12, radius)], round_light(wood, 0.3, 0.45))
    disc(sheet, (x, y - height * 0.12), radius, shade(wood, 0.25))
    body = [(0, radius * 0.8), (height * 0.4, radius * 0.86), (height * 0.76, radius * 0.8)]
    turned_body(sheet, (x, y - height * 0.12), body, round_light(colour, 0.35, 0.5))
    arc = f"A{number(radius * 0.83)} {number(radius * TILT * 0.83)} 0 0 0"
    turns = "".join(
        f"M{at((x - radius * 0.83, y - height * (0.16 + 0.085 * i)))}{arc} {at((x + radius * 0.83, y - height * (0.19 + 0.085 * i)))}"
        for i in range(9)
    )
    sheet.line(turns, shade(colour, -0.4), 2.0, stroke_opacity=0.5)
    top = (x, y - height * 0.88)
    turned_body(sheet, top, [(0, radius), (height * 0.12, radius)], round_light(wood, 0.3, 0.45))
    disc(sheet, (x, y - height), radius, sheet.linear([(0, shade(wood, 0.5)), (1, shade(wood, 0.05))], (0, 0), (1, 1)))
    disc(sheet, (x, y - height), radius * 0.24, shade(wood, -0.6))
