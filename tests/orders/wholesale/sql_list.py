"""The list of offers asked of the database for every page: slow, and what the boards have to agree with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.product import Category, Product, Variant
from catalog.readiness.checking import Need
from orders.models.offer import Offer
from orders.wholesale.board import MOST_RANKED
from orders.wholesale.buyers import Audience
from orders.wholesale.questions import OfferQuestion, OfferSort
from orders.wholesale.ready import MONTHLY, has_paper, keeps_margin, meets
from orders.wholesale.visible import first_price, is_visible, over_offers

Scores = Mapping[int, float] | None


def answer(session: Session, audience: Audience, question: OfferQuestion, day: date, needs: Sequence[Need], scores: Scores) -> list[int]:
    """The ids of all offers that answer, in the order asked for."""
    statement = _matching(audience, question, day, needs, scores)
    if scores is not None and question.sort is OfferSort.RELEVANCE:
        rows = session.execute(statement.add_columns(Offer.variant_id, Product.id)).all()
        return [row[0] for row in sorted(rows, key=lambda row: (-scores[row[2]], row[1]))]
    return list(session.scalars(statement.order_by(*_order(question.sort, audience, day))))


def answer_for_a_file(
    session: Session, audience: Audience, question: OfferQuestion, day: date, needs: Sequence[Need], scores: Scores
) -> list[int]:
    """The same by shelf, maker and name."""
    statement = _matching(audience, question, day, needs, scores).join(Category, Category.id == Product.category_id)
    return list(session.scalars(statement.order_by(Category.position, Product.maker_id, Product.name_id, Variant.position, Offer.id)))


def _matching(audience: Audience, question: OfferQuestion, day: date, needs: Sequence[Need], scores: Scores) -> Any:
    conditions = [*is_visible(audience, day), *_filters(audience, question, day)]
    if needs:
        conditions.append(meets(needs, day, first_price(audience, day)))
    if scores is not None:
        best = sorted(scores, key=lambda number: (-scores[number], number))[:MOST_RANKED]
        conditions.append(Product.id.in_(best))
    return over_offers(Offer.id).where(*conditions)


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
    parts = area_code.split(".")
    covering = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    text = cast(Offer.delivery_prefixes, String)
    return or_(text == "[]", *(text.contains(f'"{code}"', autoescape=True) for code in covering))


def _order(sort: OfferSort, audience: Audience, day: date) -> tuple[Any, ...]:
    price = first_price(audience, day)
    margin = func.coalesce((Offer.suggested_price - price) * 10_000 / Offer.suggested_price, -10_000)
    orders: dict[OfferSort, tuple[Any, ...]] = {
        OfferSort.RELEVANCE: (Offer.updated_at.desc(), Offer.id.desc()),
        OfferSort.PRICE: (price, Offer.id),
        OfferSort.MARGIN: (margin.desc(), Offer.id),
        OfferSort.CAPACITY: (MONTHLY.desc(), Offer.id),
        OfferSort.LEAD_TIME: (Offer.lead_days, Offer.id),
    }
    return orders[sort]
