"""URL map of the office pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Route, add_routes

ROUTES: list[Route] = []

blueprint = add_routes(Blueprint("office", __name__, url_prefix="/office"), ROUTES)
