"""Jars and bottles of glass, what is seen in them, and what closes them."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import shade
from storefront.demo.pictures.geometry import TILT, at, bent_patch, blob, curve_on
from storefront.demo.pictures.ornament import label
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.vessels import glass, highlight, liquid_stops, outline, round_light, turned_body

JAR = ((0, 0.9), (0.03, 0.98), (0.1, 1.0), (0.8, 1.0), (0.9, 0.97), (0.96, 0.84), (1.0, 0.8))


def scaled(shape: tuple[tuple[float, float], ...], height: float, radius: float) -> list[tuple[float, float]]:
    """A profile of shares made into pixels."""
    return [(h * height, r * radius) for h, r in shape]


def jar(
    sheet: Sheet,
    rng: Random,
    foot: Point,
    radius: float,
    height: float,
    content: str,
    accent: str,
    lid: str = "wood",
    clear: float = 0.5,
) -> None:
    """A lidded glass jar filled with something of one colour, with a label round its front."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 0.9)
    profile = scaled(JAR, height, radius)
    turned_body(sheet, foot, profile, round_light("#d9dccd", 0.5, 0.25))
    filling = [(9.0, radius * 0.9), (height * 0.08, radius * 0.955), (height * 0.8, radius * 0.955), (height * 0.86, radius * 0.93)]
    sheet.path(outline(foot, filling), sheet.linear(liquid_stops(content, clear)))
    surface = (x, y - height * 0.86)
    sheet.ellipse(surface, radius * 0.93, radius * 0.93 * TILT, sheet.linear([(0, shade(content, 0.1)), (1, shade(content, 0.4))]))
    fleck(sheet, rng, foot, radius, height, content)
    glass(sheet, foot, profile)
    top, bottom = y - height * 0.74, y - height * 0.14
    patch = bent_patch((x - radius * 0.88, top), radius * 1.76, bottom - top, radius * TILT * 0.78)
    label(sheet, patch, radius * 1.9 / (bottom - top), accent)
    body = outline(foot, profile)
    sheet.path(
        body, sheet.linear([(0.04, SHADOW, 0.2), (0.2, "#ffffff", 0.16), (0.34, "#ffffff", 0), (0.7, SHADOW, 0.05), (1, SHADOW, 0.34)])
    )
    highlight(sheet, (x - radius * 0.76, y - height * 0.84), radius * 0.1, height * 0.72, 0.75)
    cap(sheet, rng, (x, y - height * 0.95), radius * 0.9, height * 0.17, lid, accent)


def fleck(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str) -> None:
    """Small lighter and darker bits within a jar's content."""
    x, y = foot
    for tone in (0.35, -0.3):
        bits = []
        for _ in range(20):
            spot = (x + radius * 0.84 * rng.uniform(-1, 1), y - height * rng.uniform(0.1, 0.8))
            bits.append(blob(rng, spot, radius * rng.uniform(0.02, 0.07), radius * rng.uniform(0.02, 0.05), 0.3))
        sheet.path("".join(bits), shade(colour, tone), fill_opacity=0.4)


def cap(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, kind: str, accent: str) -> None:
    """What closes a jar: "wood", "metal", or "cloth" tied with twine."""
    x, y = foot
    if kind == "cloth":
        _cloth_cap(sheet, rng, foot, radius, height, accent)
        return
    colour = {"wood": "#b98756", "metal": "#b9a377"}.get(kind, accent)
    profile = [(0, radius * 1.0), (height * 0.85, radius * 1.01), (height, radius * 0.97)]
    turned_body(sheet, foot, profile, round_light(colour, 0.34, 0.5))
    if kind == "wood":
        for share in (0.3, 0.62):
            ring_line = (
                f"M{number(x - radius)} {number(y - height * share)}A{number(radius)} {number(radius * TILT)} 0 0 0"
                f" {number(x + radius)} {number(y - height * share)}"
            )
            sheet.line(ring_line, shade(colour, -0.4), 2.0, stroke_opacity=0.4)
    face = (x, y - height)
    sheet.ellipse(
        face,
        radius * 0.97,
        radius * 0.97 * TILT,
        sheet.linear([(0, shade(colour, 0.5)), (0.6, shade(colour, 0.16)), (1, shade(colour, -0.05))], (0, 0), (1, 0.6)),
    )
    if kind == "wood":
        for share in (0.3, 0.52, 0.74):
            sheet.ellipse(
                (x - radius * 0.06, face[1]),
                radius * share,
                radius * share * TILT,
                "none",
                stroke=shade(colour, -0.3),
                stroke_width=1.6,
                stroke_opacity=0.35,
            )


def _cloth_cap(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, colour: str) -> None:
    x, y = foot
    skirt = []
    folds = 11
    for i in range(folds + 1):
        share = i / folds
        angle = math.pi * (1 - share)
        reach = radius * (1.17 + (0.05 if i % 2 else -0.02))
        skirt.append((x + reach * math.cos(angle), y + height * (0.42 + (0.14 if i % 2 else 0)) + reach * TILT * 0.8 * math.sin(angle)))
    top = y - height * 0.9
    d = (
        f"M{at(skirt[0])}{curve_on(skirt)}L{at((x + radius * 0.95, top))}A{number(radius * 0.95)}"
        f" {number(radius * TILT * 0.95)} 0 0 0 {at((x - radius * 0.95, top))}Z"
    )
    sheet.path(d, sheet.linear(round_light(colour, 0.3, 0.5)))
    for i in range(1, folds):
        sx, sy = skirt[i]
        lean = (sx - x) * 0.12
        fold = f"M{at((sx, sy - 4))}Q{at((sx - lean, y))} {at((sx - lean * 1.2, y - height * 0.2))}"
        sheet.line(fold, shade(colour, -0.45 if i % 2 else 0.35), 3.0, stroke_opacity=0.4)
    sheet.ellipse(
        (x, top),
        radius * 0.95,
        radius * 0.95 * TILT,
        sheet.linear([(0, shade(colour, 0.4)), (0.6, shade(colour, 0.1)), (1, shade(colour, -0.1))], (0, 0), (1, 0.5)),
    )
    tie = (
        f"M{number(x - radius * 1.0)} {number(y - height * 0.06)}A{number(radius)} {number(radius * TILT)} 0 0 0"
        f" {number(x + radius * 1.0)} {number(y - height * 0.06)}"
    )
    sheet.line(tie, "#7a5a34", 8.0)
    sheet.line(tie, "#d8b98a", 5.0)


BOTTLE = ((0, 0.92), (0.02, 1.0), (0.58, 1.0), (0.7, 0.82), (0.78, 0.4), (0.84, 0.3), (0.98, 0.3), (1.0, 0.33))


def bottle(sheet: Sheet, rng: Random, foot: Point, radius: float, height: float, content: str, accent: str, clear: float = 0.6) -> None:
    """A corked glass bottle filled with something clear."""
    x, y = foot
    shadow(sheet, foot, radius, radius * TILT, 1.2)
    # Light passes through the liquid and warms the shadow.
    sheet.ellipse((x + radius * 1.7, y + radius * 0.16), radius * 0.9, radius * 0.3, sheet.radial([(0, content, 0.4), (1, content, 0)]), 4)
    profile = scaled(BOTTLE, height, radius)
    turned_body(sheet, foot, profile, round_light("#d4d9c8", 0.5, 0.25))
    level = [
        (8.0, radius * 0.9),
        (height * 0.03, radius * 0.95),
        (height * 0.575, radius * 0.95),
        (height * 0.69, radius * 0.78),
        (height * 0.74, radius * 0.54),
    ]
    sheet.path(outline(foot, level), sheet.linear(liquid_stops(content, clear)))
    sheet.ellipse((x, y - height * 0.74), radius * 0.54, radius * 0.54 * TILT, shade(content, 0.35), fill_opacity=0.8)
    glass(sheet, foot, profile)
    top, bottom = y - height * 0.5, y - height * 0.1
    patch = bent_patch((x - radius * 0.86, top), radius * 1.72, bottom - top, radius * TILT * 0.76)
    label(sheet, patch, radius * 1.85 / (bottom - top), accent)
    sheet.path(
        outline(foot, profile),
        sheet.linear([(0.04, SHADOW, 0.18), (0.2, "#ffffff", 0.15), (0.34, "#ffffff", 0), (0.7, SHADOW, 0.05), (1, SHADOW, 0.3)]),
    )
    highlight(sheet, (x - radius * 0.74, y - height * 0.6), radius * 0.11, height * 0.54, 0.8)
    highlight(sheet, (x - radius * 0.2, y - height * 0.95), radius * 0.07, height * 0.16, 0.7)
    cork = [(0, radius * 0.27), (height * 0.055, radius * 0.3)]
    turned_body(sheet, (x, y - height * 0.985), cork, round_light("#c89f70", 0.3, 0.4))
    sheet.ellipse((x, y - height * 1.04), radius * 0.3, radius * 0.3 * TILT, "#e0bd8f")
