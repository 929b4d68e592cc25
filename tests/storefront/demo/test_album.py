"""The demo's pictures: each wanted once, made once, found again, and none that the drawing engine does not know."""

from __future__ import annotations

from pathlib import Path

from catalog.photo_files import FORMATS, WIDTHS
from storefront.demo.album import Album, Shot, draw, key_of, list_shots, make
from storefront.demo.pictures.makers import KINDS
from storefront.demo.pictures.places import SCENES
from storefront.demo.pictures.products import MOTIFS
from storefront.demo.stories import load_stories


def test_every_wanted_picture_can_be_drawn() -> None:
    known = {"product": MOTIFS, "maker": KINDS, "village": SCENES}
    shots = list_shots(load_stories())
    assert [shot for shot in shots if shot.motif not in known[shot.subject]] == []
    assert len({key_of(shot) for shot in shots}) == len(shots)


def test_a_picture_is_made_once_and_found_again(tmp_path: Path) -> None:
    shot = Shot("village", "river_village", 7, 1)
    album = Album(tmp_path)
    assert album.missing([shot]) == [shot]
    make(tmp_path, shot)
    assert album.missing([shot]) == []
    photo = album.photo(shot)
    assert set(photo.files) == {(width, ending) for width in WIDTHS for ending in FORMATS}
    assert photo.width == 640
    assert draw(shot) == draw(shot)
