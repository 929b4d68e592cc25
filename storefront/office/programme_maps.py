"""The office's map of the programme, ready for its template: villages as marks, or a province's districts as small pies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
class OfficeMap:
    """A drawn area; it has marks or pies."""

    width: float
    height: float
    territories: tuple[Territory, ...]
    scale_length: float
    scale_km: int
    marks: tuple[Mark, ...] = ()
    pies: tuple[Pie, ...] = ()


def draw_programme(session: Session, focus: Focus, year: int, language: str) -> OfficeMap | None:
    """The map of an area; None when fewer than two places are known. One statement."""
    if ground.is_grouped(focus):
        return _pies(ground.list_mapped_districts(session, focus, year), year)
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


def _pies(districts: Sequence[MappedDistrict], year: int) -> OfficeMap | None:
    drawing = maps.draw([maps.Point(each.code, each.group, each.latitude, each.longitude) for each in districts])
    if drawing is None:
        return None
    most = max(each.total for each in districts)
    pies = []
    for district in districts:
        spot = drawing.spot(district.code)
        mapped, selected = district.reached(ProgrammeStatus.MAPPED), district.reached(ProgrammeStatus.SELECTED)
        radius = round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(district.total / most), 1)
        said = _(
            "Kec. %(name)s: %(mapped)s of %(total)s mapped, %(selected)s selected",
            name=district.name,
            mapped=number(mapped),
            total=number(district.total),
            selected=number(selected),
        )
        if spot:
            wedges = (wedge(radius, mapped / district.total), wedge(radius, selected / district.total))
            pies.append(Pie(spot.x, spot.y, radius, *wedges, said, url_for("office.mapping", area=district.code, year=year)))
    return _drawn(drawing, pies=tuple(pies))


def _drawn(drawing: Drawing, *, marks: tuple[Mark, ...] = (), pies: tuple[Pie, ...] = ()) -> OfficeMap:
    return OfficeMap(drawing.width, drawing.height, drawing.territories, drawing.scale_length, drawing.scale_km, marks, pies)


def wedge(radius: float, share: float) -> str:
    """A part of a circle around 0,0, clockwise from the top, as SVG path data; "" for nothing."""
    if share <= 0:
        return ""
    if share >= 1:
        return f"M0 {-radius}A{radius} {radius} 0 1 1 0 {radius}A{radius} {radius} 0 1 1 0 {-radius}z"
    turn = 2 * math.pi * share
    x, y = round(radius * math.sin(turn), 2), round(-radius * math.cos(turn), 2)
    return f"M0 0V{-radius}A{radius} {radius} 0 {int(share > 0.5)} 1 {x:g} {y:g}z"
