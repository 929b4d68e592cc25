"""The pieces that several pages share: place columns, claims valid today, pictures, stock and price subqueries and their readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from catalog.models.area import Area
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.photo import Photo
from catalog.models.product import Price, Unit, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.prices import unit_price
from catalog.queries.json_rows import Row, Statement, Subquery, read_json, read_rows, rows_of
from catalog.queries.views import Claim, OutletView, Picture, Place, VariantView
from kernel.locales import pick

MICRODEGREES = 1_000_000

Village = aliased(Area, name="village")
District = aliased(Area, name="district")
Regency = aliased(Area, name="regency")
Province = aliased(Area, name="province")

#: What `read_place` needs, after `join_place`.
PLACE_COLUMNS = (
    Village.code.label("place_code"),
    Village.name.label("place_name"),
    Village.kind.label("place_kind"),
    Village.postal_code.label("postal_code"),
    Village.latitude.label("latitude"),
    Village.longitude.label("longitude"),
    District.code.label("district_code"),
    District.name.label("district_name"),
    Regency.code.label("regency_code"),
    Regency.name.label("regency_name"),
    Regency.short_name.label("regency_short_name"),
    Province.name.label("province_name"),
)


def join_place(statement: Statement, village_code: InstrumentedAttribute[str]) -> Statement:
    """Join the village and all areas above it."""
    return join_above(statement.join(Village, Village.code == village_code))


def join_above(statement: Statement) -> Statement:
    """Join district, regency and province to a statement that has the village already."""
    return (
        statement.outerjoin(District, District.code == Village.parent_code)
        .outerjoin(Regency, Regency.code == District.parent_code)
        .outerjoin(Province, Province.code == Regency.parent_code)
    )


def read_place(row: Any) -> Place:
    """The place of one result row."""
    return Place(
        code=row.place_code,
        name=row.place_name,
        kind=row.place_kind,
        district_code=row.district_code or "",
        district_name=row.district_name or "",
        regency_code=row.regency_code or "",
        regency_name=row.regency_short_name or row.regency_name or "",
        province_name=row.province_name or "",
        postal_code=row.postal_code,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def valid_on(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The certificates that are claims on `today`, or on the day of a column; an expired paper never is."""
    return and_(
        Certificate.valid_from_on <= today,
        or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= today),
    )


def claims_subquery(owner: ColumnElement[bool], today: date | ColumnElement[date]) -> Subquery:
    """The claims of the product or maker that `owner` names."""
    return (
        rows_of(
            id=Certificate.id,
            code=Certificate.code,
            kind=Certificate.kind,
            number=Certificate.number,
            issuer=Certificate.issuer,
            valid_from_on=Certificate.valid_from_on,
            valid_until_on=Certificate.valid_until_on,
            award_scheme=Certificate.award_scheme,
            award_year=Certificate.award_year,
            stars=Certificate.stars,
            stars_scale=Certificate.stars_scale,
            maker_id=Certificate.maker_id,
            is_sample=Certificate.is_sample,
        )
        .where(owner, valid_on(today))
        .scalar_subquery()
    )


_CLAIM_ORDER = {kind.value: position for position, kind in enumerate(CertificateKind)}


def read_claims(value: object) -> tuple[Claim, ...]:
    """Claims in the order of the kinds, the newest paper of a kind first."""
    rows = sorted(read_rows(value), key=lambda row: str(row["valid_from_on"]), reverse=True)
    rows.sort(key=lambda row: _CLAIM_ORDER[row["kind"]])
    return tuple(_claim(row) for row in rows)


def _claim(row: Row) -> Claim:
    return Claim(
        kind=CertificateKind(row["kind"]),
        number=row["number"],
        issuer=row["issuer"],
        valid_from_on=date.fromisoformat(row["valid_from_on"]),
        valid_until_on=read_day(row["valid_until_on"]),
        award_scheme=row["award_scheme"],
        award_year=row["award_year"],
        stars=row["stars"],
        stars_scale=row["stars_scale"],
        of_maker=row["maker_id"] is not None,
        is_sample=bool(row["is_sample"]),
        code=row["code"],
    )


def read_day(value: str | None) -> date | None:
    """A date that came through JSON."""
    return date.fromisoformat(value) if value else None


def pictures_subquery(owner: ColumnElement[bool]) -> Subquery:
    """All photos of one product, maker or village."""
    return photo_rows().where(owner).scalar_subquery()


def first_picture_subquery(owner: ColumnElement[bool]) -> Subquery:
    """The photo that stands for its owner in lists."""
    return photo_rows().where(is_first_photo(owner)).scalar_subquery()


def is_first_photo(owner: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a photo is the one that stands for its owner."""
    first = select(Photo.id).where(owner).order_by(Photo.position, Photo.id).limit(1).correlate_except(Photo).scalar_subquery()
    return Photo.id == first


def photo_rows(position: ColumnElement[int] | InstrumentedAttribute[int] = Photo.position) -> Statement:
    """What `read_pictures` reads, in the order of `position`."""
    return rows_of(
        id=Photo.id,
        position=position,
        name=Photo.name,
        width=Photo.width,
        height=Photo.height,
        alt_id=Photo.alt_id,
        alt_en=Photo.alt_en,
    )


def read_pictures(value: object, language: str, alt: str) -> tuple[Picture, ...]:
    """Photos in their order; `alt` speaks for those without words of their own."""
    return tuple(
        Picture(row["name"], row["width"], row["height"], pick(language, row["alt_id"], row["alt_en"]) or alt)
        for row in read_rows(value, sort_by="position")
    )


def available_subquery(today: date) -> Subquery:
    """Units of a variant nobody holds, at active outlets, without batches past their date."""
    return (
        select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.held), 0))
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.variant_id == Variant.id, StockLevel.on_hand > StockLevel.held, Outlet.is_active, not_past(today))
        .correlate(Variant)
        .scalar_subquery()
    )


def not_past(today: date) -> ColumnElement[bool]:
    """Batches that may still be sold on `today`: not past their date, not blocked or recalled."""
    return and_(Batch.state == BatchState.OPEN, or_(Batch.best_before_on.is_(None), Batch.best_before_on >= today))


def variants_subquery(owner: ColumnElement[bool], today: date) -> Subquery:
    """The active variants of a product with price and stock of today; a variant with two valid prices comes twice."""
    current = and_(
        Price.variant_id == Variant.id,
        Price.starts_on <= today,
        or_(Price.ends_on.is_(None), Price.ends_on >= today),
    )
    return (
        rows_of(
            id=Variant.id,
            position=Variant.position,
            code=Variant.code,
            name_id=Variant.name_id,
            name_en=Variant.name_en,
            net_quantity=Variant.net_quantity,
            unit=Variant.unit,
            gtin=Variant.gtin,
            price=Price.amount,
            starts_on=Price.starts_on,
            available=available_subquery(today),
        )
        .select_from(Variant)
        .outerjoin(Price, current)
        .where(owner, Variant.is_active)
        .scalar_subquery()
    )


def read_variants(value: object, language: str) -> tuple[VariantView, ...]:
    """Variants in their order, each with its newest valid price."""
    newest: dict[int, Row] = {}
    for row in read_rows(value, sort_by="position"):
        known = newest.get(row["id"])
        if known is None or row["starts_on"] > known["starts_on"]:
            newest[row["id"]] = row
    return tuple(_variant(row, language) for row in newest.values())


def _variant(row: Row, language: str) -> VariantView:
    unit = Unit(row["unit"])
    price: int | None = row["price"]
    return VariantView(
        variant_id=row["id"],
        code=row["code"],
        name=pick(language, row["name_id"], row["name_en"]),
        net_quantity=row["net_quantity"],
        unit=unit,
        price=price,
        unit_price=unit_price(price, row["net_quantity"], unit),
        available=int(row["available"]),
        gtin=row["gtin"],
    )


def cheapest(variants: Iterable[VariantView]) -> VariantView | None:
    """The variant whose price a list shows."""
    priced = [variant for variant in variants if variant.price is not None]
    return min(priced, key=lambda variant: variant.price or 0, default=None)


def outlets_subquery() -> Subquery:
    """All active outlets."""
    return (
        rows_of(
            id=Outlet.id,
            code=Outlet.code,
            slug=Outlet.slug,
            name=Outlet.name,
            operator_name=Outlet.operator_name,
            address=Outlet.address,
            phone=Outlet.phone,
            latitude=Outlet.latitude,
            longitude=Outlet.longitude,
            opening_hours=Outlet.opening_hours,
            days_off=Outlet.days_off,
            zone=Outlet.zone,
            is_sample=Outlet.is_sample,
            takes_qris=Outlet.qris_payload != "",
            takes_transfers=Outlet.bank_account_number != "",
        )
        .where(Outlet.is_active)
        .scalar_subquery()
    )


def read_outlets(value: object) -> tuple[OutletView, ...]:
    """Outlets, the oldest first: it is the home regency's."""
    return tuple(_outlet(row) for row in read_rows(value))


def _outlet(row: Row) -> OutletView:
    hours: Sequence[Sequence[str] | None] = read_json(row["opening_hours"]) or ()
    return OutletView(
        outlet_id=row["id"],
        code=row["code"],
        slug=row["slug"],
        name=row["name"],
        operator_name=row["operator_name"],
        address=row["address"],
        phone=row["phone"],
        latitude=read_degrees(row["latitude"]),
        longitude=read_degrees(row["longitude"]),
        opening_hours=tuple((pair[0], pair[1]) if pair else None for pair in hours),
        days_off=tuple(read_json(row["days_off"]) or ()),
        zone=row["zone"],
        is_sample=bool(row["is_sample"]),
        takes_qris=bool(row["takes_qris"]),
        takes_transfers=bool(row["takes_transfers"]),
    )


def read_degrees(value: int | None) -> float | None:
    """A coordinate that came through JSON as stored."""
    return None if value is None else value / MICRODEGREES
