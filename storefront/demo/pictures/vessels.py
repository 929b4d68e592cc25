"""Round things turned about an upright axis: bowls, plates, cups, jars and bottles, and how light runs over them."""

from __future__ import annotations

from collections.abc import Sequence

from storefront.demo.pictures.colour import mix, shade
from storefront.demo.pictures.geometry import TILT, at, curve_on, ring
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, Stop, number

# A profile: heights above the ground and radii, from the foot to the rim.
Profile = Sequence[tuple[float, float]]


def round_light(base: str, gloss: float = 0.3, depth: float = 0.45) -> list[Stop]:
    """Stops from left to right for something round lit from the upper left."""
    return [
        (0, shade(base, -depth * 0.42)),
        (0.1, shade(base, gloss * 0.25)),
        (0.28, shade(base, gloss)),
        (0.5, base),
        (0.78, shade(base, -depth * 0.7)),
        (0.93, shade(base, -depth)),
        (1, shade(base, -depth * 0.72)),
    ]


def outline(foot: Point, profile: Profile) -> str:
    """The silhouette of a turned body, with the near half of its foot and the far half of its rim."""
    x, y = foot
    left = [(x - radius, y - height) for height, radius in profile]
    right = [(x + radius, y - height) for height, radius in reversed(profile)]
    top, base = profile[-1][1], profile[0][1]
    return (
        f"M{at(left[0])}{curve_on(left)}"
        f"A{number(top)} {number(top * TILT)} 0 0 1 {at(right[0])}{curve_on(right)}"
        f"A{number(base)} {number(base * TILT)} 0 0 1 {at(left[0])}Z"
    )


def turned_body(sheet: Sheet, foot: Point, profile: Profile, stops: Sequence[Stop]) -> None:
    """Paint a turned body with light running across it and a little dark at its foot."""
    d = outline(foot, profile)
    sheet.path(d, sheet.linear(stops))
    # Only the lowest part is darkened, so only that part is painted again.
    limit = profile[-1][0] * 0.42
    lower = [point for point in profile if point[0] < limit]
    above = next(point for point in profile if point[0] >= limit)
    share = (limit - lower[-1][0]) / (above[0] - lower[-1][0])
    lower.append((limit, lower[-1][1] + (above[1] - lower[-1][1]) * share))
    sheet.path(outline(foot, lower), sheet.linear([(0.2, SHADOW, 0), (1, SHADOW, 0.26)], (0, 0), (0, 1)))


def rim(sheet: Sheet, centre: Point, radius: float, colour: str, wall: float, inside: str) -> None:
    """The mouth of a vessel: its lip and the shaded hollow within."""
    sheet.ellipse(
        centre,
        radius,
        radius * TILT,
        sheet.linear([(0, shade(colour, 0.25)), (0.4, shade(colour, 0.5)), (1, shade(colour, -0.18))]),
    )
    hollow = sheet.linear(
        [(0, shade(inside, -0.5)), (0.5, shade(inside, -0.18)), (1, shade(inside, 0.22))],
        (0.1, 0),
        (0.9, 1),
    )
    sheet.ellipse(centre, radius - wall, (radius - wall) * TILT + 0.5, hollow)


def bowl(sheet: Sheet, foot: Point, radius: float, height: float, colour: str, inside: str | None = None) -> Point:
    """A round bowl with its shadow; returns the middle of its mouth, where things can be heaped."""
    base = radius * 0.48
    shadow(sheet, foot, radius * 0.56, radius * 0.6 * TILT, 1.5)
    profile = [
        (0, base),
        (height * 0.22, radius * 0.7),
        (height * 0.55, radius * 0.9),
        (height, radius),
    ]
    turned_body(sheet, foot, profile, round_light(colour, 0.35, 0.42))
    mouth = (foot[0], foot[1] - height)
    rim(sheet, mouth, radius, colour, radius * 0.04, inside or colour)
    return mouth


def plate(sheet: Sheet, foot: Point, radius: float, colour: str, band: str | None = None) -> Point:
    """A shallow plate; returns the middle of its well."""
    shadow(sheet, (foot[0], foot[1] + 4), radius * 0.86, radius * 0.86 * TILT, 0.35)
    lift = radius * 0.09
    profile = [(0, radius * 0.6), (lift * 0.5, radius * 0.85), (lift, radius)]
    turned_body(sheet, foot, profile, round_light(shade(colour, -0.1), 0.2, 0.4))
    top = (foot[0], foot[1] - lift)
    face = sheet.linear([(0, shade(colour, 0.5)), (0.5, colour), (1, shade(colour, -0.14))], (0.1, 0), (0.9, 1))
    sheet.ellipse(top, radius, radius * TILT, face)
    if band:
        line = radius * 0.022
        sheet.ellipse(top, radius * 0.955, radius * 0.955 * TILT, "none", stroke=band, stroke_width=line, stroke_opacity=0.85)
    well = sheet.linear(
        [(0, shade(colour, -0.2)), (0.35, shade(colour, -0.05)), (1, shade(colour, 0.45))],
        (0.15, 0),
        (0.85, 1),
    )
    sheet.ellipse((top[0], top[1] + lift * 0.15), radius * 0.72, radius * 0.72 * TILT, well)
    return top[0], top[1] + lift * 0.3


def glass(sheet: Sheet, foot: Point, profile: Profile, tint: str = "#f4f6ee") -> None:
    """The clear wall of a jar or bottle over what was drawn inside it: edges, a long highlight, a reflection."""
    d = outline(foot, profile)
    walls = sheet.linear(
        [
            (0, shade(tint, -0.35), 0.5),
            (0.05, "#ffffff", 0.5),
            (0.12, "#ffffff", 0.04),
            (0.5, "#ffffff", 0),
            (0.86, "#ffffff", 0.03),
            (0.94, shade(tint, -0.3), 0.28),
            (0.975, "#ffffff", 0.42),
            (1, shade(tint, -0.4), 0.45),
        ]
    )
    sheet.path(d, walls)


def highlight(sheet: Sheet, top: Point, width: float, height: float, strength: float = 0.6) -> None:
    """The window reflected as an upright soft streak on something shiny."""
    x, y = top
    paint = sheet.linear(
        [(0, "#ffffff", strength * 0.3), (0.2, "#ffffff", strength), (1, "#ffffff", strength * 0.1)],
        (0, 0),
        (0, 1),
    )
    sheet.rect((x, y), width, height, paint, rx=width / 2)


def liquid_stops(colour: str, clear: float = 0.5) -> list[Stop]:
    """Stops for something clear and coloured: bright where light leaves it on the right, deep at the left."""
    return [
        (0, shade(colour, -0.42)),
        (0.16, shade(colour, -0.12)),
        (0.45, colour),
        (0.74, mix(colour, "#ffe9b0", clear)),
        (0.9, shade(colour, -0.1)),
        (1, shade(colour, -0.4)),
    ]


def disc(sheet: Sheet, centre: Point, radius: float, paint: str, **extra: object) -> None:
    """A flat round on the table or in a vessel."""
    sheet.path(ring(centre, radius, radius * TILT), paint, **extra)
