"""The office's map of the programme, ready for its template: villages as marks, or a province's districts as small pies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from sqlalchemy.orm import Session

from catalog import maps
from catalog.mapping import ground
from catalog.mapping.focus import Focus
from catalog.mapping.ground import MappedDistrict, MappedVillage
from catalog.maps import Drawing, Territory
from catalog.models.programme import ProgrammeStatus
from storefront.i18n import gettext as _
from storefront.templating import number
from storefront.words import word

#: Radii of pies: of a district with one village, and of the largest.
SMALLEST, LARGEST = 3.2, 8.5
#: Side of the squares in which villages become land, and width of a letter of a name on it, in viewBox units.
SQUARE, NAME_LETTER = 4, 6.0
_LANDS: dict[tuple[str, int, float], str] = {}
MOST_LANDS = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """One village."""

    x: float
    y: float
    status: ProgrammeStatus
    takes_part: bool
    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Pie:
    """One district: its size, and wedges of what is mapped and of what is selected, as SVG path data ("" for none)."""

    x: float
    y: float
    radius: float
    mapped: str
    selected: str
    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Name:
    """A word on the map, in the middle of (x, y)."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class OfficeMap:
    """A drawn area; it has marks or pies."""

    width: float
    height: float
    territories: tuple[Territory, ...]
    scale_length: float
    scale_km: int
    marks: tuple[Mark, ...] = ()
    pies: tuple[Pie, ...] = ()
    #: Points of one path that are land, and names on it; beside pies.
    land: str = ""
    names: tuple[Name, ...] = ()


def draw_programme(session: Session, focus: Focus, year: int, language: str) -> OfficeMap | None:
    """The map of an area; None when fewer than two places are known. One statement, two for a province's first map."""
    if ground.is_grouped(focus):
        return _pies(session, focus, year)
    return _marks(ground.list_mapped_villages(session, focus, year, language), year)


def _marks(villages: Sequence[MappedVillage], year: int) -> OfficeMap | None:
    drawing = maps.draw([maps.Point(each.code, each.group, each.latitude, each.longitude) for each in villages])
    if drawing is None:
        return None
    marks = []
    for village in sorted(villages, key=lambda each: (each.status.reached, each.code)):
        spot = drawing.spot(village.code)
        said = " · ".join(filter(None, (village.name, word(village.status) if village.takes_part else _("Kelurahan"), village.product)))
        if spot:
            url = url_for("office.mapping_village", village=village.code, year=year)
            marks.append(Mark(spot.x, spot.y, village.status, village.takes_part, said, url))
    return _drawn(drawing, marks=tuple(marks))


def _pies(session: Session, focus: Focus, year: int) -> OfficeMap | None:
    districts = ground.list_mapped_districts(session, focus, year)
    # Territories would reach far out over an archipelago's sea: the land is where villages are.
    drawing = maps.draw([maps.Point(each.code, each.group, each.latitude, each.longitude) for each in districts], traced=False)
    if drawing is None:
        return None
    most = max(each.total for each in districts)
    pies = []
    for district in districts:
        spot = drawing.spot(district.code)
        if spot:
            mapped, selected = district.reached(ProgrammeStatus.MAPPED), district.reached(ProgrammeStatus.SELECTED)
            radius = round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(district.total / most), 1)
            wedges = (wedge(radius, mapped / district.total), wedge(radius, selected / district.total))
            url = url_for("office.mapping", area=district.code, year=year)
            pies.append(Pie(spot.x, spot.y, radius, *wedges, _said(district, mapped, selected), url))
    land = _land(session, focus, sum(each.total for each in districts), drawing)
    return replace(_drawn(drawing), pies=tuple(pies), land=land, names=_names(districts, drawing))


def _said(district: MappedDistrict, mapped: int, selected: int) -> str:
    return _(
        "Kec. %(name)s: %(mapped)s of %(total)s mapped, %(selected)s selected",
        name=district.name,
        mapped=number(mapped),
        total=number(district.total),
        selected=number(selected),
    )


def _land(session: Session, focus: Focus, villages: int, drawing: Drawing) -> str:
    """Every village as a point of one path, one per square: with a broad stroke they are the islands. Kept: places do not move."""
    key = (focus.code, villages, drawing.height)
    if key not in _LANDS:
        if len(_LANDS) >= MOST_LANDS:
            _LANDS.clear()
        spots = {drawing.frame.project(*place) for place in ground.list_places(session, focus)}
        squares = sorted({(round(spot.x / SQUARE) * SQUARE, round(spot.y / SQUARE) * SQUARE) for spot in spots})
        _LANDS[key] = "".join(f"M{x} {y}h0" for x, y in squares)
    return _LANDS[key]


def _names(districts: Sequence[MappedDistrict], drawing: Drawing) -> tuple[Name, ...]:
    """Names of regencies above their districts, the largest first, each only where it covers no other."""
    groups: dict[str, list[maps.Spot]] = {}
    for district in districts:
        if spot := drawing.spot(district.code):
            groups.setdefault(district.group, []).append(spot)
    placed: list[Name] = []
    for group, spots in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        text = group.removeprefix("Kabupaten ").removeprefix("Kota ")
        half = len(text) * NAME_LETTER / 2
        x = min(max(sum(spot.x for spot in spots) / len(spots), half + 4), drawing.width - half - 4)
        name = Name(round(x, 1), round(min(spot.y for spot in spots) - 11, 1), text)
        if all(abs(name.x - other.x) > half + len(other.text) * NAME_LETTER / 2 or abs(name.y - other.y) > 12 for other in placed):
            placed.append(name)
    return tuple(placed)


def _drawn(drawing: Drawing, *, marks: tuple[Mark, ...] = ()) -> OfficeMap:
    return OfficeMap(drawing.width, drawing.height, drawing.territories, drawing.scale_length, drawing.scale_km, marks)


def wedge(radius: float, share: float) -> str:
    """A part of a circle around 0,0, clockwise from the top, as SVG path data; "" for nothing."""
    if share <= 0:
        return ""
    if share >= 1:
        return f"M0 {-radius}A{radius} {radius} 0 1 1 0 {radius}A{radius} {radius} 0 1 1 0 {-radius}z"
    turn = 2 * math.pi * share
    x, y = round(radius * math.sin(turn), 2), round(-radius * math.cos(turn), 2)
    return f"M0 0V{-radius}A{radius} {radius} 0 {int(share > 0.5)} 1 {x:g} {y:g}z"
