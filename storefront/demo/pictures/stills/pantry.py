"""Still lifes of the larder: jars, sacks, flour, spices and things of the sea."""

from __future__ import annotations

from storefront.demo.pictures import morsels, packs, produce, sweets, vessels
from storefront.demo.pictures.colour import shade
from storefront.demo.pictures.stills.still import Still
from storefront.demo.pictures.wares import board, scoop, spoon
from storefront.demo.pictures.wicker import tray

TRAY = ("#d6b984", "#a8754a")


def pineapple_processed(still: Still) -> None:
    """Pineapple jam in a jar beside the cut fruit."""
    jam = still.tint("#d9901f")
    if still.view == 0:
        still.stage("lime", "teak", "linen", "stone", frond=True)
        still.jar(still.near(430, 1150), 205, 520, jam)
        still.ground(520, 1090, 1120, 1400, "board")
        produce.pineapple_half(still.sheet, still.rng, still.near(880, 1200), 330, -10)
        produce.pineapple_ring(still.sheet, still.rng, still.near(660, 1330), 110)
    elif still.view == 1:
        still.stage("teak", "walnut", "lime", edge=300)
        produce.banana_leaf(still.sheet, (560, 1080), 900, 460, -6)
        produce.pineapple_ring(still.sheet, still.rng, (350, 950), 170)
        produce.pineapple_ring(still.sheet, still.rng, (470, 1160), 190)
        sweets.dip_bowl(still.sheet, (840, 1130), 190, still.ware, jam, still.rng)
        spoon(still.sheet, (760, 1330), 380, -8, load=jam)
    else:
        still.stage("lime", "teak", edge=520)
        produce.pineapple(still.sheet, still.rng, (330, 1130), 290)
        still.jar(still.near(740, 1110), 160, 400, jam)
        produce.pineapple_ring(still.sheet, still.rng, (540, 1300), 130)
        sweets.dip_bowl(still.sheet, (890, 1330), 130, still.ware, jam, still.rng)


def pineapple_fresh(still: Still) -> None:
    """Whole pineapples, straight from the garden."""
    skin = still.tint("#cb8d2d")
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        produce.pineapple(still.sheet, still.rng, still.near(470, 1190), 400, skin)
        produce.pineapple_ring(still.sheet, still.rng, still.near(820, 1220), 150)
        produce.pineapple_ring(still.sheet, still.rng, still.near(700, 1360), 150)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        board(still.sheet, still.rng, (600, 1050), 800, 520)
        produce.pineapple_half(still.sheet, still.rng, (680, 900), 430, -8)
        for x, y, radius in ((380, 1090, 150), (640, 1180, 160), (890, 1120, 130)):
            produce.pineapple_ring(still.sheet, still.rng, still.near(x, y), radius)
    else:
        still.stage("lime", "teak", edge=520)
        for x, y, width in ((330, 1000, 240), (830, 1010, 250), (580, 1130, 290)):
            produce.pineapple(still.sheet, still.rng, still.near(x, y), width, still.warm(skin, 4))
        floor = tray(still.sheet, still.rng, (780, 1370), 250, TRAY)
        produce.pineapple_ring(still.sheet, still.rng, (floor[0] - 60, floor[1] - 26), 110)
        produce.pineapple_ring(still.sheet, still.rng, (floor[0] + 80, floor[1] - 2), 106)


def mocaf_flour(still: Still) -> None:
    """Fermented cassava flour in a paper bag."""
    flour, bark = "#f4ecdc", still.tint("#8a5f3f")
    if still.view == 0:
        still.stage("teak", "walnut", "stone", "lime", frond=True)
        packs.paper_bag(still.sheet, still.rng, still.near(450, 1170), 430, 640, still.tint("#d3b083"), still.accent)
        produce.root(still.sheet, still.rng, (700, 1150), (1080, 1080), 110, bark, "#faf4e6")
        morsels.mound(still.sheet, (540, 1340), 150, 96, flour)
        scoop(still.sheet, still.near(760, 1330), 330, -12, load=flour)
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        mouth = vessels.bowl(still.sheet, (560, 1150), 400, 240, still.ware)
        morsels.mound(still.sheet, (mouth[0], mouth[1] + 20), 360, 190, flour)
        scoop(still.sheet, (850, 1270), 460, -16, load=flour)
        morsels.crumbs(still.sheet, still.rng, (430, 1320), 200, flour, 26)
    else:
        still.stage("lime", "teak", edge=520)
        packs.paper_bag(still.sheet, still.rng, still.near(800, 1010), 300, 440, still.tint("#d3b083"), still.accent)
        for start, end in (((210, 900), (600, 850)), ((160, 1040), (600, 1000)), ((240, 1180), (620, 1110))):
            produce.root(still.sheet, still.rng, still.near(*start), end, 112, bark, "#faf4e6")
        floor = tray(still.sheet, still.rng, (760, 1330), 280, TRAY)
        morsels.mound(still.sheet, floor, 190, 110, flour)


def rice(still: Still) -> None:
    """Milled rice in a cloth sack."""
    grain = still.tint("#efe6d2", 3)
    if still.view == 0:
        still.stage("teak", "lime", "stone", frond=True)
        mouth = packs.sack(still.sheet, still.rng, still.near(450, 1190), 500, 520, still.tint("#d8c5a0"), still.accent)
        morsels.grains(still.sheet, still.rng, mouth, 205, 70, grain, 320, 13)
        mouth = vessels.bowl(still.sheet, still.near(860, 1320), 200, 120, still.ware)
        morsels.grains(still.sheet, still.rng, mouth, 182, 78, grain, 320)
        morsels.grains(still.sheet, still.rng, (590, 1390), 90, 20, grain, 90)
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        mouth = vessels.bowl(still.sheet, (560, 1140), 400, 240, still.ware)
        morsels.grains(still.sheet, still.rng, (mouth[0], mouth[1] + 10), 365, 170, grain, 620, 19)
        scoop(still.sheet, (880, 1280), 420, -16, load=grain)
    else:
        still.stage("lime", "teak", edge=520)
        mouth = packs.sack(still.sheet, still.rng, still.near(820, 1030), 340, 360, still.tint("#d8c5a0"), still.accent)
        morsels.grains(still.sheet, still.rng, mouth, 138, 50, grain, 220)
        produce.banana_leaf(still.sheet, (500, 1220), 760, 380, -7)
        morsels.grains(still.sheet, still.rng, (470, 1200), 210, 170, shade(grain, 0.3), 420, 15)
        produce.chilli(still.sheet, still.rng, (690, 1230), 180, 18)
        produce.chilli(still.sheet, still.rng, (680, 1280), 170, 34)


def abon(still: Still) -> None:
    """Fish or meat floss."""
    thread = still.tint("#bd7733")
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        still.ground(540, 1090, 1130, 1390)
        if still.ware in ("#efe6d5", "#b5684a", "#6d5a4c"):
            still.pouch(still.near(450, 1180), 470, 730)
        else:
            still.jar(still.near(440, 1160), 200, 520, thread)
        plate = vessels.plate(still.sheet, still.near(840, 1310), 230, still.ware, still.accent)
        morsels.floss(still.sheet, still.rng, plate, 150, 130, thread, 420)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        mouth = vessels.bowl(still.sheet, (600, 1140), 400, 230, still.ware)
        morsels.floss(still.sheet, still.rng, mouth, 340, 230, thread, 760)
        morsels.crumbs(still.sheet, still.rng, (600, 1330), 260, thread, 20)
    else:
        still.stage("lime", "teak", edge=520)
        still.jar(still.near(840, 1030), 150, 380, thread)
        plate = vessels.plate(still.sheet, (520, 1240), 360, still.ware, still.accent)
        morsels.grains(still.sheet, still.rng, (plate[0] - 60, plate[1]), 200, 140, "#f4eddd", 380, 14)
        morsels.floss(still.sheet, still.rng, (plate[0] + 150, plate[1] + 30), 110, 70, thread, 300)
        still.leaves((880, 1330), 190)


def dried_fish(still: Still) -> None:
    """Salted fish dried on trays."""
    scales = still.tint("#b59a74", 8)
    if still.view == 0:
        still.stage("lime", "linen", "stone", frond=True)
        still.pouch(still.near(400, 1120), 420, 640)
        floor = tray(still.sheet, still.rng, still.near(760, 1300), 330, TRAY)
        for dx, dy, angle in ((-30, -70, -8), (20, -8, 4), (-10, 54, -5)):
            sweets.fish(still.sheet, still.rng, (floor[0] + dx, floor[1] + dy), 440, angle, scales)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        produce.banana_leaf(still.sheet, (600, 1030), 960, 560, -6)
        for x, y, angle in ((560, 860, -9), (640, 1010, -3), (560, 1160, -7)):
            sweets.fish(still.sheet, still.rng, still.near(x, y), 700, angle, still.warm(scales, 4))
    else:
        still.stage("lime", "teak", edge=520)
        floor = tray(still.sheet, still.rng, (500, 1060), 380, TRAY)
        for dx, dy, angle in ((-30, -60, -6), (40, 0, 4), (-20, 62, -4)):
            sweets.fish(still.sheet, still.rng, (floor[0] + dx, floor[1] + dy), 470, angle, still.warm(scales, 4))
        still.pouch(still.near(910, 980), 280, 420)
        sweets.dip_bowl(still.sheet, (860, 1310), 130, still.ware, "#9a2a1a", still.rng)
        produce.chilli(still.sheet, still.rng, (420, 1330), 210, 14)
        sweets.lime(still.sheet, (660, 1350), 56)


def pempek(still: Still) -> None:
    """A plate of pempek with its dark sauce."""
    crust = still.tint("#d3a056")
    if still.view == 0:
        still.stage("teak", "lime", "linen", "walnut", frond=True)
        still.frame(110, 330, 920)
        plate = vessels.plate(still.sheet, still.near(540, 1130), 400, still.ware, still.accent)
        _pempek_on(still, plate, 1.0, crust)
        sweets.dip_bowl(still.sheet, still.near(850, 1350), 140, still.ware, "#3d1c10")
        produce.chilli(still.sheet, still.rng, (480, 1390), 180, 12)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        plate = vessels.plate(still.sheet, (600, 1020), 500, still.ware, still.accent)
        _pempek_on(still, plate, 1.35, crust)
        sweets.dip_bowl(still.sheet, (900, 1330), 150, still.ware, "#3d1c10")
    else:
        still.stage("lime", "teak", edge=520)
        packs.box(still.sheet, still.rng, still.near(830, 1000), (330, 290, 130), still.tint("#e9ddc4"), still.accent)
        sweets.fish(still.sheet, still.rng, (380, 920), 470, -8, still.warm("#9aa09a"))
        plate = vessels.plate(still.sheet, (500, 1230), 320, still.ware, still.accent)
        _pempek_on(still, plate, 0.8, crust)
        sweets.dip_bowl(still.sheet, (900, 1320), 120, still.ware, "#3d1c10")
        sweets.lime(still.sheet, (860, 1110), 46)


def _pempek_on(still: Still, plate: tuple[float, float], scale: float, crust: str) -> None:
    x, y = plate
    rolls = ((-150, -70, -16), (-10, -92, -8), (130, -64, 10), (-190, 0, -4), (-60, -24, 8))
    for dx, dy, angle in rolls:
        sweets.pempek_roll(still.sheet, (x + dx * scale, y + dy * scale), 170 * scale, angle, still.warm(crust, 3))
    for dx, dy in ((120, 10), (-50, 62)):
        sweets.pempek_boat(still.sheet, still.rng, (x + dx * scale, y + dy * scale), 94 * scale, still.warm(crust, 3))


def tempoyak_jar(still: Still) -> None:
    """Fermented durian paste (tempoyak) in a jar."""
    _paste(still, still.tint("#d9b45a"))


def sambal(still: Still) -> None:
    """Chilli paste in a jar."""
    _paste(still, still.tint("#a82a17", 4))


def _paste(still: Still, paste: str) -> None:
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        still.ground(520, 1080, 1150, 1390)
        still.jar(still.near(450, 1170), 215, 540, paste)
        sweets.dip_bowl(still.sheet, still.near(830, 1300), 160, still.ware, paste, still.rng)
        for x, y, angle in ((600, 1345, 10), (640, 1390, -6), (560, 1375, 16)):
            produce.chilli(still.sheet, still.rng, (x - 100, y), 210, angle)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        board(still.sheet, still.rng, (600, 1040), 800, 520)
        sweets.dip_bowl(still.sheet, (600, 1080), 300, still.ware, paste, still.rng)
        for x, y, angle in ((220, 1000, 24), (260, 1130, 8), (820, 1180, 10), (800, 1240, -12)):
            produce.chilli(still.sheet, still.rng, (x, y), 270, angle)
        sweets.lime(still.sheet, (460, 1240), 66)
    else:
        still.stage("lime", "teak", edge=520)
        still.jar(still.near(850, 1030), 150, 390, paste)
        plate = vessels.plate(still.sheet, (500, 1210), 360, still.ware, still.accent)
        morsels.grains(still.sheet, still.rng, (plate[0] - 90, plate[1]), 190, 130, "#f4eddd", 340, 14)
        sweets.fish(still.sheet, still.rng, (plate[0] + 90, plate[1] + 50), 330, -8, still.warm("#b98a52"))
        sweets.dip_bowl(still.sheet, (920, 1310), 120, still.ware, paste, still.rng)
        produce.chilli(still.sheet, still.rng, (690, 1390), 200, -8)


def palm_sugar(still: Still) -> None:
    """Moulded palm sugar."""
    sugar = still.tint("#8d5226")
    if still.view == 0:
        still.stage("lime", "linen", "stone", frond=True)
        still.frame(130, 380, 890)
        produce.banana_leaf(still.sheet, (600, 1210), 860, 430, -7)
        for x, y, radius, tall in ((430, 1100, 150, 130), (770, 1110, 150, 130), (590, 1270, 165, 140)):
            spot = still.near(x, y)
            sweets.sugar_block(still.sheet, still.rng, spot, radius, tall, still.warm(sugar, 3))
            if still.rng.random() < 0.6:
                sweets.wrap(still.sheet, spot, radius, tall)
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        board(still.sheet, still.rng, (600, 1050), 800, 500)
        sweets.sugar_block(still.sheet, still.rng, (450, 1010), 210, 170, sugar)
        sweets.sugar_block(still.sheet, still.rng, (790, 1080), 190, 150, still.warm(sugar, 4))
        for _ in range(9):
            spot = (still.rng.uniform(330, 900), still.rng.uniform(1130, 1250))
            still.sheet.path(morsels.shard(still.rng, spot, still.rng.uniform(18, 42)), still.warm(shade(sugar, 0.16), 4))
        morsels.crumbs(still.sheet, still.rng, (600, 1210), 260, shade(sugar, 0.25), 40)
    else:
        still.stage("lime", "teak", edge=520)
        still.pouch(still.near(860, 1010), 320, 480)
        produce.coconut_half(still.sheet, still.rng, (330, 1010), 180)
        floor = tray(still.sheet, still.rng, (560, 1280), 340, TRAY)
        for dx, dy in ((-130, -20), (20, -60), (140, 0), (-20, 50)):
            sweets.sugar_block(still.sheet, still.rng, (floor[0] + dx, floor[1] + dy), 84, 76, still.warm(sugar, 4))


def spice(still: Still) -> None:
    """Ginger, turmeric and galangal."""
    ginger, turmeric, kencur = still.tint("#d6ad6d"), still.tint("#c87828"), still.tint("#a9774c")
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        still.ground(560, 1080, 1160, 1390, "board")
        still.pouch(still.near(430, 1150), 430, 660)
        produce.rhizome(still.sheet, still.rng, still.near(860, 1150), 150, ginger)
        produce.rhizome(still.sheet, still.rng, still.near(720, 1300), 120, turmeric)
        produce.rhizome(still.sheet, still.rng, still.near(970, 1290), 90, kencur)
        for x, y in ((520, 1370), (590, 1400), (460, 1410)):
            produce.cut_round(still.sheet, still.near(x, y), 44, turmeric, "#f29a22")
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        produce.banana_leaf(still.sheet, (600, 1040), 960, 540, -6)
        produce.rhizome(still.sheet, still.rng, (420, 900), 230, ginger)
        produce.rhizome(still.sheet, still.rng, (820, 950), 190, turmeric)
        produce.rhizome(still.sheet, still.rng, (600, 1130), 170, kencur)
        for x, y, flesh, skin in (
            (330, 1120, "#f0dca0", ginger),
            (850, 1160, "#f29a22", turmeric),
            (930, 1110, "#f29a22", turmeric),
            (390, 1180, "#f0dca0", ginger),
        ):
            produce.cut_round(still.sheet, (x, y), 62, skin, flesh)
    else:
        still.stage("lime", "teak", edge=520)
        still.jar(still.near(830, 1030), 145, 360, turmeric, "wood")
        produce.rhizome(still.sheet, still.rng, (360, 980), 190, ginger)
        for x, colour in ((330, "#d98a1f"), (640, "#d9b877"), (900, "#a9714a")):
            mouth = vessels.bowl(still.sheet, (x, 1330 if x != 640 else 1370), 130, 80, still.ware)
            morsels.mound(still.sheet, mouth, 112, 64, still.warm(colour))
        spoon(still.sheet, (430, 1180), 300, 6, load="#d98a1f")
