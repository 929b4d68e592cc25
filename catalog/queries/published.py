"""What other systems may read of the catalogue: products and makers in both languages, page by page in the order of their change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Category, ListingState, Product, Variant
from catalog.queries import parts
from catalog.queries.cards import LIVE, certificates_of_product
from catalog.queries.json_rows import Statement
from catalog.queries.prepared import prepared
from catalog.slugs import is_slug
from kernel.errors import N_, NotFound
from kernel.walks import Step


def walk_products(session: Session, step: Step, today: date, *, live_only: bool = False) -> Sequence[Any]:
    """One row more than asked for, when there is one. A walk that goes on meets those taken away too (`is_live`). One statement."""
    was_public = Product.state.in_((ListingState.LIVE, ListingState.WITHDRAWN))
    first = (
        select(Product.id)
        .where(was_public if step.is_update and not live_only else LIVE, *step.conditions(Product.updated_at, Product.id))
        .order_by(Product.updated_at, Product.id)
        .limit(step.limit + 1)
        .subquery()
    )
    statement = _products(today).where(Product.id.in_(select(first.c.id))).order_by(Product.updated_at, Product.id)
    return session.execute(statement).all()


def get_published_product(session: Session, slug: str, today: date) -> Any:
    """One live product; NotFound for any other."""
    row = session.execute(_products(today).where(LIVE, Product.slug == slug)).one_or_none() if is_slug(slug) else None
    if row is None:
        raise NotFound(N_("This product is not here (any more)."))
    return row


def walk_makers(session: Session, step: Step, today: date) -> Sequence[Any]:
    """One row more than asked for, when there is one. One statement."""
    statement = _makers(today).where(*step.conditions(Maker.updated_at, Maker.id)).order_by(Maker.updated_at, Maker.id)
    return session.execute(statement.limit(step.limit + 1)).all()


def get_published_maker(session: Session, slug: str, today: date) -> Any:
    """One maker; NotFound when nobody has this slug."""
    row = session.execute(_makers(today).where(Maker.slug == slug)).one_or_none() if is_slug(slug) else None
    if row is None:
        raise NotFound(N_("We could not find this maker."))
    return row


@prepared
def _products(today: date) -> Statement:
    statement = (
        select(
            Product,
            LIVE.label("is_live"),
            Maker.slug.label("maker_slug"),
            Maker.name.label("maker_name"),
            Maker.kind.label("maker_kind"),
            Category.slug.label("category_slug"),
            Category.name_id.label("category_id"),
            Category.name_en.label("category_en"),
            *parts.PLACE_COLUMNS,
            parts.pictures_subquery(Photo.product_id == Product.id).label("pictures"),
            parts.variants_subquery(Variant.product_id == Product.id, today).label("variants"),
            parts.claims_subquery(certificates_of_product(), today).label("claims"),
        )
        .join(Maker, Maker.id == Product.maker_id)
        .join(Category, Category.id == Product.category_id)
    )
    return parts.join_place(statement, Product.village_code)


@prepared
def _makers(today: date) -> Statement:
    products = select(func.count()).where(Product.maker_id == Maker.id, LIVE).correlate(Maker).scalar_subquery()
    statement = select(
        Maker,
        *parts.PLACE_COLUMNS,
        products.label("product_count"),
        parts.pictures_subquery(Photo.maker_id == Maker.id).label("pictures"),
        parts.claims_subquery(Certificate.maker_id == Maker.id, today).label("claims"),
    )
    return parts.join_place(statement, Maker.village_code)
