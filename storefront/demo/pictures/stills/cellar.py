"""Still lifes of bottles, cups and care: coffee, honey, syrup, herbal tea, coconut oil and soap."""

from __future__ import annotations

from storefront.demo.pictures import glassware, morsels, packs, produce, sweets, vessels
from storefront.demo.pictures.colour import shade
from storefront.demo.pictures.geometry import TILT
from storefront.demo.pictures.setting import shadow
from storefront.demo.pictures.stills.still import Still
from storefront.demo.pictures.vessels import disc
from storefront.demo.pictures.wares import board, cup, dipper, scoop, spoon, steam
from storefront.demo.pictures.wicker import bamboo_cup, tray

TRAY = ("#d6b984", "#a8754a")


def coffee(still: Still) -> None:
    """Roasted coffee: the bag, the beans, the cup."""
    roast, brew = still.tint("#5b341f", 3), "#3a1d10"
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        packs.paper_bag(still.sheet, still.rng, still.near(430, 1170), 430, 660, still.tint("#6b4a34"), still.accent)
        mouth = cup(still.sheet, still.near(840, 1250), 130, 150, still.ware, brew)
        steam(still.sheet, (mouth[0], mouth[1] - 10), 210)
        morsels.pile(still.sheet, still.rng, (560, 1360), 150, 34, 44, 24, roast, "bean")
    elif still.view == 1:
        still.stage("lime", "linen", "teak", edge=300)
        mouth = vessels.bowl(still.sheet, (560, 1120), 390, 220, still.ware)
        morsels.pile(still.sheet, still.rng, mouth, 330, 120, 190, 34, roast, "bean")
        scoop(still.sheet, (860, 1270), 420, -16, load=roast)
        for x, y in ((330, 1270), (420, 1330), (520, 1300), (610, 1360)):
            morsels.bean(still.sheet, still.rng, still.near(x, y, 30), 34, roast)
    else:
        still.stage("lime", "teak", edge=520)
        packs.paper_bag(still.sheet, still.rng, still.near(820, 1000), 300, 450, still.tint("#6b4a34"), still.accent)
        floor = tray(still.sheet, still.rng, (430, 1080), 330, TRAY)
        morsels.pile(still.sheet, still.rng, floor, 250, 40, 120, 24, roast, "bean")
        mouth = cup(still.sheet, (800, 1330), 130, 140, still.ware, brew)
        steam(still.sheet, (mouth[0], mouth[1] - 10), 190)
        for x, y in ((360, 1330), (450, 1370), (400, 1400)):
            disc(still.sheet, (x + 4, y + 8), 26, "#3a2415", fill_opacity=0.3)
            still.sheet.ellipse((x, y), 25, 22, still.warm("#a8281f", 4))
            still.sheet.ellipse((x - 8, y - 8), 8, 5, "#f6b9a6", fill_opacity=0.7)


def honey(still: Still) -> None:
    """Forest honey in a jar, with its dipper."""
    gold = still.tint("#d98c16", 7)
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        still.ground(500, 1050, 1150, 1390, "board")
        still.jar(still.near(450, 1160), 210, 520, gold)
        sweets.dip_bowl(still.sheet, still.near(800, 1270), 150, still.ware, gold)
        dipper(still.sheet, (690, 1375), 360, -8, drip=gold)
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        board(still.sheet, still.rng, (600, 1040), 800, 500)
        sweets.dip_bowl(still.sheet, (580, 1080), 300, still.ware, gold)
        dipper(still.sheet, (470, 915), 640, -24, drip=gold)
        _comb(still, (880, 1190), 66, gold)
    else:
        still.stage("lime", "teak", edge=520)
        still.jar(still.near(830, 1040), 160, 400, gold)
        mouth = cup(still.sheet, (380, 1090), 140, 150, still.ware, shade("#b5621d", -0.1))
        steam(still.sheet, (mouth[0], mouth[1] - 10), 200)
        _comb(still, (500, 1310), 54, gold)
        dipper(still.sheet, (730, 1310), 360, -10, drip=gold)


def _comb(still: Still, corner: tuple[float, float], cell: float, gold: str) -> None:
    """A cut piece of honeycomb lying on the table."""
    x, y = corner
    top = [(x - cell * 2.6, y - cell * 1.2), (x + cell * 1.6, y - cell * 1.5), (x + cell * 2.6, y), (x - cell * 1.5, y + cell * 0.5)]
    path = "M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in top) + "Z"
    still.sheet.soft(path, "#3a2415", 0.4, 9, (14, 44))
    still.sheet.path(path, shade(gold, -0.35), transform="translate(0 34)")
    still.sheet.path(path, still.sheet.linear([(0, shade(gold, 0.4)), (1, gold)], (0, 0), (1, 1)))
    holes, shine = [], []
    for row in range(4):
        for column in range(7):
            u, v = (column + 0.7 + (row % 2) * 0.5) / 8.2, (row + 0.55) / 4.1
            px = top[0][0] + (top[1][0] - top[0][0]) * u + (top[3][0] - top[0][0]) * v
            py = top[0][1] + (top[1][1] - top[0][1]) * u + (top[3][1] - top[0][1]) * v
            holes.append(f"M{px - 19:.0f} {py:.0f}l9-9h19l9 9-9 9h-19Z")
            shine.append(f"M{px - 8:.0f} {py + 4:.0f}q9 5 19 0")
    still.sheet.path("".join(holes), shade(gold, -0.3))
    still.sheet.line("".join(shine), "#ffdf96", 4.0)


def syrup(still: Still) -> None:
    """Fruit syrup in a corked bottle."""
    red = still.tint("#b5331f", 14)
    if still.view == 0:
        still.stage("lime", "linen", "stone", "teak", frond=True)
        glassware.bottle(still.sheet, still.rng, still.near(450, 1190), 165, 800, red, still.accent)
        _glass(still, still.near(810, 1290), 96, 250, red)
        sweets.lime(still.sheet, still.near(620, 1370), 66)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        board(still.sheet, still.rng, (600, 1060), 780, 460)
        _glass(still, (450, 1090), 150, 420, red)
        _glass(still, (770, 1130), 150, 420, red)
        sweets.lime(still.sheet, (600, 1230), 84)
    else:
        still.stage("lime", "teak", edge=520)
        glassware.bottle(still.sheet, still.rng, still.near(780, 1060), 112, 540, red, still.accent)
        produce.pineapple(still.sheet, still.rng, (360, 1080), 240)
        _glass(still, (560, 1310), 100, 260, red)
        sweets.lime(still.sheet, (800, 1330), 66)
        sweets.lime(still.sheet, (910, 1290), 58)


def _glass(still: Still, foot: tuple[float, float], radius: float, height: float, drink: str) -> None:
    """A tall glass of iced syrup."""
    x, y = foot
    shadow(still.sheet, foot, radius * 0.8, radius * 0.8 * TILT, 1.1)
    profile = [(0.0, radius * 0.74), (height, radius)]
    vessels.turned_body(still.sheet, foot, profile, vessels.round_light("#dfe4dc", 0.5, 0.2))
    level = [(8.0, radius * 0.7), (height * 0.8, radius * 0.9)]
    still.sheet.path(
        vessels.outline(foot, level),
        still.sheet.linear([(0, shade(drink, 0.25)), (0.5, drink), (1, shade(drink, -0.25))], (0, 0), (0.3, 1)),
    )
    surface = (x, y - height * 0.8)
    still.sheet.ellipse(surface, radius * 0.9, radius * 0.9 * TILT, shade(drink, 0.34))
    for dx, dy, turn_by in ((-0.4, 0.02, -14), (0.3, -0.06, 20), (0.02, 0.16, 4)):
        still.sheet.rect(
            (surface[0] + dx * radius - radius * 0.22, surface[1] + dy * radius - radius * 0.3),
            radius * 0.46,
            radius * 0.4,
            still.sheet.linear([(0, "#ffffff", 0.75), (1, shade(drink, 0.6), 0.5)], (0, 0), (1, 1)),
            rx=radius * 0.06,
            transform=f"rotate({turn_by} {surface[0] + dx * radius:.0f} {surface[1] + dy * radius:.0f})",
        )
    vessels.glass(still.sheet, foot, profile)
    vessels.highlight(still.sheet, (x - radius * 0.72, y - height * 0.92), radius * 0.13, height * 0.8, 0.7)
    still.sheet.ellipse((x, y - height), radius, radius * TILT, "none", stroke="#ffffff", stroke_width=3.5, stroke_opacity=0.75)


def tea_herbal(still: Still) -> None:
    """Herbal tea: the box, the dried leaves, the cup."""
    brew, dried = still.tint("#b5722a", 8), still.tint("#6d7440", 8)
    if still.view == 0:
        still.stage("lime", "linen", "stone", frond=True)
        packs.box(still.sheet, still.rng, still.near(400, 1160), (400, 520, 170), still.tint("#dcd9bd"), still.accent)
        mouth = cup(still.sheet, still.near(830, 1240), 135, 140, still.ware, brew)
        steam(still.sheet, (mouth[0], mouth[1] - 10), 210)
        morsels.grains(still.sheet, still.rng, (520, 1360), 130, 36, dried, 170, 20, 0.22)
        still.leaves((700, 1400), 220, 2)
    elif still.view == 1:
        still.stage("walnut", "teak", "lime", edge=300)
        floor = tray(still.sheet, still.rng, (560, 1010), 430, TRAY)
        morsels.grains(still.sheet, still.rng, floor, 300, 90, dried, 420, 30, 0.22)
        scoop(still.sheet, (850, 1260), 420, -16, load=dried)
        still.leaves((250, 1290), 260, 2)
    else:
        still.stage("lime", "teak", edge=520)
        packs.box(still.sheet, still.rng, still.near(790, 980), (270, 340, 120), still.tint("#dcd9bd"), still.accent)
        produce.rhizome(still.sheet, still.rng, (340, 960), 150, still.warm("#d6ad6d"))
        mouth = cup(still.sheet, (420, 1250), 160, 160, still.ware, brew)
        steam(still.sheet, (mouth[0], mouth[1] - 10), 220)
        mouth = bamboo_cup(still.sheet, still.rng, (820, 1290), 90, 150, still.warm("#c3ad6b"))
        morsels.grains(still.sheet, still.rng, mouth, 70, 26, dried, 110, 16, 0.22)
        still.leaves((600, 1380), 210, 2)


def coconut_oil(still: Still) -> None:
    """Clear coconut oil in a corked bottle."""
    oil = still.tint("#e9d89a", 4)
    if still.view == 0:
        still.stage("lime", "teak", "stone", "linen", frond=True)
        glassware.bottle(still.sheet, still.rng, still.near(430, 1190), 165, 780, oil, still.accent, 0.3)
        produce.coconut_half(still.sheet, still.rng, still.near(820, 1270), 200)
        still.leaves((560, 1390), 240, 1)
    elif still.view == 1:
        still.stage("walnut", "teak", edge=300)
        produce.coconut_half(still.sheet, still.rng, (430, 1010), 260)
        produce.coconut_half(still.sheet, still.rng, (820, 1110), 220)
        sweets.dip_bowl(still.sheet, (500, 1290), 150, still.ware, oil)
    else:
        still.stage("lime", "teak", edge=520)
        glassware.bottle(still.sheet, still.rng, still.near(800, 1050), 110, 520, oil, still.accent, 0.3)
        produce.coconut_half(still.sheet, still.rng, (370, 1060), 190)
        sweets.dip_bowl(still.sheet, (540, 1330), 150, still.ware, oil)
        spoon(still.sheet, (790, 1350), 320, -8, load=oil)


def soap(still: Still) -> None:
    """Coconut soap by the bar."""
    tones = [still.tint(c, 5) for c in ("#efe4cb", "#cfd8b4", "#e2bd93")]
    still.rng.shuffle(tones)
    if still.view == 0:
        still.stage("lime", "stone", "linen", "teak", frond=True)
        still.frame(150, 420, 860)
        still.ground(260, 960, 1090, 1380, "napkin")
        sweets.soap(still.sheet, still.rng, still.near(440, 1150), 390, tones[0], still.accent)
        sweets.soap(still.sheet, still.rng, still.near(720, 1290), 390, tones[1], still.accent)
        still.leaves((300, 1370), 210, 2)
    elif still.view == 1:
        still.stage("teak", "walnut", "lime", edge=300)
        board(still.sheet, still.rng, (600, 1050), 800, 500)
        for i, (x, y) in enumerate(((520, 1120), (550, 1000), (510, 890))):
            sweets.soap(still.sheet, still.rng, still.near(x, y), 430, tones[i], still.accent, band=i < 2)
        still.leaves((790, 1220), 230, 2)
    else:
        still.stage("lime", "teak", edge=520)
        produce.coconut_half(still.sheet, still.rng, (350, 1010), 180)
        glassware.bottle(still.sheet, still.rng, still.near(830, 1000), 88, 400, "#e9d89a", still.accent, 0.3)
        floor = tray(still.sheet, still.rng, (560, 1260), 330, TRAY)
        sweets.soap(still.sheet, still.rng, (floor[0] - 90, floor[1] + 20), 250, tones[0], still.accent, band=False)
        sweets.soap(still.sheet, still.rng, (floor[0] + 100, floor[1] + 66), 250, tones[1], still.accent)
