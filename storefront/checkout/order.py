"""An order's own page by its unguessable link: where it stands, what comes next, and paying for it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import DomainError, InvalidInput, NotFound
from orders import fulfilment, parcels, payments
from orders.counter.sold import find_sold
from orders.documents import documents_of, find_tax
from orders.gateways import LOCAL, PaymentMethod
from orders.models.order import Channel, Order
from orders.queries import OrderView, get_order_by_token
from orders.states import OrderState, PaymentState
from storefront.checkout import paying
from storefront.checkout.desk import usable_gateways
from storefront.checkout.local_payment import qris_picture, time_left
from storefront.checkout.standing import arrival_words, progress_of, standing_of
from storefront.contact import map_link, opening_words, whatsapp_link
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.hours import slot_words
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor
from storefront.state_words import METHOD
from storefront.templating import current_settings, external

#: How often a page that waits for the money looks again, in seconds.
LOOK_AGAIN = 5
#: How often it looks while staff are to confirm the money: a person at a counter, or a bank.
LOOK_FOR_STAFF = {PaymentMethod.QRIS: 20, PaymentMethod.BANK_TRANSFER: 60}


def order(token: str) -> ResponseReturnValue:
    """The order's page. While money may be on its way it looks again by itself, with or without JavaScript.

    The link on a till's receipt leads here before the till has sent its sale: then the answer is a 404 that says so.
    """
    try:
        view = get_order_by_token(reading(), token, current_language())
    except NotFound:
        return render_template("checkout/order/on_its_way.html"), 404
    if view.channel is Channel.COUNTER:
        return _receipt(view)
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
        map_address=map_link(view.outlet.latitude, view.outlet.longitude),
        documents=documents_of(view),
        arrival=arrival_words(view),
        slot=slot_words(view.pickup_at, view.outlet.zone) if view.pickup_at else "",
    )


def _receipt(view: OrderView) -> str:
    """What was bought at a counter: nothing is left to do, so the page tells where every item comes from."""
    sold = find_sold(reading(), view.order_id)
    if sold is None:
        raise NotFound
    return render_template(
        "checkout/order/receipt.html",
        order=view,
        sold=sold,
        methods=METHOD,
        tax=find_tax(view),
        opening=opening_words(view.outlet),
        whatsapp=whatsapp_link(_ask_text(view), view.outlet.phone or current_settings().whatsapp),
        map_address=map_link(view.outlet.latitude, view.outlet.longitude),
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


def confirm_received(token: str) -> ResponseReturnValue:
    """The buyer says that the parcels have arrived."""
    view = get_order_by_token(reading(), token)
    try:
        with transaction() as session:
            parcels.confirm_delivered(session, current_actor(), view.order_id, token=token)
    except DomainError as refusal:
        flash(message_of(refusal), "error")
    else:
        flash(_("Thank you for telling us. We hope you like it."), "success")
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
    return redirect(url_for("checkout.order", token=token), 303)


def _ask_text(view: OrderView) -> str:
    address = external(url_for("checkout.order", token=view.token))
    return _("Hello, I have a question about my order %(code)s: %(address)s", code=view.code, address=address)
