"""What grows: leaves, pineapples, cassava, rhizomes, chillies, bananas and coconuts."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import LEAF, LEAF_DEEP, mix, shade
from storefront.demo.pictures.geometry import TILT, at, blob, curve, curve_on, polygons, ring, turned
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number


def leaf(sheet: Sheet, root: Point, tip: Point, width: float, colour: str = LEAF, veins: int = 7) -> None:
    """A leaf from stalk to tip, its left half lit, its right half deeper, with veins."""
    (x1, y1), (x2, y2) = root, tip
    length = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    nx, ny = -uy, ux

    def spot(along: float, aside: float) -> Point:
        return x1 + ux * along * length + nx * aside, y1 + uy * along * length + ny * aside

    bow = width * 0.12
    spine = f"M{at(root)}Q{at(spot(0.5, bow))} {at(tip)}"
    for side, tone in ((1, -0.16), (-1, 0.14)):
        half = f"{spine}C{at(spot(0.72, side * width * 0.5))} {at(spot(0.25, side * width * 0.62))} {at(root)}Z"
        sheet.path(half, sheet.linear([(0, shade(colour, tone + 0.12)), (1, shade(colour, tone - 0.1))], (0, 0), (1, 1)))
    ribs = []
    for i in range(1, veins):
        share = i / veins
        reach = width * 0.4 * math.sin(math.pi * (share * 0.85 + 0.1))
        for side in (-1, 1):
            ribs.append(
                f"M{at(spot(share, bow * 0.9))}Q{at(spot(share + 0.07, side * reach * 0.5))}"
                f" {at(spot(min(0.96, share + 0.13), side * reach))}"
            )
    sheet.line("".join(ribs), shade(colour, 0.45), max(1.2, width * 0.014), stroke_opacity=0.4)
    sheet.line(spine, shade(colour, 0.5), max(1.8, width * 0.03), stroke_opacity=0.7)


def banana_leaf(sheet: Sheet, centre: Point, length: float, width: float, angle: float, colour: str = "#6d8f4e") -> None:
    """A cut piece of banana leaf lying flat on the table as a ground."""
    x, y = centre
    half, deep = length / 2, width / 2
    upper = [(x - half, y), (x - half * 0.7, y - deep * 0.7), (x - half * 0.1, y - deep), (x + half * 0.5, y - deep * 0.8), (x + half, y)]
    lower = [(x + half, y), (x + half * 0.6, y + deep * 0.78), (x, y + deep), (x - half * 0.62, y + deep * 0.76), (x - half, y)]
    upper, lower = turned(upper, angle, centre), turned(lower, angle, centre)
    whole = curve(upper) + curve_on(lower) + "Z"
    sheet.soft(whole, SHADOW, 0.28, 6, (10, 11))
    sheet.path(whole, sheet.linear([(0, shade(colour, 0.3)), (0.5, colour), (1, shade(colour, -0.3))], (0, 0), (1, 1)))
    ribs = []
    for i in range(1, 20):
        px = x - half + length * i / 22
        reach = deep * (1 - abs((px - x + length * 0.05) / half) ** 1.8) * 0.9
        for side in (-1, 1):
            a, b = turned([(px, y), (px + length * 0.06, y + side * reach)], angle, centre)
            ribs.append(f"M{at(a)}L{at(b)}")
    sheet.line("".join(ribs), shade(colour, -0.35), 1.6, stroke_opacity=0.28)
    a, b = turned([(x - half * 0.99, y), (x + half * 0.98, y)], angle, centre)
    sheet.line(f"M{at(a)}L{at(b)}", shade(colour, 0.5), 6.0, stroke_opacity=0.75)


def pineapple(sheet: Sheet, rng: Random, foot: Point, width: float, colour: str = "#c98a2b", upright: bool = True) -> None:
    """A whole pineapple standing with its crown."""
    x, y = foot
    half, tall = width / 2, width * 1.32
    if upright:
        shadow(sheet, (x, y - 8), half * 0.86, half * 0.34, 1.2)
    _crown(sheet, rng, (x, y - tall * 0.97), width)

    def place(angle: float, v: float) -> Point:
        bulge = (1 - abs(2 * v - 1.04) ** 2.7) ** 0.5 if abs(2 * v - 1.04) < 1 else 0.05
        px = x + half * bulge * math.sin(angle)
        py = y - tall * (1 - v) + half * bulge * 0.3 * math.cos(angle) - half * 0.1
        return px, py

    rims = [place(-math.pi / 2, i / 16) for i in range(17)] + [place(math.pi / 2, i / 16) for i in range(16, -1, -1)]
    sheet.path(curve(rims, closed=True), sheet.linear([(0, shade(colour, -0.5)), (0.3, shade(colour, -0.3)), (1, shade(colour, -0.68))]))
    tones: dict[str, list[list[Point]]] = {}
    eyes: list[list[Point]] = []
    rows, columns = 11, 9
    for row in range(rows):
        for column in range(-columns, columns + 1):
            v = (row + 0.5) / rows
            angle = (column + (0.5 if row % 2 else 0)) * math.pi / columns
            if abs(angle) > math.pi / 2:
                continue
            da, dv = math.pi / columns * 0.46, 0.94 / rows
            low, high = max(0.02, v - dv), min(0.98, v + dv)
            lit = math.cos(angle + 0.75) * 0.5 - (v - 0.4) * 0.35 + rng.uniform(-0.08, 0.08)
            green = mix(colour, "#7d8a3a", max(0.0, 0.75 - v * 1.2))
            tone = shade(green, round(max(-0.5, min(0.42, lit - 0.14)) * 8) / 8)
            face = [place(angle, low), place(angle + da, v), place(angle, high), place(angle - da, v)]
            tones.setdefault(tone, []).append(face)
            mid = 0.35
            eyes.append(
                [
                    place(angle, v - dv * mid * 0.2),
                    place(angle + da * mid, v + dv * mid * 0.7),
                    place(angle, v + dv * mid * 1.3),
                    place(angle - da * mid, v + dv * mid * 0.7),
                ]
            )
    for tone, faces in tones.items():
        sheet.path(polygons(faces), tone)
    sheet.path(polygons(eyes), shade(colour, -0.52), fill_opacity=0.62)


def _crown(sheet: Sheet, rng: Random, root: Point, width: float) -> None:
    x, y = root
    blades = []
    for ring_no, (count, reach, lift) in enumerate(((9, 0.62, 0.5), (9, 0.5, 0.85), (7, 0.3, 1.08), (4, 0.12, 1.2))):
        for i in range(count):
            share = (i + 0.5) / count * 2 - 1 + rng.uniform(-0.08, 0.08)
            tip = (x + width * reach * share * 1.15, y - width * lift * (1 - 0.28 * share * share) * rng.uniform(0.84, 1.05))
            blades.append((ring_no, share, tip))
    for _, share, tip in sorted(blades, key=lambda b: -b[0]):
        base = (x + width * 0.14 * share, y + width * 0.05)
        bend = (x + width * 0.16 * share + (tip[0] - x) * 0.3, y - (y - tip[1]) * 0.62)
        broad = width * 0.075
        tone = mix(LEAF, "#8aa05a", rng.uniform(0, 0.5))
        tone = shade(tone, -share * 0.22 - 0.06 + rng.uniform(-0.1, 0.1))
        d = (
            f"M{at((base[0] - broad, base[1]))}Q{at((bend[0] - broad, bend[1]))} {at(tip)}Q{at((bend[0] + broad, bend[1]))}"
            f" {at((base[0] + broad, base[1]))}Z"
        )
        sheet.path(d, tone)
        sheet.path(
            f"M{at(base)}Q{at(bend)} {at(tip)}Q{at((bend[0] + broad, bend[1]))} {at((base[0] + broad, base[1]))}Z",
            shade(tone, -0.28),
            fill_opacity=0.6,
        )


def pineapple_ring(sheet: Sheet, rng: Random, centre: Point, radius: float, colour: str = "#f0b93a", thick: float = 0.24) -> None:
    """A thick round slice lying flat."""
    x, y = centre
    deep = radius * thick
    sheet.ellipse(
        (x + radius * 0.22, y + deep),
        radius * 1.08,
        radius * TILT * 1.15,
        sheet.radial([(0, SHADOW, 0.5), (0.75, SHADOW, 0.34), (1, SHADOW, 0)]),
    )
    wall = (
        f"M{number(x - radius)} {number(y)}v{number(deep)}A{number(radius)} {number(radius * TILT)} 0 0 0"
        f" {number(x + radius)} {number(y + deep)}v{number(-deep)}Z"
    )
    sheet.path(wall, sheet.linear([(0, "#b07a2a"), (0.3, "#cf9a3d"), (1, "#7c4f1c")]))
    face = sheet.linear([(0, shade(colour, 0.5)), (0.5, shade(colour, 0.16)), (1, shade(colour, -0.1))], (0.1, 0), (0.9, 1))
    sheet.ellipse(centre, radius, radius * TILT, "#b98330")
    sheet.ellipse(centre, radius * 0.95, radius * TILT * 0.95, face)
    rays: dict[float, list[str]] = {-0.2: [], 0.55: []}
    for i in range(46):
        angle = math.tau * i / 46 + rng.uniform(-0.04, 0.04)
        near, far = rng.uniform(0.3, 0.5), rng.uniform(0.7, 0.92)
        c, s = math.cos(angle) * radius, math.sin(angle) * radius * TILT
        rays[-0.2 if i % 2 else 0.55].append(f"M{at((x + c * near, y + s * near))}L{at((x + c * far, y + s * far))}")
    for tone, lines in rays.items():
        sheet.line("".join(lines), shade(colour, tone), radius * 0.025, stroke_opacity=0.55)
    sheet.ellipse(centre, radius * 0.24, radius * TILT * 0.24, shade(colour, 0.42))
    sheet.ellipse(centre, radius * 0.24, radius * TILT * 0.24, "none", stroke=shade(colour, -0.22), stroke_width=2.0, stroke_opacity=0.5)


def pineapple_half(sheet: Sheet, rng: Random, centre: Point, length: float, angle: float, colour: str = "#f0b93a") -> None:
    """Half a pineapple lying on its side, the cut face up to the viewer."""
    with sheet.moved(centre, angle=angle):
        half, deep = length / 2, length * 0.27
        sheet.soft(ring((16, deep * 0.55), half * 1.0, deep * 0.9), SHADOW, 0.4, 9)
        for i in range(11):
            spread = (i - 5) / 5
            tone = shade(mix(LEAF, "#8aa05a", rng.random() * 0.5), -abs(spread) * 0.1 - 0.05)
            tip = (-half - length * rng.uniform(0.36, 0.5) * (1 - 0.25 * spread * spread), spread * deep * 1.3 - 10)
            d = (
                f"M{at((-half * 0.9, spread * deep * 0.3 - 14))}Q{at((-half * 1.3, spread * deep * 0.5 - 24))} {at(tip)}"
                f"Q{at((-half * 1.25, spread * deep * 0.5 + 8))} {at((-half * 0.9, spread * deep * 0.3 + 14))}Z"
            )
            sheet.path(d, tone)
        sheet.path(ring((4, deep * 0.34), half, deep), sheet.linear([(0, "#b3762a"), (1, "#6d4419")], (0, 0), (0, 1)))
        sheet.path(ring((0, 0), half, deep), "#b98330")
        face = sheet.linear([(0, shade(colour, 0.42)), (0.5, shade(colour, 0.14)), (1, shade(colour, -0.12))], (0.2, 0), (0.7, 1))
        sheet.path(ring((0, 0), half * 0.96, deep * 0.92), face)
        lines: dict[float, list[str]] = {-0.22: [], 0.5: []}
        for i in range(34):
            px = half * (-0.86 + 1.72 * i / 33)
            reach = deep * 0.86 * math.sqrt(max(0.02, 1 - (px / half) ** 2))
            for side in (-1, 1):
                lines[-0.22 if (i + (side > 0)) % 2 else 0.5].append(
                    f"M{at((px * 0.96, side * deep * 0.24))}Q{at((px * 0.98, side * reach * 0.6))}"
                    f" {at((px, side * reach * rng.uniform(0.75, 0.98)))}"
                )
        for depth, marks in lines.items():
            sheet.line("".join(marks), shade(colour, depth), length * 0.008, stroke_opacity=0.5)
        sheet.path(ring((0, 0), half * 0.82, deep * 0.17), shade(colour, 0.45), fill_opacity=0.8)


def root(sheet: Sheet, rng: Random, start: Point, end: Point, width: float, colour: str, cut: str | None = None) -> None:
    """A tapering root such as cassava, from its thick (perhaps cut) end to its tip."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    with sheet.moved(start, angle=angle):
        upper = [
            (0.0, -width * 0.46),
            (length * 0.25, -width * rng.uniform(0.5, 0.56)),
            (length * 0.6, -width * 0.46),
            (length * 0.88, -width * 0.22),
        ]
        lower = [
            (length * 0.86, width * 0.2),
            (length * 0.6, width * 0.44),
            (length * 0.25, width * rng.uniform(0.48, 0.54)),
            (0.0, width * 0.46),
        ]
        tip = (length, width * rng.uniform(-0.1, 0.1))
        d = curve([*upper, tip, *lower]) + "Z"
        sheet.soft(d, SHADOW, 0.42, 7, (14, 18))
        sheet.path(
            d,
            sheet.linear([(0, shade(colour, 0.1)), (0.25, shade(colour, 0.3)), (0.55, colour), (1, shade(colour, -0.55))], (0, 0), (0, 1)),
        )
        for tone, count in ((-0.4, 13), (0.4, 6)):
            rings = []
            for _ in range(count):
                px = length * rng.uniform(0.05, 0.85)
                reach = width * 0.44 * (1 - (px / length) ** 2.4)
                top, foot = sorted((rng.uniform(-1, 0.6), rng.uniform(-0.6, 1)))
                rings.append(
                    f"M{at((px, reach * top))}q{number(width * 0.07)} {number(reach * (foot - top) / 2)}"
                    f" {number(rng.uniform(-4, 4))} {number(reach * (foot - top))}"
                )
            sheet.line("".join(rings), shade(colour, tone), width * 0.022, stroke_opacity=0.42)
        if cut:
            sheet.ellipse((2, 0), width * 0.2, width * 0.47, shade(colour, -0.3))
            sheet.ellipse((0, 0), width * 0.17, width * 0.42, sheet.linear([(0, shade(cut, 0.4)), (1, shade(cut, -0.12))], (0, 0), (1, 1)))
            sheet.ellipse((0, 0), width * 0.03, width * 0.07, shade(cut, -0.3))


def rhizome(sheet: Sheet, rng: Random, centre: Point, size: float, colour: str) -> None:
    """A knobbly root such as ginger or turmeric: a body and its fingers, ringed."""
    x, y = centre
    fingers = [(0.0, 0.0, 1.0, 0.42, rng.uniform(-15, 15))]
    for _ in range(4):
        px = rng.uniform(-0.8, 0.8)
        fingers.append((px, rng.choice((-0.36, 0.26)), rng.uniform(0.34, 0.52), rng.uniform(0.22, 0.28), rng.uniform(-70, 70)))
    shapes = [
        (blob(rng, (x + px * size, y + py * size * 0.8), rx * size, ry * size * 0.86, 0.07, angle), px, py, rx, ry, angle)
        for px, py, rx, ry, angle in fingers
    ]
    sheet.soft("".join(s[0] for s in shapes), SHADOW, 0.4, 6, (size * 0.1, size * 0.15))
    for d, px, py, rx, _ry, angle in sorted(shapes, key=lambda s: s[2]):
        sheet.path(
            d,
            sheet.linear([(0, shade(colour, 0.36)), (0.45, colour), (1, shade(colour, -0.42))], (0.25, 0), (0.7, 1)),
            stroke=shade(colour, -0.4),
            stroke_width=1.2,
            stroke_opacity=0.4,
        )
        marks = []
        for i in range(5):
            along = (-0.62 + 0.31 * i) * rx * size
            reach = 0.26 * rx * size
            a, b, c = turned([(along, -reach), (along + reach * 0.3, 0), (along, reach)], angle)
            ox, oy = x + px * size, y + py * size * 0.8
            marks.append(f"M{at((ox + a[0], oy + a[1] * 0.86))}Q{at((ox + b[0], oy + b[1]))} {at((ox + c[0], oy + c[1] * 0.86))}")
        sheet.line("".join(marks), shade(colour, -0.35), size * 0.016, stroke_opacity=0.45)


def cut_round(sheet: Sheet, centre: Point, radius: float, skin: str, flesh: str) -> None:
    """A round slice of a root, lying flat."""
    x, y = centre
    sheet.ellipse((x + radius * 0.12, y + radius * 0.22), radius * 1.04, radius * 0.52, SHADOW, fill_opacity=0.32)
    sheet.ellipse((x, y + radius * 0.12), radius, radius * 0.48, shade(skin, -0.2))
    sheet.ellipse(centre, radius, radius * 0.48, skin)
    sheet.ellipse(centre, radius * 0.88, radius * 0.41, sheet.linear([(0, shade(flesh, 0.35)), (1, shade(flesh, -0.14))], (0, 0), (1, 1)))
    sheet.ellipse(centre, radius * 0.5, radius * 0.23, "none", stroke=shade(flesh, -0.24), stroke_width=1.8, stroke_opacity=0.5)


def chilli(sheet: Sheet, rng: Random, root_point: Point, length: float, angle: float, colour: str = "#b3231c") -> None:
    """A red chilli with its stalk."""
    with sheet.moved(root_point, angle=angle):
        broad, bow = length * 0.085, length * rng.uniform(0.08, 0.2)
        upper = (
            f"M0 {number(-broad)}C{number(length * 0.4)} {number(-broad * 1.5 + bow * 0.3)} {number(length * 0.8)}"
            f" {number(bow * 0.5)} {number(length)} {number(bow * 1.4)}"
        )
        d = (
            f"{upper}C{number(length * 0.78)} {number(bow * 0.9 + broad)} {number(length * 0.4)}"
            f" {number(broad * 1.7 + bow * 0.3)} 0 {number(broad)}Z"
        )
        sheet.soft(d, SHADOW, 0.36, 4, (5, broad * 0.7 + 3))
        sheet.path(d, sheet.linear([(0, shade(colour, 0.18)), (0.4, colour), (1, shade(colour, -0.5))], (0, 0), (0, 1)))
        sheet.line(
            f"M{number(length * 0.08)} {number(-broad * 0.45)}Q{number(length * 0.4)} {number(-broad * 0.7 + bow * 0.2)}"
            f" {number(length * 0.72)} {number(bow * 0.62)}",
            "#ffd9c8",
            broad * 0.26,
            stroke_opacity=0.62,
        )
        sheet.path(
            f"M{number(broad * 0.6)} {number(-broad * 0.95)}Q{number(-broad * 0.9)} 0 {number(broad * 0.6)}"
            f" {number(broad * 0.95)}Q{number(-broad * 1.2)} {number(broad)} {number(-broad * 1.2)} 0Q{number(-broad * 1.2)}"
            f" {number(-broad)} {number(broad * 0.6)} {number(-broad * 0.95)}Z",
            LEAF_DEEP,
        )
        sheet.line(
            f"M{number(-broad)} 0q{number(-length * 0.09)} {number(-length * 0.03)} {number(-length * 0.17)} {number(-length * 0.1)}",
            LEAF,
            broad * 0.5,
        )


def banana(sheet: Sheet, root_point: Point, length: float, angle: float, colour: str = "#e2b93b") -> None:
    """One banana, its ridge lit."""
    with sheet.moved(root_point, angle=angle):
        fat = length * 0.17
        outer = [(0, 0), (length * 0.16, -fat * 0.2), (length * 0.5, fat * 0.15), (length * 0.86, -fat * 0.9), (length, -fat * 1.7)]
        inner = [
            (length * 0.98, -fat * 1.9),
            (length * 0.8, -fat * 1.7),
            (length * 0.5, -fat * 0.98),
            (length * 0.2, -fat * 0.86),
            (0, -fat * 0.34),
        ]
        d = curve([*outer, *inner]) + "Z"
        sheet.soft(d, SHADOW, 0.35, 5, (8, 14))
        sheet.path(d, sheet.linear([(0, shade(colour, 0.35)), (0.5, colour), (1, shade(colour, -0.36))], (0.3, 0), (0.5, 1)))
        ridge = [(p[0], (p[1] + q[1]) / 2 + fat * 0.12) for p, q in zip(outer, reversed(inner), strict=True)]
        sheet.line(curve(ridge), shade(colour, -0.25), fat * 0.06, stroke_opacity=0.6)
        sheet.ellipse((length * 0.99, -fat * 1.8), fat * 0.16, fat * 0.13, "#4a3418")
        sheet.line(f"M0 {number(-fat * 0.17)}l{number(-length * 0.1)} {number(-fat * 0.1)}", shade("#a08a35", -0.1), fat * 0.3)


def coconut_half(sheet: Sheet, rng: Random, foot: Point, radius: float) -> None:
    """Half a coconut, its white flesh up."""
    x, y = foot
    shadow(sheet, (x, y - radius * 0.1), radius * 0.8, radius * 0.3, 0.8)
    mouth = (x, y - radius * 0.78)
    husk = (
        f"M{number(x - radius)} {number(mouth[1])}C{number(x - radius)} {number(y + radius * 0.18)} {number(x + radius)}"
        f" {number(y + radius * 0.18)} {number(x + radius)} {number(mouth[1])}Z"
    )
    sheet.path(husk, sheet.linear([(0, "#4c3120"), (0.3, "#80583a"), (1, "#2c1a10")]))
    hairs = []
    for _ in range(36):
        angle, reach = rng.uniform(0.15, 2.95), rng.uniform(0.5, 0.98)
        px, py = x - radius * math.cos(angle) * reach, mouth[1] + radius * 0.78 * math.sin(angle) * reach
        hairs.append(f"M{at((px, py))}q{number(rng.uniform(-12, 12))} 5 {number(rng.uniform(-26, 26))} {number(rng.uniform(2, 14))}")
    sheet.line("".join(hairs), "#a98058", 1.8, stroke_opacity=0.5)
    sheet.ellipse(mouth, radius, radius * 0.42, "#5d3e27")
    sheet.ellipse(mouth, radius * 0.94, radius * 0.385, sheet.linear([(0, "#fffdf6"), (1, "#e4dccb")], (0, 0), (1, 1)))
    sheet.ellipse(
        (mouth[0], mouth[1] + radius * 0.03),
        radius * 0.72,
        radius * 0.28,
        sheet.linear([(0, "#b9b0a0"), (0.5, "#dcd5c6"), (1, "#faf6ec")], (0.15, 0), (0.85, 1)),
    )
