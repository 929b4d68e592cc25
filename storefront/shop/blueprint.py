"""URL map of the shop pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Reach, Route, add_routes
from storefront.shop import home, listing, styleguide

ROUTES: list[Route] = [
    Route("/", home.home, Reach.PUBLIC),
    Route("/products", listing.products, Reach.PUBLIC),
    Route("/search", listing.search, Reach.PUBLIC),
    Route("/search/suggest", listing.suggest, Reach.PUBLIC),
    Route("/styleguide", styleguide.styleguide, Reach.PUBLIC),
]

blueprint = add_routes(Blueprint("shop", __name__), ROUTES)
