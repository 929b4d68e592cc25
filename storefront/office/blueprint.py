"""URL map of the office pages."""

from __future__ import annotations

from flask import Blueprint

from kernel.people import Permission
from storefront.office import dashboard
from storefront.office.frame import office_globals
from storefront.routing import Route, add_routes

FORM = ("GET", "POST")
POST = ("POST",)

ROUTES: list[Route] = [
    Route("/", dashboard.dashboard, Permission.VIEW_OFFICE),
]

blueprint = add_routes(Blueprint("office", __name__, url_prefix="/office"), ROUTES)
blueprint.context_processor(office_globals)
