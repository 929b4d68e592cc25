"""The villages of an area as points: what every map and the programme's table are drawn from, in one statement."""

from __future__ import annotations

from sqlalchemy import BindParameter, ColumnElement, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.queries.cards import LIVE
from catalog.queries.json_rows import Statement, read_rows, rows_of
from catalog.queries.parts import District, Regency, Village, read_degrees
from catalog.queries.prepared import prepared
from catalog.queries.views import VillagePoint
from kernel.locales import pick

Neighbour = aliased(Area, name="neighbour")
Around = aliased(Area, name="around")


def list_village_points(session: Session, area_prefix: str, year: int, language: str) -> tuple[VillagePoint, ...]:
    """Every village below `area_prefix` in code order, with its standing in the programme of `year`."""
    return tuple(
        VillagePoint(
            code=row.code,
            name=row.name,
            kind=row.kind,
            district_code=row.district_code,
            district_name=row.district_name,
            latitude=row.latitude,
            longitude=row.longitude,
            status=row.status or ProgrammeStatus.NOT_MAPPED,
            programme_product=pick(language, row.product_name_id or "", row.product_name_en or ""),
            product_count=row.product_count,
            maker_count=row.maker_count,
        )
        for row in session.execute(_statement(area_prefix.count(".")), {"area": area_prefix, "year": year})
    )


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
    products = select(func.count()).where(Product.village_code == Village.code, LIVE).correlate(Village).scalar_subquery()
    makers = select(func.count()).where(Maker.village_code == Village.code).correlate(Village).scalar_subquery()
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == bindparam("year"))
    return (
        select(
            Village.code,
            Village.name,
            Village.kind,
            District.code.label("district_code"),
            District.name.label("district_name"),
            Village.latitude,
            Village.longitude,
            ProgrammeRecord.status,
            ProgrammeRecord.product_name_id,
            ProgrammeRecord.product_name_en,
            products.label("product_count"),
            makers.label("maker_count"),
        )
        .join(District, District.code == Village.parent_code)
        .outerjoin(ProgrammeRecord, record)
        .where(below(bindparam("area"), depth))
        .order_by(Village.code)
    )


def below(area_prefix: str | BindParameter[str], depth: int) -> ColumnElement[bool]:
    """The villages (joined with their district) below a province, regency or district (`depth` 0, 1 or 2), by indexed parent codes.

    Depth 3 is one village. Not by a range of codes: a PostgreSQL collation may ignore the dots. And without naming the level,
    which the parents imply: SQLite would walk the index on levels through all 83,000 villages.
    """
    if depth == 0:
        return District.parent_code.in_(select(Area.code).where(Area.parent_code == area_prefix))
    if depth == 1:
        return District.parent_code == area_prefix
    return Village.parent_code == area_prefix if depth == 2 else Village.code == area_prefix
