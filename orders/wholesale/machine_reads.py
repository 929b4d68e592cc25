"""What a partner's programs read of the offers it sees: followed page by page, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, StockLevel
from catalog.queries import parts
from catalog.queries.cards import certificates_of_product
from catalog.queries.json_rows import Statement, Subquery
from kernel import clock
from kernel.errors import N_, NotFound
from kernel.walks import Step
from orders.models.offer import AssortmentItem, Offer, OfferSource, OfferState
from orders.wholesale.buyers import Audience
from orders.wholesale.capacity import first_of_month, free_subquery, next_month
from orders.wholesale.price_lists import prices_subquery, read_tiers
from orders.wholesale.tiers import Tier
from orders.wholesale.visible import is_visible

#: Months of the capacity calendar that are shown, the present one first.
MONTHS = 3


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer as its partner sees it: the row (see `_offers`), prices, units nobody holds, and free capacity by month."""

    row: Any
    tiers: tuple[Tier, ...]
    available: int
    capacity: tuple[tuple[date, int], ...]

    @property
    def offer(self) -> Offer:
        """The record itself."""
        found: Offer = self.row.Offer
        return found


def walk_offers(session: Session, audience: Audience, step: Step, day: date) -> Sequence[Any]:
    """One row more than asked for, when there is one. A walk that goes on meets offers that are gone too (`is_visible`). One statement."""
    conditions = [Offer.outlet_id == audience.outlet_id, *step.conditions(Offer.updated_at, Offer.id)]
    if step.is_update:
        conditions.append(Offer.state != OfferState.DRAFT)
        if not audience.sees_everything:
            conditions.append(Offer.id.in_(select(AssortmentItem.offer_id).where(AssortmentItem.group_id == audience.group_id)))
    else:
        conditions += is_visible(audience, day)
    first = (
        select(Offer.id)
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(*conditions)
        .order_by(Offer.updated_at, Offer.id)
        .limit(step.limit + 1)
        .subquery()
    )
    statement = _offers(audience, day).where(Offer.id.in_(select(first.c.id))).order_by(Offer.updated_at, Offer.id)
    return session.execute(statement).all()


def get_offer_row(session: Session, audience: Audience, code: str, day: date) -> Any:
    """One offer this partner sees; NotFound for every other, existing or not."""
    statement = _offers(audience, day).where(Offer.code == code, *is_visible(audience, day))
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(N_("This offer is not available."))
    return row


def dress(audience: Audience, rows: Sequence[Any], day: date) -> list[OfferRow]:
    """The rows with what was read beside them understood."""
    months = _months(day)
    return [
        OfferRow(
            row,
            read_tiers(row.prices, audience.group_id),
            int(row.stock),
            tuple((month, int(free)) for month, free in zip(months, row[-MONTHS:], strict=True) if free is not None),
        )
        for row in rows
    ]


def today_of(audience: Audience) -> date:
    """The day at the seller's, on which prices and papers count."""
    return clock.today(audience.zone)


@lru_cache(maxsize=64)
def _offers(audience: Audience, day: date) -> Statement:
    """Composed once for each audience and day: putting it together takes as long as the database needs to answer it."""
    statement = (
        select(
            Offer,
            Variant,
            Product,
            Maker.name.label("maker_name"),
            Maker.slug.label("maker_slug"),
            Maker.kind.label("maker_kind"),
            and_(*is_visible(audience, day)).label("is_visible"),
            *parts.PLACE_COLUMNS,
            parts.pictures_subquery(Photo.product_id == Product.id).label("pictures"),
            parts.claims_subquery(certificates_of_product(), day).label("claims"),
            prices_subquery(audience.group_id, day).label("prices"),
            _stock(audience.outlet_id, day).label("stock"),
            # `dress` reads these by their place at the end.
            *(free_subquery(month).label(f"free_{number}") for number, month in enumerate(_months(day))),
        )
        .select_from(Offer)
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
    )
    return parts.join_place(statement, Product.village_code)


def _stock(outlet_id: int, day: date) -> Subquery:
    """Units nobody holds of everything that fills an offer, at its seller, without batches past their date."""
    return (
        select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.held), 0))
        .select_from(OfferSource)
        .join(StockLevel, StockLevel.variant_id == OfferSource.variant_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(
            OfferSource.offer_id == Offer.id,
            OfferSource.is_active,
            StockLevel.outlet_id == outlet_id,
            StockLevel.on_hand > StockLevel.held,
            parts.not_past(day),
        )
        .correlate(Offer)
        .scalar_subquery()
    )


def _months(day: date) -> list[date]:
    found = [first_of_month(day)]
    for _ in range(MONTHS - 1):
        found.append(next_month(found[-1]))
    return found
