"""The buyer's voucher: tried with few tries an hour, remembered in the cookie, and taken off the goods wherever the cart is shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask import session as cookie

from kernel import throttle
from orders import carts, vouchers
from orders.carts import CartView
from orders.drafts import EmptyCart
from orders.vouchers import Discount, UnknownVoucher, VoucherRefused
from storefront.checkout import basket
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import current_language
from storefront.templating import current_settings

#: In the cookie, in the form and in the address on a printed card alike.
FIELD = "voucher"
#: Longer than any code with its spaces.
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Applied:
    """The cart with what the remembered voucher takes off it now, or why it takes nothing."""

    cart: CartView
    label: str = ""
    outlet_name: str = ""
    refusal: str = ""
    #: What was typed, or stands in the address of a printed card; and why it was refused.
    typed: str = ""
    error: str = ""


def remembered() -> str:
    """The code that this browser tried with success; "" without one."""
    return str(cookie.get(FIELD, ""))


def forget() -> None:
    """The voucher was used, taken out, or does not count any more."""
    cookie.pop(FIELD, None)


def apply(cart: CartView) -> Applied:
    """Take the remembered voucher off the goods; one statement, and none without a voucher."""
    typed = request.values.get(FIELD, "")[:LONGEST]
    code = remembered()
    if not code or not cart.subtotal:
        return Applied(cart, typed=typed)
    try:
        discount = vouchers.find_discount(reading(), code, cart.subtotal)
    except VoucherRefused as refusal:
        return Applied(cart, refusal=message_of(refusal), typed=typed)
    return Applied(carts.take_off(cart, discount.amount), discount.label, discount.outlet_name)


def try_code(code: str) -> Discount:
    """Try a code for this browser's cart. Right ones are remembered, and never held against anybody.

    Wrong ones are counted before they are looked at. Raises VoucherRefused, TooManyTries, EmptyCart.
    """
    session = reading()
    cart = basket.find(session)
    view = carts.price_cart(session, cart, current_language())
    if not view.subtotal:
        raise EmptyCart
    limits = throttle.voucher_limits(current_settings().secret_key, str(cart.id if cart else ""), request.remote_addr or "")
    with transaction() as session:
        tries = [row.id for row in throttle.count_try(session, limits)]
    try:
        discount = vouchers.find_discount(reading(), code, view.subtotal)
    except VoucherRefused as refusal:
        if not isinstance(refusal, UnknownVoucher):
            _forget_tries(tries)  # the code is right, its time or the cart is not
        raise
    _forget_tries(tries)
    cookie[FIELD] = discount.code
    return discount


def _forget_tries(tries: list[int]) -> None:
    with transaction() as session:
        throttle.forget_tries(session, tries)
