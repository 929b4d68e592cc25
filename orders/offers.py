"""What is for sale on a day and at which price, as pieces of a query: the same rule for the cart and for the order."""

from __future__ import annotations

from sqlalchemy import Date, and_, bindparam, or_, select

from catalog.models.product import ListingState, Price, Product, Variant

_today = bindparam("today", type_=Date())

#: The price of `Variant` on the day given as parameter `today`: of two, the one that began later (as catalog.prices says).
CURRENT_PRICE = (
    select(Price.amount)
    .where(Price.variant_id == Variant.id, Price.starts_on <= _today, or_(Price.ends_on.is_(None), Price.ends_on >= _today))
    .order_by(Price.starts_on.desc())
    .limit(1)
    .correlate(Variant)
    .scalar_subquery()
)

#: Whether buyers may have the variant at all.
IS_OFFERED = and_(Variant.is_active, Product.state == ListingState.LIVE)
