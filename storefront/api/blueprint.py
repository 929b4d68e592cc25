"""URL map of the API: every operation of the catalogue, its document, and the page for those who write clients."""

from __future__ import annotations

from flask import Blueprint

from storefront.api import developers, files
from storefront.api.catalogue import OPERATIONS
from storefront.api.serving import serve
from storefront.routing import Reach, Route, add_routes
from storefront.security import csrf

PREFIX = "/api/v1"

ROUTES: list[Route] = [
    Route("/developers", developers.developers, Reach.PUBLIC),
    Route(f"{PREFIX}/openapi.json", developers.openapi, Reach.PUBLIC),
    Route(f"{PREFIX}/feeds/offers.csv", files.offers_csv, Reach.KEY),
    Route(f"{PREFIX}/feeds/offers.json", files.offers_json, Reach.KEY),
    Route(f"{PREFIX}/feeds/<token>/offers.csv", files.signed_csv, Reach.LINK),
    Route(f"{PREFIX}/feeds/<token>/offers.json", files.signed_json, Reach.LINK),
    *(Route(f"{PREFIX}{each.rule}", serve(each), Reach.KEY if each.scope else Reach.PUBLIC, (each.method,)) for each in OPERATIONS),
]

#: Machines carry no cookies, and so no form tokens.
blueprint = add_routes(Blueprint("api", __name__), ROUTES)
csrf.exempt(blueprint)
