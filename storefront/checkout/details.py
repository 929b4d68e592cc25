"""The one page between cart and payment: who, where, how; sent twice it is still one order."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from catalog import stock
from catalog.queries.views import OutletView
from kernel import clock
from kernel.errors import DomainError
from orders import carts
from orders.checkout import PriceChanged, place_order
from orders.drafts import Contact
from orders.gateways import PaymentMethod
from orders.models.order import Channel, Order
from orders.order_rows import find_by_key
from orders.pickup_slots import list_pickup_slots
from orders.shipping import Destination
from orders.vouchers import VoucherRefused
from storefront.checkout import basket, paying, vouchers
from storefront.checkout.desk import Desk, Remainder, find_remainder, rest_of_cart, set_up
from storefront.checkout.forms import CheckoutForm
from storefront.checkout.receiving import Receiving, Wish, remembered_wish
from storefront.checkout.slots import SlotDay, group_by_day
from storefront.database import reading, transaction
from storefront.gateways import get_gateways
from storefront.i18n import current_language
from storefront.security import current_actor
from storefront.words import days_words

#: The button that takes what is left; it carries the total that it names.
TAKE_REST = "take_rest"
#: Refusals about these belong to the cart, so they stand on top of the page.
_IN_THE_CART = frozenset({"quantity", "village_code", "fulfilment", "zone"})


def checkout() -> ResponseReturnValue:
    """Ask what is needed, then place the order and go on to pay."""
    is_sent = request.method == "POST"
    wish = Wish.read(request.form) if is_sent else remembered_wish()
    desk = set_up(wish)
    form = CheckoutForm(desk.places, desk.gateways, is_shipping=desk.receiving.is_shipping, data=_known(desk.receiving))
    if is_sent and (placed := find_by_key(reading(), form.checkout_key.data or "")) is not None:
        return paying.go_to_payment(placed)  # the same form again: a double click, or the page reloaded
    if not desk.cart.lines:
        return redirect(url_for("checkout.cart"), 303)
    if not is_sent:
        if not desk.receiving.can_go_on:
            return redirect(url_for("checkout.cart", _anchor="receiving"), 303)
        form.seen_total.data = desk.total
        return _show(form, desk)
    if form.validate():
        try:
            return paying.go_to_payment(_place(form, desk))
        except DomainError as refusal:
            return _refuse(form, desk, wish, refusal), 422
    return _show(form, desk), 422


def _place(form: CheckoutForm, desk: Desk) -> Order:
    method = PaymentMethod(form.payment_method.value)
    gateway = get_gateways()[method]
    outlet = _chosen_place(form, desk)
    with transaction() as session:
        cart = basket.find(session) or basket.get(session)  # its row stays as it is: only the lines are taken out
        wanted, seen_total = carts.list_wanted(session, cart.id), form.seen_total.data
        if TAKE_REST in request.form:
            wanted = {line.variant_id: line.quantity for line in rest_of_cart(outlet.outlet_id, method).lines}
            seen_total = request.form.get(TAKE_REST, 0, type=int)
        order = place_order(
            session,
            current_actor(),
            channel=Channel.WEB,
            cart_lines=wanted,
            outlet_id=outlet.outlet_id,
            contact=Contact(form.name.value, form.phone.value, form.email.value or ""),
            payment_method=method,
            checkout_key=form.checkout_key.data or "",
            language=current_language(),
            note=form.note.value,
            seen_total=seen_total,
            method_limits=(gateway.minimum, gateway.maximum),
            voucher_code=vouchers.remembered() if desk.cart.discount else "",
            **_where_and_when(form, desk.receiving),
        )
        carts.empty_cart(session, cart.id)
    basket.remember_count(0)
    vouchers.forget()
    return order


def _where_and_when(form: CheckoutForm, receiving: Receiving) -> dict[str, Any]:
    """The address of an order that is sent, or the time at which it is collected."""
    if not receiving.is_shipping:
        return {"pickup_at": form.pickup_at.value, "departs_at": form.departs_at.value}
    village_code = receiving.village.code if receiving.village else ""
    return {"destination": Destination(village_code, form.street.value, form.landmark.value, form.postal_code.value)}


def _chosen_place(form: CheckoutForm, desk: Desk) -> OutletView:
    return next((place for place in desk.places if place.slug == form.outlet.data), desk.places[0])


def _refuse(form: CheckoutForm, desk: Desk, wish: Wish, refusal: DomainError) -> str:
    """The page again, with what the domain said, today's prices, and what is left of what was sold out."""
    form.refuse(refusal, lambda name: "" if name in _IN_THE_CART else name)
    if isinstance(refusal, VoucherRefused):
        vouchers.forget()
    desk = set_up(wish)
    remainder = None
    if isinstance(refusal, stock.OutOfStock):
        method = PaymentMethod(form.payment_method.value)
        remainder = find_remainder(desk, wish, _chosen_place(form, desk).outlet_id, method)
    if isinstance(refusal, PriceChanged | stock.OutOfStock | VoucherRefused):
        form.seen_total.data = desk.total
    return _show(form, desk, remainder)


def _known(receiving: Receiving) -> dict[str, str]:
    """What need not be typed: the postal code of the village, and what a signed-in person told us before."""
    known = {"postal_code": receiving.village.postal_code} if receiving.village else {}
    if current_user.is_authenticated:
        user = current_user.user
        known |= {"name": user.name, "phone": user.phone, "email": user.email}
    return known


def _list_slots(form: CheckoutForm, desk: Desk) -> list[SlotDay]:
    """The times at which the chosen outlet hands over, before the departure where one was given."""
    if desk.receiving.is_shipping or not desk.places:
        return []
    place = _chosen_place(form, desk)
    return group_by_day(list_pickup_slots(place, clock.now(), form.departs_at.value), place.zone)


def _show(form: CheckoutForm, desk: Desk, remainder: Remainder | None = None) -> str:
    return render_template(
        "checkout/details/details.html",
        form=form,
        cart=desk.cart,
        voucher=desk.voucher,
        outlets=desk.outlets,
        receiving=desk.receiving,
        total=desk.total,
        methods=desk.describe_methods(),
        qris_limit=desk.qris_limit,
        days=_list_slots(form, desk),
        days_words=days_words,
        remainder=remainder,
    )
