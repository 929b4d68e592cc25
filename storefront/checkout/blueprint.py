"""URL map of the checkout pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Route, add_routes

ROUTES: list[Route] = []

blueprint = add_routes(Blueprint("checkout", __name__), ROUTES)
