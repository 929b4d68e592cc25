"""The villages of an area as points: what every map and the programme's table are drawn from, in one statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area, VillageKind
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.queries.cards import LIVE
from catalog.queries.json_rows import Statement, Subquery, read_rows, rows_of
from catalog.queries.parts import District, Regency, Village, read_degrees
from catalog.queries.prepared import prepared
from catalog.queries.views import VillagePoint
from kernel.locales import pick

Neighbour = aliased(Area, name="neighbour")
Around = aliased(Area, name="around")
Standing = aliased(ProgrammeRecord, name="standing")


def list_village_points(session: Session, area_prefix: str, year: int, language: str) -> tuple[VillagePoint, ...]:
    """Every village below `area_prefix` in code order, with its standing in the programme of `year`. One statement."""
    return read_points(session.scalar(_statement(area_prefix.count(".")), {"area": area_prefix, "year": year}), language)


def read_points(value: object, language: str) -> tuple[VillagePoint, ...]:
    """What `points_subquery` answered."""
    return tuple(
        VillagePoint(
            code=row["id"],
            name=row["name"],
            kind=VillageKind(row["kind"]) if row["kind"] else None,
            district_code=row["district_code"],
            district_name=row["district_name"],
            latitude=read_degrees(row["latitude"]),
            longitude=read_degrees(row["longitude"]),
            status=ProgrammeStatus(row["status"]) if row["status"] else ProgrammeStatus.NOT_MAPPED,
            programme_product=pick(language, row["product_name_id"] or "", row["product_name_en"] or ""),
            product_count=row["product_count"],
            maker_count=row["maker_count"],
        )
        for row in read_rows(value)
    )


def points_subquery(inside: ColumnElement[bool], *correlated: Any) -> Subquery:
    """The villages (`Neighbour`) and districts (`Around`) for which `inside` holds, with their standing in the year bound as `year`."""
    products = select(func.count()).where(Product.village_code == Neighbour.code, LIVE).correlate(Neighbour).scalar_subquery()
    makers = select(func.count()).where(Maker.village_code == Neighbour.code).correlate(Neighbour).scalar_subquery()
    rows = (
        rows_of(
            id=Neighbour.code,
            name=Neighbour.name,
            kind=Neighbour.kind,
            district_code=Around.code,
            district_name=Around.name,
            latitude=Neighbour.latitude,
            longitude=Neighbour.longitude,
            status=Standing.status,
            product_name_id=Standing.product_name_id,
            product_name_en=Standing.product_name_en,
            product_count=products,
            maker_count=makers,
        )
        .select_from(Neighbour)
        .join(Around, Around.code == Neighbour.parent_code)
        .outerjoin(Standing, and_(Standing.village_code == Neighbour.code, Standing.year == bindparam("year")))
        .where(inside)
    )
    return (rows.correlate(*correlated) if correlated else rows).scalar_subquery()


def places_subquery() -> ColumnElement[str]:
    """The villages of the regency in the enclosing statement, as one text: a locator map needs nothing else, and is kept under it."""
    rows = (
        rows_of(
            id=Neighbour.code,
            district=Around.name,
            latitude=Neighbour.latitude,
            longitude=Neighbour.longitude,
        )
        .select_from(Neighbour)
        .join(Around, Around.code == Neighbour.parent_code)
        .where(Around.parent_code == Regency.code)
        .correlate(Regency)
    )
    return cast(rows.scalar_subquery(), Text)


def read_places(places: str) -> list[tuple[str, str, float, float]]:
    """Code, district, latitude and longitude of the villages that have coordinates."""
    found = []
    for row in read_rows(places):
        latitude, longitude = read_degrees(row["latitude"]), read_degrees(row["longitude"])
        if latitude is not None and longitude is not None:
            found.append((row["id"], row["district"], latitude, longitude))
    return found


@prepared
def _statement(depth: int) -> Statement:
    return select(points_subquery(below(bindparam("area"), depth, Neighbour, Around)))


def below(area_prefix: str | BindParameter[str], depth: int, village: Any = Village, district: Any = District) -> ColumnElement[bool]:
    """The villages (joined with their district) below a province, regency or district (`depth` 0, 1 or 2), by indexed parent codes.

    Depth 3 is one village. Not by a range of codes: a PostgreSQL collation may ignore the dots. And without naming the level,
    which the parents imply: SQLite would walk the index on levels through all 83,000 villages.
    """
    inside: ColumnElement[bool]
    if depth == 0:
        inside = district.parent_code.in_(select(Area.code).where(Area.parent_code == area_prefix))
    elif depth == 1:
        inside = district.parent_code == area_prefix
    else:
        inside = (village.parent_code if depth == 2 else village.code) == area_prefix
    return inside
