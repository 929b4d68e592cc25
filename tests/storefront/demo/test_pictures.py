"""The drawn demo pictures render at the right size, repeat exactly for a seed, and differ between seeds."""

import io
import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

import pytest
from PIL import Image

from storefront.demo.pictures import songket
from storefront.demo.pictures.makers import KINDS, maker_picture
from storefront.demo.pictures.places import SCENES, village_picture
from storefront.demo.pictures.products import MOTIFS, product_picture
from storefront.demo.pictures.render import render

# Small, so that the whole file stays quick; what is drawn is the same at every width.
WIDTH = 64

Draw = Callable[[str, int], str]

WANTED_SCENES = {
    *("pineapple_garden", "palm_garden", "cassava_field", "rubber_grove"),
    *("river_village", "rice_field", "coffee_hill", "coast"),
}

WANTED_MOTIFS = {
    *("keripik", "banana_chips", "crackers", "dodol", "cake", "pineapple_processed", "pineapple_fresh", "mocaf_flour", "rice"),
    *("coffee", "honey", "palm_sugar", "abon", "dried_fish", "pempek", "tempoyak_jar", "sambal", "syrup", "tea_herbal", "spice"),
    *("batik_cloth", "songket_cloth", "woven_mat", "basket", "bag", "rubber_craft", "wood_craft", "bamboo_craft", "pottery"),
    *("soap", "coconut_oil", "school_craft", "accessories"),
}


@cache
def drawn(draw: Draw, name: str, seed: int) -> str:
    """A picture drawn once for all tests that only look at it."""
    return draw(name, seed)


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return picture.size


def colours_of(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").resize((40, 40)).tobytes()
        return len({small[i : i + 3] for i in range(0, len(small), 3)})


def test_every_motif_the_demo_asks_for_can_be_drawn() -> None:
    assert set(MOTIFS) == WANTED_MOTIFS
    assert set(SCENES) == WANTED_SCENES
    assert set(KINDS) == {"kitchen", "loom", "weaving", "field", "workshop", "school"}


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_product_picture_is_four_by_five_in_every_view(motif: str) -> None:
    pictures = [
        render(svg, WIDTH) for svg in (drawn(product_picture, motif, 1), product_picture(motif, 1, 1), product_picture(motif, 1, 2))
    ]
    assert {size_of(png) for png in pictures} == {(WIDTH, WIDTH * 5 // 4)}
    assert len(set(pictures)) == 3
    assert min(colours_of(png) for png in pictures) > 200


@pytest.mark.parametrize("scene", SCENES)
def test_a_village_picture_is_sixteen_by_ten(scene: str) -> None:
    assert size_of(render(drawn(village_picture, scene, 1), WIDTH)) == (WIDTH, WIDTH * 10 // 16)


@pytest.mark.parametrize("kind", KINDS)
def test_a_maker_picture_is_square(kind: str) -> None:
    assert size_of(render(drawn(maker_picture, kind, 1), WIDTH)) == (WIDTH, WIDTH)


DRAWN: list[tuple[Draw, str]] = [
    *((product_picture, motif) for motif in MOTIFS),
    *((village_picture, scene) for scene in SCENES),
    *((maker_picture, kind) for kind in KINDS),
]


@pytest.mark.parametrize(("draw", "name"), DRAWN, ids=[name for _, name in DRAWN])
def test_a_seed_repeats_exactly_and_another_differs(draw: Draw, name: str) -> None:
    first = drawn(draw, name, 1)
    assert draw(name, 1) == first
    assert draw(name, 2) != first
    assert "<text" not in first
    assert "http" not in first.replace("http://www.w3.org/2000/svg", "")


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert render(product_picture("keripik", 5), WIDTH) == render(product_picture("keripik", 5), WIDTH)


def test_an_unknown_motif_is_refused() -> None:
    with pytest.raises(KeyError):
        product_picture("spaceship", 1)


@pytest.mark.parametrize("svg", songket.files().values(), ids=songket.files().keys())
def test_an_ornament_is_small_well_formed_and_renders(svg: str) -> None:
    assert len(svg.encode()) < 2048
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert render(svg, 48)


def test_ornaments_carry_one_colour_of_the_page() -> None:
    for svg in (songket.lozenge_band(24, 3), songket.thin_band(10, 3), songket.corner(), songket.divider(), songket.mark()):
        assert re.findall(r'fill="([^"]+)"', svg) == ["currentColor"]


def test_a_band_tiles_without_a_seam() -> None:
    """One tile twice as long shows what two tiles side by side show."""
    png = render(songket.lozenge_band(24, 1).replace("currentColor", "#000"), 24)
    twice = render(songket.lozenge_band(24, 2).replace("currentColor", "#000"), 48)
    with Image.open(io.BytesIO(png)) as tile, Image.open(io.BytesIO(twice)) as pair:
        assert pair.crop((0, 0, 24, 24)).tobytes() == tile.tobytes()
        assert pair.crop((24, 0, 48, 24)).tobytes() == tile.tobytes()


def test_the_saved_ornaments_are_the_ones_drawn_now() -> None:
    for name, svg in songket.files().items():
        assert (songket.STATIC / name).read_text(encoding="utf-8").strip() == svg
