"""Still lifes of things to nibble: chips, crackers, banana slices, dodol and cakes."""

from __future__ import annotations

from storefront.demo.pictures import morsels, packs, produce, sweets, vessels
from storefront.demo.pictures.colour import shade
from storefront.demo.pictures.stills.still import Still
from storefront.demo.pictures.wicker import tray


def _pouch_and_bowl(still: Still, kind: str, colour: str, size: float, count: int) -> None:
    still.stage("lime", "teak", "linen", "stone", frond=True)
    still.ground(560, 1060, 1090, 1390)
    still.pouch(still.near(470, 1190), 500, 770)
    still.bowl_of(still.near(850, 1330), 230, kind, colour, count, size)
    draw = morsels.DRAW[kind]
    for x, y in ((470, 1345), (560, 1400), (400, 1405)):
        draw(still.sheet, still.rng, still.near(x, y), size, colour)


def _bowl_close(still: Still, kind: str, colour: str, size: float, count: int) -> None:
    still.stage("lime", "teak", "walnut", "linen", edge=300)
    still.ground(160, 1040, 800, 1300, "napkin")
    still.bowl_of(still.near(600, 1130), 420, kind, colour, count, size * 1.5)
    draw = morsels.DRAW[kind]
    for x, y in ((240, 1270), (960, 1300), (390, 1370), (800, 1400)):
        draw(still.sheet, still.rng, still.near(x, y, 30), size * 1.35, colour)
    morsels.crumbs(still.sheet, still.rng, (600, 1330), 260, shade(colour, 0.1))


def keripik(still: Still) -> None:
    """Cassava or breadfruit chips."""
    colour = still.tint("#dba945")
    if still.view == 0:
        _pouch_and_bowl(still, "chip", colour, 62, 44)
    elif still.view == 1:
        _bowl_close(still, "chip", colour, 62, 52)
    else:
        still.stage("lime", "teak", edge=520)
        still.pouch(still.near(860, 1000), 360, 560)
        bark = still.warm("#8a5f3f")
        for start, end, width in (((250, 930), (690, 860), 118), ((150, 1060), (640, 1020), 126)):
            produce.root(still.sheet, still.rng, still.near(*start), end, width, bark, "#f8f1e2")
        floor = tray(still.sheet, still.rng, (640, 1270), 360, ("#d6b984", "#a8754a"))
        morsels.pile(still.sheet, still.rng, floor, 250, 44, 34, 70, colour, "chip")


def banana_chips(still: Still) -> None:
    """Fried plantain slices."""
    colour = still.tint("#e2b544")
    if still.view == 0:
        _pouch_and_bowl(still, "banana", colour, 64, 54)
    elif still.view == 1:
        _bowl_close(still, "banana", colour, 62, 64)
    else:
        still.stage("lime", "walnut", edge=520)
        still.pouch(still.near(860, 1010), 370, 570)
        for i in range(4):
            produce.banana(still.sheet, (210 + i * 14, 800 + i * 62), 420 - i * 14, 8 + i * 5, still.warm("#d9b637", 4))
        floor = tray(still.sheet, still.rng, (600, 1300), 340, ("#d6b984", "#a8754a"))
        morsels.pile(still.sheet, still.rng, floor, 240, 40, 44, 66, colour, "banana")


def crackers(still: Still) -> None:
    """Puffed fish crackers (kemplang, kerupuk)."""
    colour = still.tint("#ecdcb8", 4)
    if still.view == 0:
        _pouch_and_bowl(still, "cracker", colour, 82, 26)
    elif still.view == 1:
        _bowl_close(still, "cracker", colour, 84, 30)
    else:
        still.stage("lime", "teak", edge=520)
        still.pouch(still.near(880, 1000), 360, 560)
        sweets.fish(still.sheet, still.rng, (390, 880), 480, -10, still.warm("#a9a08e"))
        floor = tray(still.sheet, still.rng, (590, 1260), 370, ("#d6b984", "#a8754a"))
        morsels.pile(still.sheet, still.rng, floor, 250, 46, 17, 96, colour, "cracker")
        produce.chilli(still.sheet, still.rng, (960, 1330), 190, 24)


def dodol(still: Still) -> None:
    """Sticky fingers of dodol in twisted paper."""
    colour = still.tint("#6e3a1a")
    if still.view == 0:
        still.stage("lime", "linen", "stone", frond=True)
        still.ground(520, 1060, 1150, 1400)
        packs.box(still.sheet, still.rng, still.near(430, 1180), (500, 430, 190), still.tint("#e6d7b9"), still.accent)
        for x, y, angle in ((690, 1330, -12), (900, 1290, 14), (840, 1400, -4), (450, 1380, 8)):
            sweets.dodol(still.sheet, still.rng, still.near(x, y), 300, colour, angle + still.rng.uniform(-8, 8))
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=260)
        produce.banana_leaf(still.sheet, (600, 1000), 940, 520, -8)
        for x, y, angle in ((420, 830, 20), (790, 850, -14), (390, 990, -8), (790, 1020, 10), (540, 1150, -16), (850, 1190, 6)):
            sweets.dodol(still.sheet, still.rng, still.near(x, y), 430, colour, angle)
    else:
        still.stage("lime", "teak", edge=520)
        produce.coconut_half(still.sheet, still.rng, (300, 1000), 170)
        packs.box(still.sheet, still.rng, still.near(800, 1010), (330, 290, 130), still.tint("#e6d7b9"), still.accent)
        sweets.sugar_block(still.sheet, still.rng, (500, 1110), 96, 90, still.warm("#8a4f24"))
        plate = vessels.plate(still.sheet, (700, 1330), 300, still.ware, still.accent)
        for dx, dy, angle in ((-90, -30, 12), (70, -34, -16), (-20, 26, 4)):
            sweets.dodol(still.sheet, still.rng, (plate[0] + dx, plate[1] + dy), 260, colour, angle)
        still.leaves((190, 1360), 230)


def cake(still: Still) -> None:
    """Layered cake by the slab, or cookies, as the seed has it."""
    sweet = (still.tint("#edc15a"), still.tint("#96592a"))
    layered = still.pack in ("#c9a271", "#7b2530", "#4d423b")
    biscuit = still.tint("#dca968")
    if still.view == 0:
        still.stage("linen", "lime", "stone", frond=True)
        still.ground(480, 1090, 1130, 1400, "napkin")
        packs.box(still.sheet, still.rng, still.near(390, 1110), (420, 380, 170), still.tint("#e9ddc4"), still.accent)
        plate = vessels.plate(still.sheet, (770, 1320), 310, still.ware, still.accent)
        if layered:
            sweets.layer_cake(still.sheet, still.rng, (plate[0] - 40, plate[1] + 40), 300, sweet)
        else:
            _cookie_stack(still, plate, biscuit, 92)
    elif still.view == 1:
        still.stage("teak", "walnut", "lime", edge=240)
        plate = vessels.plate(still.sheet, (600, 1020), 480, still.ware, still.accent)
        if layered:
            sweets.layer_cake(still.sheet, still.rng, (plate[0] - 130, plate[1] - 10), 380, sweet, 14)
            sweets.layer_cake(still.sheet, still.rng, (plate[0] + 110, plate[1] + 90), 380, sweet, 14)
        else:
            _cookie_stack(still, plate, biscuit, 150)
    else:
        still.stage("lime", "teak", edge=540)
        still.jar(still.near(820, 1080), 170, 400, biscuit)
        produce.coconut_half(still.sheet, still.rng, (330, 1060), 180)
        sweets.sugar_block(still.sheet, still.rng, (560, 1150), 84, 80, still.warm("#8a4f24"))
        if layered:
            sweets.layer_cake(still.sheet, still.rng, (480, 1390), 300, sweet)
        else:
            _cookie_stack(still, (520, 1350), biscuit, 100)


def _cookie_stack(still: Still, middle: tuple[float, float], colour: str, size: float) -> None:
    x, y = middle
    places = [(-1.3, -0.28), (0.2, -0.42), (1.35, -0.2), (-0.6, 0.22), (0.85, 0.26)]
    for dx, dy in places:
        morsels.cookie(still.sheet, still.rng, (x + dx * size, y + dy * size - 14), size, still.warm(colour, 3))
    for dx, dy in ((-0.5, -0.45), (0.5, -0.5)):
        morsels.cookie(still.sheet, still.rng, (x + dx * size, y + dy * size - size * 0.32), size, still.warm(colour, 3))
