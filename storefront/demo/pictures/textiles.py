"""Cloth and plaiting: folded and hanging songket and batik, flat and rolled mats, napkins and runners."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import GOLD_PALE, mix, shade
from storefront.demo.pictures.geometry import Patch, at, cell, curve, curve_on, polygon, polygons, quad_patch
from storefront.demo.pictures.ornament import Shapes, dot_row, ink, lozenge_field, lozenge_row, shoot_row
from storefront.demo.pictures.setting import SHADOW, box_shadow, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number


def songket(sheet: Sheet, patch: Patch, ground: str, thread: str, columns: int, rows: int) -> None:
    """A songket surface: a field of lozenges and, at its lower end, the band of shoots."""

    def part(top: float, bottom: float) -> Patch:
        return lambda u, v: patch(u, top + (bottom - top) * v)

    ink(sheet, lozenge_field(part(0.0, 0.66), columns, rows), thread)
    ink(sheet, dot_row(patch, 0.69, columns * 3, 0.1 / columns, 0.008), thread)
    ink(sheet, lozenge_row(patch, 0.71, 0.8, round(columns * 1.4)), thread)
    ink(sheet, dot_row(patch, 0.82, columns * 3, 0.1 / columns, 0.008), thread)
    ink(sheet, shoot_row(patch, 0.84, 0.98, round(columns * 1.6)), thread)
    # A few lighter crossings make the gold thread glitter.
    ink(sheet, dot_row(patch, 0.755, round(columns * 1.4), 0.03 / columns * 3, 0.01), shade(thread, 0.5))


def batik(sheet: Sheet, rng: Random, patch: Patch, tone: str, second: str, columns: int, rows: int) -> None:
    """A batik surface: leafy flowers with dotted fillings, set row between row."""
    petals: Shapes = []
    hearts: Shapes = []
    dots: Shapes = []
    du, dv = 1 / columns, 1 / rows
    for row in range(rows):
        for column in range(columns):
            u = (column + (0.5 if row % 2 == 0 else 0.98)) * du
            if u > 1 - du * 0.3:
                continue
            v = (row + 0.5) * dv
            for k in range(8):
                angle = k * math.tau / 8
                near, far = 0.13, 0.45 if k % 2 == 0 else 0.3
                points = []
                for reach, swing in ((near, 0.0), ((near + far) / 2, 0.24), (far, 0.0), ((near + far) / 2, -0.24)):
                    a = angle + swing
                    points.append(patch(u + du * reach * math.cos(a), v + dv * reach * math.sin(a)))
                petals.append(points)
            hearts.append([patch(u + du * 0.1 * math.cos(a), v + dv * 0.1 * math.sin(a)) for a in (i * math.tau / 8 for i in range(8))])
            for k in range(8):
                a = (k + 0.5) * math.tau / 8
                pu, pv = u + du * 0.44 * math.cos(a), v + dv * 0.44 * math.sin(a)
                dots.append(
                    [patch(pu + du * 0.035 * math.cos(t), pv + dv * 0.035 * math.sin(t)) for t in (i * math.tau / 5 for i in range(5))]
                )
    sheet.path(polygons(petals), tone)
    sheet.path(polygons(hearts), second)
    sheet.path(polygons(dots), second, fill_opacity=0.8)


def decorate(sheet: Sheet, rng: Random, patch: Patch, kind: str, ground: str, thread: str, size: tuple[int, int]) -> None:
    """Cover a surface with "songket" or "batik"."""
    if kind == "songket":
        songket(sheet, patch, ground, thread, *size)
    else:
        batik(sheet, rng, patch, thread, mix(thread, "#fff3d6", 0.5), *size)


def folded(sheet: Sheet, rng: Random, foot: Point, size: tuple[float, float], layers: int, ground: str, thread: str, kind: str) -> Point:
    """A cloth folded into a neat oblong; `size` is width and depth. Returns the middle of its top."""
    x, y = foot
    width, depth = size
    lean, rise = depth * 0.34, depth * 0.46
    each = 17.0
    thick = each * layers
    a, b = (x - width / 2 - lean / 2, y), (x + width / 2 - lean / 2, y)
    c, d = (b[0] + lean, y - rise), (a[0] + lean, y - rise)
    box_shadow(sheet, [a, b, c, d], thick * 1.5 + 26, 0.45)
    sheet.path(polygon([b, c, (c[0], c[1] - thick), (b[0], b[1] - thick)]), shade(ground, -0.6))
    for i in range(layers):
        low = y - i * each
        inset = rng.uniform(-3, 3)
        fold = (
            f"M{number(a[0] + inset)} {number(low)}Q{number(a[0] - 9 + inset)} {number(low - each / 2)}"
            f" {number(a[0] + inset)} {number(low - each)}H{number(b[0] + inset)}Q{number(b[0] + 9 + inset)}"
            f" {number(low - each / 2)} {number(b[0] + inset)} {number(low)}Z"
        )
        side = (
            f"M{number(b[0] + inset)} {number(low)}Q{number(b[0] + 9 + inset)} {number(low - each / 2)}"
            f" {number(b[0] + inset)} {number(low - each)}L{at((c[0] + inset, c[1] - i * each - each))}V{number(c[1] - i * each)}Z"
        )
        sheet.path(side, shade(ground, -0.5 + 0.06 * (i % 2)))
        sheet.path(fold, sheet.linear([(0, shade(ground, -0.05)), (0.3, shade(ground, 0.22)), (1, shade(ground, -0.4))], (0, 0), (0, 1)))
        marks = "".join(f"M{number(a[0] + width * (k + 0.5) / 16)} {number(low - each * 0.72)}v{number(each * 0.46)}" for k in range(16))
        sheet.line(marks, thread, 5.0, stroke_opacity=0.5)
    top = [(px, py - thick) for px, py in (d, c, b, a)]
    sheet.path(polygon(top), ground, stroke=ground, stroke_width=6, stroke_linejoin="round")
    decorate(sheet, rng, quad_patch(*top), kind, ground, thread, (9, 6) if kind == "songket" else (6, 4))
    sheen = sheet.linear([(0, "#fff6e2", 0.34), (0.45, "#fff6e2", 0.04), (1, SHADOW, 0.26)], (0, 0), (1, 0.8))
    sheet.path(polygon(top), sheen)
    sheet.line(f"M{at(top[3])}L{at(top[2])}", shade(ground, 0.5), 3.0, stroke_opacity=0.6)
    return x, y - thick - rise / 2


def hanging(
    sheet: Sheet, rng: Random, top: Point, size: tuple[float, float], ground: str, thread: str, kind: str, grid: tuple[int, int] = (8, 8)
) -> None:
    """A cloth hanging over a wooden rod, in soft upright waves."""
    x, y = top
    width, height = size
    phase = rng.uniform(0, math.tau)

    def patch(u: float, v: float) -> Point:
        wave = math.sin(u * 15 + phase) * (3 + 9 * v)
        return x - width / 2 + width * u, y + height * v + wave * 0.6 + math.sin(u * 3 + phase) * 8 * v

    edge = [patch(i / 24, 1.0) for i in range(25)]
    d = f"M{at(patch(0, 0))}L{at(patch(1, 0))}L{at(edge[-1])}{curve_on(list(reversed(edge)))}Z"
    sheet.soft(d, SHADOW, 0.22, 14, (34, 26))
    sheet.path(d, ground)
    decorate(sheet, rng, patch, kind, ground, thread, grid)
    stops: list[tuple[float, str, float]] = []
    for i in range(25):
        slope = math.cos(i / 24 * 15 + phase)
        stops.append((i / 24, "#fff6e2" if slope > 0 else SHADOW, abs(slope) * (0.16 if slope > 0 else 0.3)))
    sheet.path(d, sheet.linear(stops))
    rod = (x - width / 2 - 60, y - 26)
    sheet.rect(rod, width + 120, 26, sheet.linear([(0, "#c79a68"), (0.35, "#dcb98b"), (1, "#6f4a2b")], (0, 0), (0, 1)), rx=13)
    over = f"M{at((x - width / 2, y - 30))}H{number(x + width / 2)}V{number(y + 8)}H{number(x - width / 2)}Z"
    sheet.path(over, sheet.linear([(0, shade(ground, 0.1)), (0.35, shade(ground, 0.34)), (1, shade(ground, -0.25))], (0, 0), (0, 1)))


def plaited(sheet: Sheet, rng: Random, patch: Patch, columns: int, rows: int, tones: tuple[str, str], pattern: str = "plain") -> None:
    """A plaited surface of crossing strips, each crossing lit on its crown; "plain", "diamond" or "stripe"."""
    over: dict[str, list[list[Point]]] = {}
    glints: list[list[Point]] = []
    shades: list[list[Point]] = []
    du, dv = 1 / columns, 1 / rows
    for row in range(rows):
        for column in range(columns):
            u, v = column * du, row * dv
            across = (row + column) % 2 == 0
            second = _is_second(pattern, row, column)
            tone = shade(tones[1] if second else tones[0], (0.08 if across else -0.1) + round(rng.uniform(-1, 1)) * 0.05)
            over.setdefault(tone, []).append(cell(patch, u + du * 0.03, v + dv * 0.03, du * 0.94, dv * 0.94))
            if across:
                glints.append(cell(patch, u + du * 0.1, v + dv * 0.16, du * 0.6, dv * 0.2))
                shades.append(cell(patch, u, v + dv * 0.8, du, dv * 0.2))
            else:
                glints.append(cell(patch, u + du * 0.16, v + dv * 0.1, du * 0.2, dv * 0.6))
                shades.append(cell(patch, u + du * 0.8, v, du * 0.2, dv))
    for tone, cells in over.items():
        sheet.path(polygons(cells), tone)
    sheet.path(polygons(glints), "#fff6de", fill_opacity=0.3)
    sheet.path(polygons(shades), SHADOW, fill_opacity=0.24)


def _is_second(pattern: str, row: int, column: int) -> bool:
    if pattern == "diamond":
        reach = abs(row % 8 - 4) + abs(column % 8 - 4)
        return reach in (1, 3)
    if pattern == "stripe":
        return column % 6 in (2, 3)
    return False


def flat_mat(
    sheet: Sheet, rng: Random, corners: tuple[Point, Point, Point, Point], grid: tuple[int, int], tones: tuple[str, str], pattern: str
) -> None:
    """A mat lying on the table between four corners (far left, far right, near right, near left)."""
    ground = polygon(corners)
    sheet.soft(ground, SHADOW, 0.34, 5, (8, 10))
    sheet.path(ground, shade(tones[0], -0.5))
    patch = quad_patch(*corners)
    plaited(sheet, rng, patch, *grid, tones, pattern)
    edge = shade(tones[1], -0.1)
    sheet.line(polygon(corners), edge, 9.0, stroke_linejoin="round")
    sheet.path(ground, sheet.linear([(0, "#fff6e2", 0.22), (0.5, "#fff6e2", 0), (1, SHADOW, 0.24)], (0, 0), (1, 0.9)))


def rolled_mat(sheet: Sheet, rng: Random, centre: Point, length: float, radius: float, tones: tuple[str, str], pattern: str) -> None:
    """A mat rolled up and tied, lying across the table."""
    x, y = centre
    half = length / 2
    shadow(sheet, (x + 10, y + radius * 0.8), half * 1.0, radius * 0.5, 0.35)

    def patch(u: float, v: float) -> Point:
        angle = (v - 0.5) * 2.7
        bulge = math.cos(math.pi * (v - 0.5)) * radius * 0.24
        return x - half + length * u + bulge - radius * 0.1, y + radius * math.sin(angle) / math.sin(1.35)

    sheet.path(
        polygon([patch(0, 0), patch(1, 0), *[patch(1, i / 8) for i in range(9)], *[patch(0, i / 8) for i in range(8, -1, -1)]]),
        shade(tones[0], -0.5),
    )
    plaited(sheet, rng, patch, round(length / 19), 16, tones, pattern)
    body = polygon([*[patch(1, i / 10) for i in range(11)], *[patch(0, i / 10) for i in range(10, -1, -1)]])
    sheet.path(body, sheet.linear([(0, "#fff6e2", 0.06), (0.28, "#fff6e2", 0.4), (0.55, SHADOW, 0.05), (1, SHADOW, 0.55)], (0, 0), (0, 1)))
    sheet.ellipse((x - half, y), radius * 0.42, radius, shade(tones[0], -0.3))
    spiral = []
    for i in range(64):
        angle, reach = i / 8 * math.tau / 2.2, 1 - i / 70
        spiral.append((x - half + radius * 0.4 * reach * math.cos(angle), y + radius * 0.96 * reach * math.sin(angle)))
    sheet.line(curve(spiral), shade(tones[0], 0.3), 7.0)
    sheet.line(curve(spiral), shade(tones[0], -0.5), 2.0, transform="translate(2 3)", stroke_opacity=0.7)
    for share in (0.3, 0.72):
        tie = [patch(share, i / 10) for i in range(11)]
        sheet.line(curve(tie), "#6f4a2b", 11.0)
        sheet.line(curve(tie), "#c9a46c", 7.0)


def napkin(sheet: Sheet, rng: Random, corners: tuple[Point, Point, Point, Point], colour: str) -> None:
    """A linen napkin lying on the table, hemmed, with two soft creases."""
    ground = polygon(corners)
    sheet.soft(ground, SHADOW, 0.3, 4, (5, 7))
    sheet.path(ground, sheet.linear([(0, shade(colour, 0.26)), (0.5, colour), (1, shade(colour, -0.2))], (0, 0), (1, 0.8)))
    patch = quad_patch(*corners)
    hem = polygon([patch(0.03, 0.05), patch(0.97, 0.05), patch(0.97, 0.95), patch(0.03, 0.95)])
    sheet.line(hem, shade(colour, -0.3), 1.6, stroke_opacity=0.5, stroke_dasharray="5 5")
    for u in (0.36, 0.7):
        crease = f"M{at(patch(u, 0))}L{at(patch(u + 0.02, 1))}"
        sheet.line(crease, shade(colour, -0.35), 3.0, stroke_opacity=0.22)
        sheet.line(crease, "#fffaf0", 3.0, stroke_opacity=0.4, transform="translate(-4 0)")


def runner(sheet: Sheet, left: float, right: float, near: float, far: float, ground: str, thread: str = GOLD_PALE) -> None:
    """A narrow songket runner laid from the back of the table towards the viewer."""
    lean = (near - far) * 0.2
    corners = ((left + lean, far), (right + lean, far), (right, near), (left, near))
    sheet.path(polygon(corners), SHADOW, fill_opacity=0.26, transform="translate(6 5)")
    sheet.path(polygon(corners), sheet.linear([(0, shade(ground, 0.16)), (1, shade(ground, -0.16))], (0, 0), (0, 1)))
    patch = quad_patch(*corners)

    def turned_patch(u: float, v: float) -> Point:
        return patch(v, u)

    ink(sheet, lozenge_row(turned_patch, 0.2, 0.8, max(4, round((near - far) / (right - left) * 2.6))), thread)
    edges = "".join(f"M{at(patch(u, 0))}L{at(patch(u, 1))}" for u in (0.06, 0.1, 0.9, 0.94))
    sheet.line(edges, thread, 2.4)
