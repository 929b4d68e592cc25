"""URL map of the webhooks pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Route, add_routes

ROUTES: list[Route] = []

blueprint = add_routes(Blueprint("webhooks", __name__, url_prefix="/webhooks"), ROUTES)
