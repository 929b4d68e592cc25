"""What village views are built of: sky, hills in haze, trees, palms, water, stilt houses and boats."""

from __future__ import annotations

import math
from random import Random

from storefront.demo.pictures.colour import mix, shade
from storefront.demo.pictures.geometry import at, blob, curve, curve_on, polygon, ring
from storefront.demo.pictures.sheet import Point, Sheet, number

HAZE = "#f1e8d6"
SKIES: tuple[tuple[str, str, str], ...] = (
    ("#bcd0d3", "#dfe3d8", "#f6ead2"),
    ("#c7d3cf", "#e6e4d4", "#f8e8cc"),
    ("#b4c9d2", "#d8e0dc", "#f3ead8"),
    ("#d3d2c2", "#eee2cc", "#f9e3c0"),
)


def sky(sheet: Sheet, rng: Random, horizon: float) -> None:
    """A pale morning sky, the sun's glow at the upper left, a few thin clouds."""
    tones = rng.choice(SKIES)
    sheet.ramp((0, 0), (sheet.width, horizon + 30), list(tones))
    x, y = sheet.width * rng.uniform(0.14, 0.26), horizon * rng.uniform(0.22, 0.4)
    sheet.ellipse((x, y), 420, 300, sheet.radial([(0, "#fffbee", 0.85), (0.25, "#fff6df", 0.5), (1, "#fff3d6", 0)]))
    for _ in range(4):
        cx, cy = sheet.width * rng.random(), horizon * rng.uniform(0.12, 0.62)
        long = rng.uniform(140, 330)
        cloud = [(cx - long, cy), (cx - long * 0.4, cy - 13), (cx + long * 0.2, cy - 18), (cx + long, cy)]
        sheet.path(curve(cloud) + curve_on([cloud[-1], (cx, cy + 12), cloud[0]]) + "Z", "#fffaf0", fill_opacity=0.4)


def ridge(sheet: Sheet, rng: Random, base: float, rise: float, colour: str, foot: float | None = None, waves: int = 5) -> None:
    """A range of hills across the picture, its foot fading into haze."""
    width = sheet.width
    steps = waves * 4
    phase, second = rng.uniform(0, math.tau), rng.uniform(0, math.tau)
    points = []
    for i in range(steps + 1):
        share = i / steps
        lift = 0.55 + 0.3 * math.sin(share * waves * 1.9 + phase) + 0.15 * math.sin(share * waves * 5.3 + second)
        points.append((width * (share * 1.04 - 0.02), base - rise * lift + rng.uniform(-0.05, 0.05) * rise))
    foot = foot or base + rise * 0.6
    d = f"{curve(points)}L{at((width * 1.02, foot))}L{at((-width * 0.02, foot))}Z"
    sheet.path(d, sheet.linear([(0, colour), (1, mix(colour, HAZE, 0.75))], (0, 0), (0, 1)))


def haze(sheet: Sheet, middle: float, deep: float, strength: float = 0.7) -> None:
    """A band of mist lying across."""
    paint = sheet.linear([(0, HAZE, 0), (0.5, HAZE, strength), (1, HAZE, 0)], (0, 0), (0, 1))
    sheet.rect((0, middle - deep / 2), sheet.width, deep, paint)


def woods(sheet: Sheet, rng: Random, base: float, tall: float, colour: str, left: float = -60, right: float | None = None) -> None:
    """A belt of round tree crowns, lit from the left."""
    end = right if right is not None else sheet.width + 60
    dark: list[str] = []
    body: list[str] = []
    lit: list[str] = []
    x = left
    while x < end:
        size = tall * rng.uniform(0.34, 0.62)
        y = base - tall * rng.uniform(0.3, 0.72)
        dark.append(blob(rng, (x + size * 0.16, y + size * 0.3), size, size * 0.8, 0.1))
        body.append(blob(rng, (x, y), size * 0.94, size * 0.74, 0.12))
        for _ in range(2):
            spot = (x - size * rng.uniform(0.1, 0.5), y - size * rng.uniform(0.05, 0.4))
            lit.append(blob(rng, spot, size * 0.34, size * 0.22, 0.2))
        x += size * rng.uniform(0.7, 1.15)
    floor = polygon([(left, base - tall * 0.3), (end, base - tall * 0.3), (end, base + 4), (left, base + 4)])
    sheet.path("".join(dark) + floor, shade(colour, -0.3))
    sheet.path("".join(body), colour)
    sheet.path("".join(lit), shade(colour, 0.2), fill_opacity=0.8)


def palm(sheet: Sheet, rng: Random, root: Point, tall: float, colour: str = "#53733f", lean: float | None = None) -> None:
    """A coconut palm."""
    x, y = root
    lean = rng.uniform(-0.2, 0.2) if lean is None else lean
    crown = (x + tall * lean, y - tall)
    bend = (x + tall * lean * 0.15, y - tall * 0.55)
    thick = tall * 0.022
    trunk = (
        f"M{at((x - thick * 1.3, y))}Q{at((bend[0] - thick, bend[1]))} {at((crown[0] - thick * 0.6, crown[1]))}"
        f"L{at((crown[0] + thick * 0.6, crown[1]))}Q{at((bend[0] + thick, bend[1]))} {at((x + thick * 1.3, y))}Z"
    )
    bark = mix("#8d7556", colour, 0.25)
    sheet.path(trunk, sheet.linear([(0, shade(bark, 0.25)), (1, shade(bark, -0.35))]))
    fronds = [(angle, rng.uniform(0.38, 0.48)) for angle in (-168, -146, -118, -92, -64, -36, -14, 12, 168)]
    rng.shuffle(fronds)
    for angle, reach in fronds:
        _frond(sheet, rng, crown, math.radians(angle + rng.uniform(-7, 7)), tall * reach, colour)


def _frond(sheet: Sheet, rng: Random, root: Point, angle: float, reach: float, colour: str) -> None:
    """One arching palm leaf: a spine and hanging leaflets in a light and a dark half."""
    x, y = root
    c, s = math.cos(angle), math.sin(angle)
    light: list[str] = []
    dark: list[str] = []
    for i in range(1, 13):
        share = i / 12
        px = x + c * reach * share
        py = y + s * reach * share * 0.8 + reach * 0.42 * share * share
        hang = reach * 0.26 * math.sin(math.pi * (share * 0.82 + 0.14))
        light.append(f"M{at((px, py))}l{number(c * hang * 0.55 - 2)} {number(hang * 0.78)}l{number(c * 4 + 3)} {number(-hang * 0.72)}Z")
        dark.append(f"M{at((px, py))}l{number(c * hang * 0.7)} {number(-hang * 0.16)}l{number(-c * 3)} {number(hang * 0.2)}Z")
    tone = shade(colour, 0.14 - 0.26 * (c + 1) / 2 + rng.uniform(-0.06, 0.06))
    sheet.path("".join(light), tone)
    sheet.path("".join(dark), shade(tone, 0.18))
    spine = (
        f"M{at(root)}Q{at((x + c * reach * 0.55, y + s * reach * 0.44 + reach * 0.06))}"
        f" {at((x + c * reach, y + s * reach * 0.8 + reach * 0.42))}"
    )
    sheet.line(spine, shade(tone, 0.3), max(1.4, reach * 0.014))


def tree(sheet: Sheet, rng: Random, root: Point, tall: float, colour: str) -> None:
    """A broad-leaved tree."""
    x, y = root
    trunk = f"M{at((x - tall * 0.03, y))}L{at((x - tall * 0.018, y - tall * 0.6))}h{number(tall * 0.036)}L{at((x + tall * 0.034, y))}Z"
    sheet.path(trunk, sheet.linear([(0, "#9a8266"), (1, "#5d4935")]))
    for tone, shift, scale, count in ((-0.3, 0.05, 1.0, 8), (0.0, 0.0, 0.85, 9), (0.22, -0.08, 0.5, 9)):
        lumps = []
        for i in range(count):
            angle = i * math.tau / count + rng.uniform(-0.3, 0.3)
            px = x + tall * (0.2 * math.cos(angle) * scale + shift)
            py = y - tall * (0.72 - 0.16 * math.sin(angle) * scale - shift)
            lumps.append(blob(rng, (px, py), tall * 0.13 * (0.6 + scale * 0.4), tall * 0.1 * (0.6 + scale * 0.4), 0.14))
        sheet.path("".join(lumps), shade(colour, tone))


def water(sheet: Sheet, rng: Random, top: float, tones: list[str], glints: int = 46) -> None:
    """Calm water from `top` to the lower edge, with long quiet glints."""
    sheet.ramp((0, top), (sheet.width, sheet.height - top), tones)
    light: list[str] = []
    dark: list[str] = []
    for _ in range(glints):
        share = rng.random() ** 1.4
        y = top + (sheet.height - top) * share
        x, run = rng.uniform(-100, sheet.width), rng.uniform(50, 150) * (0.5 + share * 1.6)
        (light if rng.random() < 0.62 else dark).append(f"M{at((x, y))}q{number(run / 2)} {number(3 + 4 * share)} {number(run)} 0")
    sheet.line("".join(light), "#fffaf0", 2.6, stroke_opacity=0.5)
    sheet.line("".join(dark), shade(tones[-1], -0.3), 2.6, stroke_opacity=0.2)


def stilt_house(sheet: Sheet, rng: Random, foot: Point, width: float, mirror: float | None = None) -> None:
    """A timber house on posts with a hipped roof; `mirror` is the water level it is reflected in."""
    x, y = foot
    wood, roof = rng.choice(("#a17a54", "#b08d66", "#8a6547", "#9c8a72")), rng.choice(("#8a4a35", "#6d5a4c", "#7d6a58", "#93543d"))
    tall, posts = width * 0.34, width * 0.26
    if mirror is not None:
        drop = 2 * mirror - y
        roof_top = drop + posts + tall * 1.9
        shape = [
            (x, drop),
            (x + width, drop),
            (x + width, drop + posts + tall),
            (x + width * 0.8, roof_top),
            (x + width * 0.2, roof_top),
            (x, drop + posts + tall),
        ]
        sheet.path(polygon(shape), shade(wood, -0.2), fill_opacity=0.16)
    floor = y - posts
    for i in range(6):
        px = x + width * (0.04 + 0.184 * i)
        sheet.line(f"M{at((px, floor))}V{number(y + (14 if mirror else 4))}", shade(wood, -0.5), width * 0.018)
    wall = [(x, floor - tall), (x + width, floor - tall), (x + width, floor), (x, floor)]
    sheet.path(polygon(wall), sheet.linear([(0, shade(wood, 0.24)), (1, shade(wood, -0.16))]))
    boards = "".join(f"M{at((x + width * i / 18, floor - tall))}V{number(floor)}" for i in range(1, 18))
    sheet.line(boards, shade(wood, -0.4), 1.4, stroke_opacity=0.4)
    for share in (0.12, 0.42, 0.72):
        sheet.rect(
            (x + width * share, floor - tall * 0.76), width * 0.13, tall * (0.46 if share != 0.42 else 0.76), "#3d2e25", fill_opacity=0.85
        )
        sheet.rect((x + width * share - 3, floor - tall * 0.76), 4, tall * 0.46, shade(wood, 0.5))
    sheet.rect((x - width * 0.04, floor - 3), width * 1.08, width * 0.026, shade(wood, 0.3))
    eave = floor - tall * 0.94
    cover = [
        (x - width * 0.09, eave),
        (x + width * 0.2, eave - tall * 0.95),
        (x + width * 0.8, eave - tall * 0.95),
        (x + width * 1.09, eave),
    ]
    sheet.path(polygon([(px, py + 7) for px, py in cover]), "#2b1c14", fill_opacity=0.3)
    sheet.path(polygon(cover), sheet.linear([(0, shade(roof, 0.34)), (0.6, roof), (1, shade(roof, -0.24))], (0, 0), (1, 0.6)))
    rows = "".join(
        f"M{at((x - width * (0.09 - 0.29 * s), eave - tall * 0.95 * s))}H{number(x + width * (1.09 - 0.29 * s))}"
        for s in (0.2, 0.4, 0.6, 0.8)
    )
    sheet.line(rows, shade(roof, -0.35), 1.6, stroke_opacity=0.4)
    sheet.line(f"M{at(cover[1])}L{at(cover[2])}", shade(roof, 0.4), 4.0)
    step = "".join(f"M{at((x + width * 0.47 + i * 2, floor + posts * i / 5))}h{number(width * 0.08)}" for i in range(1, 5))
    sheet.line(step, shade(wood, 0.35), 3.0)


def boat(sheet: Sheet, foot: Point, length: float, colour: str) -> None:
    """A slim wooden boat on the water, with its reflection."""
    x, y = foot
    half, deep = length / 2, length * 0.09
    sheet.path(
        f"M{at((x - half * 0.9, y + deep * 0.8))}Q{at((x, y + deep * 2.6))} {at((x + half * 0.9, y + deep * 0.8))}Z",
        "#2b2018",
        fill_opacity=0.24,
    )
    hull = (
        f"M{at((x - half, y - deep * 0.9))}Q{at((x - half * 0.7, y + deep * 0.9))}"
        f" {at((x - half * 0.4, y + deep))}H{number(x + half * 0.45)}Q{at((x + half * 0.75, y + deep * 0.9))}"
        f" {at((x + half, y - deep * 1.1))}Q{at((x, y + deep * 0.35))} {at((x - half, y - deep * 0.9))}Z"
    )
    inner = (
        f"M{at((x - half, y - deep * 0.9))}Q{at((x, y + deep * 0.35))} {at((x + half, y - deep * 1.1))}"
        f"Q{at((x, y - deep * 0.55))} {at((x - half, y - deep * 0.9))}Z"
    )
    sheet.path(inner, shade(colour, -0.55))
    sheet.path(hull, sheet.linear([(0, shade(colour, 0.3)), (1, shade(colour, -0.35))], (0, 0), (0.4, 1)))
    sheet.line(
        f"M{at((x - half, y - deep * 0.9))}Q{at((x, y + deep * 0.35))} {at((x + half, y - deep * 1.1))}",
        shade(colour, 0.5),
        max(2.0, length * 0.012),
    )


def rosette(sheet: Sheet, rng: Random, root: Point, size: float, colour: str, fruit: bool) -> None:
    """A pineapple plant: a fan of stiff leaves, perhaps with its fruit."""
    x, y = root
    sheet.path(ring((x + size * 0.16, y), size * 0.8, size * 0.16), "#2b2a16", fill_opacity=0.24)
    count = 9 if size < 60 else 15
    tones: tuple[list[str], list[str], list[str]] = ([], [], [])
    for i in range(count):
        share = i / (count - 1) * 2 - 1 + rng.uniform(-0.06, 0.06)
        reach = size * rng.uniform(0.78, 1.08)
        tip = (x + reach * math.sin(share * 1.35), y - reach * (0.24 + 0.78 * math.cos(share * 1.3)))
        bend = (x + reach * 0.42 * math.sin(share * 1.1), y - reach * 0.62 * math.cos(share))
        broad = size * 0.055
        d = f"M{at((x - broad, y))}Q{at((bend[0] - broad, bend[1]))} {at(tip)}Q{at((bend[0] + broad, bend[1]))} {at((x + broad, y))}Z"
        tones[0 if share > 0.25 else 1 if share > -0.35 else 2].append(d)
    for leaves, tone in zip(tones, (-0.26, 0.0, 0.2), strict=True):
        sheet.path("".join(leaves), shade(colour, tone))
    if fruit:
        top = (x, y - size * 0.62)
        sheet.path(ring(top, size * 0.17, size * 0.23), sheet.linear([(0, "#e3ae52"), (1, "#8a5a22")], (0, 0), (1, 0.6)))
        tuft = "".join(
            f"M{at((top[0] - 3 + k, top[1] - size * 0.18))}l{number((k - 0.5) * size * 0.07)}"
            f" {number(-size * 0.3 + abs(k) * size * 0.06)}l{number(size * 0.05)} {number(size * 0.28)}Z"
            for k in (-2, -1, 0, 1, 2)
        )
        sheet.path(tuft, shade(colour, 0.12))
        if size > 70:
            net = "".join(
                f"M{at((top[0] - size * 0.15, top[1] + size * s))}l{number(size * 0.3)} {number(-size * 0.14)}" for s in (-0.04, 0.05, 0.14)
            )
            sheet.line(net, "#6d4419", 2.0, stroke_opacity=0.5)


def shrub(sheet: Sheet, rng: Random, root: Point, size: float, colour: str, berries: str | None = None) -> None:
    """A rounded bush built of leafy tufts, perhaps with berries."""
    x, y = root
    sheet.path(ring((x + size * 0.2, y - size * 0.02), size * 0.9, size * 0.18), "#2b2a16", fill_opacity=0.26)
    fewer = 4 if size < 70 else 0
    for tone, shift, scale, most in ((-0.34, 0.1, 1.0, 9), (-0.04, 0.0, 0.86, 10), (0.22, -0.16, 0.55, 9)):
        count = most - fewer
        lumps = []
        for i in range(count):
            angle = i * math.tau / count + rng.uniform(-0.3, 0.3)
            px, py = x + size * (0.52 * math.cos(angle) * scale + shift), y - size * (0.52 - 0.34 * math.sin(angle) * scale - shift * 0.6)
            lumps.append(blob(rng, (px, py), size * 0.27, size * 0.19, 0.18, rng.uniform(0, 180)))
        sheet.path("".join(lumps), shade(colour, tone))
    if size > 60:
        _leafage(sheet, rng, root, size, colour)
    if berries:
        dots = "".join(
            ring((x + size * rng.uniform(-0.6, 0.6), y - size * rng.uniform(0.2, 0.85)), size * 0.035, size * 0.035) for _ in range(12)
        )
        sheet.path(dots, berries)


def _leafage(sheet: Sheet, rng: Random, root: Point, size: float, colour: str) -> None:
    """Single pointed leaves over a bush, lit above and left, deep below and right."""
    leaves: dict[float, list[str]] = {0.34: [], -0.24: []}
    for _ in range(26):
        dx, dy = rng.uniform(-0.62, 0.6), rng.uniform(-0.86, -0.16)
        x, y = root[0] + dx * size, root[1] + dy * size
        reach, side = size * rng.uniform(0.16, 0.24), rng.choice((-1, 1))
        leaf = (
            f"M{at((x, y))}q{number(side * reach * 0.5)} {number(-reach * 0.3)} {number(side * reach)} {number(reach * 0.3)}"
            f"q{number(-side * reach * 0.5)} {number(reach * 0.1)} {number(-side * reach)} {number(-reach * 0.3)}Z"
        )
        leaves[0.34 if dx + dy < -0.45 else -0.24].append(leaf)
    for tone, shapes in leaves.items():
        if shapes:
            sheet.path("".join(shapes), shade(colour, tone))


def cassava(sheet: Sheet, rng: Random, root: Point, size: float, colour: str) -> None:
    """A cassava plant: thin stems and hand-shaped leaves."""
    x, y = root
    sheet.path(ring((x + size * 0.16, y), size * 0.5, size * 0.1), "#2b2a16", fill_opacity=0.24)
    hands: tuple[list[str], list[str], list[str]] = ([], [], [])
    stems = []
    for _ in range(15 if size > 60 else 7):
        hx, hy = x + size * rng.uniform(-0.46, 0.46), y - size * rng.uniform(0.34, 1.02)
        stems.append(f"M{at((x, y))}Q{at((x + (hx - x) * 0.2, y - size * 0.4))} {at((hx, hy))}")
        lean = rng.uniform(-0.4, 0.4)
        for k in range(6):
            angle = math.pi * (0.08 + 0.168 * k) + lean
            reach = size * 0.25
            c, s = math.cos(angle) * reach, math.sin(angle) * reach * 0.7
            d = (
                f"M{at((hx, hy))}Q{at((hx + c * 0.5 - s * 0.3, hy + s * 0.5 - c * 0.12))} {at((hx + c, hy + s))}"
                f"Q{at((hx + c * 0.5 + s * 0.3, hy + s * 0.5 + c * 0.16))} {at((hx, hy))}Z"
            )
            hands[(k + (hx > x)) % 3].append(d)
    sheet.line("".join(stems), "#8f7350", max(1.2, size * 0.014))
    for leaves, tone in zip(hands, (-0.24, 0.02, 0.22), strict=True):
        sheet.path("".join(leaves), shade(colour, tone))
