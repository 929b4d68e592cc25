"""Pictures of products, one motif each, in three views: the pack, a closer look, and the thing in use or beside what it is made of."""

from __future__ import annotations

from collections.abc import Callable

from storefront.demo.pictures.stills import cellar, crafts, pantry, snacks
from storefront.demo.pictures.stills.still import Still, begin

_STILLS: dict[str, Callable[[Still], None]] = {
    "keripik": snacks.keripik,
    "banana_chips": snacks.banana_chips,
    "crackers": snacks.crackers,
    "dodol": snacks.dodol,
    "cake": snacks.cake,
    "pineapple_processed": pantry.pineapple_processed,
    "pineapple_fresh": pantry.pineapple_fresh,
    "mocaf_flour": pantry.mocaf_flour,
    "rice": pantry.rice,
    "abon": pantry.abon,
    "dried_fish": pantry.dried_fish,
    "pempek": pantry.pempek,
    "tempoyak_jar": pantry.tempoyak_jar,
    "sambal": pantry.sambal,
    "palm_sugar": pantry.palm_sugar,
    "spice": pantry.spice,
    "coffee": cellar.coffee,
    "honey": cellar.honey,
    "syrup": cellar.syrup,
    "tea_herbal": cellar.tea_herbal,
    "coconut_oil": cellar.coconut_oil,
    "soap": cellar.soap,
    "batik_cloth": crafts.batik_cloth,
    "songket_cloth": crafts.songket_cloth,
    "woven_mat": crafts.woven_mat,
    "basket": crafts.basket,
    "bag": crafts.bag,
    "rubber_craft": crafts.rubber_craft,
    "wood_craft": crafts.wood_craft,
    "bamboo_craft": crafts.bamboo_craft,
    "pottery": crafts.pottery,
    "school_craft": crafts.school_craft,
    "accessories": crafts.accessories,
}

MOTIFS: tuple[str, ...] = tuple(_STILLS)
VIEWS = 3


def product_picture(motif: str, seed: int, view: int = 0) -> str:
    """An SVG of 1200 x 1500 of a motif of `MOTIFS`; the same arguments always give the same picture.

    View 0 is the pack or object, view 1 a closer arrangement, view 2 shows it in use or with its raw
    material; higher views come round again. An unknown motif raises KeyError.
    """
    still = begin(motif, seed, view % VIEWS)
    _STILLS[motif](still)
    return still.sheet.svg()
