"""Taking a category off the shop: what still uses it, and where that goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from catalog import products
from catalog.access import ensure_can
from catalog.curation import content
from catalog.curation.states import EDITABLE, OPEN
from catalog.models.channel import ChannelRequirement
from catalog.models.curation import Submission
from catalog.models.feed import FeedCategory
from catalog.models.product import Category, Product
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.people import Actor, Permission


@dataclass(frozen=True, slots=True)
class Uses:
    """What stands in a category; `products` and `texts` go along to another one, the rest stands in the way."""

    products: int
    #: Proposals that somebody is still writing, and name it.
    texts: int
    #: Rules of channels that name it and have ended.
    ended: int
    #: Receivers' names for it; they go with it.
    feed_names: int
    #: Proposals at the office that would put a product into it: what was sent is not written in.
    sent: Sequence[Submission]
    #: Rules of channels that name it and hold today or later.
    rules: Sequence[ChannelRequirement]

    @property
    def needs_target(self) -> bool:
        """Whether something has to go to another category."""
        return bool(self.products or self.texts or self.ended)

    @property
    def is_blocked(self) -> bool:
        """Whether something has to be ended or decided first."""
        return bool(self.sent or self.rules)


def list_uses(session: Session, category: Category, today: date) -> Uses:
    """Everything that names this category. Five statements."""
    naming = list(session.scalars(select(Submission).where(Submission.state.in_(OPEN), _names(category)).order_by(Submission.id)))
    writing = [each for each in naming if each.state in EDITABLE]
    rules = list(session.scalars(select(ChannelRequirement).where(ChannelRequirement.category_id == category.id)))
    holding = [rule for rule in rules if rule.ends_on is None or rule.ends_on >= today]
    return Uses(
        products=_count(session, Product, category),
        texts=len(writing),
        ended=len(rules) - len(holding),
        feed_names=_count(session, FeedCategory, category),
        sent=[each for each in naming if each.state not in EDITABLE and _moves_in(each, category)],
        rules=holding,
    )


def remove_category(session: Session, actor: Actor, category: Category, *, into: Category | None = None) -> int:
    """Forget a category; what stands in it goes `into` another one. How many products went.

    Refused while a proposal at the office or a rule of a channel names it, and when one of its products is made beyond the actor's area.
    """
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    session.execute(select(Category.id).where(Category.id == category.id).with_for_update())
    uses = list_uses(session, category, clock.today())
    if uses.is_blocked:
        raise Conflict(N_("Proposals at the office or rules of channels still name this category."))
    if uses.needs_target and (into is None or into.id == category.id):
        raise InvalidInput(N_("Choose the category that takes over what stands in this one."), field="into")
    if into is not None:
        _move_products(session, actor, category, into)
        _rewrite_texts(session, category, into)
        moved = update(ChannelRequirement).where(ChannelRequirement.category_id == category.id).values(category_id=into.id)
        session.execute(moved, execution_options={"synchronize_session": "fetch"})
    session.execute(delete(FeedCategory).where(FeedCategory.category_id == category.id))
    said = {"name": category.name_id, "products": uses.products} | ({"into": into.slug} if into else {})
    audit.record(session, actor, "category.remove", f"category:{category.slug}", said)
    session.execute(delete(Category).where(Category.id == category.id))
    session.expunge(category)
    return uses.products


def _names(category: Category) -> ColumnElement[bool]:
    """Canonical JSON has no spaces, and a key that sorts later always follows (catalog.curation.content)."""
    return Submission.content.like(f'%"category_id":{category.id},%')


def _moves_in(submission: Submission, category: Category) -> bool:
    """Whether an approval would choose this category; one that leaves the category alone does not mind where the product stands."""
    return content.load(submission.content).category_id == category.id != content.load(submission.base).category_id


def _count(session: Session, table: type[Product | FeedCategory], category: Category) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.category_id == category.id)) or 0


def _move_products(session: Session, actor: Actor, category: Category, into: Category) -> None:
    """Each with its own line on record, as when a person corrects it."""
    for product in session.scalars(select(Product).where(Product.category_id == category.id).order_by(Product.id)):
        if not actor.can(Permission.EDIT_PRODUCTS, area_code=product.village_code):
            raise Conflict(N_("Some of its products are made outside your area. Ask a colleague who looks after the whole shop."))
        product.category_id = into.id
        products.touch_product(session, product)
        audit.record(session, actor, "product.update", f"product:{product.slug}", {"changed": ["category_id"]})
    session.flush()


def _rewrite_texts(session: Session, category: Category, into: Category) -> None:
    """What is being written goes on with the other category."""
    statement = select(Submission).where(Submission.state.in_(EDITABLE), _names(category)).order_by(Submission.id)
    for submission in session.scalars(statement):
        submission.content, submission.base = (_instead(text, category, into) for text in (submission.content, submission.base))
    session.flush()


def _instead(text: str, category: Category, into: Category) -> str:
    facts = content.load(text)
    return content.dump(replace(facts, category_id=into.id)) if facts.category_id == category.id else text
