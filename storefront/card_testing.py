"""Stolen cards are tried out in shops: few payment pages per address and cart, and a pause after three cards that failed (A13)."""

from __future__ import annotations

from flask import request
from flask import session as cookie
from flask_login import current_user
from sqlalchemy import select

from kernel import throttle
from kernel.errors import N_
from orders import payments
from orders.gateways import LOCAL, PaymentMethod
from orders.models.order import Order
from orders.states import PaymentState
from storefront.database import reading, transaction
from storefront.payment_pages import close_at_provider
from storefront.templating import current_settings


class CardsPaused(throttle.TooManyTries):
    """Somebody opened too many payment pages here, or tried too many cards for one order."""

    message = N_("Too many card payments were tried here. Please wait %(minutes)s minutes, or choose another way to pay.")


def count_page(method: PaymentMethod, order_code: str) -> None:
    """Count a page of a provider that is about to be opened for this browser; CardsPaused when it is one too many."""
    settings = current_settings()
    if method in LOCAL or not settings.card_pages:
        return
    cart = f"user {current_user.user.id}" if current_user.is_authenticated else str(cookie.get("cart", ""))
    limits = throttle.page_limits(settings.secret_key, request.remote_addr or "", cart, settings.card_pages)
    try:
        with transaction() as session:
            if throttle.is_full(session, throttle.failed_card_limit(settings.secret_key, order_code)):
                raise throttle.TooManyTries
            throttle.count_try(session, limits)
    except throttle.TooManyTries:
        raise CardsPaused(minutes=int(throttle.CARD_WINDOW.total_seconds() // 60)) from None


def note_failed_card(order_code: str, event: tuple[str, str, str]) -> None:
    """The provider says that a card failed. After the third one its page is closed, and the order waits before it gets another."""
    limit = throttle.failed_card_limit(current_settings().secret_key, order_code)
    with transaction() as session:
        if not payments.claim_event(session, event) or throttle.is_full(session, limit):
            return
        throttle.count_try(session, (limit,))
        is_full = throttle.is_full(session, limit)
    if not is_full or not current_settings().card_pages:
        return
    order_id = reading().scalar(select(Order.id).where(Order.code == order_code))
    latest = payments.find_latest(reading(), order_id) if order_id is not None else None
    if latest is not None and latest.state is PaymentState.OPEN and latest.reference and latest.method not in LOCAL:
        close_at_provider(latest)
