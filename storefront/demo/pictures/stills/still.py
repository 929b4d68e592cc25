"""One still life in the making: its sheet, its seeded chance, its colours, and the arrangements several products share."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from storefront.demo.pictures import glassware, morsels, packs, setting, textiles, vessels
from storefront.demo.pictures.colour import ACCENTS, GOLD_PALE, shade
from storefront.demo.pictures.produce import leaf
from storefront.demo.pictures.sheet import Point, Sheet
from storefront.demo.pictures.wares import board

PACK_COLOURS: tuple[str, ...] = ("#c9a271", "#e9dcc3", "#7b2530", "#47603f", "#b47350", "#4d423b")
BOWL_COLOURS: tuple[str, ...] = ("#efe6d5", "#8aa392", "#b5684a", "#e3d6bf", "#6d5a4c", "#a9b3ad")


# Where the camera stands for each view, unless the motif moves it: upper left corner and width of what it sees.
FRAMES: tuple[tuple[Point, float], ...] = (((100, 240), 1000), ((70, 165), 1060), ((90, 190), 1040))


@dataclass
class Still:
    """What a motif needs at hand while it is drawn."""

    sheet: Sheet
    rng: Random
    name: str
    wall: str
    seed: int
    view: int
    accent: str
    pack: str
    ware: str

    def stage(self, *tables: str, edge: float = 610, frond: bool = False) -> None:
        """Paint the room with one of `tables`; `frond` adds a leaf's shadow on the wall."""
        setting.room(self.sheet, self.rng, self.wall, self.rng.choice(tables or tuple(setting.TABLES)), edge)
        if frond:
            setting.leaf_shadow(self.sheet, self.rng, (1120, edge * 0.5), 330)

    def frame(self, left: float, top: float, width: float) -> None:
        """Move the camera in: the picture shows the part of the sheet that starts here."""
        self.sheet.frame((left, top), width)

    def near(self, x: float, y: float, sway: float = 14) -> Point:
        """About (x, y): arrangements differ a little from picture to picture."""
        return x + self.rng.uniform(-sway, sway), y + self.rng.uniform(-sway, sway) * 0.4

    def tint(self, colour: str, spread: float = 6.0) -> str:
        """A colour moved a little by the seed, the same wherever this product appears."""
        return setting.warm(colour, Random(f"{self.name}:{self.seed}:{colour}"), spread)

    def warm(self, colour: str, spread: float = 6.0) -> str:
        """A colour moved a little, differently at each call."""
        return setting.warm(colour, self.rng, spread)

    def ground(self, left: float, right: float, far: float, near: float, kind: str | None = None) -> None:
        """Something to stand on: a napkin, a runner or a board, or nothing, as the seed has it."""
        kind = kind or self.rng.choice(("napkin", "runner", "board", "bare"))
        lean = (near - far) * 0.3
        if kind == "napkin":
            corners = ((left + lean, far), (right + lean * 0.6, far + 14), (right - lean * 0.4, near), (left - lean * 0.4, near - 10))
            textiles.napkin(self.sheet, self.rng, corners, self.rng.choice(("#efe6d6", "#b9c2a8", "#d9b7a0", "#e8d5a8")))
        elif kind == "runner":
            textiles.runner(self.sheet, left + 40, left + 200, 1560, far, self.accent, GOLD_PALE)
        elif kind == "board":
            board(self.sheet, self.rng, ((left + right) / 2, (far + near) / 2), right - left, near - far)

    def leaves(self, root: Point, size: float, count: int = 2, colour: str = "#5a8446") -> None:
        """A sprig of leaves lying on the table."""
        for i in range(count):
            reach = size * self.rng.uniform(0.8, 1.1)
            tip = (root[0] + reach * (0.9 - 0.5 * i), root[1] - reach * (0.1 + 0.28 * i))
            leaf(self.sheet, root, tip, reach * 0.4, shade(colour, self.rng.uniform(-0.1, 0.15)))

    def pouch(self, foot: Point, width: float, height: float) -> None:
        """The product's pouch."""
        packs.pouch(self.sheet, self.rng, foot, width, height, self.pack, self.accent)

    def jar(self, foot: Point, radius: float, height: float, content: str, lid: str | None = None) -> None:
        """The product's jar."""
        lid = lid or ("wood", "cloth", "metal")[(self.seed + len(self.name)) % 3]
        glassware.jar(self.sheet, self.rng, foot, radius, height, content, self.accent, lid)

    def bowl_of(self, foot: Point, radius: float, kind: str, colour: str, count: int, size: float, ware: str | None = None) -> None:
        """A bowl heaped with pieces of one kind."""
        mouth = vessels.bowl(self.sheet, foot, radius, radius * 0.62, ware or self.ware)
        morsels.pile(self.sheet, self.rng, mouth, radius * 0.74, radius * 0.42, count, size, colour, kind)


def begin(motif: str, seed: int, view: int, size: tuple[int, int] = (1200, 1500)) -> Still:
    """A fresh still life whose every choice follows from the motif, the seed and the view."""
    look = Random(f"{motif}:{seed}")
    accent, pack, ware = look.choice(ACCENTS), look.choice(PACK_COLOURS), look.choice(BOWL_COLOURS)
    wall, livery = look.choice(setting.WALLS), look.randrange(12)
    sheet = Sheet(*size, livery)
    if size == (1200, 1500):
        sheet.frame(*FRAMES[view])
    return Still(sheet, Random(f"{motif}:{seed}:{view}"), motif, wall, seed, view, accent, pack, ware)
