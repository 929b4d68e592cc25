"""What the sitemap lists: products, makers and villages with their last change, in parts that stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models.collection import Collection
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Product
from catalog.queries import parts
from catalog.queries.cards import LIVE
from catalog.queries.json_rows import read_rows
from catalog.queries.parts import District, Village
from catalog.queries.points import below

#: Ids per part: a part is a range of ids, so it never shifts when products come and go.
PART = 5_000


@dataclass(frozen=True, slots=True)
class Address:
    """A page's path and when its content last changed, if known."""

    path: str
    changed_at: datetime | None = None
    #: Names of its photos, the first one first.
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """How many parts each kind of page needs, and about how many pages there are."""

    products: int
    makers: int
    pages: int


def get_extent(session: Session) -> Extent:
    """One statement; an empty table still has one (empty) part."""
    row = session.execute(
        select(
            select(func.coalesce(func.max(Product.id), 0)).scalar_subquery(),
            select(func.coalesce(func.max(Maker.id), 0)).scalar_subquery(),
            select(func.count(Product.id)).where(LIVE).scalar_subquery(),
            select(func.count(Maker.id)).scalar_subquery(),
        )
    ).one()
    last_product, last_maker, products, makers = row
    return Extent(last_product // PART + 1, last_maker // PART + 1, products + makers)


def list_product_addresses(session: Session, part: int) -> Iterator[Address]:
    """The live products of one part."""
    photos = parts.pictures_subquery(Photo.product_id == Product.id)
    statement = select(Product.slug, Product.updated_at, photos).where(LIVE, *_range(Product.id, part)).order_by(Product.id)
    return (Address(f"/products/{slug}", changed_at, _names(rows)) for slug, changed_at, rows in session.execute(statement))


def list_maker_addresses(session: Session, part: int) -> Iterator[Address]:
    """The makers of one part."""
    photos = parts.pictures_subquery(Photo.maker_id == Maker.id)
    statement = select(Maker.slug, Maker.updated_at, photos).where(*_range(Maker.id, part)).order_by(Maker.id)
    return (Address(f"/makers/{slug}", changed_at, _names(rows)) for slug, changed_at, rows in session.execute(statement))


def list_collection_addresses(session: Session, today: date) -> Iterator[Address]:
    """The collections that are shown today."""
    shown = (Collection.starts_on <= today, or_(Collection.ends_on.is_(None), Collection.ends_on >= today))
    rows = session.execute(select(Collection.slug, Collection.updated_at).where(*shown).order_by(Collection.id).limit(1_000))
    return (Address(f"/collections/{slug}", changed_at) for slug, changed_at in rows)


def list_village_addresses(session: Session, area_prefix: str) -> Iterator[Address]:
    """All villages of the home area, and elsewhere those something live comes from (at most 20,000)."""
    with_products = select(Product.village_code).where(LIVE)
    statement = (
        select(Village.code)
        .join(District, District.code == Village.parent_code)
        .where(or_(below(area_prefix, area_prefix.count(".")), Village.code.in_(with_products)))
        .order_by(Village.code)
        .limit(20_000)
    )
    return (Address(f"/villages/{code}") for (code,) in session.execute(statement))


def _names(rows: object) -> tuple[str, ...]:
    return tuple(row["name"] for row in read_rows(rows, sort_by="position"))


def _range(column: InstrumentedAttribute[int], part: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= part * PART, column < (part + 1) * PART
