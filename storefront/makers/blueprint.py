"""URL map of the makers' portal."""

from __future__ import annotations

from flask import Blueprint

from storefront.makers import (
    deliveries,
    dossier,
    entrance,
    home,
    making,
    money,
    partner_work,
    products,
    pull_outs,
    readiness,
    sales,
    statements,
    stock,
)
from storefront.routing import Reach, Route, add_routes

FORM, POST = ("GET", "POST"), ("POST",)
MAKER = Reach.MAKER

ROUTES: list[Route] = [
    Route("/", entrance.portal, MAKER),
    Route("/link/<token>", entrance.open_link, Reach.LINK),
    Route("/leave", entrance.leave, Reach.PUBLIC, POST),
    Route("/<maker>", home.home, MAKER),
    Route("/<maker>/sales", sales.sales, MAKER),
    Route("/<maker>/stock", stock.stock, MAKER),
    Route("/<maker>/lots", making.lots, MAKER),
    Route("/<maker>/lots/<slug>/<path:lot>", making.lot, MAKER, FORM),
    Route("/<maker>/partner-orders", partner_work.partner_work, MAKER),
    Route("/<maker>/products", products.products, MAKER),
    Route("/<maker>/readiness", readiness.readiness, MAKER),
    Route("/<maker>/statements", statements.statements, MAKER),
    Route("/<maker>/statements/<code>", statements.statement, MAKER),
    Route("/<maker>/statements/<code>/statement.pdf", statements.statement_paper, MAKER),
    Route("/<maker>/statements/<code>/statement.csv", statements.statement_table, MAKER),
    Route("/<maker>/payouts", money.payouts, MAKER),
    Route("/<maker>/accounts", money.accounts, MAKER),
    Route("/<maker>/accounts/<agreement>", money.account_change, MAKER, FORM),
    Route("/<maker>/accounts/<agreement>/object", money.account_object, MAKER, POST),
    Route("/<maker>/deliveries", deliveries.deliveries, MAKER),
    Route("/<maker>/deliveries/new", deliveries.delivery_new, MAKER, FORM),
    Route("/<maker>/deliveries/<code>", deliveries.delivery, MAKER, FORM),
    Route("/<maker>/deliveries/<code>/take-back", deliveries.delivery_take_back, MAKER, POST),
    Route("/<maker>/dossier", dossier.dossier, MAKER, FORM),
    Route("/<maker>/dossier/dossier.pdf", dossier.dossier_paper, MAKER),
    Route("/<maker>/dossier/shares/<code>/revoke", dossier.dossier_revoke, MAKER, POST),
    Route("/<maker>/pull-outs", pull_outs.pull_outs, MAKER),
    Route("/<maker>/pull-outs/<code>/take-back", pull_outs.pull_out_take_back, MAKER, POST),
    Route("/<maker>/pull-outs/new", pull_outs.pull_out_new, MAKER, FORM),
]

blueprint = add_routes(Blueprint("makers", __name__, url_prefix="/makers-portal"), ROUTES)
