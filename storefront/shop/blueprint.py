"""URL map of the shop pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Reach, Route, add_routes
from storefront.shop import batch, certificate, collection, home, info, listing, machines, maker, product, programme, styleguide, village
from storefront.shop.facets import PARAMETERS

ROUTES: list[Route] = [
    Route("/", home.home, Reach.PUBLIC, kept=()),
    Route("/about", info.about, Reach.PUBLIC, kept=()),
    Route("/collections/<slug>", collection.collection, Reach.PUBLIC, kept=()),
    Route("/certificates/<code>", certificate.certificate, Reach.PUBLIC, kept=()),
    Route("/help", info.help_page, Reach.PUBLIC, kept=()),
    Route("/makers/<slug>", maker.maker, Reach.PUBLIC, kept=()),
    Route("/media/<filename>", machines.media, Reach.PUBLIC),
    Route("/privacy", info.privacy, Reach.PUBLIC, kept=()),
    Route("/products", listing.products, Reach.PUBLIC, kept=PARAMETERS),
    Route("/products/<slug>", product.product, Reach.PUBLIC, kept=("variant",)),
    Route("/products/<slug>/batches/<path:lot>", batch.batch, Reach.PUBLIC, kept=("variant",)),
    Route("/products/<slug>/preview.jpg", product.product_preview, Reach.PUBLIC),
    Route("/programme", programme.programme, Reach.PUBLIC),
    Route("/robots.txt", machines.robots, Reach.PUBLIC),
    Route("/search", listing.search, Reach.PUBLIC, kept=PARAMETERS),
    Route("/search/suggest", listing.suggest, Reach.PUBLIC),
    Route("/sitemap.xml", machines.sitemap, Reach.PUBLIC),
    Route("/sitemaps/<kind>-<int:part>.xml", machines.sitemap_part, Reach.PUBLIC),
    Route("/styleguide", styleguide.styleguide, Reach.PUBLIC),
    Route("/terms", info.terms, Reach.PUBLIC, kept=()),
    Route("/villages", village.villages, Reach.PUBLIC, kept=()),
    Route("/villages/<place>", village.village, Reach.PUBLIC, kept=()),
]

blueprint = add_routes(Blueprint("shop", __name__), ROUTES)
