"""Collections: a few products told as one story, from one day to another, in the order the office gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.access import ensure_can
from catalog.desk import below
from catalog.models.collection import Collection, CollectionItem
from catalog.models.product import Product
from catalog.slugs import is_slug, make_slug
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.paging import Page, read_page
from kernel.parsing import parse_text
from kernel.people import Actor, Permission

MOST_ITEMS = 24


class CollectionState(StrEnum):
    """Where a collection stands on a day."""

    COMING = "coming"
    SHOWN = "shown"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFacts:
    """What people say about a collection; both days count."""

    title_id: str
    title_en: str = ""
    story_id: str = ""
    story_en: str = ""
    starts_on: date
    ends_on: date | None = None
    is_on_home: bool = True


def create_collection(session: Session, actor: Actor, facts: CollectionFacts, *, is_sample: bool = False) -> Collection:
    """A new collection without products. The window belongs to the whole shop, so whoever may publish anywhere may dress it."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    facts = _checked(facts)
    moment = clock.now()
    collection = Collection(
        **asdict(facts),
        slug=make_slug(session, Collection.slug, facts.title_id, "collection"),
        is_sample=is_sample,
        created_by_id=actor.user_id,
        created_at=moment,
        updated_at=moment,
    )
    session.add(collection)
    session.flush()
    audit.record(session, actor, "collection.create", subject_of(collection))
    return collection


def update_collection(session: Session, actor: Actor, collection: Collection, facts: CollectionFacts) -> Collection:
    """Correct a collection. The address of its page stays."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    facts = _checked(facts)
    changed = [field.name for field in fields(CollectionFacts) if getattr(collection, field.name) != getattr(facts, field.name)]
    for name in changed:
        setattr(collection, name, getattr(facts, name))
    if changed:
        collection.updated_at = clock.now()
        audit.record(session, actor, "collection.update", subject_of(collection), {"changed": changed})
    return collection


def facts_of(collection: Collection) -> CollectionFacts:
    """What is known of a collection."""
    return CollectionFacts(**{field.name: getattr(collection, field.name) for field in fields(CollectionFacts)})


def add_product(session: Session, actor: Actor, collection: Collection, product: Product) -> None:
    """Put a product at the end. A draft may be in it already; buyers see it once it is live. Twice changes nothing."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS, product.village_code)
    count, last, known = session.execute(
        select(
            func.count(),
            func.coalesce(func.max(CollectionItem.position), -1),
            func.count().filter(CollectionItem.product_id == product.id),
        ).where(CollectionItem.collection_id == collection.id)
    ).one()
    if known:
        return
    if count >= MOST_ITEMS:
        raise InvalidInput(N_("A collection may have at most %(most)s products."), field="product", most=MOST_ITEMS)
    session.add(CollectionItem(collection_id=collection.id, product_id=product.id, position=last + 1))
    _touch(session, actor, collection, "collection.add", product)


def remove_product(session: Session, actor: Actor, collection: Collection, product: Product) -> None:
    """Take a product out of the collection."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    chosen = (CollectionItem.collection_id == collection.id, CollectionItem.product_id == product.id)
    session.execute(delete(CollectionItem).where(*chosen))
    _touch(session, actor, collection, "collection.take_out", product)


def move_product(session: Session, actor: Actor, collection: Collection, product: Product, places: int) -> None:
    """Move a product so many places back (or, below zero, forward) in the order."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    items = list(
        session.scalars(select(CollectionItem).where(CollectionItem.collection_id == collection.id).order_by(CollectionItem.position))
    )
    at = next((place for place, item in enumerate(items) if item.product_id == product.id), None)
    if at is None:
        raise NotFound
    items.insert(max(0, min(len(items) - 1, at + places)), items.pop(at))
    for place, item in enumerate(items):
        item.position = place
    _touch(session, actor, collection, "collection.move", product)


def remove_collection(session: Session, actor: Actor, collection: Collection) -> None:
    """Forget a collection; its products stay as they are."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    session.execute(delete(CollectionItem).where(CollectionItem.collection_id == collection.id))
    audit.record(session, actor, "collection.remove", subject_of(collection))
    session.execute(delete(Collection).where(Collection.id == collection.id))


def get_collection(session: Session, slug: str, actor: Actor | None = None) -> Collection:
    """The collection with its products; NotFound otherwise, and for an `actor` beyond whose reach one of its products is made."""
    if not is_slug(slug):
        raise NotFound
    products = selectinload(Collection.items).joinedload(CollectionItem.product)
    statement = select(Collection).where(Collection.slug == slug)
    collection = session.scalar(
        statement.options(products.options(joinedload(Product.maker), selectinload(Product.photos))).execution_options(
            populate_existing=True
        )
    )
    if collection is None:
        raise NotFound
    villages = {item.product.village_code for item in collection.items}
    if actor is not None and not all(actor.can(Permission.PUBLISH_PRODUCTS, area_code=village) for village in villages):
        raise NotFound
    return collection


def list_collections(session: Session, page: int = 1) -> Page[Collection]:
    """All of them, the one that begins last first, with their products."""
    statement = select(Collection).order_by(Collection.starts_on.desc(), Collection.id.desc())
    return read_page(session, statement, number=page, size=20, options=[selectinload(Collection.items)])


def list_beyond(session: Session, actor: Actor, collections: Iterable[Collection]) -> set[int]:
    """The ids of those that hold a product made beyond this person's reach: `get_collection` does not find them."""
    statement = select(CollectionItem.collection_id).join(Product, Product.id == CollectionItem.product_id)
    is_beyond = ~below(Product.village_code, actor.area_prefixes(Permission.PUBLISH_PRODUCTS))
    return set(session.scalars(statement.where(CollectionItem.collection_id.in_([each.id for each in collections]), is_beyond)))


def list_to_choose(session: Session, day: date) -> Sequence[Collection]:
    """Those that have not ended, for a choice field."""
    statement = select(Collection).where(or_(Collection.ends_on.is_(None), Collection.ends_on >= day))
    return session.scalars(statement.order_by(Collection.title_id, Collection.id)).all()


def state_on(collection: Collection, day: date) -> CollectionState:
    """Where it stands on `day`."""
    if collection.starts_on > day:
        return CollectionState.COMING
    return CollectionState.ENDED if collection.ends_on is not None and collection.ends_on < day else CollectionState.SHOWN


def subject_of(collection: Collection) -> str:
    """How the audit trail names it."""
    return f"collection:{collection.slug}"


def _touch(session: Session, actor: Actor, collection: Collection, action: str, product: Product) -> None:
    collection.updated_at = clock.now()
    session.flush()
    session.expire(collection, ["items"])
    audit.record(session, actor, action, subject_of(collection), {"product": product.slug})


def _checked(facts: CollectionFacts) -> CollectionFacts:
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="ends_on")
    return replace(
        facts,
        title_id=parse_text(facts.title_id, field="title_id", maximum=80, required=True),
        title_en=parse_text(facts.title_en, field="title_en", maximum=80),
        story_id=parse_text(facts.story_id, field="story_id", maximum=2_000),
        story_en=parse_text(facts.story_en, field="story_en", maximum=2_000),
    )
