"""Product cards for every list: one statement however many products, prices and claims of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.certificate import Certificate
from catalog.models.channel import Channel
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import ListingState, Product, Variant
from catalog.queries import parts
from catalog.queries.json_rows import Statement
from catalog.queries.parts import District, Village
from catalog.queries.prepared import prepared
from catalog.queries.views import ProductCard
from kernel import clock
from kernel.locales import pick

#: What the web shop shows: live, and with the papers it requires on the day of asking.
LIVE = and_(Product.state == ListingState.LIVE, may_be_on(Channel.WEB, bindparam("listing_day", callable_=clock.today, type_=Date())))


def list_product_cards(session: Session, product_ids: Sequence[int], language: str, *, today: date | None = None) -> list[ProductCard]:
    """The live products among `product_ids`, in that order. One statement; none for an empty list."""
    if not product_ids:
        return []
    rows = session.execute(_by_id(today or clock.today()), {"product_ids": list(product_ids)})
    cards = {row.id: read_card(row, language) for row in rows}
    return [cards[product_id] for product_id in product_ids if product_id in cards]


def find_product_card(session: Session, slug: str, language: str, today: date) -> ProductCard | None:
    """The card of one live product."""
    return next(iter(list_cards(session, _by_slug(today), language, slug=slug)), None)


def list_cards(session: Session, statement: Statement, language: str, **values: object) -> list[ProductCard]:
    """The cards of a prepared statement, made with `popular_cards` or `ranked_cards`, with the values it asks for."""
    return [read_card(row, language) for row in session.execute(statement, values)]


def popular_cards(condition: ColumnElement[bool], limit: int, today: date) -> Statement:
    """The `limit` most popular live products that meet `condition`."""
    return ranked_cards(condition, (Product.popularity.desc(), Product.id), limit, today)


def ranked_cards(condition: ColumnElement[bool], order: Sequence[Any], limit: int, today: date) -> Statement:
    """A `cards_statement` of the first `limit` products: ranked by their ids first, so that only those few are dressed."""
    first = select(Product.id).where(LIVE, condition).order_by(*order).limit(limit).subquery()
    return cards_statement(today).where(Product.id.in_(select(first.c.id))).order_by(*order)


@prepared
def _by_id(today: date) -> Statement:
    return cards_statement(today).where(Product.id.in_(bindparam("product_ids", expanding=True)))


@prepared
def _by_slug(today: date) -> Statement:
    return cards_statement(today).where(Product.slug == bindparam("slug"))


def cards_statement(today: date) -> Statement:
    """Live products with everything a card says."""
    return (
        select(
            Product.id,
            Product.slug,
            Product.name_id,
            Product.name_en,
            Product.scheme,
            Product.is_sample,
            Maker.name.label("maker_name"),
            Maker.slug.label("maker_slug"),
            Maker.id.label("maker_id"),
            Village.code.label("village_code"),
            Village.name.label("village_name"),
            District.name.label("district_name"),
            parts.first_picture_subquery(Photo.product_id == Product.id).label("pictures"),
            parts.variants_subquery(Variant.product_id == Product.id, today).label("variants"),
            parts.claims_subquery(certificates_of_product(), today).label("claims"),
        )
        .join(Maker, Maker.id == Product.maker_id)
        .join(Village, Village.code == Product.village_code)
        .outerjoin(District, District.code == Village.parent_code)
        .where(LIVE)
    )


def certificates_of_product() -> ColumnElement[bool]:
    """A product's own papers and those its maker holds for everything it makes."""
    return or_(Certificate.product_id == Product.id, Certificate.maker_id == Product.maker_id)


def read_card(row: Any, language: str) -> ProductCard:
    """One result row of `cards_statement`."""
    name = pick(language, row.name_id, row.name_en)
    variants = parts.read_variants(row.variants, language)
    shown = parts.cheapest(variants)
    pictures = parts.read_pictures(row.pictures, language, name)
    return ProductCard(
        product_id=row.id,
        slug=row.slug,
        name=name,
        maker_name=row.maker_name,
        maker_slug=row.maker_slug,
        village_code=row.village_code,
        village_name=row.village_name,
        district_name=row.district_name or "",
        price=shown.price if shown else None,
        highest_price=max((variant.price for variant in variants if variant.price is not None), default=None),
        unit_price=shown.unit_price if shown else None,
        available=sum(variant.available for variant in variants if variant.price is not None),
        picture=pictures[0] if pictures else None,
        scheme=row.scheme,
        claims=parts.read_claims(row.claims),
        is_sample=row.is_sample,
    )
