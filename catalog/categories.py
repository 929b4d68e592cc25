"""Categories: the shelves of the shop, in their order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.models.product import Category, ListingState, Product
from catalog.search.queue import mark_many
from catalog.slugs import make_slug
from kernel import audit
from kernel.errors import N_, NotFound
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission


def create_category(session: Session, actor: Actor, *, name_id: str, name_en: str, position: int = 0) -> Category:
    """A new shelf. Shelves belong to the whole shop, so whoever may publish anywhere may add one."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    name_id = parse_text(name_id, field="name_id", maximum=80, required=True)
    category = Category(
        slug=make_slug(session, Category.slug, name_id[:50], "category"),
        name_id=name_id,
        name_en=parse_text(name_en, field="name_en", maximum=80, required=True),
        position=check_range(position, 0, 1_000, "position"),
    )
    session.add(category)
    session.flush()
    audit.record(session, actor, "category.create", f"category:{category.slug}")
    return category


def list_categories(session: Session) -> list[Category]:
    """All shelves in their order."""
    return list(session.scalars(select(Category).order_by(Category.position, Category.id)))


def get_category(session: Session, slug: str) -> Category:
    """The shelf with this slug; NotFound otherwise."""
    category = session.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        raise NotFound(N_("There is no such category."))
    return category


def change_category(session: Session, actor: Actor, category: Category, *, name_id: str, name_en: str, position: int) -> Category:
    """Other names or another place for a shelf; its address stays. its products are indexed anew."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    wanted: dict[str, str | int] = {
        "name_id": parse_text(name_id, field="name_id", maximum=80, required=True),
        "name_en": parse_text(name_en, field="name_en", maximum=80, required=True),
        "position": check_range(position, 0, 1_000, "position"),
    }
    changes = {name: {"from": getattr(category, name), "to": value} for name, value in wanted.items() if getattr(category, name) != value}
    for name, value in wanted.items():
        setattr(category, name, value)
    if changes:
        mark_many(
            session, session.scalars(select(Product.id).where(Product.category_id == category.id, Product.state == ListingState.LIVE))
        )
        audit.record(session, actor, "category.change", f"category:{category.slug}", changes)
    session.flush()
    return category


def count_products(session: Session) -> dict[int, int]:
    """How many products stand on each shelf, live or not; shelves without one are left out."""
    rows = session.execute(select(Product.category_id, func.count()).group_by(Product.category_id))
    return {row[0]: row[1] for row in rows}
