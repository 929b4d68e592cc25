"""The demo's written content, read from content/*.toml: shelves, makers with their products, villages and the programme year."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).with_name("content")
MAKER_FILES = ("abab_and_penukal", "talang_ubi", "tanah_abang_and_north")
_TEXTS = ("name", "summary", "description", "material", "technique", "design", "culture", "storage")


@dataclass(frozen=True, slots=True)
class IngredientStory:
    """An ingredient; `origin` is an area code or "", `share_bps` is 0 when it is not said."""

    name_id: str
    name_en: str
    origin: str
    share_bps: int


@dataclass(frozen=True, slots=True)
class VariantStory:
    """A pack size with its price in rupiah and how many pieces stand on the shelf."""

    name_id: str
    name_en: str
    net_quantity: int
    unit: str
    shipping_weight_g: int
    price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ProductStory:
    """A product; `texts` holds the bilingual texts by column name, `certificates` and `expired` the kinds of its papers."""

    texts: dict[str, str]
    category: str
    scheme: str
    picture: str
    shelf_life_days: int | None
    halal: str
    #: Why it cannot be sent, or `none`.
    travel: str
    allergens: tuple[str, ...]
    certificates: tuple[str, ...]
    expired: tuple[str, ...]
    ingredients: tuple[IngredientStory, ...]
    variants: tuple[VariantStory, ...]

    @property
    def key(self) -> str:
        """What the product is known by inside the demo: seeds of its pictures and dates come from it."""
        return self.texts["name_id"]


@dataclass(frozen=True, slots=True)
class MakerStory:
    """A maker with its products."""

    slug: str
    name: str
    kind: str
    village: str
    founded: int
    people: int
    picture: str
    story_id: str
    story_en: str
    products: tuple[ProductStory, ...]


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """A category."""

    slug: str
    name_id: str
    name_en: str


@dataclass(frozen=True, slots=True)
class VillageStory:
    """What a village says to visitors, and the scenes its pictures show."""

    code: str
    scenes: tuple[str, ...]
    intro_id: str
    intro_en: str
    visit_id: str
    visit_en: str
    season_id: str
    season_en: str


@dataclass(frozen=True, slots=True)
class RecordStory:
    """How far a village has come in the demo's programme year."""

    code: str
    status: str
    product_id: str
    product_en: str


@dataclass(frozen=True, slots=True)
class Stories:
    """All of it."""

    shelves: tuple[ShelfStory, ...]
    makers: tuple[MakerStory, ...]
    villages: tuple[VillageStory, ...]
    records: tuple[RecordStory, ...]


def load_stories() -> Stories:
    """The content files; KeyError or TypeError when one of them misses something."""
    return Stories(
        shelves=tuple(ShelfStory(**row) for row in _read("shelves")["shelf"]),
        makers=tuple(_maker(row) for file in MAKER_FILES for row in _read(file)["maker"]),
        villages=tuple(VillageStory(**row | {"scenes": _words(row["scenes"])}) for row in _read("villages")["village"]),
        records=tuple(RecordStory(*row) for row in _read("programme")["record"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def _maker(row: dict[str, Any]) -> MakerStory:
    products = tuple(_product(product) for product in row.pop("product"))
    return MakerStory(**row, products=products)


def _product(row: dict[str, Any]) -> ProductStory:
    return ProductStory(
        texts={f"{name}_{language}": row.get(f"{name}_{language}", "") for name in _TEXTS for language in ("id", "en")},
        category=row["category"],
        scheme=row["scheme"],
        picture=row["picture"],
        shelf_life_days=row.get("shelf_life_days"),
        halal=row["halal"],
        travel=row.get("travel", "none"),
        allergens=_words(row.get("allergens", ())),
        certificates=_words(row.get("certificates", ())),
        expired=_words(row.get("expired", ())),
        ingredients=tuple(IngredientStory(*each) for each in row.get("ingredients", ())),
        variants=tuple(VariantStory(*each) for each in row["variants"]),
    )


def _words(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)
