"""The cart: put in, change, take out, choose to collect or have it sent, and see what it costs before anything personal is asked."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalog.queries.home import list_outlets
from kernel.errors import DomainError
from kernel.parsing import parse_whole_number
from kernel.throttle import TooManyTries
from orders import carts
from orders.models.order import Fulfilment
from orders.offers import get_variant_by_code
from orders.pricing import LARGEST_LINE_QUANTITY
from storefront.checkout import basket, vouchers
from storefront.checkout.forms import ReceivingForm
from storefront.checkout.receiving import Wish, plan_receiving, remember_wish, remembered_wish
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.templating import local
from storefront.words import days_words


def cart() -> ResponseReturnValue:
    """What is in the cart, with today's prices and stock, and what it costs to have it sent."""
    return _show(remembered_wish())


def choose_receiving() -> ResponseReturnValue:
    """Collect or send, and where to: kept for this browser. A village that is not clear yet is asked back."""
    wish = remembered_wish()
    form = ReceivingForm(plan_receiving(reading(), list_outlets(reading()), carts.CartView(), wish))
    if not form.validate():
        fulfilment = Fulfilment.SHIPPING if form.fulfilment.data == Fulfilment.SHIPPING else Fulfilment.PICKUP
        return _show(Wish(fulfilment), form), 422
    remember_wish(Wish(Fulfilment(form.fulfilment.value), form.village.value or ""))
    return redirect(url_for("checkout.cart", _anchor="receiving"), 303)


def use_voucher() -> ResponseReturnValue:
    """Try a voucher's code; the page again with the reason where it takes nothing off."""
    code = request.form.get(vouchers.FIELD, "")[: vouchers.LONGEST]
    try:
        discount = vouchers.try_code(code)
    except DomainError as refusal:
        return _show(remembered_wish(), error=message_of(refusal)), 429 if isinstance(refusal, TooManyTries) else 422
    flash(_("The voucher “%(label)s” is taken off.", label=discount.label), "success")
    return redirect(url_for("checkout.cart", _anchor="voucher"), 303)


def remove_voucher() -> ResponseReturnValue:
    """Go on without it."""
    vouchers.forget()
    flash(_("The voucher was taken out."), "success")
    return redirect(url_for("checkout.cart", _anchor="voucher"), 303)


def _show(wish: Wish, form: ReceivingForm | None = None, error: str = "") -> str:
    session = reading()
    voucher = vouchers.apply(carts.price_cart(session, basket.find(session), current_language()))
    view = voucher.cart
    outlets = list_outlets(session)
    receiving = plan_receiving(session, outlets, view, wish)
    return render_template(
        "checkout/cart/cart.html",
        cart=view,
        voucher=replace(voucher, error=error),
        outlets=outlets,
        receiving=receiving,
        form=form or ReceivingForm(receiving, formdata=None),
        days_words=days_words,
    )


def add_to_cart() -> ResponseReturnValue:
    """Put a variant into the cart, then show the cart. A quantity that makes no sense goes back to the product with the reason."""
    code = request.form.get("variant", "")
    offered = get_variant_by_code(reading(), code)
    try:
        quantity = parse_whole_number(request.form.get("quantity", "1"), 1, LARGEST_LINE_QUANTITY, "quantity")
        with transaction() as session:
            chosen = basket.get(session)
            carts.add_to_cart(session, chosen, offered.variant_id, quantity)
            basket.remember_count(carts.count_items(session, chosen.id))
    except DomainError as refusal:
        flash(message_of(refusal), "error")
        return redirect(local(f"/products/{offered.slug}?variant={code}"), 303)
    flash(ngettext("%(num)s piece was put into your cart.", "%(num)s pieces were put into your cart.", quantity), "success")
    return redirect(url_for("checkout.cart"), 303)


def change_line(code: str) -> ResponseReturnValue:
    """Another quantity for one line; 0, or the button to remove it, takes it out."""
    text = "0" if "remove" in request.form else request.form.get("quantity", "")
    offered = get_variant_by_code(reading(), code)
    try:
        quantity = parse_whole_number(text, 0, LARGEST_LINE_QUANTITY, "quantity")
        with transaction() as session:
            chosen = basket.get(session)
            carts.set_quantity(session, chosen, offered.variant_id, quantity)
            basket.remember_count(carts.count_items(session, chosen.id))
    except DomainError as refusal:
        flash(message_of(refusal), "error")
    else:
        flash(_("Your cart is up to date.") if quantity else _("The item was taken out."), "success")
    return redirect(url_for("checkout.cart"), 303)
