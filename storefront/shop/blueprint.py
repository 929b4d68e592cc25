"""URL map of the shop pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Reach, Route, add_routes
from storefront.shop import batch, certificate, collection, home, info, listing, machines, maker, product, programme, styleguide, village

ROUTES: list[Route] = [
    Route("/", home.home, Reach.PUBLIC),
    Route("/about", info.about, Reach.PUBLIC),
    Route("/collections/<slug>", collection.collection, Reach.PUBLIC),
    Route("/certificates/<code>", certificate.certificate, Reach.PUBLIC),
    Route("/help", info.help_page, Reach.PUBLIC),
    Route("/makers/<slug>", maker.maker, Reach.PUBLIC),
    Route("/media/<filename>", machines.media, Reach.PUBLIC),
    Route("/privacy", info.privacy, Reach.PUBLIC),
    Route("/products", listing.products, Reach.PUBLIC),
    Route("/products/<slug>", product.product, Reach.PUBLIC),
    Route("/products/<slug>/batches/<path:lot>", batch.batch, Reach.PUBLIC),
    Route("/products/<slug>/preview.jpg", product.product_preview, Reach.PUBLIC),
    Route("/programme", programme.programme, Reach.PUBLIC),
    Route("/robots.txt", machines.robots, Reach.PUBLIC),
    Route("/search", listing.search, Reach.PUBLIC),
    Route("/search/suggest", listing.suggest, Reach.PUBLIC),
    Route("/sitemap.xml", machines.sitemap, Reach.PUBLIC),
    Route("/sitemaps/<kind>-<int:part>.xml", machines.sitemap_part, Reach.PUBLIC),
    Route("/styleguide", styleguide.styleguide, Reach.PUBLIC),
    Route("/terms", info.terms, Reach.PUBLIC),
    Route("/villages", village.villages, Reach.PUBLIC),
    Route("/villages/<place>", village.village, Reach.PUBLIC),
]

blueprint = add_routes(Blueprint("shop", __name__), ROUTES)
