"""Village points as maps ready for the template: territories, dots with their links, the village in question, the outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog import maps
from catalog.maps import Drawing, Spot, Territory
from catalog.models.programme import ProgrammeStatus
from catalog.queries.points import read_places
from catalog.queries.programme import takes_part
from catalog.queries.views import OutletView, Place, VillagePoint
from storefront.templating import current_settings

#: Width of one letter of a marked village's name in viewBox units, on the smallest screens.
LETTER = 13.0


Ground = tuple[Drawing, str]
#: About 4 kB each; there are 514 regencies.
MOST_GROUNDS = 520
_GROUNDS: dict[int, Ground | None] = {}


@dataclass(frozen=True, slots=True)
class Dot:
    """One village on the map."""

    code: str
    name: str
    x: float
    y: float
    status: ProgrammeStatus
    takes_part: bool
    product: str


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A drawn area. `others` are all villages but `here` as one path of dots, for maps that only locate."""

    width: float
    height: float
    territories: tuple[Territory, ...]
    dots: tuple[Dot, ...]
    others: str
    here: Dot | None
    #: Where the name of `here` stands, relative to it, and its text-anchor.
    here_label: tuple[float, float, str]
    outlet: Spot | None
    outlet_name: str
    scale_length: float
    scale_km: int


def draw_area(points: Sequence[VillagePoint], *, here: str = "", outlet: OutletView | None = None) -> AreaMap | None:
    """The map of `points` with the village `here` and the outlet on it; None when fewer than two have coordinates.

    Districts are traced on the home regency's map only. Elsewhere the dots must do: there are five hundred regencies, and
    each would keep its first visitor waiting and its drawing in memory.
    """
    drawing = maps.draw(places_of(points), traced=bool(points) and _is_at_home(points[0].code))
    if drawing is None:
        return None
    dots = [
        Dot(point.code, point.name, spot.x, spot.y, point.status, takes_part(point), point.programme_product)
        for point in points
        if (spot := drawing.spot(point.code))
    ]
    marked = next((dot for dot in dots if dot.code == here), None)
    return AreaMap(
        width=drawing.width,
        height=drawing.height,
        territories=drawing.territories,
        dots=tuple(sorted(dots, key=lambda dot: list(ProgrammeStatus).index(dot.status))),
        others="".join(f"M{dot.x:g} {dot.y:g}h0" for dot in dots if dot.code != here),
        here=marked,
        here_label=_label_side(marked, drawing) if marked else (0, 0, "middle"),
        outlet=drawing.place(outlet.latitude, outlet.longitude) if outlet else None,
        outlet_name=outlet.name if outlet else "",
        scale_length=drawing.scale_length,
        scale_km=drawing.scale_km,
    )


def locate(places: str, here: Place, outlet: OutletView | None = None) -> AreaMap | None:
    """The same map for a page that only says where `here` lies among its neighbours, `places` being their text."""
    ground = _ground(places, traced=_is_at_home(here.code))
    if ground is None:
        return None
    drawing, others = ground
    spot = drawing.place(here.latitude, here.longitude)
    marked = Dot(here.code, here.name, spot.x, spot.y, ProgrammeStatus.NOT_MAPPED, takes_part=True, product="") if spot else None
    return AreaMap(
        width=drawing.width,
        height=drawing.height,
        territories=drawing.territories,
        dots=(),
        others=others,
        here=marked,
        here_label=_label_side(marked, drawing) if marked else (0, 0, "middle"),
        outlet=drawing.place(outlet.latitude, outlet.longitude) if outlet else None,
        outlet_name=outlet.name if outlet else "",
        scale_length=drawing.scale_length,
        scale_km=drawing.scale_km,
    )


def _ground(places: str, *, traced: bool) -> Ground | None:
    """The drawing without its list of spots, and the villages as one path of dots; kept under the text's hash, not the long text."""
    key = hash((places, traced))
    if key not in _GROUNDS:
        if len(_GROUNDS) >= MOST_GROUNDS:
            _GROUNDS.clear()
        _GROUNDS[key] = _draw_ground(places, traced=traced)
    return _GROUNDS[key]


def _draw_ground(places: str, *, traced: bool) -> Ground | None:
    drawing = maps.draw([maps.Point(*place) for place in read_places(places)], traced=traced)
    if drawing is None:
        return None
    return replace(drawing, spots={}), "".join(f"M{spot.x:g} {spot.y:g}h0" for spot in drawing.spots.values())


def _is_at_home(code: str) -> bool:
    return code.startswith(current_settings().area_prefix)


def _label_side(dot: Dot, drawing: Drawing) -> tuple[float, float, str]:
    """The side of a marked village where its name covers least: no district's name, no edge of the map."""
    wide, tall = len(dot.name) * LETTER, LETTER * 2
    sides = {
        (25, 8, "start"): (25.0, -tall / 2),
        (-25, 8, "end"): (-25 - wide, -tall / 2),
        (0, -26, "middle"): (-wide / 2, -26 - tall),
        (0, 42, "middle"): (-wide / 2, 20.0),
    }
    return min(sides, key=lambda side: _covered(dot.x + sides[side][0], dot.y + sides[side][1], wide, tall, drawing))


def _covered(left: float, top: float, wide: float, tall: float, drawing: Drawing) -> float:
    """How much of a box lies on names of districts or beyond the map, in square units."""
    outside = max(0.0, -left) + max(0.0, left + wide - drawing.width)
    covered = outside * tall + (max(0.0, -top) + max(0.0, top + tall - drawing.height)) * wide
    for territory in drawing.territories:
        half = len(territory.group) * maps.LETTER / 2
        across = min(left + wide, territory.label.x + half) - max(left, territory.label.x - half)
        down = min(top + tall, territory.label.y + 4) - max(top, territory.label.y - 15)
        covered += max(0.0, across) * max(0.0, down)
    return covered


def places_of(points: Sequence[VillagePoint]) -> list[maps.Point]:
    """The points that have coordinates, as the map room takes them."""
    return [
        maps.Point(point.code, point.district_name, point.latitude, point.longitude)
        for point in points
        if point.latitude is not None and point.longitude is not None
    ]


def legend_of(area: AreaMap | None) -> list[ProgrammeStatus]:
    """The standings that the map shows, in their order."""
    shown = {dot.status for dot in area.dots if dot.takes_part} if area else set()
    return [status for status in ProgrammeStatus if status in shown]


def nearest_villages(points: Sequence[VillagePoint], code: str, limit: int = 4) -> list[tuple[VillagePoint, int]]:
    """The nearest villages with their distance in whole kilometres, as the crow flies."""
    by_code = {point.code: point for point in points}
    return [(by_code[point.code], max(1, round(km))) for point, km in maps.list_nearest(places_of(points), code, limit)]
