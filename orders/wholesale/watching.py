"""What a mere date or sale changes about offers, looked for by the worker: papers that ran out, goods that run low, days that turned."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate
from catalog.models.product import Price, Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from catalog.queries import parts
from kernel import clock
from orders.models.offer import Offer, OfferPrice, OfferSource, OfferState
from orders.models.webhook import WebhookEvent
from orders.wholesale import webhooks

#: Days that are looked back on, so that a worker that stood still over a weekend misses none.
LOOK_BACK = 4
_RAW = {"synchronize_session": False}


def tell_expired_papers(session: Session) -> int:
    """Tell partners of open offers whose papers ran out; each paper once for each offer. How many messages."""
    told = 0
    today = clock.today()
    statement = (
        select(Offer, Certificate.kind, Certificate.valid_until_on)
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Certificate, or_(Certificate.product_id == Product.id, Certificate.maker_id == Product.maker_id))
        .where(
            Offer.state == OfferState.OPEN,
            Certificate.valid_until_on >= today - timedelta(days=LOOK_BACK),
            Certificate.valid_until_on < today,
        )
        .order_by(Offer.id, Certificate.id)
    )
    for offer, kind, last_day in session.execute(statement).all():
        facts = {"offer": offer.code, "paper": kind.value, "valid_until": str(last_day)}
        told += webhooks.announce_offer(session, offer, WebhookEvent.PAPER_EXPIRED, f"{kind.value}:{last_day}", facts)
    return told


def tell_low_stock(session: Session) -> int:
    """Tell partners of open offers of which less than the smallest order stands free; at most once a day. How many messages."""
    outlets = webhooks.list_listening_outlets(session, WebhookEvent.STOCK_LOW)
    if not outlets:
        return 0
    today = clock.today()
    free = (
        select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.held), 0))
        .join(OfferSource, OfferSource.variant_id == StockLevel.variant_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(
            OfferSource.offer_id == Offer.id,
            OfferSource.is_active,
            StockLevel.outlet_id == Offer.outlet_id,
            StockLevel.on_hand > StockLevel.held,
            parts.not_past(today),
        )
        .correlate(Offer)
        .scalar_subquery()
    )
    statement = select(Offer).where(
        Offer.state == OfferState.OPEN, Offer.outlet_id.in_(outlets), free < Offer.minimum_cases * Offer.units_per_case
    )
    return sum(
        webhooks.announce_offer(session, offer, WebhookEvent.STOCK_LOW, f"low:{today.isoformat()}", {"offer": offer.code})
        for offer in session.scalars(statement.order_by(Offer.id)).all()
    )


def touch_turned(session: Session) -> int:
    """Let products and offers count as changed on a day on which a paper or price of theirs begins or has ended. How many rows.

    So whoever follows the lists by their last change meets them, although nobody wrote anything.
    """
    touched = 0
    for zone in session.scalars(select(Outlet.zone).distinct()).all() or ["WIB"]:
        day = clock.today(zone)
        midnight = datetime(day.year, day.month, day.day, tzinfo=clock.ZONES[zone])
        touched += _touch(session, Product, _turned_products(day), midnight)
        touched += _touch(session, Offer, _turned_offers(day), midnight)
    return touched


def _touch(session: Session, model: Any, ids: Any, midnight: datetime) -> int:
    """Once a day each: what was written since midnight has been met already."""
    statement = update(model).where(model.id.in_(ids), model.updated_at < midnight).values(updated_at=clock.now()).returning(model.id)
    return len(session.execute(statement, execution_options=_RAW).all())


def _turned_products(day: date) -> Any:
    before = day - timedelta(days=1)
    papers = or_(Certificate.valid_until_on == before, Certificate.valid_from_on == day)
    own = select(Certificate.product_id).where(papers, Certificate.product_id.is_not(None))
    makers = select(Certificate.maker_id).where(papers, Certificate.maker_id.is_not(None))
    priced = (
        select(Variant.product_id).join(Price, Price.variant_id == Variant.id).where(or_(Price.starts_on == day, Price.ends_on == before))
    )
    return select(Product.id).where(or_(Product.id.in_(own), Product.maker_id.in_(makers), Product.id.in_(priced)))


def _turned_offers(day: date) -> Any:
    before = day - timedelta(days=1)
    priced = select(OfferPrice.offer_id).where(or_(OfferPrice.starts_on == day, OfferPrice.ends_on == before))
    papers = select(Offer.id).join(Variant, Variant.id == Offer.variant_id).where(Variant.product_id.in_(_turned_products(day)))
    return select(Offer.id).where(or_(Offer.id.in_(priced), Offer.id.in_(papers)))
