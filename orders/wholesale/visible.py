"""Which offers a partner sees on a day, as conditions of one query; the same for pages, files, feeds and machines (docs/wholesale.md).

Query over `Offer` joined with `Variant` and `Product`, as `OFFERS` does.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.channel import Channel
from catalog.models.product import ListingState, Product, Variant
from kernel.errors import N_, NotFound
from orders.models.offer import AssortmentItem, Offer, OfferPrice, OfferState
from orders.wholesale.buyers import Audience
from orders.wholesale.price_lists import is_current


def over_offers(*columns: Any) -> Select[Any]:
    """A query of these columns over offers, their variants and products."""
    return select(*columns).select_from(Offer).join(Variant, Variant.id == Offer.variant_id).join(Product, Product.id == Variant.product_id)


def is_public(day: date) -> list[ColumnElement[bool]]:
    """Open offers of live products whose papers the channel accepts on `day`: what exists at all, for whomever."""
    return [
        Offer.state == OfferState.OPEN,
        Variant.is_active.is_(True),
        Product.state == ListingState.LIVE,
        may_be_on(Channel.WHOLESALE, day),
    ]


@lru_cache(maxsize=64)
def is_visible(audience: Audience, day: date) -> tuple[ColumnElement[bool], ...]:
    """What one partner sees: its seller's offers, within its group's assortment, that have a price for it on `day`."""
    priced = select(OfferPrice.id).where(
        OfferPrice.offer_id == Offer.id, is_current(day), or_(OfferPrice.group_id.is_(None), OfferPrice.group_id == audience.group_id)
    )
    conditions = [Offer.outlet_id == audience.outlet_id, *is_public(day), priced.correlate(Offer).exists()]
    if not audience.sees_everything:
        chosen = select(AssortmentItem.id).where(AssortmentItem.offer_id == Offer.id, AssortmentItem.group_id == audience.group_id)
        conditions.append(chosen.correlate(Offer).exists())
    return tuple(conditions)


def first_price(audience: Audience, day: date) -> ColumnElement[int]:
    """Rupiah for one unit at the smallest quantity, on the list the group pays by."""

    def first(of_list: ColumnElement[bool]) -> Any:
        return (
            select(OfferPrice.unit_price)
            .where(OfferPrice.offer_id == Offer.id, of_list, is_current(day))
            .order_by(OfferPrice.from_cases, OfferPrice.starts_on.desc())
            .limit(1)
            .correlate(Offer)
            .scalar_subquery()
        )

    return func.coalesce(first(OfferPrice.group_id == audience.group_id), first(OfferPrice.group_id.is_(None)))


def get_visible_id(session: Session, audience: Audience, code: str, day: date) -> int:
    """The id of an offer this partner sees on `day`; NotFound for every other, existing or not."""
    statement = over_offers(Offer.id).where(Offer.code == code.strip().upper(), *is_visible(audience, day))
    found = session.scalar(statement)
    if found is None:
        raise NotFound(N_("This offer is not available."))
    return int(found)
