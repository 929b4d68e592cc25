"""Pictures of makers at work without anyone in them: a kitchen, a loom, plaiting, the field, a workshop and a school table."""

from __future__ import annotations

from collections.abc import Callable

from storefront.demo.pictures import landscape, morsels, produce, sweets, textiles, vessels, wares, wicker
from storefront.demo.pictures.colour import GOLD_PALE, mix, shade
from storefront.demo.pictures.geometry import TILT, at, curve, polygon, quad_patch
from storefront.demo.pictures.ornament import ink, lozenge_field, lozenge_row, shoot_row
from storefront.demo.pictures.setting import SHADOW, shadow
from storefront.demo.pictures.sheet import Point, Sheet, number
from storefront.demo.pictures.stills.crafts import CLOTHS
from storefront.demo.pictures.stills.still import Still, begin

STRAW = ("#d2b27a", "#8a3b24")
WOOD = "#a8754a"


def maker_picture(kind: str, seed: int) -> str:
    """An SVG of 1200 x 1200 of a kind of `KINDS`; the same arguments always give the same picture."""
    still = begin(kind, seed, 0, (1200, 1200))
    _KINDS[kind](still)
    return still.sheet.svg()


def _shelf(still: Still, y: float, left: float, right: float) -> None:
    """A plank on the wall."""
    sheet = still.sheet
    sheet.rect((left + 18, y + 18), right - left, 34, sheet.linear([(0, SHADOW, 0.3), (1, SHADOW, 0)], (0, 0), (0, 1)))
    sheet.rect((left, y), right - left, 24, sheet.linear([(0, shade(WOOD, 0.36)), (0.3, WOOD), (1, shade(WOOD, -0.4))], (0, 0), (0, 1)))


def _wok(sheet: Sheet, foot: Point, radius: float) -> Point:
    """A broad iron pan with two ears; returns the middle of its mouth."""
    x, y = foot
    shadow(sheet, foot, radius * 0.6, radius * 0.5 * TILT, 1.3)
    iron = "#4a4542"
    profile = [(0, radius * 0.4), (radius * 0.16, radius * 0.76), (radius * 0.32, radius * 0.94), (radius * 0.42, radius)]
    mouth = (x, y - radius * 0.42)
    for side in (-1, 1):
        ear = (
            f"M{at((x + side * radius * 0.9, mouth[1] - 6))}q{number(side * radius * 0.3)} -6 {number(side * radius * 0.26)}"
            f" {number(radius * 0.1)}"
        )
        sheet.line(ear, shade(iron, 0.2), radius * 0.05)
    vessels.turned_body(sheet, foot, profile, vessels.round_light(iron, 0.3, 0.5))
    vessels.rim(sheet, mouth, radius, iron, radius * 0.03, shade(iron, -0.1))
    return mouth


def kitchen(still: Still) -> None:
    """A kitchen bench: the pan, a tray of sliced roots, jars on a shelf, spoons."""
    sheet, rng = still.sheet, still.rng
    still.stage("teak", "lime", "walnut", edge=560)
    _shelf(still, 330, 560, 1190)
    for x, colour in ((660, "#d98a1f"), (810, "#c9b27a"), (960, "#a8431f"), (1100, "#7d5a3a")):
        still.jar((x, 332), 56, 150, still.warm(colour), "wood")
    chip = still.tint("#dba945")
    mouth = _wok(sheet, (400, 900), 300)
    sheet.ellipse((mouth[0], mouth[1] + 12), 262, 262 * TILT * 0.9, sheet.linear([(0, "#a8702a"), (1, "#e0b050")], (0, 0), (1, 1)))
    morsels.pile(sheet, rng, (mouth[0], mouth[1] + 14), 190, 26, 26, 48, chip, "chip")
    wares.steam(sheet, (mouth[0], mouth[1] - 40), 260)
    floor = wicker.tray(sheet, rng, (830, 1060), 280, STRAW)
    morsels.pile(sheet, rng, floor, 200, 24, 30, 52, "#efe4c6", "cracker")
    produce.root(sheet, rng, (150, 1060), (500, 1020), 100, still.warm("#8a5f3f"), "#faf4e6")
    wares.spoon(sheet, (640, 830), 330, 8)


def _warp(sheet: Sheet, corners: tuple[Point, Point, Point, Point], tone: str, count: int) -> None:
    patch = quad_patch(*corners)
    dark = "".join(f"M{at(patch((i + 0.5) / count, 0))}L{at(patch((i + 0.5) / count, 1))}" for i in range(count))
    sheet.path(polygon(corners), shade(tone, -0.34))
    sheet.line(dark, tone, 3.4)


def _beam(sheet: Sheet, left: Point, right: Point, thick: float, colour: str) -> None:
    """A round wooden beam between two points at one height."""
    x, y = left
    sheet.rect((x + 10, y + thick * 0.5), right[0] - x, thick, SHADOW, fill_opacity=0.2)
    light = sheet.linear([(0, shade(colour, 0.1)), (0.3, shade(colour, 0.42)), (0.6, colour), (1, shade(colour, -0.5))], (0, 0), (0, 1))
    sheet.rect((x, y - thick / 2), right[0] - x, thick, light, rx=thick * 0.3)


def loom(still: Still) -> None:
    """A songket loom with the cloth half grown."""
    sheet = still.sheet
    still.stage("lime", "teak", edge=640)
    ground = CLOTHS[still.seed % len(CLOTHS)]
    for x in (110, 1010):
        post = sheet.linear([(0, shade(WOOD, 0.3)), (0.5, WOOD), (1, shade(WOOD, -0.45))])
        sheet.rect((x + 30, 190), 70, 900, SHADOW, fill_opacity=0.12)
        sheet.rect((x, 130), 78, 960, post)
        sheet.ellipse((x + 46, 1096), 84, 22, sheet.radial([(0, SHADOW, 0.55), (1, SHADOW, 0)]))
    _beam(sheet, (70, 190), (1130, 190), 58, WOOD)
    _warp(sheet, ((240, 210), (960, 210), (940, 650), (260, 650)), mix(ground, "#e9dcc4", 0.25), 84)
    cloth = ((260, 640), (940, 640), (925, 1010), (275, 1010))
    sheet.soft(polygon(cloth), SHADOW, 0.22, 10, (18, 20))
    sheet.path(polygon(cloth), ground)
    patch = quad_patch(*cloth)
    ink(sheet, shoot_row(lambda u, v: patch(u, v * 0.2), 0.04, 0.96, 16), GOLD_PALE)
    ink(sheet, lozenge_row(lambda u, v: patch(u, 0.22 + v * 0.14), 0.1, 0.9, 14), GOLD_PALE)
    ink(sheet, lozenge_field(lambda u, v: patch(u, 0.39 + v * 0.6), 11, 6), GOLD_PALE)
    sheen = sheet.linear([(0, "#fff6e2", 0.3), (0.5, "#fff6e2", 0.02), (1, SHADOW, 0.3)], (0, 0), (1, 0.6))
    sheet.path(polygon(cloth), sheen)
    _beam(sheet, (160, 420), (1040, 420), 30, "#c79a68")
    _beam(sheet, (180, 480), (1020, 480), 22, "#b98756")
    comb = "".join(f"M{number(230 + i * 12.4)} 574v66" for i in range(60))
    sheet.line(comb, "#d9b98a", 4.0)
    _beam(sheet, (190, 566), (1010, 566), 34, WOOD)
    _beam(sheet, (190, 646), (1010, 646), 26, WOOD)
    _beam(sheet, (70, 1020), (1130, 1020), 66, WOOD)
    shuttle = [(420, 742), (520, 716), (690, 712), (790, 734), (690, 762), (520, 766)]
    sheet.path(curve(shuttle, closed=True), SHADOW, fill_opacity=0.4, transform="translate(10 16)")
    sheet.path(curve(shuttle, closed=True), sheet.linear([(0, shade(WOOD, 0.5)), (1, shade(WOOD, -0.3))], (0, 0), (0, 1)))
    sheet.ellipse((605, 738), 74, 15, shade(WOOD, -0.5))
    sheet.line("M548 738H662", GOLD_PALE, 12.0)
    for x, tone in ((1010, ground), (1100, GOLD_PALE)):
        wares.spool(sheet, (x, 1150), 46, 104, tone)


def weaving(still: Still) -> None:
    """Plaiting: a mat in the making, loose strips, finished baskets."""
    sheet, rng = still.sheet, still.rng
    still.stage("lime", "teak", "walnut", edge=420)
    dye = still.rng.choice(("#8a3b24", "#35563a", "#7b1e2b", "#3d4f5c"))
    tones = (still.tint("#d2b27a"), dye)
    wicker.basket(sheet, rng, (930, 690), 170, 210, tones, "diamond")
    wicker.basket(sheet, rng, (250, 640), 150, 170, tones, "stripe", False)
    textiles.flat_mat(sheet, rng, ((290, 720), (880, 720), (800, 1080), (170, 1080)), (26, 18), tones, "diamond")
    for i in range(17):
        y = 726 + i * 21
        x = 880 - (y - 720) * 0.22
        tone = shade(tones[1] if i % 6 in (2, 3) else tones[0], rng.uniform(-0.1, 0.2))
        strip = (
            f"M{at((x - 4, y))}q{number(rng.uniform(60, 110))} {number(rng.uniform(-16, 6))}"
            f" {number(rng.uniform(150, 260))} {number(rng.uniform(4, 40))}"
        )
        sheet.line(strip, SHADOW, 12.0, stroke_opacity=0.2, transform="translate(5 9)")
        sheet.line(strip, tone, 13.0)
        sheet.line(strip, shade(tone, 0.5), 3.0, transform="translate(0 -3)", stroke_opacity=0.6)
    for i in range(9):
        bow = f"M{at((60 + i * 9, 1120 + i * 7))}q200 {number(-70 + i * 8)} 520 {number(-10 + i * 3)}"
        sheet.line(bow, shade(tones[i % 2 if i % 3 == 0 else 0], rng.uniform(-0.14, 0.2)), 11.0)


def field(still: Still) -> None:
    """The harvest on a table at the edge of the field: pineapples, roots, a basket, a cloth."""
    sheet, rng = still.sheet, still.rng
    still.stage("walnut", "teak", edge=560)
    landscape.sky(sheet, rng, 530)
    landscape.ridge(sheet, rng, 480, 150, "#a9bbb5", 560, 3)
    landscape.ridge(sheet, rng, 520, 90, "#94ab98", 560, 4)
    landscape.woods(sheet, rng, 562, 70, mix("#6d8a5c", landscape.HAZE, 0.35))
    landscape.haze(sheet, 520, 90, 0.6)
    sheet.rect((0, 552), 1200, 24, sheet.linear([(0, "#fff1d6", 0.6), (1, SHADOW, 0.1)], (0, 0), (0, 1)))
    produce.pineapple(sheet, rng, (990, 800), 220)
    produce.pineapple(sheet, rng, (800, 850), 240)
    mouth = wicker.basket(sheet, rng, (370, 960), 280, 270, (still.tint("#d2b27a"), "#35563a"), "stripe", False)
    for i, (dx, dy) in enumerate(((-170, 10), (-130, -26), (-40, 20))):
        start = (mouth[0] + dx, mouth[1] + dy)
        produce.root(sheet, rng, start, (start[0] + 330, start[1] - 60 + i * 26), 92, still.warm("#8a5f3f"), "#faf4e6")
    textiles.napkin(sheet, rng, ((650, 960), (1110, 950), (1060, 1120), (560, 1120)), "#b9c2a8")
    produce.rhizome(sheet, rng, (800, 1030), 100, still.warm("#d6ad6d"))
    produce.chilli(sheet, rng, (930, 1040), 170, 14)
    produce.chilli(sheet, rng, (910, 1080), 160, 2)


def workshop(still: Still) -> None:
    """A turner's bench: bowls, shavings, a gouge, boards against the wall."""
    sheet, rng = still.sheet, still.rng
    still.stage("teak", "lime", edge=600)
    timber = still.tint("#a8703f")
    for x, width, tall in ((690, 90, 430), (800, 120, 520), (945, 84, 470), (1050, 104, 390)):
        plank = polygon([(x, 640), (x + 26, 640 - tall), (x + 26 + width, 640 - tall), (x + width, 640)])
        board = still.warm(timber, 8)
        sheet.path(plank, SHADOW, fill_opacity=0.22, transform="translate(24 6)")
        sheet.path(plank, sheet.linear([(0, shade(board, 0.34)), (0.6, board), (1, shade(board, -0.3))]))
        grain = "".join(
            f"M{at((x + width * s, 636))}q{number(rng.uniform(2, 18))} {number(-tall / 2)} 26 {number(-tall + 8)}"
            for s in (0.2, 0.42, 0.68, 0.86)
        )
        sheet.line(grain, shade(board, -0.4), 2.2, stroke_opacity=0.35)
    _shelf(still, 330, 40, 560)
    for left, round_by in ((150, 74), (310, 90), (470, 66)):
        wares.wood_bowl(sheet, rng, (left, 332), round_by, round_by * 0.7, still.warm(timber, 8))
    wares.wood_bowl(sheet, rng, (460, 960), 290, 210, timber)
    wares.wood_bowl(sheet, rng, (840, 900), 170, 120, shade(timber, -0.2))
    for tone in (0.5, 0.25):
        curls = []
        for _ in range(26):
            spot, r = (rng.gauss(640, 240), rng.uniform(1000, 1150)), rng.uniform(10, 24)
            curls.append(
                f"M{at(spot)}q{number(r)} {number(-r * 1.4)} {number(r * 1.8)} {number(-r * 0.2)}t{number(-r * 0.6)} {number(r * 0.5)}"
            )
        sheet.line("".join(curls), SHADOW, 4.0, stroke_opacity=0.16, transform="translate(4 6)")
        sheet.line("".join(curls), shade(timber, tone), 5.0)
    with sheet.moved((760, 1070), angle=-12):
        sheet.rect((6, 12), 330, 22, SHADOW, fill_opacity=0.3, rx=10)
        sheet.rect((0, -6), 150, 12, sheet.linear([(0, "#e9e6df"), (1, "#7d7a74")], (0, 0), (0, 1)), rx=4)
        sheet.rect((140, -13), 190, 26, sheet.linear([(0, shade("#7b1e2b", 0.35)), (1, shade("#7b1e2b", -0.4))], (0, 0), (0, 1)), rx=12)


def school(still: Still) -> None:
    """A school table: notebooks in woven cloth, thread, pencils, a pot of glue and a bamboo cup."""
    sheet, rng = still.sheet, still.rng
    still.stage("lime", "teak", edge=470)
    ground = CLOTHS[still.seed % len(CLOTHS)]
    second = CLOTHS[(still.seed + 2) % len(CLOTHS)]
    _shelf(still, 250, 620, 1190)
    for i, tone in enumerate((ground, second, "#a8752c", "#35563a", ground, "#3d4f5c", second)):
        x = 660 + i * 46
        tall = 130 + (i * 37) % 40
        sheet.rect((x, 250 - tall), 40, tall, sheet.linear([(0, shade(tone, 0.2)), (0.4, tone), (1, shade(tone, -0.4))]))
        sheet.rect((x, 250 - tall * 0.7), 40, 12, GOLD_PALE, fill_opacity=0.8)
    sweets.dip_bowl(sheet, (1090, 252), 56, "#b5684a", "#f4ecdc")
    wares.notebook(sheet, rng, (400, 830), 420, ground, GOLD_PALE)
    mouth = wicker.bamboo_cup(sheet, rng, (870, 770), 84, 190, still.warm("#c3ad6b"))
    for dx, angle, tone in ((-24, -106, "#7b1e2b"), (-2, -92, "#35563a"), (16, -82, "#a8752c"), (34, -72, "#3d4f5c")):
        wares.pencil(sheet, (mouth[0] + dx, mouth[1] + 16), 230, angle, tone)
    textiles.folded(sheet, rng, (840, 1070), (420, 260), 3, second, GOLD_PALE, "songket")
    for x, y, tone in ((170, 1010, ground), (290, 1060, GOLD_PALE), (420, 1010, second)):
        wares.spool(sheet, (x, y), 52, 116, tone)
    wares.pencil(sheet, (330, 1140), 330, -5, "#a8752c")


_KINDS: dict[str, Callable[[Still], None]] = {
    "kitchen": kitchen,
    "loom": loom,
    "weaving": weaving,
    "field": field,
    "workshop": workshop,
    "school": school,
}

KINDS: tuple[str, ...] = tuple(_KINDS)
