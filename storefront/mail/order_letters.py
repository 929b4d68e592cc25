"""Letters about an order, from placed to refunded. Facts are read when a letter is written: it never says what was true before."""

from __future__ import annotations

from typing import Any

from flask import g

from kernel import clock
from orders.gateways import PaymentMethod
from orders.queries import OrderView, get_order_by_token
from orders.refund_states import RefundWay
from orders.states import OrderState
from storefront.database import reading
from storefront.hours import opening_lines, slot_words
from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.words import days_words


def order_placed(payload: Payload) -> Letter | None:
    """The order with its link; None when it was paid meanwhile, because that letter says it all."""
    view = _view(payload)
    if view.is_paid or view.state not in (OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED):
        return None
    subject = _("Your order %(code)s is reserved", code=view.code)
    return _write("order_placed", subject, view)


def order_paid(payload: Payload) -> Letter:
    """The receipt of the payment and how to collect."""
    view = _view(payload)
    return _write("order_paid", _("Paid: your order %(code)s", code=view.code), view)


def order_ready(payload: Payload) -> Letter | None:
    """The goods wait at the counter; None when they were collected before the letter was written."""
    view = _view(payload)
    if view.state is not OrderState.READY or view.shipping is not None:
        return None
    return _write("order_ready", _("Your order %(code)s is ready to collect", code=view.code), view)


def order_shipped(payload: Payload) -> Letter | None:
    """Courier and number of each parcel; None when it has arrived before the letter was written."""
    view = _view(payload)
    if view.state is not OrderState.SHIPPED or view.shipping is None:
        return None
    days = days_words(view.shipping.days_min, view.shipping.days_max)
    return _write("order_shipped", _("Your order %(code)s is on its way", code=view.code), view, days=days)


def order_refunded(payload: Payload) -> Letter | None:
    """Which goods were paid back, how much, and in which way; None when the refund is not done after all."""
    view = _view(payload)
    refund = next((each for each in view.refunds if each.code == payload["refund"]), None)
    if refund is None or refund.settled_at is None:
        return None
    ways = {
        RefundWay.PROVIDER: _("It goes to the card or account you paid with; your bank may need some days to show it."),
        RefundWay.CASH: _("You received it in cash."),
        RefundWay.TRANSFER: _("It was transferred to your account."),
    }
    subject = _("Refund for your order %(code)s", code=view.code)
    return _write("order_refunded", subject, view, refund=refund, way=ways[refund.way])


def _view(payload: Payload) -> OrderView:
    return get_order_by_token(reading(), payload["token"], g.language)


def _write(kind: str, subject: str, view: OrderView, **more: Any) -> Letter:
    return write(
        kind,
        subject,
        view.contact_email,
        order=view,
        link=public_url("checkout.order", token=view.token),
        hours=opening_lines(view.outlet, clock.today(view.outlet.zone)),
        slot=slot_words(view.pickup_at, view.outlet.zone) if view.pickup_at else "",
        pays_cash=view.payment.method is PaymentMethod.PAY_AT_PICKUP,
        **more,
        pays_by_transfer=view.shows_code and view.payment.method is PaymentMethod.BANK_TRANSFER,
    )
