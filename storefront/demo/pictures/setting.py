"""The room every picture is taken in: a plain wall, a table, soft window light from the upper left, and the shadows it casts."""

from __future__ import annotations

from random import Random

from storefront.demo.pictures.colour import mix, shade, turn
from storefront.demo.pictures.geometry import at, curve, polygon
from storefront.demo.pictures.sheet import Point, Sheet, Stop, number

WALLS: tuple[str, ...] = ("#efe5d3", "#ece0cc", "#e6e2d1", "#efe0d0", "#e9dfd0")
SHADOW = "#3a2415"

# Wood and cloth of the table top: name, back colour, front colour.
TABLES: dict[str, tuple[str, str]] = {
    "lime": ("#e3d3b9", "#d3bd9c"),
    "teak": ("#c39468", "#a26f45"),
    "linen": ("#eee4d2", "#ddccb0"),
    "walnut": ("#93694a", "#6f4a31"),
    "stone": ("#ddd3c3", "#c9bca7"),
}


def room(sheet: Sheet, rng: Random, wall: str, table: str, edge: float = 600) -> None:
    """Paint wall, window light and table; `edge` is where the table meets the wall."""
    back, front = TABLES[table]
    tones = [shade(back, 0.34), shade(back, 0.16), back, front, shade(front, -0.12)]
    # The table's slices lean and reach above its edge, so the wall is painted over them.
    sheet.ramp((0, edge), (sheet.width, sheet.height - edge), tones, sheet.width * 0.06)
    _wall(sheet, wall, edge)
    _window_light(sheet, rng, edge)
    _table(sheet, rng, table, edge)


def _wall(sheet: Sheet, wall: str, edge: float) -> None:
    tones = [shade(wall, -0.05), shade(wall, 0.2), shade(wall, -0.09)]
    sheet.ramp((0, 0), (sheet.width, edge), tones)


def _window_light(sheet: Sheet, rng: Random, edge: float) -> None:
    """Slanting panes of light on the wall, soft at their sides."""
    shift = rng.uniform(-90, 70)
    slant = edge * 0.62
    for start, width in ((60 + shift, 210), (325 + shift, 210), (590 + shift, 120)):
        lean = slant * (edge + 34) / edge
        soft = 44.0
        # Only the two sides are gradients: even light in between keeps the file small and the painting quick.
        for left, right, first, last in (
            (start, start + soft, 0.0, 0.5),
            (start + soft, start + width - soft, 0.5, 0.5),
            (start + width - soft, start + width, 0.5, 0.0),
        ):
            top, reach = -30.0, edge + 34
            pane = [(left, top), (right, top), (right + lean, top + reach), (left + lean, top + reach)]
            scale = (right - left) * reach / (reach * reach + lean * lean)
            end = (left + reach * scale, top - lean * scale)
            stops: list[Stop] = [(0, "#fffaf0", first), (1, "#fffaf0", last)]
            if first == last:
                sheet.path(polygon(pane), "#fffaf0", fill_opacity=first)
            else:
                sheet.path(polygon(pane), sheet.linear_on_sheet(stops, (left, top), end))


def leaf_shadow(sheet: Sheet, rng: Random, root: Point, length: float) -> None:
    """The blurred shadow of a palm frond on the wall."""
    x, y = root
    leaflets = []
    for i in range(9):
        share = 0.12 + i / 10
        px, py = x - length * share, y + length * share * share * 0.5
        reach = length * 0.42 * (1.1 - share * 0.7)
        for side in (-1, 1):
            tip = (px - reach * 0.55, py + side * reach * rng.uniform(0.75, 0.95) + reach * 0.3)
            leaflets.append(_leaflet((px, py), tip, reach * 0.09))
    sheet.path("".join(leaflets), SHADOW, fill_opacity=0.1, filter=sheet.blur(7, 8))


def _leaflet(root: Point, tip: Point, width: float) -> str:
    mx, my = (root[0] + tip[0]) / 2, (root[1] + tip[1]) / 2
    return f"M{at(root)}Q{number(mx + width)} {number(my - width)} {at(tip)}Q{number(mx - width)} {number(my + width)} {at(root)}Z"


def _table(sheet: Sheet, rng: Random, table: str, edge: float) -> None:
    front = TABLES[table][1]
    width = sheet.width
    if table in ("lime", "teak", "walnut"):
        _planks(sheet, rng, front, edge)
    elif table == "linen":
        _linen_folds(sheet, rng, front, edge)
    # A hair of shade where the wall meets the table.
    sheet.rect(
        (0, edge - 16),
        width,
        34,
        sheet.linear(
            [(0, SHADOW, 0), (0.46, SHADOW, 0.13), (0.54, SHADOW, 0.1), (1, SHADOW, 0)],
            (0, 0),
            (0, 1),
        ),
    )


def _planks(sheet: Sheet, rng: Random, wood: str, edge: float) -> None:
    """Board joints and a few long grain lines, wider apart towards the viewer."""
    width, depth = sheet.width, sheet.height - edge
    joints: list[str] = []
    grain_dark: list[str] = []
    grain_light: list[str] = []
    for share in (0.1, 0.27, 0.52, 0.86):
        y = edge + depth * share
        joints.append(f"M0 {number(y)}H{width}")
    for _ in range(26):
        share = rng.random()
        y = edge + depth * share
        x = rng.uniform(-200, width)
        run = rng.uniform(220, 700)
        bow = rng.uniform(-7, 7) * (0.4 + share)
        line = f"M{number(x)} {number(y)}q{number(run / 2)} {number(bow)} {number(run)} 0"
        (grain_dark if rng.random() < 0.6 else grain_light).append(line)
    sheet.line("".join(joints), shade(wood, -0.4), 2.4, stroke_opacity=0.45)
    lit = "".join(j.replace("M0 ", "M0 ").replace("H", "h") for j in joints)
    sheet.line(lit, "#fff3dc", 2.0, stroke_opacity=0.35, transform="translate(0 3)")
    sheet.line("".join(grain_dark), shade(wood, -0.3), 1.6, stroke_opacity=0.28)
    sheet.line("".join(grain_light), shade(wood, 0.5), 1.8, stroke_opacity=0.3)


def _linen_folds(sheet: Sheet, rng: Random, cloth: str, edge: float) -> None:
    """Two or three broad, low creases."""
    for _ in range(3):
        x = rng.uniform(0, sheet.width)
        y = edge + (sheet.height - edge) * rng.uniform(0.15, 0.9)
        run = rng.uniform(380, 760)
        lean = rng.uniform(-60, 60)
        spine = [(x - run / 2, y - lean), (x, y + 10), (x + run / 2, y + lean)]
        sheet.line(curve(spine), shade(cloth, -0.35), 5.0, stroke_opacity=0.14, filter=sheet.blur(4, 8))
        lit = [(px - 3, py - 7) for px, py in spine]
        sheet.line(curve(lit), "#fffaf0", 4.0, stroke_opacity=0.5)


def _falloff(strength: float, colour: str = SHADOW) -> list[Stop]:
    return [
        (0, colour, strength),
        (0.35, colour, strength * 0.8),
        (0.62, colour, strength * 0.38),
        (0.83, colour, strength * 0.09),
        (1, colour, 0),
    ]


def shadow(sheet: Sheet, foot: Point, rx: float, ry: float, tall: float = 1.0) -> None:
    """The shadow of something round standing at `foot`: a long soft one to the right, a dark one at the contact.

    `rx` and `ry` are the half width and half depth of the thing on the table; `tall` lengthens the cast.
    """
    x, y = foot
    cast = sheet.radial(_falloff(0.5))
    sheet.ellipse((x + rx * (0.5 + 0.5 * tall), y + ry * 0.2), rx * (0.9 + 0.5 * tall), ry * 1.1, cast, 4)
    contact = sheet.radial([(0, SHADOW, 0.66), (0.8, SHADOW, 0.6), (0.9, SHADOW, 0.24), (1, SHADOW, 0)])
    sheet.ellipse((x + rx * 0.05, y + ry * 0.06), rx * 1.06, ry * 1.14, contact)


def box_shadow(sheet: Sheet, foot: list[Point], reach: float, strength: float = 0.4) -> None:
    """The soft shadow of an angular thing: its ground outline pushed to the right and blurred."""
    pushed = [(x + reach, y + reach * 0.12) for x, y in foot]
    left = min(foot, key=lambda p: p[0])
    low = max(foot, key=lambda p: p[1])
    wide = polygon([left, foot[1] if len(foot) > 1 else low, *pushed[1:], low])
    sheet.path(wide, SHADOW, fill_opacity=strength * 0.6, filter=sheet.blur(14, 20))
    sheet.soft(polygon(foot), SHADOW, strength, 6)


def warm(colour: str, rng: Random, spread: float = 6.0) -> str:
    """A colour moved a little in hue and strength, as no two batches are quite alike."""
    return turn(
        mix(colour, "#fff1d6", rng.uniform(0, 0.05)),
        rng.uniform(-spread, spread),
        rng.uniform(0.93, 1.07),
        rng.uniform(0.96, 1.04),
    )
