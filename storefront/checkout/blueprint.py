"""URL map from the cart to the order in hand."""

from __future__ import annotations

from flask import Blueprint

from storefront.checkout import cart, details, documents, finding, order, villages
from storefront.contact import opening_words
from storefront.routing import Reach, Route, add_routes

POST = ("POST",)

ROUTES: list[Route] = [
    Route("/cart", cart.cart, Reach.PUBLIC),
    Route("/cart/lines", cart.add_to_cart, Reach.PUBLIC, POST),
    Route("/cart/lines/<code>", cart.change_line, Reach.PUBLIC, POST),
    Route("/cart/receiving", cart.choose_receiving, Reach.PUBLIC, POST),
    Route("/cart/voucher", cart.use_voucher, Reach.PUBLIC, POST),
    Route("/cart/voucher/remove", cart.remove_voucher, Reach.PUBLIC, POST),
    Route("/checkout", details.checkout, Reach.PUBLIC, ("GET", "POST")),
    Route("/checkout/villages", villages.find_villages, Reach.PUBLIC),
    Route("/orders/find", finding.find_order, Reach.PUBLIC, ("GET", "POST")),
    Route("/orders/<token>", order.order, Reach.LINK),
    Route("/orders/<token>/confirmation.pdf", documents.order_confirmation, Reach.LINK),
    Route("/orders/<token>/receipt.pdf", documents.order_receipt, Reach.LINK),
    Route("/orders/<token>/qris.png", documents.order_qris, Reach.LINK),
    Route("/orders/<token>/check", order.check_payment, Reach.LINK, POST),
    Route("/orders/<token>/payment", order.pay, Reach.LINK, POST),
    Route("/orders/<token>/received", order.confirm_received, Reach.LINK, POST),
    Route("/orders/<token>/cancel", order.cancel, Reach.LINK, POST),
]

blueprint = add_routes(Blueprint("checkout", __name__), ROUTES)
blueprint.context_processor(lambda: {"opening_words": opening_words})
