"""Buying: cart, checkout, and the order that a link opens."""

from __future__ import annotations

from tests.house.permission_rows.groups import EVERYBODY, Row

ROWS: dict[str, Row] = {
    # buying: a guest can do all of it; an order opens to whoever holds its link
    "checkout.cart": Row("/cart", EVERYBODY),
    "checkout.use_voucher": Row("/cart/voucher", EVERYBODY, form={"voucher": "AAAAAAAAAA"}),
    "checkout.remove_voucher": Row("/cart/voucher/remove", EVERYBODY),
    "checkout.add_to_cart": Row("/cart/lines", EVERYBODY, answers=frozenset({400, 404})),
    "checkout.change_line": Row("/cart/lines/{variant}", EVERYBODY, answers=frozenset({400, 404})),
    "checkout.choose_receiving": Row("/cart/receiving", EVERYBODY),
    "checkout.find_villages": Row("/checkout/villages?q=talang", EVERYBODY),
    "checkout.checkout": Row("/checkout", EVERYBODY),
    "checkout.find_order": Row("/orders/find", EVERYBODY),
    "checkout.order": Row("/orders/{token}", EVERYBODY),
    "checkout.order_confirmation": Row("/orders/{token}/confirmation.pdf", EVERYBODY),
    "checkout.order_receipt": Row("/orders/{token}/receipt.pdf", EVERYBODY, answers=frozenset({404})),
    "checkout.order_qris": Row("/orders/{token}/qris.png", EVERYBODY, answers=frozenset({404})),
    "checkout.check_payment": Row("/orders/{token}/check", EVERYBODY),
    "checkout.pay": Row("/orders/{token}/payment", EVERYBODY),
    "checkout.confirm_received": Row("/orders/{token}/received", EVERYBODY),
    "checkout.cancel": Row("/orders/{token}/cancel", EVERYBODY),
}
