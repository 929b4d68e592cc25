"""Village points as maps ready for the template: territories, dots with their links, the village in question, the outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import maps
from catalog.maps import Spot, Territory
from catalog.models.programme import ProgrammeStatus
from catalog.queries.programme import takes_part
from catalog.queries.views import OutletView, VillagePoint


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
    outlet: Spot | None
    outlet_name: str
    scale_length: float
    scale_km: int

    @property
    def here_label_end(self) -> bool:
        """The label of `here` stands left of it, because the right edge is near."""
        return self.here is not None and self.here.x > self.width * 0.62


def draw_area(points: Sequence[VillagePoint], *, here: str = "", outlet: OutletView | None = None) -> AreaMap | None:
    """The map of `points` with the village `here` and the outlet on it; None when fewer than two have coordinates."""
    drawing = maps.draw(places_of(points))
    if drawing is None:
        return None
    dots = [
        Dot(point.code, point.name, spot.x, spot.y, point.status, takes_part(point), point.programme_product)
        for point in points
        if (spot := drawing.spot(point.code))
    ]
    return AreaMap(
        width=drawing.width,
        height=drawing.height,
        territories=drawing.territories,
        dots=tuple(sorted(dots, key=lambda dot: list(ProgrammeStatus).index(dot.status))),
        others="".join(f"M{dot.x:g} {dot.y:g}h0" for dot in dots if dot.code != here),
        here=next((dot for dot in dots if dot.code == here), None),
        outlet=drawing.place(outlet.latitude, outlet.longitude) if outlet else None,
        outlet_name=outlet.name if outlet else "",
        scale_length=drawing.scale_length,
        scale_km=drawing.scale_km,
    )


def places_of(points: Sequence[VillagePoint]) -> list[maps.Point]:
    """The points that have coordinates, as the map room takes them."""
    return [
        maps.Point(point.code, point.district_name, point.latitude, point.longitude)
        for point in points
        if point.latitude is not None and point.longitude is not None
    ]


def nearest_villages(points: Sequence[VillagePoint], code: str, limit: int = 4) -> list[tuple[VillagePoint, int]]:
    """The nearest villages with their distance in whole kilometres, as the crow flies."""
    by_code = {point.code: point for point in points}
    return [(by_code[point.code], max(1, round(km))) for point, km in maps.list_nearest(places_of(points), code, limit)]
