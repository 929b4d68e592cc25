"""URL map of the health checks."""

from __future__ import annotations

from flask import Blueprint

from storefront.health import checks
from storefront.routing import Reach, Route, add_routes

blueprint = add_routes(
    Blueprint("health", __name__),
    [
        Route("/healthz", checks.healthz, Reach.PUBLIC),
        Route("/readyz", checks.readyz, Reach.PUBLIC),
    ],
)
