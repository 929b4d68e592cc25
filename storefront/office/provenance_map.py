"""URL map of the office's pages about where goods come from and went; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import labels, making, public_papers, tracing
from storefront.routing import Route

FORM = ("GET", "POST")

ROUTES: list[Route] = [
    Route("/products/<slug>/lots", making.product_lots, Permission.EDIT_PRODUCTS),
    Route("/products/<slug>/lots/<path:lot>", making.product_lot, Permission.EDIT_PRODUCTS, FORM),
    Route("/products/<slug>/labels/<path:lot>", labels.lot_labels, Permission.EDIT_PRODUCTS, FORM),
    Route("/certificates/<code>/public", public_papers.paper_public, Permission.EDIT_PRODUCTS, FORM),
    Route("/certificates/<code>/public/withdraw", public_papers.paper_public_withdraw, Permission.EDIT_PRODUCTS, ("POST",)),
    Route("/trace/<slug>/<path:lot>", tracing.trace, Permission.VIEW_STOCK),
    Route("/trace-files/<kind>/<slug>/<path:lot>", tracing.trace_file, Permission.VIEW_STOCK),
    Route("/events.jsonld", tracing.events_file, Permission.VIEW_STOCK),
]
