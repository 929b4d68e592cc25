"""The one page between cart and payment: who, where, how; sent twice it is still one order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from catalog import stock
from catalog.queries.home import list_outlets
from catalog.queries.views import OutletView
from kernel.errors import DomainError
from orders import carts, outlet_payments
from orders.carts import CartView
from orders.checkout import Contact, PriceChanged, find_by_key, place_order
from orders.gateways import Gateway, PaymentMethod
from orders.models.order import Channel, Order
from orders.qris import LARGEST_PAYMENT
from storefront.checkout import basket, paying
from storefront.checkout.forms import CheckoutForm
from storefront.database import reading, transaction
from storefront.gateways import get_gateways
from storefront.i18n import current_language
from storefront.security import current_actor


def checkout() -> ResponseReturnValue:
    """Ask what is needed, then place the order and go on to pay."""
    session = reading()
    cart = carts.price_cart(session, basket.find(session), current_language())
    outlets = list_outlets(session)
    form = CheckoutForm(outlets, usable_gateways(cart.total, taken_anywhere(session)), data=_known_contact())
    if form.is_submitted() and (placed := find_by_key(session, form.checkout_key.data or "")) is not None:
        return paying.go_to_payment(placed)  # the same form again: a double click, or the page reloaded
    if not cart.lines:
        return redirect(url_for("checkout.cart"), 303)
    if form.validate_on_submit():
        try:
            order = _place(form, outlets)
        except DomainError as refusal:
            form.refuse(refusal, {"quantity": ""}.get)  # type: ignore[arg-type]
            cart = carts.price_cart(reading(), basket.find(reading()), current_language())
            if isinstance(refusal, PriceChanged | stock.OutOfStock):
                form.seen_total.data = cart.total
        else:
            return paying.go_to_payment(order)
    if not form.is_submitted():
        form.seen_total.data = cart.total
    return _show(form, cart, outlets), 422 if form.is_submitted() else 200


def usable_gateways(total: int, taken: Collection[PaymentMethod]) -> dict[PaymentMethod, Gateway]:
    """The ways to pay among `taken` that carry this amount; all of them while nothing is in the cart."""
    offered = {method: gateway for method, gateway in get_gateways().items() if method in taken}
    return {method: gateway for method, gateway in offered.items() if gateway.minimum <= total <= gateway.maximum} or offered


def taken_anywhere(session: Session) -> frozenset[PaymentMethod]:
    """What at least one outlet takes; placing the order refuses what the chosen one does not."""
    return frozenset().union(*outlet_payments.list_methods(session).values())


def _place(form: CheckoutForm, outlets: tuple[OutletView, ...]) -> Order:
    method = PaymentMethod(form.payment_method.value)
    gateway = get_gateways()[method]
    outlet = next(outlet for outlet in outlets if outlet.slug == form.outlet.value)
    with transaction() as session:
        cart = basket.get(session)
        order = place_order(
            session,
            current_actor(),
            channel=Channel.WEB,
            cart_lines=carts.list_wanted(session, cart.id),
            outlet_id=outlet.outlet_id,
            contact=Contact(form.name.value, form.phone.value, form.email.value or ""),
            payment_method=method,
            checkout_key=form.checkout_key.data or "",
            language=current_language(),
            note=form.note.value,
            seen_total=form.seen_total.data,
            method_limits=(gateway.minimum, gateway.maximum),
        )
        carts.empty_cart(session, cart.id)
    basket.remember_count(0)
    return order


def _known_contact() -> dict[str, str]:
    """What a signed-in person need not type again."""
    if not current_user.is_authenticated:
        return {}
    user = current_user.user
    return {"name": user.name, "phone": user.phone, "email": user.email}


def _show(form: CheckoutForm, cart: CartView, outlets: tuple[OutletView, ...]) -> str:
    taken = outlet_payments.list_methods(reading())
    anywhere = frozenset().union(*taken.values())
    methods = [
        replace(words, places=", ".join(where))
        if len(where := [each.name for each in outlets if words.value in taken.get(each.outlet_id, ())]) < len(outlets)
        else words
        for words in paying.describe_methods(usable_gateways(cart.total, anywhere))
    ]
    over_limit = PaymentMethod.QRIS in anywhere and cart.total > LARGEST_PAYMENT
    return render_template(
        "checkout/details/details.html",
        form=form,
        cart=cart,
        outlets=outlets,
        methods=methods,
        qris_limit=LARGEST_PAYMENT if over_limit else 0,
    )
