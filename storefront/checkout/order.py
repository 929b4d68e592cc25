"""An order's own page by its unguessable link: where it stands, what comes next, and paying for it again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import DomainError, InvalidInput
from orders import fulfilment, payments
from orders.documents import documents_of
from orders.gateways import CONFIRMED_BY_STAFF, LOCAL, PaymentMethod
from orders.models.order import Order
from orders.queries import OrderView, get_order_by_token
from orders.states import OrderState, PaymentState
from storefront.checkout import paying
from storefront.checkout.details import usable_gateways
from storefront.checkout.local_payment import qris_picture, time_left
from storefront.contact import opening_words, whatsapp_link
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor
from storefront.templating import current_settings, external, moment, rupiah

#: How often a page that waits for the money looks again, in seconds.
LOOK_AGAIN = 5
#: How often it looks while staff are to confirm the money: a person at a counter, or a bank.
LOOK_FOR_STAFF = {PaymentMethod.QRIS: 20, PaymentMethod.BANK_TRANSFER: 60}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands, in the buyer's words; `tone` colours it."""

    title: str
    text: str
    tone: str


def order(token: str) -> ResponseReturnValue:
    """The order's page. While money may be on its way it looks again by itself, with or without JavaScript."""
    view = get_order_by_token(reading(), token, current_language())
    is_back = "returned" in request.args
    waits = view.is_waiting_for_money and (is_back or view.payment.state is PaymentState.PROCESSING)
    usable = usable_gateways(view.total, view.outlet.methods) if view.state is OrderState.AWAITING_PAYMENT else {}
    if view.shows_code:
        usable.pop(view.payment.method, None)
    return render_template(
        "checkout/order/order.html",
        order=view,
        standing=standing_of(view, waits),
        progress=progress_of(view),
        waits=waits,
        look_again=LOOK_AGAIN if waits else LOOK_FOR_STAFF.get(view.payment.method, 0) if view.shows_code else 0,
        qris=qris_picture(view) if view.shows_code and view.payment.method is PaymentMethod.QRIS else None,
        time_left=time_left(view.payment.expires_at) if view.shows_code else "",
        ask_at_once=request.args.get("returned") == "1",
        methods=paying.describe_methods(usable),
        opening=opening_words(view.outlet),
        whatsapp=whatsapp_link(_ask_text(view), view.outlet.phone or current_settings().whatsapp),
        map_address=_map_address(view),
        documents=documents_of(view),
    )


def check_payment(token: str) -> ResponseReturnValue:
    """Ask the provider now instead of waiting for its message; for the page's script, and a button without it."""
    view = get_order_by_token(reading(), token)
    payment = payments.find_latest(reading(), view.order_id)
    if payment is not None:
        try:
            paying.ask_provider(payment)
        except DomainError as silence:
            flash(message_of(silence), "warning")
    return redirect(url_for("checkout.order", token=token, returned=2), 303)


def pay(token: str) -> ResponseReturnValue:
    """Pay a placed order: go on with the open page, or begin anew in the chosen way."""
    view = get_order_by_token(reading(), token)
    text = request.form.get("payment_method", view.payment.method.value)
    try:
        if text not in {method.value for method in PaymentMethod}:
            raise InvalidInput(field="payment_method")
        return paying.pay_again(reading().get_one(Order, view.order_id), PaymentMethod(text))
    except DomainError as refusal:
        flash(message_of(refusal), "error")
        return redirect(url_for("checkout.order", token=token), 303)


def cancel(token: str) -> ResponseReturnValue:
    """The buyer changes their mind before paying: the goods go back on the shelf."""
    view = get_order_by_token(reading(), token)
    try:
        open_payment = payments.find_latest(reading(), view.order_id)
        if open_payment is not None and open_payment.method not in LOCAL and open_payment.reference:
            close_at_provider(open_payment)
        with transaction() as session:
            fulfilment.cancel_order(session, current_actor(), view.order_id, "cancelled by the buyer", token=token)
    except DomainError as refusal:
        flash(message_of(refusal), "error")
    else:
        flash(_("Your order is cancelled. Nothing is owed."), "success")
    return redirect(url_for("checkout.order", token=token), 303)


def standing_of(view: OrderView, waits: bool) -> Standing:
    """The one sentence a buyer looks for first."""
    if view.needs_review:
        return Standing(
            _("We are checking your payment"), _("A colleague looks at it and will contact you. Please do not pay again."), "warning"
        )
    if view.state is OrderState.AWAITING_PAYMENT:
        return _unpaid(view, waits)
    if view.state is OrderState.EXPIRED and any(payment.method in CONFIRMED_BY_STAFF for payment in view.payments):
        return Standing(
            _("No longer reserved"),
            _("The time to pay has run out. If you have paid already, write to us on WhatsApp: nothing you paid is lost."),
            "warning",
        )
    if view.state is OrderState.CONFIRMED:
        if view.is_paid:
            return Standing(_("Paid. Thank you!"), _("We are preparing your goods. Show the order code when you collect."), "success")
        until = moment(view.hold_until, view.outlet.zone) if view.hold_until else ""
        return Standing(
            _("Your order is reserved"),
            _("Please bring %(amount)s in cash. We keep your goods until %(until)s.", amount=rupiah(view.cash_due), until=until),
            "success",
        )
    words = {
        OrderState.READY: Standing(_("Ready to collect"), _("Your goods wait at the counter. Show the order code."), "success"),
        OrderState.COMPLETED: Standing(_("Collected"), _("Thank you for buying from the villages."), "success"),
        OrderState.CANCELLED: Standing(_("Cancelled"), _cancelled(view), "info"),
        OrderState.EXPIRED: Standing(
            _("No longer reserved"),
            _("The time to pay has run out and the goods went back on the shelf. You are welcome to order again."),
            "warning",
        ),
    }
    return words[view.state]


def _cancelled(view: OrderView) -> str:
    if not view.paid:
        return _("This order was cancelled; nothing is owed.")
    if view.refunded >= view.paid:
        return _("This order was cancelled and your money has been paid back.")
    return _("This order was cancelled. Your money is on its way back to you.")


def _unpaid(view: OrderView, waits: bool) -> Standing:
    if waits:
        return Standing(
            _("Your payment is being confirmed"),
            _("This page looks again by itself. You can also close it: we go on without you."),
            "info",
        )
    if view.payment.state is PaymentState.FAILED and view.payment.method in CONFIRMED_BY_STAFF:
        return Standing(
            _("We have not found your payment"),
            _("If you have paid, write to us on WhatsApp with a picture of the receipt. Otherwise please try again: your goods are kept."),
            "warning",
        )
    if view.payment.state is PaymentState.FAILED:
        return Standing(
            _("The payment did not go through"), _("Nothing was charged. Your goods are still kept: please try again."), "warning"
        )
    if view.shows_code:
        until = moment(view.payment.expires_at, view.outlet.zone)
        return Standing(_("Waiting for your payment"), _("Your goods are kept for you until %(until)s.", until=until), "info")
    return Standing(_("Waiting for your payment"), _("Your goods are kept for you meanwhile."), "info")


def progress_of(view: OrderView) -> list[tuple[str, str, str]]:
    """(label, note, done | now | "") of the steps from order to goods."""
    zone = view.outlet.zone
    if view.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        return []
    reached = {OrderState.AWAITING_PAYMENT: 1, OrderState.CONFIRMED: 2, OrderState.READY: 3, OrderState.COMPLETED: 4}[view.state]
    paid_at = next((payment.paid_at for payment in view.payments if payment.paid_at), None)
    paid = _("Paid") if view.is_paid else _("Payment")
    when = moment(paid_at, zone) if paid_at else _("in cash when you collect") if reached > 1 else ""
    steps = [
        (_("Ordered"), moment(view.placed_at, zone)),
        (paid, when),
        (_("Being prepared"), ""),
        (_("Ready to collect"), view.outlet.name),
        (_("Collected"), moment(view.completed_at, zone) if view.completed_at else ""),
    ]
    return [
        (label, note, "done" if index < reached or view.state is OrderState.COMPLETED else "now" if index == reached else "")
        for index, (label, note) in enumerate(steps)
    ]


def _ask_text(view: OrderView) -> str:
    address = external(url_for("checkout.order", token=view.token))
    return _("Hello, I have a question about my order %(code)s: %(address)s", code=view.code, address=address)


def _map_address(view: OrderView) -> str | None:
    """Opens the phone's own map application; no map of a third party is loaded here."""
    if view.outlet.latitude is None or view.outlet.longitude is None:
        return None
    return f"geo:{view.outlet.latitude},{view.outlet.longitude}?q={view.outlet.latitude},{view.outlet.longitude}"
