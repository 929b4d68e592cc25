"""The programme page in three statements: every village's status, figures per district, products per scheme."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.area import Area, VillageKind
from catalog.models.product import Product
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.queries.cards import LIVE
from catalog.queries.parts import District, Village
from catalog.queries.points import below, list_village_points
from catalog.queries.small_numbers import protect, protect_parts
from catalog.queries.views import DistrictFigures, ProgrammePage, VillagePoint
from kernel.errors import NotFound


def get_programme_page(session: Session, area_prefix: str, year: int, language: str) -> ProgrammePage:
    """The programme of one area and year; NotFound when no area has this code. Three statements."""
    area = session.execute(select(Area.name, Area.short_name).where(Area.code == area_prefix)).one_or_none()
    if area is None:
        raise NotFound
    points = list_village_points(session, area_prefix, year, language)
    villages = [point for point in points if takes_part(point)]
    schemes = count_products_by_scheme(session, area_prefix)
    makers: dict[str, int] = {}
    for point in points:
        makers[point.district_code] = makers.get(point.district_code, 0) + point.maker_count
    return ProgrammePage(
        area_code=area_prefix,
        area_name=area.short_name or area.name,
        year=year,
        villages=points,
        districts=_districts(villages, protect_parts(makers)),
        total=len(villages),
        mapped=count_from(villages, ProgrammeStatus.MAPPED),
        selected=count_from(villages, ProgrammeStatus.SELECTED),
        curated=count_from(villages, ProgrammeStatus.CURATED),
        launched=count_from(villages, ProgrammeStatus.LAUNCHED),
        makers=protect(sum(makers.values())),
        products=sum(count for _, count in schemes),
        products_by_scheme=schemes,
    )


def takes_part(point: VillagePoint) -> bool:
    """Desa take part; a kelurahan only when it was recorded (PALI counts its 65 desa, not its 6 kelurahan)."""
    return point.kind is not VillageKind.KELURAHAN or point.status is not ProgrammeStatus.NOT_MAPPED


def count_from(points: Sequence[VillagePoint], status: ProgrammeStatus) -> int:
    """Villages that have come at least as far as `status`."""
    return sum(1 for point in points if point.status.reached >= status.reached)


def count_products_by_scheme(session: Session, area_prefix: str) -> tuple[tuple[Scheme, int], ...]:
    """Live products of the area per scheme, in the order of the schemes; absent ones are left out."""
    statement = (
        select(Product.scheme, func.count())
        .join(Village, Village.code == Product.village_code)
        .join(District, District.code == Village.parent_code)
        .where(LIVE, below(area_prefix, area_prefix.count(".")))
        .group_by(Product.scheme)
    )
    counts: dict[Scheme, int] = {row[0]: row[1] for row in session.execute(statement)}
    return tuple((scheme, counts[scheme]) for scheme in Scheme if scheme in counts)


def _districts(villages: Sequence[VillagePoint], makers: dict[str, int | None]) -> tuple[DistrictFigures, ...]:
    grouped: dict[str, list[VillagePoint]] = {}
    for point in villages:
        grouped.setdefault(point.district_code, []).append(point)
    return tuple(
        DistrictFigures(
            code=code,
            name=points[0].district_name,
            villages=tuple(points),
            mapped=count_from(points, ProgrammeStatus.MAPPED),
            selected=count_from(points, ProgrammeStatus.SELECTED),
            launched=count_from(points, ProgrammeStatus.LAUNCHED),
            makers=makers.get(code, 0),
        )
        for code, points in grouped.items()
    )
