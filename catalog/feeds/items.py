"""What could go into a feed today: one row per pack size with price, free units and photos, past every gate of its channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.channel import Channel
from catalog.models.feed import Feed, FeedCategory, FeedChoice, FeedKind
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Category, Price, Product, Unit, Variant
from catalog.queries import parts
from catalog.queries.cards import LIVE
from catalog.queries.json_rows import Statement, read_rows
from catalog.queries.parts import District, Village
from kernel.locales import pick

#: Rows that are fetched together while a feed is sent.
AT_ONCE = 500
CHANNELS = {
    FeedKind.GOOGLE: Channel.FEEDS,
    FeedKind.META: Channel.FEEDS,
    FeedKind.TOKOPEDIA: Channel.MARKETPLACES,
    FeedKind.SHOPEE: Channel.MARKETPLACES,
}


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One pack size in the feed's language. `receiver_category` is what the receiver calls its shelf, or ""."""

    product_id: int
    product_slug: str
    product_name: str
    description: str
    variant_code: str
    size: str
    variant_count: int
    price: int | None
    available: int
    gtin: str | None
    net_quantity: int
    unit: Unit
    weight_g: int
    maker: str
    village: str
    district: str
    category: str
    receiver_category: str
    pictures: tuple[str, ...]
    is_sample: bool


def stream_items(session: Session, feed: Feed, language: str, today: date, *, with_samples: bool) -> Iterator[FeedItem]:
    """The feed's items in a lasting order, a few hundred at a time. One statement."""
    statement = _items(feed, today).order_by(Product.id, Variant.position, Variant.id)
    if not with_samples:
        statement = statement.where(~Product.is_sample)
    for row in session.execute(statement.execution_options(yield_per=AT_ONCE)):
        yield _read(row, language)


def list_items(session: Session, feed: Feed, language: str, today: date, *, after: int, limit: int) -> list[FeedItem]:
    """`limit` items behind the first `after`, for the office's page; samples included, so that a demo shows something."""
    statement = _items(feed, today).order_by(Product.id, Variant.position, Variant.id).offset(after).limit(limit)
    return [_read(row, language) for row in session.execute(statement)]


def count_items(session: Session, feed: Feed, today: date) -> int:
    """How many items the feed has before the receiver's own rules."""
    statement = select(func.count()).select_from(Variant).join(Product, Product.id == Variant.product_id).where(*_gates(feed, today))
    return session.scalar(statement) or 0


def list_others(session: Session, feed: Feed, *, limit: int = 500) -> list[Product]:
    """Live products that the office keeps out of the feed: left out, or not chosen."""
    chosen = select(FeedChoice.id).where(FeedChoice.feed_id == feed.id, FeedChoice.product_id == Product.id).correlate(Product).exists()
    statement = select(Product).where(LIVE, chosen if feed.takes_everything else ~chosen)
    return list(session.scalars(statement.order_by(Product.name_id, Product.id).limit(limit)))


def _gates(feed: Feed, today: date) -> list[ColumnElement[bool]]:
    """Live, with every paper its channel requires today, and wanted by the office."""
    chosen = select(FeedChoice.id).where(FeedChoice.feed_id == feed.id, FeedChoice.product_id == Product.id).correlate(Product).exists()
    return [LIVE, Variant.is_active.is_(True), may_be_on(CHANNELS[feed.kind], today), ~chosen if feed.takes_everything else chosen]


def _items(feed: Feed, today: date) -> Statement:
    current = and_(Price.variant_id == Variant.id, Price.starts_on <= today, or_(Price.ends_on.is_(None), Price.ends_on >= today))
    price = select(Price.amount).where(current).order_by(Price.starts_on.desc()).limit(1).correlate(Variant).scalar_subquery()
    theirs = select(FeedCategory.name).where(FeedCategory.feed_id == feed.id, FeedCategory.category_id == Product.category_id)
    sizes = select(func.count()).where(Variant.product_id == Product.id, Variant.is_active).correlate(Product).scalar_subquery()
    return (
        select(
            *(Product.id.label("product_id"), Product.slug, Product.name_id, Product.name_en, Product.is_sample),
            *(Product.summary_id, Product.summary_en, Product.description_id, Product.description_en),
            *(Variant.code, Variant.name_id.label("size_id"), Variant.name_en.label("size_en"), Variant.gtin),
            *(Variant.net_quantity, Variant.unit, Variant.shipping_weight_g),
            Maker.name.label("maker_name"),
            Village.name.label("village_name"),
            District.name.label("district_name"),
            Category.name_id.label("category_id"),
            Category.name_en.label("category_en"),
            sizes.label("sizes"),
            price.label("price"),
            parts.available_subquery(today).label("available"),
            parts.pictures_subquery(Photo.product_id == Product.id).label("pictures"),
            theirs.correlate(Product).scalar_subquery().label("receiver_category"),
        )
        .select_from(Variant)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Category, Category.id == Product.category_id)
        .join(Village, Village.code == Product.village_code)
        .outerjoin(District, District.code == Village.parent_code)
        .where(*_gates(feed, today))
    )


def _read(row: Any, language: str) -> FeedItem:
    summary = pick(language, row.summary_id, row.summary_en)
    description = pick(language, row.description_id, row.description_en)
    return FeedItem(
        product_id=row.product_id,
        product_slug=row.slug,
        product_name=pick(language, row.name_id, row.name_en),
        description="\n\n".join(text for text in (summary, description) if text),
        variant_code=row.code,
        size=pick(language, row.size_id, row.size_en),
        variant_count=row.sizes,
        price=row.price,
        available=int(row.available),
        gtin=row.gtin,
        net_quantity=row.net_quantity,
        unit=row.unit,
        weight_g=row.shipping_weight_g,
        maker=row.maker_name,
        village=row.village_name,
        district=row.district_name or row.village_name,
        category=pick(language, row.category_id, row.category_en),
        receiver_category=row.receiver_category or "",
        pictures=tuple(picture["name"] for picture in read_rows(row.pictures, sort_by="position")),
        is_sample=row.is_sample,
    )
