"""What everybody may know of wholesale: which products are offered by the case, by name, maker and paper. No figure of an offer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.stock import Outlet
from catalog.queries.cards import list_product_cards
from catalog.queries.views import ProductCard
from kernel.errors import N_, InvalidInput
from orders.models.offer import Offer, SellerTerms
from orders.wholesale.visible import is_public, over_offers

SHOWN = 24


def list_teasers(session: Session, language: str, day: date) -> list[ProductCard]:
    """Products with an open offer whose papers hold on `day`, those most asked for first. Two statements."""
    statement = over_offers(Product.id).where(*is_public(day)).group_by(Product.id, Product.popularity)
    ids = session.scalars(statement.order_by(Product.popularity.desc(), Product.id).limit(SHOWN)).all()
    return list_product_cards(session, ids, language, today=day)


def count_offered(session: Session, day: date) -> int:
    """How many products are offered by the case."""
    return session.scalar(select(func.count()).select_from(over_offers(Product.id).where(*is_public(day)).distinct().subquery())) or 0


def list_sellers(session: Session) -> list[Outlet]:
    """The outlets that sell by the case: those that have said their terms, or all while none has."""
    terms = select(SellerTerms.outlet_id)
    outlets = list(session.scalars(select(Outlet).where(Outlet.is_active).order_by(Outlet.name, Outlet.id)))
    selling = set(session.scalars(terms)) | set(session.scalars(select(Offer.outlet_id).distinct()))
    return [outlet for outlet in outlets if outlet.id in selling] or outlets


def get_seller(session: Session, code: str) -> Outlet:
    """The seller with this code; the only one there is when none is named. InvalidInput otherwise."""
    sellers = list_sellers(session)
    found = next((outlet for outlet in sellers if outlet.code == code), None)
    if found is None and not code and len(sellers) == 1:
        return sellers[0]
    if found is None:
        raise InvalidInput(N_("Please choose one from the list."), field="seller")
    return found
