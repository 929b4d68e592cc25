"""URL map of the API: every operation of the catalogue, its document, and the page for those who write clients.

The map alone is loaded at start. What stands behind it, and pydantic, takes 12 MB of every worker and comes with the first call; a
test holds the map to the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Response

from storefront.routing import Reach, Route, add_routes, later
from storefront.security import csrf

PREFIX = "/api/v1"


@cache
def _served() -> dict[str, Callable[..., Response]]:
    from storefront.api.catalogue import OPERATIONS
    from storefront.api.serving import serve

    return {each.name: serve(each) for each in OPERATIONS}


def _operation(name: str, rule: str, access: Reach = Reach.KEY, *, method: str = "GET") -> Route:
    """The route of the operation that the catalogue calls `name`."""

    def answer(**places: Any) -> Response:
        return _served()[name](**places)

    answer.__name__ = name
    return Route(f"{PREFIX}{rule}", answer, access, (method,))


ROUTES: list[Route] = [
    Route("/developers", later("storefront.api.developers:developers"), Reach.PUBLIC),
    Route(f"{PREFIX}/openapi.json", later("storefront.api.developers:openapi"), Reach.PUBLIC),
    Route(f"{PREFIX}/feeds/offers.csv", later("storefront.api.files:offers_csv"), Reach.KEY),
    Route(f"{PREFIX}/feeds/offers.json", later("storefront.api.files:offers_json"), Reach.KEY),
    Route(f"{PREFIX}/feeds/<token>/offers.csv", later("storefront.api.files:signed_csv"), Reach.LINK),
    Route(f"{PREFIX}/feeds/<token>/offers.json", later("storefront.api.files:signed_json"), Reach.LINK),
    _operation("list_products", "/products", Reach.PUBLIC),
    _operation("get_product", "/products/<slug>", Reach.PUBLIC),
    _operation("list_makers", "/makers", Reach.PUBLIC),
    _operation("get_maker", "/makers/<slug>", Reach.PUBLIC),
    _operation("get_batch", "/products/<slug>/batch", Reach.PUBLIC),
    _operation("list_batch_events", "/products/<slug>/batch/events", Reach.PUBLIC),
    _operation("list_villages", "/villages", Reach.PUBLIC),
    _operation("list_offers", "/offers"),
    _operation("get_offer", "/offers/<code>"),
    _operation("list_prices", "/prices"),
    _operation("list_stock", "/stock"),
    _operation("list_papers", "/papers"),
    _operation("get_company", "/company"),
    _operation("list_orders", "/orders"),
    _operation("create_order", "/orders", method="POST"),
    _operation("get_order", "/orders/<code>"),
    _operation("cancel_order", "/orders/<code>/cancel", method="POST"),
    _operation("list_quotes", "/quotes"),
    _operation("create_quote", "/quotes", method="POST"),
    _operation("get_quote", "/quotes/<code>"),
    _operation("accept_quote", "/quotes/<code>/accept", method="POST"),
    _operation("list_invoices", "/invoices"),
    _operation("get_invoice", "/invoices/<code>"),
]

#: Machines carry no cookies, and so no form tokens.
blueprint = add_routes(Blueprint("api", __name__), ROUTES)
csrf.exempt(blueprint)
