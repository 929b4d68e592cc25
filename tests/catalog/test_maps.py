"""Maps from coordinates: where villages land on the drawing, whose land is whose, and who lies near."""

from __future__ import annotations

import csv
import gzip
import re
from functools import cache
from pathlib import Path

import pytest

from catalog import maps
from catalog.maps import Point

ROOT = Path(__file__).resolve().parents[2]
TALANG_BULANG = "16.12.01.2001"


@cache
def _pali() -> tuple[Point, ...]:
    with gzip.open(ROOT / "catalog" / "data" / "areas.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith("16.12.")]
    names = {row["code"]: row["name"] for row in rows}
    return tuple(
        Point(row["code"], names[row["code"][:8]], float(row["latitude"]), float(row["longitude"]))
        for row in rows
        if len(row["code"]) == 13
    )


def test_every_village_lies_on_the_drawing() -> None:
    drawing = maps.draw(_pali())
    assert drawing is not None
    assert len(drawing.spots) == 71
    assert all(0 < spot.x < drawing.width and 0 < spot.y < drawing.height for spot in drawing.spots.values())


def test_north_is_up_and_east_is_right() -> None:
    drawing = maps.draw([Point("south-west", "a", -3.4, 103.6), Point("north-east", "a", -3.1, 104.1)])
    assert drawing is not None
    assert drawing.spots["south-west"].x < drawing.spots["north-east"].x
    assert drawing.spots["south-west"].y > drawing.spots["north-east"].y


def test_distances_are_the_same_in_both_directions() -> None:
    """A degree of longitude is shorter than one of latitude away from the equator; the projection accounts for it."""
    drawing = maps.draw([Point("a", "x", -8.0, 115.0), Point("b", "x", -8.2, 115.4)])
    assert drawing is not None
    a, b = drawing.spots["a"], drawing.spots["b"]
    measured = ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5
    assert measured == pytest.approx(drawing.frame.length_of(maps.distance_km(-8.0, 115.0, -8.2, 115.4)), rel=0.005)


def test_each_district_has_a_territory_with_its_label_inside_the_drawing() -> None:
    drawing = maps.draw(_pali())
    assert drawing is not None
    assert {territory.group for territory in drawing.territories} == {"Talang Ubi", "Penukal Utara", "Penukal", "Abab", "Tanah Abang"}
    for territory in drawing.territories:
        half = len(territory.group) * maps.LETTER / 2
        assert territory.label.x - half > 0
        assert territory.label.x + half < drawing.width


def test_territories_are_small_smooth_path_data() -> None:
    drawing = maps.draw(_pali())
    assert drawing is not None
    for territory in drawing.territories:
        assert re.fullmatch(r"M[-\d]+ [-\d]+(Q[-\d]+ [-\d]+ [-\d]+ [-\d]+)+Z( M.*Z)?", territory.path)
        assert len(territory.path) < 1500


def test_the_scale_bar_stands_for_a_round_distance() -> None:
    drawing = maps.draw(_pali())
    assert drawing is not None
    assert drawing.scale_km == 10
    assert 40 < drawing.scale_length < drawing.width / 4


def test_a_single_village_makes_no_map() -> None:
    assert maps.draw(_pali()[:1]) is None
    assert maps.draw([]) is None


def test_two_villages_at_one_place_do_not_break_the_drawing() -> None:
    drawing = maps.draw([Point("a", "x", -3.0, 104.0), Point("b", "x", -3.0, 104.0)])
    assert drawing is not None
    assert drawing.spots["a"] == drawing.spots["b"]


def test_what_lies_outside_is_not_placed() -> None:
    drawing = maps.draw(_pali())
    assert drawing is not None
    assert drawing.place(-3.2759, 103.8389) is not None
    assert drawing.place(-6.2, 106.8) is None
    assert drawing.place(None, None) is None


def test_a_drawing_is_made_once_whatever_the_order_of_the_villages() -> None:
    assert maps.draw(_pali()) is maps.draw(tuple(reversed(_pali())))


def test_a_province_of_thousands_is_traced_from_a_sample() -> None:
    points = [
        Point(f"{group}-{n}", f"Regency {group}", -8 - group * 0.3 - n * 0.001, 120 + group * 0.2 + n % 7 * 0.03)
        for group in range(9)
        for n in range(200)
    ]
    drawing = maps.draw(points)
    assert drawing is not None
    assert len(drawing.spots) == 1800
    assert drawing.territories


def test_the_nearest_villages_come_first_and_the_village_itself_never() -> None:
    nearest = maps.list_nearest(_pali(), TALANG_BULANG, 3)
    assert next(point.code for point, _ in nearest) == "16.12.01.2019"
    assert [km for _, km in nearest] == sorted(km for _, km in nearest)
    assert TALANG_BULANG not in {point.code for point, _ in nearest}
    assert maps.list_nearest(_pali(), "no such code", 3) == []


def test_distance_is_the_great_circle() -> None:
    assert maps.distance_km(-6.2088, 106.8456, -7.2575, 112.7521) == pytest.approx(662, abs=3)  # Jakarta to Surabaya
    assert maps.distance_km(-3.0, 104.0, -3.0, 104.0) == 0
