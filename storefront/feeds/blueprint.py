"""URL map of the feeds that search engines and social shops fetch by themselves; they hold what the shop's pages show."""

from __future__ import annotations

from flask import Blueprint

from storefront.feeds import files
from storefront.routing import Reach, Route, add_routes

ROUTES: list[Route] = [
    Route("/google.xml", files.google_xml, Reach.PUBLIC),
    Route("/google.tsv", files.google_tsv, Reach.PUBLIC),
    Route("/meta.csv", files.meta_csv, Reach.PUBLIC),
    Route("/products.jsonld", files.products_jsonld, Reach.PUBLIC),
]

blueprint = add_routes(Blueprint("feeds", __name__, url_prefix="/feeds"), ROUTES)
