"""What dry village products are packed in: stand-up pouches, paper bags, boxes and rice sacks."""

from __future__ import annotations

from random import Random

from storefront.demo.pictures.colour import GOLD, mix, shade
from storefront.demo.pictures.geometry import (
    Patch,
    at,
    bent_patch,
    curve,
    curve_on,
    polygon,
    quad_patch,
    strip,
)
from storefront.demo.pictures.ornament import diamond, label
from storefront.demo.pictures.setting import SHADOW, box_shadow, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.vessels import (
    rim,
    round_light,
    turned_body,
)


def pouch(sheet: Sheet, rng: Random, foot: Point, width: float, height: float, colour: str, accent: str) -> Patch:
    """A stand-up pouch with a gusset, a sealed top and a label; returns its front as a surface."""
    x, y = foot
    half = width / 2
    shadow(sheet, (x, y - 12), half * 1.0, half * 0.32, 1.1)
    left = [
        (x - half * 0.93, y - 14),
        (x - half * 1.0, y - height * 0.16),
        (x - half * 0.985, y - height * 0.5),
        (x - half * 0.95, y - height * 0.86),
        (x - half * 0.95, y - height),
    ]
    right = [(2 * x - px, py) for px, py in reversed(left)]
    sag = height * 0.045
    d = (
        f"M{at(left[0])}{curve_on(left)}L{at(right[0])}{curve_on(right)}"
        f"Q{at((x + half * 0.8, y + sag * 0.6))} {at((x, y + sag))}"
        f"Q{at((x - half * 0.8, y + sag * 0.6))} {at(left[0])}Z"
    )
    sheet.path(d, sheet.linear(_foil(colour)))
    _pouch_creases(sheet, rng, foot, half, height, colour)
    _seal(sheet, x, y - height, half * 0.95, height, colour)
    front = bent_patch((x - half * 0.98, y - height * 0.84), width * 0.98, height * 0.78, sag)
    patch = _inset(front, 0.12, 0.08, 0.88, 0.84)
    label(sheet, patch, width * 0.76 / (height * 0.59), accent)
    sheet.path(strip(patch, 0.0, 1.0), sheet.linear(_sheen()))
    return front


def _inset(patch: Patch, left: float, top: float, right: float, bottom: float) -> Patch:
    """A smaller surface within a surface."""
    return lambda u, v: patch(left + (right - left) * u, top + (bottom - top) * v)


def _foil(colour: str) -> list[tuple[float, str]]:
    return [
        (0, shade(colour, -0.3)),
        (0.05, shade(colour, 0.12)),
        (0.1, shade(colour, -0.08)),
        (0.3, shade(colour, 0.2)),
        (0.62, colour),
        (0.9, shade(colour, -0.24)),
        (0.95, shade(colour, -0.06)),
        (1, shade(colour, -0.36)),
    ]


def _sheen() -> list[tuple[float, str, float]]:
    return [
        (0.06, "#ffffff", 0),
        (0.2, "#ffffff", 0.16),
        (0.34, "#ffffff", 0.03),
        (0.66, SHADOW, 0.0),
        (0.96, SHADOW, 0.2),
    ]


def _pouch_creases(sheet: Sheet, rng: Random, foot: Point, half: float, height: float, colour: str) -> None:
    x, y = foot
    gusset = [
        (x - half * 0.97, y - height * 0.14),
        (x - half * 0.5, y - height * 0.055),
        (x, y - height * 0.035),
        (x + half * 0.5, y - height * 0.055),
        (x + half * 0.97, y - height * 0.14),
    ]
    lower = f"{curve(gusset)}L{at((x + half * 0.93, y - 14))}Q{at((x, y + height * 0.085))} {at((x - half * 0.93, y - 14))}Z"
    sheet.path(lower, sheet.linear([(0, SHADOW, 0.1), (1, SHADOW, 0.34)], (0, 0), (0, 1)))
    sheet.line(curve(gusset), shade(colour, 0.4), 2.5, stroke_opacity=0.6)
    for _ in range(5):
        side = rng.choice((-1, 1))
        px = x + side * half * rng.uniform(0.62, 0.9)
        py = y - height * rng.uniform(0.25, 0.88)
        reach = height * rng.uniform(0.06, 0.15)
        fold = (
            f"M{at((px, py))}q{number(side * 7)} {number(reach / 2)} {number(-side * 5)} {number(reach)}"
            f"q{number(-side * 10)} {number(-reach / 2)} {number(side * 5)} {number(-reach)}Z"
        )
        tone = "#fffaf0" if rng.random() < 0.5 else SHADOW
        sheet.path(fold, tone, fill_opacity=0.16)


def _seal(sheet: Sheet, x: float, top: float, half: float, height: float, colour: str) -> None:
    """The pressed top edge with its fine ribs."""
    deep = height * 0.055
    ribs = "".join(f"M{number(x - half)} {number(top + deep * (0.2 + i * 0.2))}h{number(half * 2)}" for i in range(4))
    sheet.rect((x - half, top), half * 2, deep, shade(colour, 0.15), fill_opacity=0.35)
    sheet.line(ribs, shade(colour, -0.3), 1.4, stroke_opacity=0.5)
    sheet.line(
        f"M{number(x - half)} {number(top + deep)}h{number(half * 2)}",
        shade(colour, -0.35),
        2.0,
        stroke_opacity=0.5,
    )


def paper_bag(sheet: Sheet, rng: Random, foot: Point, width: float, height: float, colour: str, accent: str) -> None:
    """A square-bottomed paper bag with a folded top, seen from its front and a little of its right side."""
    x, y = foot
    half, side, rise = width / 2, width * 0.2, width * 0.1
    a, b = (x - half, y), (x + half * 0.72, y + 6)
    c = (b[0] + side, b[1] - rise)
    top = y - height
    a2, b2 = (x - half * 0.98, top), (x + half * 0.7, top + 4)
    c2 = (b2[0] + side * 0.86, top - rise * 0.35)
    box_shadow(sheet, [a, b, c, (a[0] + side, a[1] - rise)], width * 0.5)
    flank = [b, c, c2, b2]
    sheet.path(
        polygon(flank),
        sheet.linear([(0, shade(colour, -0.34)), (0.5, shade(colour, -0.22)), (1, shade(colour, -0.42))]),
    )
    middle = ((b2[0] + c2[0]) / 2, (b2[1] + c2[1]) / 2)
    foot_fold = ((b[0] + c[0]) / 2 - 5, y - height * 0.2)
    sheet.path(polygon([b, foot_fold, c]), SHADOW, fill_opacity=0.14)
    sheet.line(f"M{at(middle)}L{at(foot_fold)}", shade(colour, -0.5), 2.0, stroke_opacity=0.5)
    front = polygon([a, b, b2, a2])
    sheet.path(
        front,
        sheet.linear([(0, shade(colour, 0.12)), (0.3, shade(colour, 0.3)), (1, shade(colour, -0.1))], (0, 0), (1, 0.4)),
    )
    sheet.path(front, sheet.linear([(0, SHADOW, 0), (0.7, SHADOW, 0), (1, SHADOW, 0.2)], (0, 0), (0, 1)))
    for _ in range(7):
        px, py = x + half * rng.uniform(-0.9, 0.5), y - height * rng.uniform(0.05, 0.9)
        crease = (
            f"M{at((px, py))}q{number(rng.uniform(-30, 30))} {number(rng.uniform(10, 40))} {number(rng.uniform(-14, 60))}"
            f" {number(rng.uniform(30, 110))}"
        )
        sheet.line(crease, rng.choice((shade(colour, -0.3), "#fffaf0")), 2.0, stroke_opacity=0.25)
    _folded_top(sheet, a2, b2, c2, height * 0.12, colour)
    patch = quad_patch(
        (x - half * 0.78, top + height * 0.26),
        (x + half * 0.52, top + height * 0.262),
        (x + half * 0.525, y - height * 0.12),
        (x - half * 0.785, y - height * 0.125),
    )
    label(sheet, patch, width * 0.65 / (height * 0.62), accent)
    sheet.path(front, sheet.linear([(0, "#fffaf0", 0.14), (0.5, "#fffaf0", 0), (1, SHADOW, 0.14)]))


def _folded_top(sheet: Sheet, a: Point, b: Point, c: Point, deep: float, colour: str) -> None:
    fold = [a, b, (b[0] + 3, b[1] + deep), (a[0] - 2, a[1] + deep)]
    side = [b, c, (c[0] + 2, c[1] + deep * 0.86), (b[0] + 3, b[1] + deep)]
    sheet.path(polygon([(px, py + 8) for px, py in fold]), SHADOW, fill_opacity=0.2)
    sheet.path(polygon(side), shade(colour, -0.24))
    sheet.path(polygon(fold), sheet.linear([(0, shade(colour, 0.2)), (0.35, shade(colour, 0.42)), (1, shade(colour, 0.02))]))
    sheet.line(f"M{at(a)}L{at(b)}L{at(c)}", shade(colour, 0.6), 3.0, stroke_opacity=0.7)
    clip_x = (a[0] + b[0]) / 2
    sheet.rect((clip_x - 46, a[1] + deep * 0.3), 92, deep * 0.3, sheet.linear([(0, shade(GOLD, 0.4)), (1, shade(GOLD, -0.3))]), rx=4)


def box(sheet: Sheet, rng: Random, foot: Point, size: tuple[float, float, float], colour: str, accent: str) -> None:
    """A carton: front width, height and side width; its lid faces the light."""
    x, y = foot
    width, height, side = size
    rise = side * 0.5
    a, b = (x - width / 2, y), (x + width / 2, y + 4)
    c = (b[0] + side, b[1] - rise)
    lift = (0, -height)
    up = [(p[0] + lift[0], p[1] + lift[1]) for p in (a, b, c)]
    back = (up[0][0] + side, up[0][1] - rise)
    box_shadow(sheet, [a, b, c, (a[0] + side, a[1] - rise)], height * 0.5)
    sheet.path(
        polygon([b, c, up[2], up[1]]),
        sheet.linear([(0, shade(colour, -0.3)), (1, shade(colour, -0.44))]),
    )
    sheet.path(
        polygon([up[0], up[1], up[2], back]),
        sheet.linear([(0, shade(colour, 0.5)), (1, shade(colour, 0.22))]),
    )
    front = [a, b, up[1], up[0]]
    sheet.path(polygon(front), sheet.linear([(0, shade(colour, 0.22)), (1, shade(colour, -0.06))]))
    patch = quad_patch(
        (up[0][0] + width * 0.09, up[0][1] + height * 0.1),
        (up[1][0] - width * 0.09, up[1][1] + height * 0.1),
        (b[0] - width * 0.09, b[1] - height * 0.1),
        (a[0] + width * 0.09, a[1] - height * 0.1),
    )
    label(sheet, patch, width * 0.82 / (height * 0.8), accent)
    sheet.path(polygon(front), sheet.linear([(0, "#fffaf0", 0.12), (1, SHADOW, 0.18)], (0, 0), (0.6, 1)))
    flank = quad_patch(up[1], up[2], c, b)
    tall = [diamond(flank, 0.5, v, 0.16, 0.16 * side / height) for v in (0.3, 0.5, 0.7)]
    for shape in tall:
        sheet.path(polygon(shape), mix(accent, SHADOW, 0.3), fill_opacity=0.55)
    sheet.line(f"M{at(up[0])}L{at(up[1])}L{at(up[2])}", "#fffaf0", 2.0, stroke_opacity=0.6)
    sheet.line(f"M{at(up[1])}L{at(b)}", "#fffaf0", 1.6, stroke_opacity=0.35)


def sack(sheet: Sheet, rng: Random, foot: Point, width: float, height: float, colour: str, accent: str) -> Point:
    """An open cloth sack with a rolled rim; returns the middle of its mouth."""
    x, y = foot
    half = width / 2
    shadow(sheet, (x, y - 6), half * 0.94, half * 0.36, 0.8)
    mouth = (x, y - height)
    profile = [
        (0, half * 0.8),
        (height * 0.08, half * 0.95),
        (height * 0.38, half * 1.03),
        (height * 0.75, half * 0.9),
        (height, half * 0.86),
    ]
    turned_body(sheet, foot, profile, round_light(colour, 0.28, 0.42))
    for _ in range(9):
        px = x + half * rng.uniform(-0.85, 0.85)
        lean = (px - x) * 0.16
        top = y - height * rng.uniform(0.7, 0.9)
        fold = (
            f"M{at((px - lean, top))}Q{at((px + lean, top + height * 0.25))} {at((px + lean * 0.4, top + height * rng.uniform(0.35, 0.6)))}"
        )
        sheet.line(fold, shade(colour, rng.choice((-0.35, -0.35, 0.5))), rng.uniform(3, 7), stroke_opacity=0.22)
    patch = bent_patch((x - half * 0.6, y - height * 0.66), half * 1.2, height * 0.46, half * 0.16)
    label(sheet, patch, 1.2 * half / (height * 0.46), accent)
    rim(sheet, mouth, half * 0.93, colour, half * 0.1, shade(colour, -0.3))
    return mouth
