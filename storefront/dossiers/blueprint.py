"""URL map of the pages that an organisation opens from a dossier's link."""

from __future__ import annotations

from flask import Blueprint

from storefront.dossiers import opening
from storefront.routing import Reach, Route, add_routes

ROUTES: list[Route] = [
    Route("/<token>", opening.landing, Reach.LINK, ("GET", "POST")),
    Route("/<token>/<code>/dossier.pdf", opening.paper, Reach.LINK),
]

blueprint = add_routes(Blueprint("dossiers", __name__, url_prefix="/dossiers"), ROUTES)
