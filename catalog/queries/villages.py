"""The village page in two statements, and the list of a regency's villages."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from catalog.models.area import AreaLevel, VillageProfile
from catalog.models.photo import Photo
from catalog.models.product import Product
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.queries import parts
from catalog.queries.cards import LIVE, list_cards, popular_cards
from catalog.queries.json_rows import Statement, Subquery
from catalog.queries.makers import makers_subquery, read_makers
from catalog.queries.parts import District, Regency, Village
from catalog.queries.points import Around, below, points_subquery, read_points
from catalog.queries.prepared import prepared
from catalog.queries.views import VillageCard, VillagePage
from kernel.errors import N_, NotFound
from kernel.locales import pick

#: A village page shows this many products; the rest is one link away in the product list.
MOST_PRODUCTS = 24


def get_village_page(session: Session, code: str, language: str, today: date, *, year: int | None = None) -> VillagePage:
    """A village with what it makes and tells visitors; NotFound when `code` is not a village's. Two statements."""
    year = year or today.year
    row = session.execute(_by_code(), {"code": code, "year": year}).one_or_none()
    if row is None:
        raise NotFound(N_("No village has this code. Please look for it in the list of villages."))
    place = parts.read_place(row)
    profile: VillageProfile | None = row.VillageProfile
    record: ProgrammeRecord | None = row.ProgrammeRecord
    return VillagePage(
        place=place,
        intro=_text(profile, "intro", language),
        visit=_text(profile, "visit", language),
        season=_text(profile, "season", language),
        contact_phone=profile.contact_phone if profile else "",
        status=record.status if record else ProgrammeStatus.NOT_MAPPED,
        programme_year=year,
        programme_product=_text(record, "product_name", language),
        pictures=parts.read_pictures(row.pictures, language, place.title),
        makers=read_makers(row.makers, language, place.name),
        products=tuple(list_cards(session, _products_of(today), language, code=code)),
        village_points=read_points(row.points, language),
        is_sample=bool(profile and profile.is_sample),
    )


@prepared
def _by_code() -> Statement:
    statement = (
        select(
            *parts.PLACE_COLUMNS,
            VillageProfile,
            ProgrammeRecord,
            parts.pictures_subquery(Photo.area_code == Village.code).label("pictures"),
            makers_subquery().label("makers"),
            points_subquery(Around.parent_code == Regency.code, Regency).label("points"),
        )
        .select_from(Village)
        .outerjoin(VillageProfile, VillageProfile.area_code == Village.code)
        .outerjoin(ProgrammeRecord, and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == bindparam("year")))
        .where(Village.code == bindparam("code"), Village.level == AreaLevel.VILLAGE)
    )
    return parts.join_above(statement)


@prepared
def _products_of(today: date) -> Statement:
    return popular_cards(Product.village_code == bindparam("code"), MOST_PRODUCTS, today)


def _text(record: object, attribute: str, language: str) -> str:
    if record is None:
        return ""
    return pick(language, getattr(record, f"{attribute}_id"), getattr(record, f"{attribute}_en"))


def list_villages(
    session: Session,
    area_prefix: str,
    year: int,
    language: str,
    *,
    statuses: tuple[ProgrammeStatus, ...] = (),
    limit: int | None = None,
) -> list[VillageCard]:
    """The villages below `area_prefix` by district and name, on request only those with one of `statuses`. One statement."""
    statement = _listed(area_prefix.count("."), statuses, limit)
    return [_card(row, language) for row in session.execute(statement, {"area": area_prefix, "year": year})]


@prepared
def _listed(depth: int, statuses: tuple[ProgrammeStatus, ...], limit: int | None) -> Statement:
    statement = _cards().where(below(bindparam("area"), depth))
    if statuses:
        statement = statement.where(ProgrammeRecord.status.in_(statuses))
    if limit:
        return statement.order_by(_product_count().desc(), Village.code).limit(limit)
    return statement.order_by(District.code, Village.name, Village.code)


def _product_count() -> Subquery:
    return select(func.count()).where(Product.village_code == Village.code, LIVE).correlate(Village).scalar_subquery()


def _cards() -> Statement:
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == bindparam("year"))
    return (
        select(
            Village.code,
            Village.name,
            Village.kind,
            District.name.label("district_name"),
            ProgrammeRecord.status,
            ProgrammeRecord.product_name_id,
            ProgrammeRecord.product_name_en,
            VillageProfile.intro_id,
            VillageProfile.intro_en,
            parts.first_picture_subquery(Photo.area_code == Village.code).label("pictures"),
            _product_count().label("product_count"),
        )
        .select_from(Village)
        .join(District, District.code == Village.parent_code)
        .outerjoin(ProgrammeRecord, record)
        .outerjoin(VillageProfile, VillageProfile.area_code == Village.code)
    )


def _card(row: Any, language: str) -> VillageCard:
    pictures = parts.read_pictures(row.pictures, language, row.name)
    return VillageCard(
        code=row.code,
        name=row.name,
        kind=row.kind,
        district_name=row.district_name,
        status=row.status or ProgrammeStatus.NOT_MAPPED,
        programme_product=pick(language, row.product_name_id or "", row.product_name_en or ""),
        intro=pick(language, row.intro_id or "", row.intro_en or ""),
        picture=pictures[0] if pictures else None,
        product_count=row.product_count,
    )
