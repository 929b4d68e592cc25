"""From a placed order to the gateway's page and back: asked with no transaction open, recorded in the next one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from kernel import alarms, crashpoints
from kernel.errors import DomainError
from orders import payments
from orders.gateways import ClockDisagrees, Gateway, GatewayRefused, GatewayUnavailable, OpeningTooLate, PaymentMethod
from orders.models.order import Order
from orders.models.payment import Payment
from orders.qris import LARGEST_PAYMENT
from orders.states import UNDECIDED, PaymentState
from storefront import card_testing
from storefront.database import end_reading, reading, transaction
from storefront.errors import message_of
from storefront.gateways import get_gateway
from storefront.i18n import gettext as _
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor
from storefront.templating import external, rupiah


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A way to pay as the buyer reads it."""

    value: str
    title: str
    note: str
    #: Where it can be used, when not every outlet takes it.
    places: str = ""


def describe_methods(gateways: dict[PaymentMethod, Gateway]) -> list[MethodWords]:
    """The offered ways to pay in words, in their order."""
    words = {
        PaymentMethod.QRIS: MethodWords(
            PaymentMethod.QRIS.value,
            _("Pay now with QRIS"),
            _(
                "Scan one code with any bank or wallet app. Up to %(limit)s. Your goods are kept for 30 minutes.",
                limit=rupiah(LARGEST_PAYMENT),
            ),
        ),
        PaymentMethod.BANK_TRANSFER: MethodWords(
            PaymentMethod.BANK_TRANSFER.value,
            _("Bank transfer"),
            _("To the account of the souvenir centre, with your order code. Your goods are kept for 24 hours."),
        ),
        PaymentMethod.PAY_AT_PICKUP: MethodWords(
            PaymentMethod.PAY_AT_PICKUP.value,
            _("Pay when you collect"),
            _("Cash at the souvenir centre. Kept for you until closing time of the next open day."),
        ),
        PaymentMethod.STRIPE: MethodWords(
            PaymentMethod.STRIPE.value,
            _("Pay now by card"),
            _("You are taken to a secure payment page. Your goods are kept for 35 minutes meanwhile."),
        ),
    }
    return [words[method] for method in gateways]


def go_to_payment(order: Order) -> ResponseReturnValue:
    """Open the latest payment attempt at its gateway and send the buyer there; to the order's page when there is nothing to open."""
    here = redirect(url_for("checkout.order", token=order.token), 303)
    latest = payments.describe_latest(reading(), order.id)
    if latest is not None and latest.state is PaymentState.OPEN and latest.redirect_url:
        return redirect(latest.redirect_url, 303)
    if latest is None or latest.state is not PaymentState.STARTED:
        return here  # nothing to open, such as for whoever pays at pickup
    page = external(url_for("checkout.order", token=order.token))
    request = payments.begin_payment(reading(), order, success_url=f"{page}?returned=1", cancel_url=f"{page}?cancelled=1")
    if request is None:
        return here
    method = latest.method
    end_reading()
    try:
        card_testing.count_page(method, request.order_code)
    except card_testing.CardsPaused as refusal:
        flash(message_of(refusal), "warning")
        return here
    crashpoints.here("payment.before_opening")
    try:
        started = get_gateway(method).start(request)
    except GatewayUnavailable as silence:  # the same attempt may be opened again under the same key
        flash(message_of(silence), "warning")
        return here
    except OpeningTooLate:
        with transaction() as session:
            payments.record_refused(session, request.payment_id)
        return _begin_anew(order, method) or here
    except GatewayRefused as refusal:
        with transaction() as session:
            payments.record_refused(session, request.payment_id)
            if isinstance(refusal, ClockDisagrees):
                alarms.sound(session, "clock", "the provider refuses our moments: this machine's clock is slow")
        flash(message_of(refusal), "error")
        return here
    crashpoints.here("payment.opened")
    with transaction() as session:
        payments.record_started(session, request.payment_id, started)
    return redirect(started.redirect_url, 303) if started.redirect_url else here


def _begin_anew(order: Order, method: PaymentMethod) -> ResponseReturnValue | None:
    """Another attempt in place of one that nobody could open in time; None with a word about it when the order takes none."""
    try:
        return pay_again(order, method)
    except DomainError as refusal:
        flash(message_of(refusal), "error")
        return None


def pay_again(order: Order, method: PaymentMethod) -> ResponseReturnValue:
    """Another try, perhaps another way: whatever is still open at a provider is closed there first."""
    gateway = get_gateway(method)
    latest = payments.find_latest(reading(), order.id)
    if latest is not None and latest.method is method and latest.state in (PaymentState.STARTED, PaymentState.OPEN):
        return go_to_payment(order)
    if latest is not None and latest.state in UNDECIDED and latest.reference:
        close_at_provider(latest)
    with transaction() as session:
        order = payments.retry_payment(session, current_actor(), order.id, gateway.method)
    return go_to_payment(order)


def ask_provider(payment: Payment) -> None:
    """Read the facts about a payment anew and settle them; silence changes nothing."""
    if payment.reference is None or payment.state not in UNDECIDED:
        return
    gateway, reference, payment_id = get_gateway(payment.method), payment.reference, payment.id
    end_reading()
    facts = gateway.fetch(reference)
    crashpoints.here("payment.fetched")
    with transaction() as session:
        payments.settle(session, payment_id, facts)
