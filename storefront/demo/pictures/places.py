"""Pictures of places: calm views of the country that village products come from, in layered daylight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from storefront.demo.pictures import landscape
from storefront.demo.pictures.colour import mix, shade, turn
from storefront.demo.pictures.geometry import at, blob, curve, polygon, ring
from storefront.demo.pictures.landscape import HAZE
from storefront.demo.pictures.sheet import Point, Sheet, number


def village_picture(scene: str, seed: int) -> str:
    """An SVG of 1600 x 1000 of a scene of `SCENES`; the same arguments always give the same picture."""
    sheet = Sheet(1600, 1000)
    _SCENES[scene](sheet, Random(f"{scene}:{seed}"))
    # One veil of morning light over everything, strongest at the upper left, ties the layers together.
    veil = sheet.linear([(0, "#fff3d9", 0.3), (0.5, "#fff3d9", 0.05), (1, "#3a2415", 0.12)], (0, 0), (1, 1))
    sheet.rect((0, 0), sheet.width, sheet.height, veil)
    return sheet.svg()


def _far(sheet: Sheet, rng: Random, horizon: float, high: float = 1.0) -> None:
    """Sky, two ranges and a belt of woods in haze."""
    landscape.sky(sheet, rng, horizon)
    landscape.ridge(sheet, rng, horizon - 40, 150 * high, "#a9bbb5", horizon + 10, 3)
    landscape.ridge(sheet, rng, horizon - 6, 100 * high, "#94ab98", horizon + 20, 4)
    landscape.haze(sheet, horizon - 10, 110, 0.6)
    landscape.woods(sheet, rng, horizon + 6, 62, mix("#6d8a5c", HAZE, 0.4))
    landscape.haze(sheet, horizon + 4, 60, 0.55)


def _rows(rng: Random, horizon: float, count: int, vanish: float, spacing: float) -> Iterator[tuple[Point, float]]:
    """Places of plants in straight rows that meet at the horizon, far ones first, each with its scale 0 to 1."""
    for step in range(count):
        scale = 0.055 + 0.945 * ((step + 0.5) / count) ** 1.8
        y = horizon + (1150 - horizon) * scale
        reach = int(900 / (spacing * scale)) + 1
        for lane in range(-reach, reach + 1):
            x = vanish + (lane + 0.5) * spacing * scale + rng.uniform(-6, 6) * scale
            if -140 < x < 1740:
                yield (x, y + rng.uniform(-4, 4) * scale), scale


def _soil(sheet: Sheet, horizon: float, near: str, vanish: float, spacing: float) -> None:
    """Bare earth with furrows running to the horizon."""
    sheet.ramp((0, horizon), (1600, 1000 - horizon), [mix(near, HAZE, 0.5), near, shade(near, -0.18)])
    furrows = []
    for lane in range(-14, 15):
        x = vanish + lane * spacing
        furrows.append(polygon([(vanish + lane * 3, horizon), (x - spacing * 0.17, 1000), (x + spacing * 0.17, 1000)]))
    sheet.path("".join(furrows), shade(near, -0.4), fill_opacity=0.24)


def pineapple_garden(sheet: Sheet, rng: Random) -> None:
    """Rows of pineapples on peat soil."""
    horizon, vanish, spacing = 380.0, rng.uniform(620, 1000), 250.0
    _far(sheet, rng, horizon, 0.6)
    for x, tall in ((rng.uniform(1180, 1480), 250), (rng.uniform(1250, 1560), 200), (rng.uniform(90, 300), 190)):
        landscape.palm(sheet, rng, (x, horizon + 26), tall, mix("#5d7a48", HAZE, 0.25))
    _soil(sheet, horizon + 10, "#9a7a58", vanish, spacing)
    green = turn("#6f8f52", rng.uniform(-8, 8))
    for spot, scale in _rows(rng, horizon, 10, vanish, spacing):
        tone = mix(green, HAZE, max(0.0, 0.5 - scale * 0.7))
        landscape.rosette(sheet, rng, spot, 10 + 180 * scale, tone, rng.random() < 0.45)


def palm_garden(sheet: Sheet, rng: Random) -> None:
    """Tall palms in wide ranks over mown grass, a house among them."""
    horizon, vanish = 520.0, rng.uniform(700, 900)
    _far(sheet, rng, horizon, 1.1)
    grass = turn("#a2aa6c", rng.uniform(-8, 8))
    sheet.ramp((0, horizon + 8), (1600, 992 - horizon), [mix(grass, HAZE, 0.5), grass, shade(grass, -0.22)])
    landscape.stilt_house(sheet, rng, (vanish + rng.uniform(-260, 200), horizon + 60), 150)
    for (x, y), scale in _rows(rng, horizon + 16, 5, vanish, 560.0):
        if scale < 0.1 or abs(x - vanish) < 900 * scale * 0.2:
            continue
        sheet.path(blob(rng, (x + 70 * scale, y + 6 * scale), 190 * scale, 26 * scale, 0.2), "#3d4a24", fill_opacity=0.2)
        tall = (90 + 720 * scale) * rng.uniform(0.84, 1.14)
        landscape.palm(sheet, rng, (x, y), tall, mix("#55773f", HAZE, max(0.0, 0.42 - scale)), rng.uniform(-0.09, 0.09))


def cassava_field(sheet: Sheet, rng: Random) -> None:
    """Cassava on ridges of red earth."""
    horizon, vanish, spacing = 390.0, rng.uniform(560, 1040), 300.0
    _far(sheet, rng, horizon, 0.8)
    landscape.tree(sheet, rng, (rng.uniform(1150, 1450), horizon + 34), 230, mix("#5f7f4a", HAZE, 0.2))
    _soil(sheet, horizon + 12, "#a8714c", vanish, spacing)
    green = turn("#6b934f", rng.uniform(-8, 8))
    for spot, scale in _rows(rng, horizon, 9, vanish, spacing):
        tone = mix(green, HAZE, max(0.0, 0.45 - scale * 0.6))
        landscape.cassava(sheet, rng, spot, 16 + 290 * scale, tone)


def rubber_grove(sheet: Sheet, rng: Random) -> None:
    """Ranks of rubber trees with their tapping cups, light falling through."""
    sheet.ramp((0, 0), (1600, 640), ["#dfe6cf", "#eef0d9", "#f4eccf"])
    sheet.ramp((0, 600), (1600, 400), ["#d9cba0", "#b99f6d", "#8f7346"])
    landscape.woods(sheet, rng, 640, 150, mix("#7d9a62", HAZE, 0.55))
    landscape.haze(sheet, 610, 220, 0.7)
    for _ in range(34):
        y = 650 + 340 * rng.random() ** 0.7
        size = 10 + (y - 640) * 0.16
        sheet.path(blob(rng, (rng.uniform(0, 1600), y), size * 2.2, size * 0.34, 0.2), "#fff2c9", fill_opacity=0.26)
    trunks: list[tuple[float, float]] = []
    for depth, count in ((0.16, 17), (0.3, 12), (0.52, 7), (0.95, 3)):
        step = 1700 / count
        shift = rng.uniform(-40, 40)
        trunks.extend((depth, i * step + shift + rng.uniform(-0.16, 0.16) * step) for i in range(count))
    for depth, x in trunks:
        _rubber_trunk(sheet, rng, x, depth)
    for _ in range(5):
        x = rng.uniform(-100, 1300)
        shaft = [(x, -20), (x + 120, -20), (x + 520, 1000), (x + 330, 1000)]
        paint = sheet.linear([(0, "#fff8dd", 0.34), (1, "#fff8dd", 0)], (0, 0), (0, 1))
        sheet.path(polygon(shaft), paint)
    _canopy(sheet, rng)


def _rubber_trunk(sheet: Sheet, rng: Random, x: float, depth: float) -> None:
    foot = 620 + 330 * depth**0.8
    thick = 120 * depth
    bark = mix("#a49079", HAZE, max(0.0, 0.72 - depth * 0.85))
    lean = rng.uniform(-24, 24) * depth
    d = (
        f"M{at((x - thick * 0.62, foot))}Q{at((x - thick * 0.44, foot - thick))}"
        f" {at((x - thick * 0.4 + lean, -20))}H{number(x + thick * 0.4 + lean)}Q{at((x + thick * 0.44, foot - thick))}"
        f" {at((x + thick * 0.62, foot))}Q{at((x, foot + thick * 0.2))} {at((x - thick * 0.62, foot))}Z"
    )
    cast = [(x, foot - 4), (x + thick * 0.6, foot + 4), (x + thick * 4.6, foot + thick * 0.7), (x + thick * 3.6, foot + thick * 0.74)]
    sheet.path(polygon(cast), "#3a2f18", fill_opacity=0.16)
    sheet.path(d, sheet.linear([(0, shade(bark, -0.1)), (0.28, shade(bark, 0.34)), (0.6, bark), (1, shade(bark, -0.42))]))
    if depth < 0.4:
        return
    marks = "".join(
        f"M{at((x + rng.uniform(-0.36, 0.3) * thick, rng.uniform(30, foot - thick)))}q{number(thick * 0.12)} 8"
        f" {number(thick * 0.2)} {number(rng.uniform(-4, 4))}"
        for _ in range(26)
    )
    sheet.line(marks, shade(bark, -0.42), 2.6, stroke_opacity=0.45)
    cut = foot - 230 * depth
    panel = [
        (x - thick * 0.38, cut - thick * 0.5),
        (x + thick * 0.34, cut + thick * 0.02),
        (x + thick * 0.34, cut + thick * 0.14),
        (x - thick * 0.38, cut - thick * 0.36),
    ]
    for i in range(4):
        sheet.path(polygon([(px, py - i * thick * 0.13) for px, py in panel]), shade("#c99a6b", 0.16 - 0.12 * i))
    sheet.line(f"M{at(panel[3])}L{at(panel[2])}", "#fffaf0", max(2.0, thick * 0.04))
    cup = (x + thick * 0.3, cut + thick * 0.5)
    sheet.line(f"M{at((cup[0], cut + thick * 0.12))}V{number(cup[1])}", "#fffaf0", 2.0, stroke_opacity=0.8)
    sheet.path(
        f"M{at((cup[0] - thick * 0.2, cup[1]))}q{number(thick * 0.03)} {number(thick * 0.3)} {number(thick * 0.2)}"
        f" {number(thick * 0.3)}t{number(thick * 0.2)} {number(-thick * 0.3)}Z",
        "#4a3526",
    )
    sheet.path(ring(cup, thick * 0.2, thick * 0.07), "#f7f1e4")


def _canopy(sheet: Sheet, rng: Random) -> None:
    for tone, low, count in (("#5d7f48", 150, 30), ("#7d9e5a", 120, 34), ("#a9c07a", 90, 26)):
        sprays = []
        for _ in range(count):
            x, y = rng.uniform(-40, 1640), rng.uniform(-40, low)
            for _ in range(6):
                px, py = x + rng.uniform(-70, 70), y + rng.uniform(-30, 46)
                sprays.append(
                    f"M{at((px, py))}q{number(rng.uniform(6, 14))} {number(rng.uniform(14, 24))} {number(rng.uniform(-8, 26))}"
                    f" {number(rng.uniform(34, 58))}q{number(rng.uniform(-30, -12))} -20 {number(rng.uniform(-16, -4))} -46Z"
                )
        sheet.path("".join(sprays), tone, fill_opacity=0.82)


def river_village(sheet: Sheet, rng: Random) -> None:
    """Stilt houses beside a calm river."""
    horizon = 430.0
    _far(sheet, rng, horizon, 0.9)
    landscape.water(sheet, rng, horizon + 6, ["#e9e5d4", "#cfd6ca", "#a9b8ad", "#8a9d94"])
    for x in (rng.uniform(1080, 1200), rng.uniform(1300, 1420), 1530):
        landscape.palm(sheet, rng, (x, horizon + 14), rng.uniform(150, 210), mix("#5d7a48", HAZE, 0.35))
    for x, width in ((1010, 120), (1180, 140), (1370, 150)):
        landscape.stilt_house(sheet, rng, (x + rng.uniform(-16, 16), horizon + 30), width, horizon + 34)
    bank = [(-30, 560), (240, 556), (520, 600), (760, 690), (700, 742), (420, 800), (-30, 868)]
    mirror = [(px + 14, py + 40) for px, py in bank]
    sheet.path(curve(mirror, closed=True), "#4a5a48", fill_opacity=0.28)
    sheet.path(curve(bank, closed=True), sheet.linear([(0, "#9a9a62"), (1, "#7d6a45")], (0, 0), (0.5, 1)))
    for x, tall in ((70, 470), (205, 390)):
        landscape.palm(sheet, rng, (x + rng.uniform(-30, 30), 600), tall, "#587a42", 0.12)
    landscape.stilt_house(sheet, rng, (90 + rng.uniform(-20, 20), 720), 400)
    landscape.stilt_house(sheet, rng, (500, 690), 230)
    tufts = "".join(
        f"M{at((x, y))}q-6 -26 -14 -40q12 12 18 38q2 -30 14 -46q-4 24 -10 48Z"
        for x, y in ((rng.uniform(0, 520), rng.uniform(760, 850)) for _ in range(22))
    )
    sheet.path(tufts, "#5d7f42")
    jetty = [(610, 742), (960, 800), (948, 822), (596, 760)]
    sheet.path(polygon([(px, py + 26) for px, py in jetty]), "#2b2018", fill_opacity=0.22)
    posts = "".join(f"M{at((640 + i * 72, 764 + i * 12))}v46" for i in range(5))
    sheet.line(posts, "#5d4631", 8.0)
    sheet.path(polygon(jetty), sheet.linear([(0, "#d2b48a"), (1, "#9a7853")]))
    landscape.boat(sheet, (1080, 850), 330, "#8a4a35")
    landscape.boat(sheet, (rng.uniform(1150, 1350), 610), 150, "#4d6a63")


def rice_field(sheet: Sheet, rng: Random) -> None:
    """Paddies between low banks, some still holding the sky."""
    horizon = 410.0
    _far(sheet, rng, horizon, 1.4)
    for x in (rng.uniform(200, 320), rng.uniform(1200, 1300), 1420):
        landscape.palm(sheet, rng, (x, horizon + 24), rng.uniform(170, 240), mix("#5d7a48", HAZE, 0.3))
    landscape.stilt_house(sheet, rng, (rng.uniform(860, 1020), horizon + 36), 130)
    base = turn("#8faf52", rng.uniform(-10, 10))
    sheet.ramp((0, horizon + 12), (1600, 1000 - horizon), [mix(base, HAZE, 0.5), base, shade(base, -0.25)])
    edges = [horizon + 12 + (1040 - horizon) * (i / 8) ** 1.75 for i in range(9)]
    for i, (top, foot) in enumerate(pairwise(edges)):
        _paddy_strip(sheet, rng, top, foot, mix(turn(base, rng.uniform(-14, 10)), HAZE, max(0.0, 0.45 - i * 0.08)), i)


def _paddy_strip(sheet: Sheet, rng: Random, top: float, foot: float, green: str, row: int) -> None:
    deep = foot - top
    bow = deep * 0.3
    cuts = sorted(rng.uniform(0, 1600) for _ in range(max(1, 5 - row // 2)))
    marks = [-60.0, *cuts, 1660.0]
    for left, right in pairwise(marks):
        wet = rng.random() < 0.28
        spread = deep / 900
        low_left, low_right = left + (left - 800) * spread + 6, right + (right - 800) * spread - 6
        field = (
            f"M{at((left + 6, top + 4))}Q{at(((left + right) / 2, top + bow * 0.4))} {at((right - 6, top + 3))}"
            f"L{at((low_right, foot - 4))}Q{at(((left + right) / 2, foot + bow * 0.3))} {at((low_left, foot - 4))}Z"
        )
        if wet:
            sheet.path(field, sheet.linear([(0, "#dfe2d3"), (1, "#a3b8b0")], (0, 0), (0, 1)))
        tone = shade(turn(green, rng.uniform(-10, 10)), rng.uniform(-0.08, 0.1))
        if not wet:
            sheet.path(field, sheet.linear([(0, shade(tone, 0.16)), (1, shade(tone, -0.14))], (0, 0), (0, 1)))
        blades: tuple[list[str], list[str]] = ([], [])
        rows = max(2, int(deep / 14))
        for i in range(rows):
            y = top + deep * (i + 0.6) / rows
            step = max(14.0, deep * 0.22)
            x = left + 16
            while x < right - 16:
                tall = deep * rng.uniform(0.12, 0.26) * (0.7 if wet else 1.0)
                blades[(i + int(x)) % 2].append(
                    f"M{at((x, y))}q{number(rng.uniform(-4, 4))} {number(-tall * 0.6)} {number(rng.uniform(-5, 7))} {number(-tall)}"
                )
                x += step * rng.uniform(0.8, 1.3)
        sheet.line("".join(blades[0]) or "M0 0", shade(tone, -0.3), max(1.4, deep * 0.024), stroke_opacity=0.6)
        sheet.line("".join(blades[1]) or "M0 0", shade(tone, 0.3), max(1.4, deep * 0.024), stroke_opacity=0.6)
    sheet.line(f"M-20 {number(foot)}Q800 {number(foot + bow * 0.5)} 1620 {number(foot - 2)}", "#a58a5c", max(3.0, deep * 0.07))
    sheet.line(
        f"M-20 {number(foot - 2)}Q800 {number(foot + bow * 0.5 - 2)} 1620 {number(foot - 4)}", shade(green, 0.1), max(1.5, deep * 0.03)
    )


def coffee_hill(sheet: Sheet, rng: Random) -> None:
    """Coffee on a hillside under far mountains."""
    landscape.sky(sheet, rng, 430)
    landscape.ridge(sheet, rng, 330, 280, "#adbdbd", 470, 2)
    landscape.haze(sheet, 400, 150, 0.7)
    landscape.ridge(sheet, rng, 430, 190, "#8fa796", 560, 3)
    landscape.haze(sheet, 500, 160, 0.7)
    landscape.ridge(sheet, rng, 540, 130, "#7d9a72", 840, 4)
    landscape.woods(sheet, rng, 580, 70, mix("#6d8a5c", HAZE, 0.3), 700)
    landscape.haze(sheet, 590, 120, 0.55)
    green = turn("#4f7547", rng.uniform(-10, 10))
    slope = [(-20, 520), (400, 590), (800, 690), (1200, 760), (1640, 790)]
    sheet.path(curve(slope) + "L1640 1020L-20 1020Z", sheet.linear([(0, mix("#a38a5f", HAZE, 0.3)), (1, "#7d5f3f")], (0, 0), (0.2, 1)))
    for x, tall in ((rng.uniform(180, 330), 300), (rng.uniform(620, 760), 240)):
        landscape.tree(sheet, rng, (x, 560 + x * 0.19), tall, mix("#6d8f52", HAZE, 0.15))
    for row in range(8):
        share = (row + 1) / 8
        size = 30 + 120 * share**1.4
        count = int(1900 / (size * 1.15))
        for i in range(count):
            x = -80 + i * size * 1.18 + rng.uniform(-0.1, 0.1) * size + (row % 2) * size * 0.5
            y = 530 + 0.165 * x + 480 * share**1.5 + rng.uniform(-5, 5)
            if y - size < 1020:
                tone = mix(green, HAZE, max(0.0, 0.34 - share * 0.4))
                landscape.shrub(sheet, rng, (x, y), size, tone, "#b3322a" if share > 0.35 else None)


def coast(sheet: Sheet, rng: Random) -> None:
    """A quiet beach with palms and fishing boats."""
    horizon = 420.0
    landscape.sky(sheet, rng, horizon)
    landscape.ridge(sheet, rng, horizon - 8, 90, "#a9bbb9", horizon + 8, 3)
    landscape.haze(sheet, horizon - 16, 90, 0.6)
    landscape.water(sheet, rng, horizon, ["#d3ddd5", "#a9c4bd", "#82aaa4", "#a9c0b2"], 70)
    landscape.boat(sheet, (rng.uniform(300, 600), 500), 120, "#8a4a35")
    landscape.boat(sheet, (rng.uniform(800, 1050), 560), 170, "#35563a")
    beach = [(1640, 560), (1250, 640), (900, 730), (500, 800), (-40, 850)]
    foam = [(px, py - 12) for px, py in beach]
    sheet.line(curve([(px, py - 30) for px, py in beach]), "#fffaf0", 7.0, stroke_opacity=0.5)
    sheet.line(curve(foam), "#fffaf0", 16.0, stroke_opacity=0.85)
    sand = curve(beach) + "L-40 1020L1640 1020Z"
    sheet.path(sand, sheet.linear([(0, "#efdfbd"), (0.5, "#e3cda2"), (1, "#c7a878")], (0, 0), (0, 1)))
    wet = f"{curve(beach)}L-40 874{curve([(-40, 874), (500, 822), (900, 750), (1250, 660), (1640, 582)])[1:].replace('-40 874', '', 1)}Z"
    sheet.path(wet, "#b89a6d", fill_opacity=0.45)
    for _ in range(5):
        y = rng.uniform(850, 980)
        x = rng.uniform(0, 1200)
        sheet.line(
            f"M{at((x, y))}q160 {number(rng.uniform(-16, 10))} 380 {number(rng.uniform(-26, 6))}", "#a88a5c", 3.0, stroke_opacity=0.25
        )
    for x, tall, lean in ((1330, 520, -0.26), (1490, 600, -0.18), (1180, 400, -0.3)):
        cast = [(x, 716), (x + 30, 716), (x + tall * 0.8, 830), (x + tall * 0.76, 842)]
        sheet.path(polygon(cast), "#5d4526", fill_opacity=0.2)
        landscape.palm(sheet, rng, (x + rng.uniform(-20, 20), 740), tall, "#55783f", lean)
    landscape.boat(sheet, (520 + rng.uniform(-60, 60), 890), 430, "#7b1e2b")
    grass = "".join(
        f"M{at((x, y))}q-8 -30 -20 -44q16 10 24 40q0 -34 14 -50q-2 26 -8 54Z"
        for x, y in ((rng.uniform(1120, 1600), rng.uniform(740, 1000)) for _ in range(30))
    )
    sheet.path(grass, "#7d9452")


_SCENES: dict[str, Callable[[Sheet, Random], None]] = {
    "pineapple_garden": pineapple_garden,
    "palm_garden": palm_garden,
    "cassava_field": cassava_field,
    "rubber_grove": rubber_grove,
    "river_village": river_village,
    "rice_field": rice_field,
    "coffee_hill": coffee_hill,
    "coast": coast,
}

SCENES: tuple[str, ...] = tuple(_SCENES)
