"""URL map of the till: its page, the worker that keeps it without a network, and what a paired device asks the server."""

from __future__ import annotations

from flask import Blueprint

from kernel.people import Permission
from storefront.counter import api, files, page, plain
from storefront.routing import Reach, Route, add_routes
from storefront.security import csrf

SELL = Permission.SELL_AT_TILLS

#: Whoever asks shows the token of a paired device in `Authorization: Till …`; pairing shows a code instead.
API_ROUTES: list[Route] = [
    Route("/api/pair", api.pair, Reach.TILL, ("POST",)),
    Route("/api/catalogue", api.catalogue, Reach.TILL, ("POST",)),
    Route("/api/entries", api.entries, Reach.TILL, ("POST",)),
    Route("/api/contact", api.contact, Reach.TILL, ("POST",)),
    Route("/api/receipts/<number>", api.receipt, Reach.TILL),
    Route("/api/voucher", api.voucher, Reach.TILL, ("POST",)),
]

ROUTES: list[Route] = [
    # The page holds nothing about anybody: what it shows comes from the device's own store.
    Route("/", page.till, Reach.PUBLIC),
    Route("/display", page.display, Reach.PUBLIC),
    Route("/sw.js", page.worker, Reach.PUBLIC),
    Route("/manifest.webmanifest", page.manifest, Reach.PUBLIC),
    Route("/icons/<name>.png", page.icon, Reach.PUBLIC),
    Route("/files/<path:name>", files.file, Reach.PUBLIC),
    # The page that needs no JavaScript, for whoever is signed in; it also takes what was written on paper.
    Route("/plain", plain.plain, SELL),
    Route("/plain/<outlet>/<int:number>", plain.plain_till, SELL, ("GET", "POST")),
    Route("/plain/<outlet>/<int:number>/shift", plain.plain_shift, SELL, ("POST",)),
    Route("/plain/<outlet>/<int:number>/sheet.pdf", plain.plain_sheet, SELL),
    *API_ROUTES,
]

blueprint = add_routes(Blueprint("counter", __name__, url_prefix="/counter"), ROUTES)
for route in API_ROUTES:
    csrf.exempt(route.view)
