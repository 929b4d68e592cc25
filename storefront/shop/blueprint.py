"""URL map of the shop pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Route, add_routes

ROUTES: list[Route] = []

blueprint = add_routes(Blueprint("shop", __name__), ROUTES)
