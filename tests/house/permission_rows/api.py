"""The API, and the provider that calls us."""

from __future__ import annotations

from tests.house.permission_rows.groups import EVERYBODY, Row

ROWS: dict[str, Row] = {
    "webhooks.stripe": Row("/webhooks/stripe", EVERYBODY, answers=frozenset({400, 401, 403, 503}), has_token=False),
    # the API: open to everybody, or to whoever shows a partner's key (tests/storefront/api)
    "api.developers": Row("/developers", EVERYBODY),
    "api.openapi": Row("/api/v1/openapi.json", EVERYBODY),
    "api.list_products": Row("/api/v1/products", EVERYBODY),
    "api.get_product": Row("/api/v1/products/{product}", EVERYBODY),
    "api.list_makers": Row("/api/v1/makers", EVERYBODY),
    "api.get_maker": Row("/api/v1/makers/{maker}", EVERYBODY),
    "api.get_batch": Row("/api/v1/products/{product}/batch?lot={lot}", EVERYBODY),
    "api.list_batch_events": Row("/api/v1/products/{product}/batch/events?lot={lot}", EVERYBODY),
    "api.list_villages": Row("/api/v1/villages", EVERYBODY),
    # whoever is signed in is nobody to the API: without a key the answer is 401
    **{
        f"api.{name}": Row(f"/api/v1/{address}", EVERYBODY, answers=frozenset({401}), has_token=False)
        for name, address in {
            "list_offers": "offers",
            "get_offer": "offers/AAAAAAAA",
            "list_prices": "prices",
            "list_stock": "stock",
            "list_papers": "papers",
            "offers_csv": "feeds/offers.csv",
            "offers_json": "feeds/offers.json",
            "get_company": "company",
            "list_orders": "orders",
            "create_order": "orders",
            "get_order": "orders/AAAAAAAA",
            "cancel_order": "orders/AAAAAAAA/cancel",
            "list_quotes": "quotes",
            "create_quote": "quotes",
            "get_quote": "quotes/AAAAAAAA",
            "accept_quote": "quotes/AAAAAAAA/accept",
            "list_invoices": "invoices",
            "get_invoice": "invoices/INV-T1-2026-0001",
        }.items()
    },
    "api.signed_csv": Row("/api/v1/feeds/made-up/offers.csv", EVERYBODY, answers=frozenset({404})),
    "api.signed_json": Row("/api/v1/feeds/made-up/offers.json", EVERYBODY, answers=frozenset({404})),
}
