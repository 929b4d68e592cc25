"""URL map of the pages that makers open from a message."""

from __future__ import annotations

from flask import Blueprint

from storefront.deliveries import confirming
from storefront.routing import Reach, Route, add_routes

ROUTES: list[Route] = [
    Route("/<token>", confirming.confirm, Reach.LINK, ("GET", "POST")),
]

blueprint = add_routes(Blueprint("deliveries", __name__, url_prefix="/deliveries"), ROUTES)
