"""Letters about an order: placed, and paid. Facts are read when the letter is written, so that it never says what was true an hour ago."""

from __future__ import annotations

from flask import g

from orders.gateways import PaymentMethod
from orders.queries import OrderView, get_order_by_token
from orders.states import OrderState
from storefront.contact import opening_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write


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


def _view(payload: Payload) -> OrderView:
    return get_order_by_token(reading(), payload["token"], g.language)


def _write(kind: str, subject: str, view: OrderView) -> Letter:
    return write(
        kind,
        subject,
        view.contact_email,
        order=view,
        link=public_url("checkout.order", token=view.token),
        opening=opening_words(view.outlet),
        pays_cash=view.payment.method is PaymentMethod.PAY_AT_PICKUP,
    )
