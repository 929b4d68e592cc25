"""How the office sets a feed up: mark-up, title, how many units, which products, and what the receiver calls our shelves."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from catalog.access import ensure_can
from catalog.categories import get_category
from catalog.feeds.arithmetic import check_template
from catalog.models.feed import Feed, FeedCategory, FeedChoice, FeedKind, StockRule
from catalog.models.product import Product
from catalog.slugs import is_slug
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.inserts import insert_new
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

MARKETPLACES = frozenset({FeedKind.TOKOPEDIA, FeedKind.SHOPEE})
MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """What the office decides about a feed. Basis points and whole units."""

    is_active: bool
    takes_everything: bool
    markup_bps: int
    title_template: str
    stock_rule: StockRule
    stock_share_bps: int
    stock_units: int


def find_feed(session: Session, kind: str) -> Feed:
    """The feed of this kind with its categories; NotFound for a kind that does not exist."""
    if kind not in {each.value for each in FeedKind}:
        raise NotFound
    statement = select(Feed).where(Feed.kind == FeedKind(kind)).options(selectinload(Feed.categories))
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def list_feeds(session: Session) -> list[Feed]:
    """All of them in their order."""
    order = list(FeedKind)
    return sorted(session.scalars(select(Feed)), key=lambda feed: order.index(feed.kind))


def change_feed(session: Session, actor: Actor, area: str, feed: Feed, facts: FeedFacts) -> Feed:
    """Set it up anew. `area` is the shop's home area, whose catalogue it is. Raises NotAllowed and InvalidInput."""
    ensure_can(actor, Permission.MANAGE_FEEDS, area)
    check_range(facts.markup_bps, 0, 10_000, "markup")
    check_range(facts.stock_share_bps, 0, 10_000, "stock_share")
    check_range(facts.stock_units, 0, MOST_UNITS, "stock_units")
    if facts.markup_bps and feed.kind not in MARKETPLACES:
        raise InvalidInput(N_("This receiver compares the price with our page, so it must be the same."), field="markup")
    changes = asdict(facts) | {
        "title_template": check_template(parse_text(facts.title_template, field="title_template", maximum=160, required=True)),
        "stock_rule": parse_choice(StockRule, facts.stock_rule, field="stock_rule"),
    }
    if facts.takes_everything != feed.takes_everything:
        # "left out" would turn into "chosen": the list means the opposite now.
        session.execute(delete(FeedChoice).where(FeedChoice.feed_id == feed.id))
    changed = [name for name, value in changes.items() if getattr(feed, name) != value]
    for name in changed:
        setattr(feed, name, changes[name])
    _touched(session, actor, feed, "feed.changed", {"changed": changed})
    return feed


def name_category(session: Session, actor: Actor, area: str, feed: Feed, category: str, name: str) -> None:
    """What the receiver calls one of our shelves; "" forgets it."""
    ensure_can(actor, Permission.MANAGE_FEEDS, area)
    shelf = get_category(session, category)
    text = parse_text(name, field=f"category-{category}", maximum=200)
    session.execute(delete(FeedCategory).where(FeedCategory.feed_id == feed.id, FeedCategory.category_id == shelf.id))
    if text:
        session.add(FeedCategory(feed_id=feed.id, category_id=shelf.id, name=text))
    session.flush()
    session.expire(feed, ["categories"])
    _touched(session, actor, feed, "feed.category", {"category": category, "name": text})


def choose_product(session: Session, actor: Actor, area: str, feed: Feed, slug: str, *, goes_out: bool) -> None:
    """Let a product go out through this feed, or not. Harmless twice."""
    ensure_can(actor, Permission.MANAGE_FEEDS, area)
    product_id = session.scalar(select(Product.id).where(Product.slug == slug)) if is_slug(slug) else None
    if product_id is None:
        raise NotFound
    if goes_out is feed.takes_everything:
        session.execute(delete(FeedChoice).where(FeedChoice.feed_id == feed.id, FeedChoice.product_id == product_id))
    else:
        insert_new(session, FeedChoice, [{"feed_id": feed.id, "product_id": product_id}])
    _touched(session, actor, feed, "feed.product", {"product": slug, "goes_out": goes_out})


def _touched(session: Session, actor: Actor, feed: Feed, action: str, details: dict[str, object]) -> None:
    feed.updated_at, feed.updated_by_id = clock.now(), actor.user_id
    session.flush()
    audit.record(session, actor, action, f"feed:{feed.kind.value}", details)
