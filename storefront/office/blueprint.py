"""URL map of the office pages."""

from __future__ import annotations

from flask import Blueprint

from kernel.people import Permission
from storefront.office import (
    certificates,
    dashboard,
    documents,
    makers,
    order_payments,
    orders,
    outlet_money,
    people,
    photos,
    products,
    refunds,
    settlements,
    stock,
    variants,
)
from storefront.office.frame import office_globals
from storefront.routing import Route, add_routes

FORM = ("GET", "POST")
POST = ("POST",)

ROUTES: list[Route] = [
    Route("/", dashboard.dashboard, Permission.VIEW_OFFICE),
    Route("/orders", orders.orders, Permission.VIEW_ORDERS),
    Route("/orders/print", documents.print_slips, Permission.VIEW_ORDERS),
    Route("/orders/<code>", orders.order, Permission.VIEW_ORDERS),
    Route("/orders/<code>/packing-slip.pdf", documents.packing_slip, Permission.VIEW_ORDERS),
    Route("/orders/<code>/receipt.pdf", documents.print_receipt, Permission.VIEW_ORDERS),
    Route("/orders/<code>/ready", orders.order_ready, Permission.HAND_OVER_ORDERS, POST),
    Route("/orders/<code>/hand-over", orders.order_hand_over, Permission.HAND_OVER_ORDERS, POST),
    Route("/orders/<code>/cancel", orders.order_cancel, Permission.HAND_OVER_ORDERS, FORM),
    Route("/orders/<code>/payments/<int:attempt>/confirm", order_payments.payment_confirm, Permission.HAND_OVER_ORDERS, FORM),
    Route("/orders/<code>/payments/<int:attempt>/refuse", order_payments.payment_refuse, Permission.HAND_OVER_ORDERS, FORM),
    Route("/outlets", outlet_money.outlets, Permission.MANAGE_MONEY),
    Route("/outlets/<outlet>", outlet_money.outlet, Permission.MANAGE_MONEY, FORM, step_up=True),
    Route("/settlements", settlements.settlements, Permission.MANAGE_MONEY, FORM),
    Route("/settlements/<token>", settlements.settlement, Permission.MANAGE_MONEY),
    Route("/settlements/<token>/post", settlements.settlement_post, Permission.MANAGE_MONEY, POST),
    Route("/orders/<code>/refund", refunds.refund_new, Permission.REFUND_ORDERS),
    Route("/orders/<code>/refund/check", refunds.refund_check, Permission.REFUND_ORDERS, FORM),
    Route("/orders/<code>/return", refunds.payment_return, Permission.REFUND_ORDERS, FORM),
    Route("/refunds", refunds.refund_list, Permission.REFUND_ORDERS),
    Route("/refunds/<code>", refunds.refund, Permission.REFUND_ORDERS),
    Route("/refunds/<code>/decision", refunds.refund_decide, Permission.APPROVE_REFUNDS, POST, step_up=True),
    Route("/refunds/<code>/paid-out", refunds.refund_paid_out, Permission.REFUND_ORDERS, POST),
    Route("/refunds/<code>/send", refunds.refund_send, Permission.REFUND_ORDERS, POST),
    Route("/stock", stock.stock, Permission.VIEW_STOCK),
    Route("/stock/<outlet>", stock.shelf, Permission.VIEW_STOCK),
    Route("/stock/<outlet>/movements", stock.movements, Permission.VIEW_STOCK),
    Route("/stock/<outlet>/receive", stock.receive_choose, Permission.EDIT_STOCK),
    Route("/stock/<outlet>/receive/<variant>", stock.receive, Permission.EDIT_STOCK, FORM),
    Route("/stock/<outlet>/correct/<variant>/<path:lot>", stock.correct, Permission.EDIT_STOCK, FORM),
    Route("/products", products.products, Permission.EDIT_PRODUCTS),
    Route("/products/new", products.product_new, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>", products.product, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/ingredients", products.product_ingredients, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/variants", variants.product_variants, Permission.EDIT_PRODUCTS),
    Route("/products/<slug>/variants/new", variants.variant_new, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/variants/<code>", variants.variant, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/variants/<code>/price", variants.variant_price, Permission.EDIT_PRODUCTS, POST),
    Route("/products/<slug>/papers", certificates.product_certificates, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/papers/remove", certificates.certificate_remove, Permission.EDIT_PRODUCTS, POST),
    Route("/products/<slug>/photos", photos.product_photos, Permission.EDIT_PRODUCTS),
    Route("/products/<slug>/photos/add", photos.product_photos_add, Permission.EDIT_PRODUCTS, POST),
    Route("/products/<slug>/publication", products.product_publication, Permission.PUBLISH_PRODUCTS, FORM),
    Route("/makers", makers.makers, Permission.EDIT_MAKERS),
    Route("/makers/new", makers.maker_new, Permission.EDIT_MAKERS, FORM),
    Route("/makers/<slug>", makers.maker, Permission.EDIT_MAKERS, FORM),
    Route("/makers/<slug>/photos", photos.maker_photos, Permission.EDIT_MAKERS),
    Route("/makers/<slug>/photos/add", photos.maker_photos_add, Permission.EDIT_MAKERS, POST),
    Route("/<kind>/<slug>/photos/<name>", photos.photo, Permission.EDIT_PRODUCTS, FORM),
    Route("/<kind>/<slug>/photos/<name>/move", photos.photo_move, Permission.EDIT_PRODUCTS, POST),
    Route("/<kind>/<slug>/photos/<name>/remove", photos.photo_remove, Permission.EDIT_PRODUCTS, FORM),
    Route("/people", people.people, Permission.MANAGE_PEOPLE),
    Route("/people/new", people.person_new, Permission.MANAGE_PEOPLE, FORM),
    Route("/people/<code>", people.person, Permission.MANAGE_PEOPLE),
    Route("/people/<code>/roles", people.person_grant, Permission.MANAGE_PEOPLE, FORM, step_up=True),
    Route("/people/<code>/roles/withdraw", people.person_withdraw, Permission.MANAGE_PEOPLE, POST),
    Route("/people/<code>/invite", people.person_invite, Permission.MANAGE_PEOPLE, POST),
    Route("/people/<code>/second-factor/reset", people.person_reset_second_factor, Permission.MANAGE_PEOPLE, POST, step_up=True),
    Route("/people/<code>/dismiss", people.person_dismiss, Permission.MANAGE_PEOPLE, FORM),
    Route("/people/<code>/readmit", people.person_readmit, Permission.MANAGE_PEOPLE, POST),
]

blueprint = add_routes(Blueprint("office", __name__, url_prefix="/office"), ROUTES)
blueprint.context_processor(office_globals)
