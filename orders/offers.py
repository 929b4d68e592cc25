"""What is for sale on a day and at which price, as pieces of a query: the same rule for the cart and for the order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Date, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.channel import Channel
from catalog.models.product import ListingState, Price, Product, Variant
from kernel.errors import N_, NotFound
from kernel.prepared import Prepared

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

#: Whether buyers of the web shop may have the variant at all on the day given as parameter `today`.
IS_OFFERED = and_(Variant.is_active, Product.state == ListingState.LIVE, may_be_on(Channel.WEB, _today))


_BY_CODE = Prepared(
    select(Variant.id, Product.slug).join(Product, Product.id == Variant.product_id).where(Variant.code == bindparam("code"))
)


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """A variant somebody asked for by its code, and the product it belongs to."""

    variant_id: int
    slug: str


def get_variant_by_code(session: Session, code: str) -> OfferedVariant:
    """The variant with this code, whatever its state; NotFound when there is none."""
    rows = _BY_CODE.run(session, {"code": code})
    if not rows:
        raise NotFound(N_("This item is not for sale at present."))
    return OfferedVariant(rows[0].id, rows[0].slug)
