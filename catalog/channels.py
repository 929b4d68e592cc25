"""Which papers a channel requires of which goods, and whether a product may be there on a day: the one place that answers it.

Whoever lists or sells through a channel (web shop, counter, wholesale, feeds, marketplaces) asks here, never the certificates itself:

* in a query over `Product`: `.where(may_be_on(Channel.WHOLESALE, today))`, one correlated condition, no statement more;
* for products in hand, with what is missing: `list_lacking_of(session, products, Channel.WHOLESALE, today)`, two statements;
* without a session: `lacking(requirements, goods, papers, day)`, pure.

All three give the same answer for the same day (tests/catalog/test_channels.py compares them). A day counts in the zone of who asks:
a paper valid until the 30th counts through the whole 30th there. Declared non-halal goods need no halal paper: they stay legal with their
statement (docs/certificates.md). Requirements are rows (`ChannelRequirement`); the office edits them (catalog/channel_rules.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.channel import Channel, ChannelRequirement, GoodsGroup, RequiredPaper
from catalog.models.product import HalalState, Product
from kernel.people import covers


@dataclass(frozen=True, slots=True)
class Goods:
    """What a requirement looks at in a product."""

    category_id: int
    village_code: str
    halal_state: HalalState


@dataclass(frozen=True, slots=True)
class Paper:
    """What a requirement looks at in a certificate; both days are inclusive."""

    kind: CertificateKind
    valid_from_on: date
    valid_until_on: date | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row as the rules read it: any one of `kinds` is enough."""

    code: str
    channel: Channel
    goods: GoodsGroup
    category_id: int | None
    area_prefix: str
    kinds: tuple[CertificateKind, ...]
    starts_on: date
    ends_on: date | None
    basis: str = ""


# The rule, pure.


def lacking(requirements: Iterable[Requirement], goods: Goods, papers: Collection[Paper], day: date) -> list[Requirement]:
    """The requirements that `goods` with `papers` (their own and their maker's) do not meet on `day`; empty: they may be there."""
    return [each for each in requirements if _concerns(each, goods, day) and not any(_meets(each, paper, day) for paper in papers)]


def is_food(halal_state: HalalState) -> bool:
    """Food and drink are what the halal duty concerns at all."""
    return halal_state is not HalalState.NOT_APPLICABLE


def _concerns(requirement: Requirement, goods: Goods, day: date) -> bool:
    if day < requirement.starts_on or (requirement.ends_on is not None and day > requirement.ends_on):
        return False
    if requirement.goods is not GoodsGroup.EVERYTHING and (requirement.goods is GoodsGroup.FOOD) != is_food(goods.halal_state):
        return False
    if requirement.category_id not in (None, goods.category_id) or not covers(requirement.area_prefix, goods.village_code):
        return False
    return not (CertificateKind.HALAL in requirement.kinds and goods.halal_state is HalalState.DECLARED_NON_HALAL)


def _meets(requirement: Requirement, paper: Paper, day: date) -> bool:
    is_valid = paper.valid_from_on <= day and (paper.valid_until_on is None or paper.valid_until_on >= day)
    return is_valid and paper.kind in requirement.kinds


# The same rule as a condition.


def may_be_on(channel: Channel, day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether the `Product` of the surrounding query may be on `channel` on `day`. Says nothing about its listing state.

    `day` may be a parameter: `bindparam("today", type_=Date())`.
    """
    row = ChannelRequirement
    in_force = and_(row.channel == channel, row.starts_on <= day, or_(row.ends_on.is_(None), row.ends_on >= day))
    is_other = Product.halal_state == HalalState.NOT_APPLICABLE
    same_goods = or_(
        row.goods == GoodsGroup.EVERYTHING, and_(row.goods == GoodsGroup.FOOD, ~is_other), and_(row.goods == GoodsGroup.OTHER, is_other)
    )
    same_place = or_(
        row.area_prefix == "", row.area_prefix == Product.village_code, Product.village_code.startswith(row.area_prefix.concat("."))
    )
    # Said explicitly: where the product stands in a join, SQLAlchemy would not see it from here and would ask about any product at all.
    wants_halal = (
        select(RequiredPaper.id)
        .where(RequiredPaper.requirement_id == row.id, RequiredPaper.kind == CertificateKind.HALAL)
        .correlate(row)
        .exists()
    )
    exempt = and_(Product.halal_state == HalalState.DECLARED_NON_HALAL, wants_halal)
    has_paper = (
        select(RequiredPaper.id)
        .where(
            RequiredPaper.requirement_id == row.id,
            RequiredPaper.kind == Certificate.kind,
            or_(Certificate.product_id == Product.id, Certificate.maker_id == Product.maker_id),
            Certificate.valid_from_on <= day,
            or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= day),
        )
        .correlate(row, Product)
        .exists()
    )
    unmet = (
        select(row.id)
        .where(
            in_force, same_goods, or_(row.category_id.is_(None), row.category_id == Product.category_id), same_place, ~exempt, ~has_paper
        )
        .correlate(Product)
    )
    return ~unmet.exists()


# For products in hand.


def list_requirements(session: Session, channel: Channel | None = None) -> list[Requirement]:
    """Every requirement, or one channel's, in the order in which they are shown. Two statements."""
    return [_read(row) for row in list_rows(session, channel)]


def list_rows(session: Session, channel: Channel | None = None) -> list[ChannelRequirement]:
    """The same as rows with their papers and shelf, for the page that edits them."""
    statement = (
        select(ChannelRequirement)
        .options(selectinload(ChannelRequirement.papers), joinedload(ChannelRequirement.category))
        .order_by(ChannelRequirement.channel, ChannelRequirement.starts_on, ChannelRequirement.id)
    )
    if channel is not None:
        statement = statement.where(ChannelRequirement.channel == channel)
    return list(session.scalars(statement))


def list_lacking_of(session: Session, products: Sequence[Product], channel: Channel, day: date) -> dict[int, list[Requirement]]:
    """The same for many products by product id. Three statements however many."""
    requirements = list_requirements(session, channel)
    papers = list_papers_of(session, products) if requirements else {}
    return {
        product.id: lacking(requirements, goods_of(product), papers.get(product.id, ()), day) if requirements else []
        for product in products
    }


def list_papers_of(session: Session, products: Sequence[Product]) -> dict[int, list[Paper]]:
    """All papers of products, their own and their makers', by product id, valid or not. One statement."""
    owned = or_(
        Certificate.product_id.in_([product.id for product in products]),
        Certificate.maker_id.in_({product.maker_id for product in products}),
    )
    columns = (Certificate.product_id, Certificate.maker_id, Certificate.kind, Certificate.valid_from_on, Certificate.valid_until_on)
    own: dict[int, list[Paper]] = defaultdict(list)
    of_maker: dict[int, list[Paper]] = defaultdict(list)
    for product_id, maker_id, kind, starts, ends in session.execute(select(*columns).where(owned)):
        kept, key = (own, product_id) if product_id is not None else (of_maker, maker_id)
        kept[key or 0].append(Paper(kind, starts, ends))
    return {product.id: own[product.id] + of_maker[product.maker_id] for product in products}


def goods_of(product: Product) -> Goods:
    """What the rules look at in a product."""
    return Goods(product.category_id, product.village_code, product.halal_state)


def _read(row: ChannelRequirement) -> Requirement:
    kinds = tuple(kind for kind in CertificateKind if kind in {paper.kind for paper in row.papers})
    return Requirement(row.code, row.channel, row.goods, row.category_id, row.area_prefix, kinds, row.starts_on, row.ends_on, row.basis)
