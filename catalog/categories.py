"""Categories: the shelves of the shop, in their order."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.models.product import Category
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
