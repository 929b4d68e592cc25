"""Still lifes of made things: cloth, mats, baskets, bags, wood, bamboo, clay, and what pupils make."""

from __future__ import annotations

from storefront.demo.pictures import morsels, produce, sweets, textiles, wares, wicker
from storefront.demo.pictures.colour import GOLD_PALE, shade
from storefront.demo.pictures.stills.still import Still

CLOTHS: tuple[str, ...] = ("#7b1e2b", "#2f4a3a", "#2f3b56", "#5a2746", "#8a3b24", "#3d2a22")
BATIKS: tuple[tuple[str, str], ...] = (("#2f3f56", "#d8c9a5"), ("#5d3b22", "#e0c28a"), ("#35503f", "#e3d3a3"), ("#7a2f2a", "#ecd5a6"))
STRAW: tuple[str, ...] = ("#d2b27a", "#c8a469", "#dcc38f")
DYES: tuple[str, ...] = ("#8a3b24", "#7b1e2b", "#35563a", "#3d4f5c", "#5a3a26")


def _cloth(still: Still, kind: str, ground: str, thread: str, second: str) -> None:
    sheet, rng = still.sheet, still.rng
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        still.frame(130, 455, 820)
        textiles.folded(sheet, rng, still.near(510, 1230), (540, 380), 5, ground, thread, kind)
        wares.spool(sheet, still.near(850, 1330), 58, 124, thread)
    elif still.view == 1:
        still.stage("lime", "teak", "stone", edge=1150)
        textiles.hanging(sheet, rng, (600, 290), (640, 900), ground, thread, kind, (8, 11) if kind == "songket" else (6, 7))
        wares.spool(sheet, (230, 1320), 60, 130, ground)
        wares.spool(sheet, (350, 1370), 60, 130, thread)
    else:
        still.stage("walnut", "teak", "lime", edge=520)
        textiles.folded(sheet, rng, (480, 1120), (520, 320), 3, second, thread, kind)
        textiles.folded(sheet, rng, (660, 1340), (520, 320), 3, ground, thread, kind)
        for x, y, colour in ((880, 960, ground), (985, 1010, thread), (300, 1370, second)):
            wares.spool(sheet, (x, y), 52, 120, colour)


def songket_cloth(still: Still) -> None:
    """Songket, gold thread on a deep ground."""
    ground = _seeded(still, CLOTHS)
    second = CLOTHS[(CLOTHS.index(ground) + 3) % len(CLOTHS)]
    _cloth(still, "songket", ground, GOLD_PALE, second)


def batik_cloth(still: Still) -> None:
    """Hand-drawn or stamped batik."""
    index = CLOTHS.index(_seeded(still, CLOTHS)) % len(BATIKS)
    ground, thread = BATIKS[index]
    _cloth(still, "batik", ground, thread, BATIKS[(index + 1) % len(BATIKS)][0])


def _seeded(still: Still, choices: tuple[str, ...]) -> str:
    """One of `choices`, the same in all views of a product."""
    return choices[(still.seed * 7 + len(choices)) % len(choices)]


def woven_mat(still: Still) -> None:
    """A mat of purun or rattan."""
    sheet, rng = still.sheet, still.rng
    tones = (_seeded(still, STRAW), _seeded(still, DYES))
    pattern = ("diamond", "stripe", "diamond")[still.seed % 3]
    if still.view == 0:
        still.stage("lime", "stone", "linen", "walnut", frond=True)
        textiles.flat_mat(sheet, rng, ((330, 890), (1070, 890), (900, 1200), (150, 1200)), (40, 18), tones, pattern)
        textiles.rolled_mat(sheet, rng, still.near(620, 1310), 760, 88, tones, pattern)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        textiles.flat_mat(sheet, rng, ((280, 560), (1100, 560), (960, 1330), (110, 1330)), (32, 30), tones, pattern)
    else:
        still.stage("lime", "walnut", edge=520)
        textiles.flat_mat(sheet, rng, ((280, 860), (1080, 860), (960, 1370), (120, 1370)), (40, 24), tones, pattern)
        mouth = wares.cup(sheet, (700, 1150), 110, 120, still.ware, "#3a1d10")
        wares.steam(sheet, (mouth[0], mouth[1] - 8), 170)
        wicker.bamboo_cup(sheet, rng, (420, 1100), 70, 170, still.warm("#c3ad6b"))


def basket(still: Still) -> None:
    """A round woven basket."""
    sheet, rng = still.sheet, still.rng
    tones = (_seeded(still, STRAW), _seeded(still, DYES))
    pattern = ("stripe", "diamond")[still.seed % 2]
    if still.view == 0:
        still.stage("lime", "stone", "linen", "teak", frond=True)
        wicker.basket(sheet, rng, still.near(590, 1260), 330, 380, tones, pattern)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        wicker.basket(sheet, rng, (430, 1000), 240, 280, (tones[0], _seeded(still, DYES[1:])), "stripe", False)
        wicker.basket(sheet, rng, (790, 1150), 260, 250, tones, "diamond", False)
        floor = wicker.tray(sheet, rng, (430, 1270), 230, (tones[0], "#a8754a"))
        sheet.ellipse(floor, 2, 1, tones[0])
    else:
        still.stage("lime", "teak", edge=520)
        produce.pineapple(sheet, rng, (920, 1010), 190)
        mouth = wicker.basket(sheet, rng, (520, 1260), 320, 320, tones, pattern, False)
        for i, (dx, angle) in enumerate(((-190, 6), (-110, 10), (-30, 14))):
            produce.banana(sheet, (mouth[0] + dx, mouth[1] - 10 + i * 20), 330, angle, still.warm("#dcb738", 4))
        produce.rhizome(sheet, rng, (mouth[0] + 160, mouth[1] + 24), 90, still.warm("#d6ad6d"))


def bag(still: Still) -> None:
    """A plaited bag with two handles."""
    sheet, rng = still.sheet, still.rng
    tones = (_seeded(still, STRAW), _seeded(still, DYES))
    pattern = ("diamond", "stripe", "diamond")[still.seed % 3]
    if still.view == 0:
        still.stage("lime", "stone", "linen", "teak", frond=True)
        wicker.tote(sheet, rng, still.near(590, 1330), 600, 560, tones, pattern)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        still.frame(220, 420, 760)
        wicker.tote(sheet, rng, (600, 1290), 660, 600, tones, pattern)
    else:
        still.stage("lime", "teak", edge=520)
        wicker.tote(sheet, rng, still.near(420, 1190), 440, 410, tones, pattern)
        wicker.tote(sheet, rng, still.near(830, 1340), 370, 330, (tones[0], _seeded(still, DYES[1:])), "stripe")


def wood_craft(still: Still) -> None:
    """Turned bowls and boards of village timber."""
    _turned(still, still.tint("#9a6338"))


def rubber_craft(still: Still) -> None:
    """Turned ware of old rubber trees, paler and finer in grain."""
    _turned(still, still.tint("#cfa672"))


def _turned(still: Still, wood: str) -> None:
    sheet, rng = still.sheet, still.rng
    if still.view == 0:
        still.stage("lime", "stone", "linen", frond=True)
        wares.wood_bowl(sheet, rng, still.near(490, 1210), 330, 240, wood)
        wares.wood_bowl(sheet, rng, still.near(860, 1330), 190, 130, shade(wood, -0.2))
        wares.spoon(sheet, (330, 1380), 380, -6, shade(wood, -0.1))
    elif still.view == 1:
        still.stage("linen", "stone", "lime", edge=300)
        wares.wood_bowl(sheet, rng, (600, 1120), 450, 300, wood)
        wares.spoon(sheet, (420, 1330), 480, -8, shade(wood, 0.1))
    else:
        still.stage("lime", "stone", edge=520)
        wares.board(sheet, rng, (560, 980), 640, 260, wood)
        wares.wood_bowl(sheet, rng, (430, 1020), 190, 130, shade(wood, -0.16))
        mouth = wares.wood_bowl(sheet, rng, (640, 1320), 260, 180, wood)
        morsels.pile(sheet, rng, mouth, 190, 90, 34, 62, "#ecdcb8", "cracker")
        wares.spoon(sheet, (870, 1150), 300, 20, shade(wood, -0.1))


def bamboo_craft(still: Still) -> None:
    """Cups and lamps of bamboo."""
    sheet, rng = still.sheet, still.rng
    tones = (_seeded(still, STRAW), "#a8754a")
    culm = still.tint("#bfa968", 8)
    if still.view == 0:
        still.stage("lime", "stone", "linen", "teak", frond=True)
        wicker.bamboo_lamp(sheet, rng, still.near(500, 1230), 270, 720, tones)
        wicker.bamboo_cup(sheet, rng, still.near(850, 1250), 86, 240, culm)
        wicker.bamboo_cup(sheet, rng, still.near(960, 1340), 80, 180, still.warm("#a9ac62"))
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        for x, y, radius, tall in ((400, 970, 120, 340), (690, 1010, 120, 280), (520, 1210, 125, 230), (850, 1220, 120, 200)):
            wicker.bamboo_cup(sheet, rng, still.near(x, y), radius, tall, still.warm(culm, 8))
    else:
        still.stage("lime", "teak", edge=520)
        floor = wicker.tray(sheet, rng, (560, 1220), 400, tones)
        mouth = wicker.bamboo_cup(sheet, rng, (floor[0] - 130, floor[1] + 10), 90, 190, culm)
        wares.steam(sheet, (mouth[0], mouth[1]), 150)
        wicker.bamboo_cup(sheet, rng, (floor[0] + 80, floor[1] + 50), 86, 150, still.warm("#a9ac62"))
        wicker.bamboo_lamp(sheet, rng, (900, 980), 130, 380, tones)
        still.leaves((760, 1400), 220, 2)


def pottery(still: Still) -> None:
    """Fired clay: a vase, a jug, a pot."""
    sheet, rng = still.sheet, still.rng
    clay = still.tint("#b5653f", 7)
    if still.view == 0:
        still.stage("lime", "stone", "linen", frond=True)
        wares.pot(sheet, rng, still.near(450, 1230), 250, 580, clay, "vase", "#f1dfc2")
        wares.pot(sheet, rng, still.near(840, 1310), 170, 220, shade(clay, -0.22), "pot")
    elif still.view == 1:
        still.stage("linen", "stone", "lime", edge=300)
        wares.pot(sheet, rng, (590, 1280), 400, 640, clay, "jug", "#f1dfc2")
    else:
        still.stage("lime", "teak", edge=520)
        mouth = wares.pot(sheet, rng, (420, 1130), 150, 400, clay, "vase", "#f1dfc2")
        for dx, tall, lean in ((-10, 250, -70), (4, 300, 6), (14, 240, 84)):
            produce.leaf(sheet, (mouth[0] + dx, mouth[1]), (mouth[0] + dx + lean, mouth[1] - tall), 92)
        wares.pot(sheet, rng, (760, 1180), 150, 200, shade(clay, -0.2), "jug")
        wares.pot(sheet, rng, (590, 1370), 130, 150, shade(clay, 0.14), "pot", "#6e3320")


def school_craft(still: Still) -> None:
    """Notebooks bound by pupils in woven cloth."""
    sheet, rng = still.sheet, still.rng
    ground = _seeded(still, CLOTHS)
    second = CLOTHS[(CLOTHS.index(ground) + 2) % len(CLOTHS)]
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        wares.notebook(sheet, rng, still.near(500, 1180), 520, ground, GOLD_PALE)
        wares.notebook(sheet, rng, still.near(740, 1340), 360, second, GOLD_PALE)
        wares.pencil(sheet, (250, 1330), 340, 8, "#35563a")
    elif still.view == 1:
        still.stage("teak", "walnut", "lime", edge=300)
        for i, tone in enumerate((second, CLOTHS[(CLOTHS.index(ground) + 4) % len(CLOTHS)], ground)):
            wares.notebook(sheet, rng, (540 + i * 12, 1190 - i * 62), 560, tone, GOLD_PALE)
        wares.pencil(sheet, (330, 1310), 420, -6, "#a8752c")
    else:
        still.stage("lime", "teak", edge=520)
        wares.notebook(sheet, rng, (470, 1110), 400, ground, GOLD_PALE)
        mouth = wicker.bamboo_cup(sheet, rng, (860, 1080), 80, 180, still.warm("#c3ad6b"))
        for dx, angle, tone in ((-16, -100, "#7b1e2b"), (10, -86, "#35563a"), (26, -74, "#a8752c")):
            wares.pencil(sheet, (mouth[0] + dx, mouth[1] + 14), 200, angle, tone)
        wares.spool(sheet, (360, 1340), 60, 130, ground)
        wares.spool(sheet, (500, 1370), 60, 130, GOLD_PALE)
        textiles.folded(sheet, rng, (800, 1360), (300, 200), 2, second, GOLD_PALE, "songket")


def accessories(still: Still) -> None:
    """Brooches and bangles of songket."""
    sheet, rng = still.sheet, still.rng
    ground = _seeded(still, CLOTHS)
    second = CLOTHS[(CLOTHS.index(ground) + 1) % len(CLOTHS)]
    if still.view == 0:
        still.stage("lime", "stone", "linen", frond=True)
        still.frame(170, 480, 800)
        top = sweets.bar(sheet, (460, 1180), (430, 80, 350), "#8a5f3f", 6)[0]
        middle = (sum(p[0] for p in top) / 4, sum(p[1] for p in top) / 4)
        wares.brooch(sheet, (middle[0], middle[1] - 6), 150, ground)
        wares.bracelet(sheet, rng, still.near(800, 1330), 125, 84, second)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        textiles.napkin(sheet, rng, ((320, 700), (1010, 710), (930, 1310), (220, 1300)), "#efe6d6")
        wares.brooch(sheet, (510, 900), 190, ground)
        wares.brooch(sheet, (800, 1060), 150, second)
        wares.bracelet(sheet, rng, (500, 1240), 160, 100, ground)
    else:
        still.stage("lime", "teak", edge=520)
        textiles.folded(sheet, rng, (480, 1110), (460, 300), 3, second, GOLD_PALE, "songket")
        wares.bracelet(sheet, rng, (470, 1340), 150, 90, ground)
        wares.bracelet(sheet, rng, (700, 1380), 130, 80, second)
        wares.brooch(sheet, (870, 1180), 120, ground)
        wares.spool(sheet, (950, 1000), 54, 120, ground)
