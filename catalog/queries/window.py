"""What stands in the window: what the home page features, the collections of the day, and the page of one collection."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from catalog.models.collection import Collection, CollectionItem, FeaturedProduct
from catalog.models.photo import Photo
from catalog.models.product import Product
from catalog.queries import parts
from catalog.queries.cards import LIVE, cards_statement, list_product_cards
from catalog.queries.json_rows import Statement, Subquery, read_rows, rows_of
from catalog.queries.views import CollectionCard, CollectionPage
from catalog.slugs import is_slug
from kernel.errors import NotFound
from kernel.locales import pick

#: The first products of a collection, whose photos beside each other stand for it.
PICTURES = 3
#: After all that is featured and its spares.
_LATER = 1_000


def featured_cards(free: ColumnElement[bool], limit: int, today: date) -> Statement:
    """Cards of what is featured, then of its spares, then of the most popular: `limit` live products that meet `free`."""
    latest = select(func.max(FeaturedProduct.day_on)).where(FeaturedProduct.day_on <= today).scalar_subquery()
    featured = select(FeaturedProduct.product_id.label("id"), FeaturedProduct.position.label("place")).join(
        Product, Product.id == FeaturedProduct.product_id
    )
    popular = select(Product.id.label("id")).where(LIVE, free).order_by(Product.popularity.desc(), Product.id).limit(limit).subquery()
    both = union_all(featured.where(FeaturedProduct.day_on == latest, LIVE, free), select(popular.c.id, literal(_LATER))).subquery()
    place = func.min(both.c.place).label("place")
    first = select(both.c.id, place).group_by(both.c.id).order_by(place, both.c.id).limit(limit).subquery()
    return cards_statement(today).join(first, first.c.id == Product.id).order_by(first.c.place, Product.popularity.desc(), Product.id)


def collections_subquery(today: date) -> Subquery:
    """The collections of the home page on a day, with what a card says."""
    item = (
        select(CollectionItem.id)
        .join(Product, Product.id == CollectionItem.product_id)
        .where(CollectionItem.collection_id == Collection.id, LIVE)
        .correlate(Collection)
    )
    pictures = (
        parts.photo_rows(CollectionItem.position)
        .select_from(CollectionItem)
        .join(Photo, parts.is_first_photo(Photo.product_id == CollectionItem.product_id))
        .where(CollectionItem.id.in_(item.order_by(CollectionItem.position).limit(PICTURES)))
        .correlate(Collection)
    )
    return (
        rows_of(
            id=Collection.id,
            slug=Collection.slug,
            title_id=Collection.title_id,
            title_en=Collection.title_en,
            story_id=Collection.story_id,
            story_en=Collection.story_en,
            starts_on=Collection.starts_on,
            ends_on=Collection.ends_on,
            count=select(func.count()).select_from(item.subquery()).scalar_subquery(),
            pictures=pictures.scalar_subquery(),
        )
        .where(Collection.is_on_home, Collection.starts_on <= today, or_(Collection.ends_on.is_(None), Collection.ends_on >= today))
        .scalar_subquery()
    )


def read_collections(value: object, language: str) -> tuple[CollectionCard, ...]:
    """The collections that have something to show, the latest first."""
    cards = []
    for row in reversed(read_rows(value, sort_by="starts_on")):
        title = pick(language, row["title_id"], row["title_en"])
        pictures = parts.read_pictures(row["pictures"], language, title)
        ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
        story = pick(language, row["story_id"], row["story_en"])
        if row["count"]:
            cards.append(CollectionCard(row["slug"], title, story, ends_on, row["count"], pictures))
    return tuple(cards)


def get_collection_page(session: Session, slug: str, language: str, today: date) -> CollectionPage:
    """The page of a collection that has begun; NotFound otherwise. Three statements."""
    begun = select(Collection).where(Collection.slug == slug, Collection.starts_on <= today)
    found = session.scalar(begun) if is_slug(slug) else None
    if found is None:
        raise NotFound
    ids = select(CollectionItem.product_id).where(CollectionItem.collection_id == found.id).order_by(CollectionItem.position)
    cards = list_product_cards(session, session.scalars(ids).all(), language, today=today)
    return CollectionPage(
        slug=found.slug,
        title=pick(language, found.title_id, found.title_en),
        story=pick(language, found.story_id, found.story_en),
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        is_over=found.ends_on is not None and found.ends_on < today,
        is_sample=found.is_sample,
        products=tuple(cards),
    )
