"""What a partner asks of the offers, and the page of them that answers: filters over figures in the database, words over the public index.

No wholesale figure enters the index: the words are ranked there (`catalog.search.searching.rank`), everything else is a condition here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.certificate import CertificateKind
from catalog.models.product import Category, ListingState, Product, Variant
from catalog.readiness.checking import Need
from orders.models.offer import Offer
from orders.wholesale.buyers import Audience
from orders.wholesale.ready import MONTHLY, has_paper, keeps_margin, meets
from orders.wholesale.visible import first_price, is_visible, over_offers

PAGE_SIZE = 24
#: Of the products that answer the words, the best so many are looked at.
MOST_RANKED = 2_000
#: Places in one list to choose from; there are 38 provinces.
MOST_REGIONS = 40


class OfferSort(StrEnum):
    """The orders a buyer can choose. Relevance without words is the newest first."""

    RELEVANCE = "relevance"
    PRICE = "price"
    MARGIN = "margin"
    CAPACITY = "capacity"
    LEAD_TIME = "lead_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferQuestion:
    """One question. Units a month, units in a case, cases, days, basis points; areas are code prefixes of where things are made."""

    category: str = ""
    region: str = ""
    ready_for: str = ""
    papers: tuple[CertificateKind, ...] = ()
    monthly_at_least: int | None = None
    case_at_most: int | None = None
    minimum_at_most: int | None = None
    lead_at_most: int | None = None
    margin_at_least: int | None = None
    #: Only what the seller delivers to this area.
    deliver_to: str = ""
    sort: OfferSort = OfferSort.RELEVANCE
    page: int = 1


@dataclass(frozen=True, slots=True)
class OfferPage:
    """The ids of one page of the answer, in order, and how many offers answer in all."""

    ids: Sequence[int]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def find_offers(
    session: Session,
    audience: Audience,
    question: OfferQuestion,
    day: date,
    needs: Sequence[Need] = (),
    scores: Mapping[int, float] | None = None,
) -> OfferPage:
    """The page asked for. `needs` are those of `ready_for`; `scores` rank products by the words that were typed (None: none were).

    Two statements, one with words.
    """
    statement = matching(audience, question, day, needs, scores)
    order = _order(question.sort, audience, day)
    start = (question.page - 1) * PAGE_SIZE
    if scores is not None and question.sort is OfferSort.RELEVANCE:
        rows = session.execute(statement.add_columns(Offer.variant_id, Product.id)).all()
        ranked = sorted(rows, key=lambda row: (-scores[row[2]], row[1]))
        return OfferPage([row[0] for row in ranked[start : start + PAGE_SIZE]], len(ranked), question.page)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ids = session.scalars(statement.order_by(*order).limit(PAGE_SIZE).offset(start)).all()
    return OfferPage(ids, total, question.page)


def list_offer_ids(
    session: Session,
    audience: Audience,
    question: OfferQuestion,
    day: date,
    needs: Sequence[Need] = (),
    scores: Mapping[int, float] | None = None,
) -> list[int]:
    """All offers that answer, for a file: by shelf, maker and name. One statement."""
    statement = matching(audience, question, day, needs, scores).join(Category, Category.id == Product.category_id)
    return list(session.scalars(statement.order_by(Category.position, Product.maker_id, Product.name_id, Variant.position, Offer.id)))


def matching(audience: Audience, question: OfferQuestion, day: date, needs: Sequence[Need], scores: Mapping[int, float] | None) -> Any:
    """The query of the ids of all offers that answer."""
    conditions = [*is_visible(audience, day), *_filters(audience, question, day)]
    if needs:
        conditions.append(meets(needs, day, first_price(audience, day)))
    if scores is not None:
        best = sorted(scores, key=lambda number: (-scores[number], number))[:MOST_RANKED]
        conditions.append(Product.id.in_(best))
    return over_offers(Offer.id).where(*conditions)


def list_regions(session: Session) -> list[tuple[str, str]]:
    """(code, name) of where live products are made: districts, or where those are too many to choose from, regencies or provinces.

    Two statements.
    """
    villages = set(session.scalars(select(Product.village_code).where(Product.state == ListingState.LIVE).distinct()))
    for level in (3, 2, 1):
        codes = {".".join(code.split(".")[:level]) for code in villages}
        if len(codes) <= MOST_REGIONS:
            break
    names = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)).order_by(Area.name, Area.code)) if codes else ()
    return [(code, name) for code, name in names]


def _filters(audience: Audience, question: OfferQuestion, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [has_paper((kind,), day) for kind in question.papers]
    if question.category:
        found.append(Product.category_id.in_(select(Category.id).where(Category.slug == question.category)))
    if question.region:
        found.append(or_(Product.village_code == question.region, Product.village_code.startswith(f"{question.region}.", autoescape=True)))
    if question.monthly_at_least is not None:
        found.append(question.monthly_at_least <= MONTHLY)
    if question.case_at_most is not None:
        found.append(Offer.units_per_case <= question.case_at_most)
    if question.minimum_at_most is not None:
        found.append(Offer.minimum_cases <= question.minimum_at_most)
    if question.lead_at_most is not None:
        found.append(Offer.lead_days <= question.lead_at_most)
    if question.margin_at_least is not None:
        found.append(keeps_margin(question.margin_at_least, first_price(audience, day)))
    if question.deliver_to:
        found.append(_delivers_to(question.deliver_to))
    return found


def _delivers_to(area_code: str) -> ColumnElement[bool]:
    """No area named, or one that covers `area_code`: the list of codes is JSON text, each code between quotes."""
    parts = area_code.split(".")
    covering = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    text = cast(Offer.delivery_prefixes, String)
    return or_(text == "[]", *(text.contains(f'"{code}"', autoescape=True) for code in covering))


def _order(sort: OfferSort, audience: Audience, day: date) -> tuple[Any, ...]:
    orders: dict[OfferSort, tuple[Any, ...]] = {
        OfferSort.RELEVANCE: (Offer.updated_at.desc(), Offer.id.desc()),
        OfferSort.PRICE: (first_price(audience, day), Offer.id),
        OfferSort.MARGIN: (
            func.coalesce((Offer.suggested_price - first_price(audience, day)) * 10_000 / Offer.suggested_price, -10_000).desc(),
            Offer.id,
        ),
        OfferSort.CAPACITY: (MONTHLY.desc(), Offer.id),
        OfferSort.LEAD_TIME: (Offer.lead_days, Offer.id),
    }
    return orders[sort]


#: What can be filtered by beside the readiness profiles; P-IRT and BPOM are asked for one by one.
PAPER_FILTERS = (CertificateKind.HALAL, CertificateKind.PIRT, CertificateKind.BPOM, CertificateKind.SNI)
